//! What was signed, or is to be signed, elsewhere: an offline file, a raw transaction, or a QR signer's answer, as text, as
//! files or as pictures of codes.

use std::path::PathBuf;

use alloy::primitives::Bytes;
use egui::{RichText, TextEdit, Ui};

use crate::app::signing::SignatureReader;
use crate::app::{Command, WalletCommand};
use crate::gui::paste::{self, Pasted};
use crate::gui::screen::Screen;
use crate::gui::ui_state::{Field, UiState};
use crate::gui::wallet_state::ReviewState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    let dropped: Vec<PathBuf> =
        ui.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect());
    if !dropped.is_empty() {
        commands.push(Command::Wallet(WalletCommand::ReadTexts(dropped)));
    }
    // What is wrong with it is not said behind a closed door.
    let shown = state.wallet.send.bring.error.is_some().then_some(true);
    let header = egui::CollapsingHeader::new(state.t(Word::BringTitle)).id_salt("send.bring").open(shown);
    header.show(ui, |ui| {
        widgets::quiet(ui, state, state.t(Word::BringMeans));
        let label = ui.label(state.t(Word::BringLabel));
        let edit = TextEdit::multiline(&mut state.wallet.send.bring.text)
            .desired_rows(3)
            .desired_width(ui.available_width().min(640.0))
            .font(egui::TextStyle::Monospace);
        let response = ui.add(edit).labelled_by(label.id);
        if response.changed() {
            state.wallet.send.bring.error = None;
        }
        if let Some(error) = &state.wallet.send.bring.error {
            ui.label(RichText::new(error).color(state.palette.refuted));
        }
        if ui.button(state.t(Word::BringOpen)).clicked() {
            open(state, commands);
        }
        file(ui, state, commands);
    });
    if std::mem::take(&mut state.wallet.send.brought) {
        open(state, commands);
    }
}

fn file(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    let colour = state.palette.refuted;
    let (label, hint) = (state.t(Word::SignFile), state.t(Word::BringFileHint));
    let response = widgets::field(ui, label, hint, &mut state.wallet.send.path, colour);
    ui.horizontal_wrapped(|ui| {
        let ready = !state.wallet.send.path.text.trim().is_empty();
        let clicked = ui.add_enabled(ready, egui::Button::new(state.t(Word::SignOpenFile))).clicked();
        if ready && (clicked || widgets::entered(ui, &response)) {
            let path = PathBuf::from(state.wallet.send.path.text.trim());
            commands.push(Command::Wallet(WalletCommand::ReadText(path)));
        }
        widgets::quiet(ui, state, state.t(Word::BringFileDrop));
    });
}

/// A text that came out of a file or a picture; the parts of an animated code come one after the other.
pub(in crate::gui) fn brought(text: &str, state: &mut UiState) {
    let send = &mut state.wallet.send;
    send.path = Field::default();
    if is_code(&send.bring.text) && is_code(text) {
        send.bring.text.push('\n');
        send.bring.text.push_str(text);
    } else {
        text.clone_into(&mut send.bring.text);
    }
    send.brought = true;
}

fn is_code(text: &str) -> bool {
    text.trim_start().get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ur:"))
}

fn open(state: &mut UiState, commands: &mut Vec<Command>) {
    let text = state.wallet.send.bring.text.clone();
    bring_text(&text, state, commands);
}

/// Opens what somebody brought: a raw signed transaction, or an offline file. Nothing is sent. The text stays in its field
/// until something came of it.
pub(in crate::gui) fn bring_text(text: &str, state: &mut UiState, commands: &mut Vec<Command>) {
    let text = text.trim();
    state.screen = Screen::Send;
    state.wallet.failure = None;
    if matches!(paste::read(text, &paste::known(state)), Pasted::Secret | Pasted::HashOrKey(_)) {
        paste::wipe(&mut state.wallet.send.bring.text);
        state.wallet.send.bring.error = Some(state.t(Word::SecretGone).to_owned());
        return;
    }
    state.wallet.send.bring = Field { text: text.to_owned(), error: None };
    if is_code(text) {
        match missing(text) {
            Some((here, all)) => {
                let words = state.tf(Word::BringParts, &[&here.to_string(), &all.to_string()]);
                state.wallet.send.bring.error = Some(words);
            }
            None => commands.push(Command::Wallet(WalletCommand::OpenAnswer(text.to_owned()))),
        }
        return;
    }
    let bytes = match text.strip_prefix("0x") {
        Some(_) => alloy::primitives::hex::decode(text).ok(),
        None => text.starts_with('{').then(|| text.as_bytes().to_vec()),
    };
    let Some(bytes) = bytes else {
        state.wallet.send.bring.error = Some(state.t(Word::BringWrong).to_owned());
        return;
    };
    commands.push(Command::Wallet(WalletCommand::Open(Bytes::from(bytes))));
    state.wallet.review = ReviewState { asked_ms: state.now_ms, ..ReviewState::default() };
}

/// Parts of an animated code that are here, and how many there are; `None` where that is enough, or wrong, which the core
/// says.
fn missing(text: &str) -> Option<(usize, u64)> {
    let mut reader = SignatureReader::default();
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split_whitespace() {
        if reader.receive(part).ok()? {
            return None;
        }
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let place = parts.first()?.split('/').nth(1)?;
    let (_, all) = place.split_once('-')?;
    Some((parts.len(), all.parse().ok()?))
}
