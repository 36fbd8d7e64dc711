//! Signing what is no transaction: who, what, and afterwards the signature.

use std::path::PathBuf;

use alloy::primitives::Address;
use egui::{RichText, TextEdit, Ui};

use super::send::{open_review, payers};
use crate::app::signing::keys::is_phrase_word;
use crate::app::{Command, Snapshot, WalletCommand};
use crate::gui::format;
use crate::gui::paste::{self, Pasted};
use crate::gui::screen::Screen;
use crate::gui::sign_state::{SignKind, SignState};
use crate::gui::ui_state::{Field, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::SignTitle));
    if state.wallet.support.is_some() {
        return widgets::quiet(ui, state, state.t(Word::SignSupport));
    }
    if state.wallet.sign.done.is_some() {
        return super::signature::show(ui, state, commands);
    }
    widgets::quiet(ui, state, state.t(Word::SignMeans));
    ui.add_space(6.0);
    if state.wallet.sign.from.is_none() {
        let shown = state.account().map(|one| one.address);
        let able = |one: &Address| snapshot.wallet.account(*one).is_some_and(|one| one.kind.can_sign());
        let first = snapshot.wallet.accounts.iter().find(|one| one.kind.can_sign()).map(|one| one.address);
        state.wallet.sign.from = shown.filter(able).or(first).or(shown);
    }
    widgets::card(ui, state, |ui, state| signer(ui, snapshot, state));
    widgets::card(ui, state, what);
    widgets::card(ui, state, |ui, state| file(ui, state, commands));
    if let Some(reason) = state.wallet.sign.error.clone() {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, &reason));
    }
    if ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, egui::Key::Enter)) {
        review(snapshot, state, commands);
    }
}

fn signer(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let all = payers(snapshot, state);
    let title = |address| {
        let name = all.iter().find(|(one, _)| *one == address).map(|(_, name)| name.as_str());
        format!("{} · {}", name.unwrap_or("—"), format::short_address(address))
    };
    let label = ui.label(RichText::new(state.t(Word::SignWith)).color(state.palette.text_2));
    let chosen = state.wallet.sign.from.map_or_else(|| state.t(Word::ChooseFrom).to_owned(), title);
    let width = ui.available_width().min(420.0);
    let combo =
        egui::ComboBox::from_id_salt("sign.from").width(width).selected_text(chosen).show_ui(ui, |ui| {
            for (address, _) in &all {
                ui.selectable_value(&mut state.wallet.sign.from, Some(*address), title(*address));
            }
        });
    combo.response.labelled_by(label.id);
    if let Some(from) = state.wallet.sign.from {
        widgets::address(ui, state, from, 12.5);
    }
}

fn what(ui: &mut Ui, state: &mut UiState) {
    let kind = state.wallet.sign.kind();
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(state.t(Word::SignKind)).color(state.palette.text_2));
        for (one, word) in [
            (SignKind::Text, Word::SignText),
            (SignKind::TypedData, Word::SignTyped),
            (SignKind::Bytes, Word::SignBytes),
        ] {
            if widgets::choice(ui, kind == one, state.t(word)).clicked() {
                state.wallet.sign.kind = Some(one);
                state.wallet.sign.error = None;
            }
        }
    });
    let (hint, mono) = match kind {
        SignKind::Text => (Word::SignTextHint, false),
        SignKind::Bytes => (Word::SignBytesHint, true),
        SignKind::TypedData => (Word::SignTypedHint, true),
    };
    let label = ui.label(RichText::new(state.t(Word::SignWhat)).color(state.palette.text_2));
    let hint = state.t(hint);
    let font = if mono { egui::TextStyle::Monospace } else { egui::TextStyle::Body };
    let room = ui.available_width();
    let scroll = egui::ScrollArea::vertical().id_salt("sign.text").max_height(240.0);
    let response = scroll.show(ui, |ui| {
        let edit = TextEdit::multiline(&mut state.wallet.sign.text)
            .hint_text(hint)
            .desired_rows(6)
            .desired_width(room)
            .margin(egui::Margin::symmetric(10, 8))
            .font(font);
        ui.add(edit).labelled_by(label.id)
    });
    let response = response.inner;
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_author_id("sign.text"));
    if response.changed() {
        changed(state);
    }
    let warn = |ui: &mut Ui, word| ui.label(RichText::new(state.t(word)).color(state.palette.refuted));
    if state.wallet.sign.secret {
        warn(ui, Word::SecretGone);
    }
    let empty = state.wallet.sign.text.trim().is_empty();
    match kind {
        SignKind::Text if state.wallet.sign.looks_typed() => drop(warn(ui, Word::SignLooksTyped)),
        SignKind::Bytes if !empty && state.wallet.sign.wanted().is_none() => drop(warn(ui, Word::SignNoHex)),
        _ => {}
    }
}

/// Something else is to be signed. A recovery phrase or a key of one's own is never that.
fn changed(state: &mut UiState) {
    let known = paste::known(state);
    let own = &mut state.wallet.sign;
    own.error = None;
    own.secret = false;
    // A sentence may have twelve short words; those of a phrase are all in its list.
    let own_words = || own.text.split_whitespace().all(|word| is_phrase_word(&word.to_lowercase()));
    let one_word = !own.text.trim().contains(char::is_whitespace);
    if matches!(paste::read(&own.text, &known), Pasted::Secret) && (one_word || own_words()) {
        paste::wipe(&mut own.text);
        own.secret = true;
    }
}

fn file(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    let dropped = ui.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
    if let Some(path) = dropped {
        commands.push(Command::Wallet(WalletCommand::ReadText(path)));
    }
    let colour = state.palette.refuted;
    let (label, hint) = (state.t(Word::SignFile), state.t(Word::SignFileHint));
    let response = widgets::field(ui, label, hint, &mut state.wallet.sign.path, colour);
    ui.horizontal_wrapped(|ui| {
        let ready = !state.wallet.sign.path.text.trim().is_empty();
        let open = ui.add_enabled(ready, egui::Button::new(state.t(Word::SignOpenFile))).clicked();
        if ready && (open || widgets::entered(ui, &response)) {
            let path = PathBuf::from(state.wallet.sign.path.text.trim());
            state.wallet.sign.error = None;
            commands.push(Command::Wallet(WalletCommand::ReadText(path)));
        }
        widgets::quiet(ui, state, state.t(Word::SignFileDrop));
    });
}

/// A file that was opened is what is to be signed.
pub(in crate::gui) fn take_text(text: &str, state: &mut UiState) {
    state.wallet.sign.text = text.to_owned();
    state.wallet.sign.kind = None;
    state.wallet.sign.path = Field::default();
    changed(state);
}

/// The action bar: Clear on the left, Review on the right with why not.
pub(super) fn bar(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if state.wallet.support.is_some() {
        return;
    }
    ui.horizontal_centered(|ui| {
        if state.wallet.sign.done.is_some() {
            if ui.button(state.t(Word::SignAnother)).clicked() {
                state.wallet.sign = SignState { from: state.wallet.sign.from, ..SignState::default() };
            }
            return;
        }
        if ui.button(state.t(Word::ClearWord)).clicked() {
            state.wallet.sign = SignState { from: state.wallet.sign.from, ..SignState::default() };
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let why = blocked(snapshot, state);
            let button = ui
                .add_enabled_ui(why.is_none(), |ui| widgets::primary(ui, state, state.t(Word::ReviewWord)))
                .inner;
            if button.clicked() {
                review(snapshot, state, commands);
            }
            if why == Some(Word::WatchOnlyAccount) && ui.button(state.t(Word::AddWayToSign)).clicked() {
                state.screen = Screen::Accounts;
            }
            if let Some(why) = why {
                ui.add(egui::Label::new(RichText::new(state.t(why)).color(state.palette.text_2)).wrap());
            }
        });
    });
}

/// Why there is nothing to review.
fn blocked(snapshot: &Snapshot, state: &UiState) -> Option<Word> {
    let own = &state.wallet.sign;
    let Some(from) = own.from else { return Some(Word::SignNoAccount) };
    if !snapshot.wallet.account(from).is_some_and(|one| one.kind.can_sign()) {
        return Some(Word::WatchOnlyAccount);
    }
    own.wanted().is_none().then_some(Word::SignNothing)
}

fn review(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if blocked(snapshot, state).is_some() {
        return;
    }
    let Some((from, wanted)) = state.wallet.sign.from.zip(state.wallet.sign.wanted()) else { return };
    commands.push(Command::Wallet(WalletCommand::ReviewMessage { from, wanted }));
    state.wallet.sign.error = None;
    open_review(state);
    state.wallet.review.alone = true;
}

/// Opens the form for an account.
pub(in crate::gui) fn sign_with(from: Option<Address>, state: &mut UiState) {
    if from.is_some() {
        state.wallet.sign.from = from;
    }
    state.screen = Screen::Sign;
}
