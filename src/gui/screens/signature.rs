//! A signature that was made: shown whole, copied, or written to a file.

use std::path::PathBuf;

use egui::{RichText, Ui};

use crate::app::{Command, WalletCommand};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws the last one.
pub(super) fn show(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(done) = state.wallet.sign.done.clone() else { return };
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::SignatureTitle));
        widgets::quiet(ui, state, state.t(Word::SignatureMeans));
        ui.label(RichText::new(state.t(Word::SignedByWhom)).color(state.palette.text_2));
        widgets::address(ui, state, done.from, 13.0);
        ui.label(RichText::new(state.t(Word::SigningHash)).color(state.palette.text_2));
        widgets::hash(ui, done.signing_hash);
        let label = ui.label(RichText::new(state.t(Word::SignatureWord)).color(state.palette.text_2));
        let hex = done.signature.to_string();
        ui.add(egui::Label::new(RichText::new(&hex).monospace()).wrap()).labelled_by(label.id);
        if widgets::primary(ui, state, state.t(Word::CopySignature)).clicked() {
            let what = state.t(Word::SignatureWord);
            state.copy(ui, what, hex);
        }
    });
    widgets::card(ui, state, |ui, state| {
        let colour = state.palette.refuted;
        let label = state.t(Word::SaveAs);
        widgets::field(ui, label, &done.file_name(), &mut state.wallet.sign.save, colour);
        widgets::quiet(ui, state, state.t(Word::SaveMeans));
        if ui.button(state.t(Word::SaveFile)).clicked() {
            let typed = state.wallet.sign.save.text.trim();
            let name = if typed.is_empty() { done.file_name() } else { typed.to_owned() };
            state.wallet.saved = None;
            let (path, text) = (PathBuf::from(name), done.to_file());
            commands.push(Command::Wallet(WalletCommand::SaveText { path, text }));
        }
        if let Some(path) = &state.wallet.saved {
            ui.label(state.tf(Word::SavedAt, &[path]));
        }
    });
    if let Some(reason) = state.wallet.sign.error.clone() {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, &reason));
    }
}
