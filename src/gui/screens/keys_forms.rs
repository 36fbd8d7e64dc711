//! The forms that take a key in: a key file, a phrase that exists, a new one, or a key in hex.

use std::path::PathBuf;

use egui::{RichText, TextEdit, Ui};

use super::keys_phrase;
use crate::app::signing::keys::{DerivationPath, Phrase, Secret};
use crate::app::{Command, Handed, KeyImport, Running, Snapshot, WalletCommand};
use crate::gui::fonts::medium;
use crate::gui::secret_field::{SecretText, labelled};
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{KeyForm, KeysState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// A password shorter than this is weak, and said to be.
const SHORT_PASSWORD: usize = 10;

/// Draws the open form.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let form = state.wallet.keys.form;
    let word = match form {
        KeyForm::KeyFile => Word::AddKeyFile,
        KeyForm::Phrase => Word::AddPhrase,
        KeyForm::NewPhrase => Word::AddNewPhrase,
        KeyForm::RawKey | KeyForm::Closed | KeyForm::Hardware => Word::AddRawKey,
    };
    widgets::section(ui, state.t(word));
    let shows_secret = matches!(form, KeyForm::Phrase | KeyForm::NewPhrase | KeyForm::RawKey);
    if shows_secret && !state.wallet.keys.unshared {
        return sharing(ui, state);
    }
    let ready = match form {
        KeyForm::KeyFile => key_file(ui, state, commands),
        KeyForm::Phrase => keys_phrase::existing(ui, snapshot, state, commands),
        KeyForm::NewPhrase => keys_phrase::new(ui, state),
        KeyForm::RawKey | KeyForm::Closed | KeyForm::Hardware => raw_key(ui, state),
    };
    if ready {
        seal(ui, snapshot, state, commands);
    }
    if let Some(error) = &state.wallet.keys.error {
        ui.label(RichText::new(error).color(state.palette.refuted));
    }
    if ui.button(state.t(Word::Cancel)).clicked() {
        state.wallet.keys = KeysState::default(); // every buffer is zeroed as it is dropped
    }
}

/// Before a secret can be seen: nobody else should see the screen.
fn sharing(ui: &mut Ui, state: &mut UiState) {
    ui.label(RichText::new(state.t(Word::SharingScreen)).size(15.0).family(medium()));
    widgets::quiet(ui, state, state.t(Word::NeverAsks));
    ui.horizontal_wrapped(|ui| {
        let back = ui.button(state.t(Word::Cancel));
        if ui.memory(|memory| memory.focused().is_none()) {
            back.request_focus();
        }
        if back.clicked() {
            state.wallet.keys = KeysState::default();
        }
        if ui.button(state.t(Word::NobodySees)).clicked() {
            state.wallet.keys.unshared = true;
        }
    });
}

/// A file of another wallet: chosen by its path, dropped onto the window, or pasted.
fn key_file(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) -> bool {
    let dropped = ui.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_path_buf()));
    if let Some(path) = dropped {
        commands.push(Command::Wallet(WalletCommand::ReadKeyFile(path)));
    }
    let Some((_, address)) = state.wallet.keys.file.clone() else {
        let colour = state.palette.refuted;
        let (label, hint) = (state.t(Word::KeyFilePath), state.t(Word::KeyFileHint));
        let response = widgets::field(ui, label, hint, &mut state.wallet.keys.path, colour);
        widgets::quiet(ui, state, state.t(Word::KeyFileDrop));
        let open = ui.button(state.t(Word::KeyFileOpen)).clicked();
        if open || widgets::entered(ui, &response) {
            let path = PathBuf::from(state.wallet.keys.path.text.trim());
            state.wallet.keys.error = None;
            commands.push(Command::Wallet(WalletCommand::ReadKeyFile(path)));
        }
        return false;
    };
    match address {
        Some(address) => {
            ui.label(state.t(Word::FileIsFor));
            widgets::address(ui, state, address, 14.0);
        }
        None => widgets::quiet(ui, state, state.t(Word::FileNamesNobody)),
    }
    let mut password = std::mem::take(&mut state.wallet.keys.own_password);
    labelled(ui, "keys.own_password", &mut password, state.t(Word::FilePassword), state);
    state.wallet.keys.own_password = password;
    widgets::quiet(ui, state, state.t(Word::FilePasswordMeans));
    !state.wallet.keys.own_password.is_empty()
}

fn raw_key(ui: &mut Ui, state: &mut UiState) -> bool {
    widgets::quiet(ui, state, state.t(Word::RawKeyMeans));
    let mut hex = std::mem::take(&mut state.wallet.keys.hex);
    labelled(ui, "keys.hex", &mut hex, state.t(Word::RawKeyLabel), state);
    let digits = hex.expose().trim_start_matches("0x");
    let whole = digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit());
    if !whole && !hex.is_empty() {
        widgets::quiet(ui, state, &state.tf(Word::RawKeyDigits, &[&digits.chars().count().to_string()]));
    }
    state.wallet.keys.hex = hex;
    whole
}

/// Name and password, and the button that seals.
fn seal(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.separator();
    let label = ui.label(state.t(Word::KeyName));
    let edit = TextEdit::singleline(&mut state.wallet.keys.name).desired_width(240.0).char_limit(32);
    ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
    let mut password = std::mem::take(&mut state.wallet.keys.password);
    let mut again = std::mem::take(&mut state.wallet.keys.again);
    labelled(ui, "keys.password", &mut password, state.t(Word::NewPassword), state);
    labelled(ui, "keys.again", &mut again, state.t(Word::NewPasswordAgain), state);
    widgets::quiet(ui, state, state.t(Word::NewPasswordMeans));
    let length = password.expose().chars().count();
    let trouble = match () {
        () if state.wallet.keys.name.trim().is_empty() => Some(Word::KeyNeedsName),
        () if length == 0 => Some(Word::KeyNeedsPassword),
        () if !password.same(&again) => Some(Word::PasswordsDiffer),
        () => None,
    };
    if trouble.is_none() && length < SHORT_PASSWORD {
        ui.label(RichText::new(state.t(Word::PasswordShort)).color(state.palette.unverified));
    }
    state.wallet.keys.password = password;
    state.wallet.keys.again = again;
    let running = snapshot.wallet.running == Some(Running::Key);
    ui.horizontal_wrapped(|ui| {
        let ready = trouble.is_none() && !running;
        let button =
            ui.add_enabled_ui(ready, |ui| widgets::primary(ui, state, state.t(Word::EncryptKeep))).inner;
        if let Some(trouble) = trouble {
            widgets::quiet(ui, state, state.t(trouble));
        }
        if running {
            ui.spinner();
            widgets::quiet(ui, state, state.t(Word::Encrypting));
        }
        if button.clicked() && ready {
            order(state, commands);
        }
    });
}

/// Hands a copy of the key over. The form keeps its own until it is told that the key was kept, and zeroes it then.
fn order(state: &mut UiState, commands: &mut Vec<Command>) {
    let keys = &mut state.wallet.keys;
    let copy = |text: &SecretText| Secret::new(text.expose().as_bytes().to_vec());
    let import = match keys.form {
        KeyForm::KeyFile => {
            let Some((file, _)) = keys.file.clone() else { return };
            KeyImport::V3 { file, password: copy(&keys.own_password) }
        }
        KeyForm::Phrase | KeyForm::NewPhrase => {
            let wanted = keys.derived.iter().filter(|one| one.wanted);
            let paths: Vec<DerivationPath> = wanted.filter_map(|one| one.path.parse().ok()).collect();
            let phrase = keys.phrase.0.as_ref();
            let phrase = phrase.and_then(|one| Phrase::new(one.words(), copy(&keys.passphrase)).ok());
            let Some(phrase) = phrase.filter(|_| !paths.is_empty()) else { return };
            KeyImport::Phrase { phrase, paths }
        }
        KeyForm::RawKey | KeyForm::Closed | KeyForm::Hardware => KeyImport::Hex(copy(&keys.hex)),
    };
    keys.error = None;
    let name = crate::app::plain(&keys.name).trim().to_owned();
    let password = Handed::new(copy(&keys.password));
    let import = Handed::new(import);
    commands.push(Command::Wallet(WalletCommand::AddKey { import, name, password }));
}
