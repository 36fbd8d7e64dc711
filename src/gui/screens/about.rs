//! About: version, what this program trusts, what it cannot do.

use egui::Ui;

use crate::app::Snapshot;
use crate::gui::shell;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::title(ui, state.t(Word::About));
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, &format!("Lifeboat {}", env!("CARGO_PKG_VERSION")));
        ui.label(state.t(Word::AboutWhat));
        let tag = shell::network_tag(snapshot, state);
        widgets::pair(ui, state, state.t(Word::Network), |ui| {
            ui.label(tag);
        });
        if let Some(checkpoint) = &snapshot.network.checkpoint {
            widgets::pair(ui, state, state.t(Word::ShippedCheckpoint), |ui| {
                widgets::hash(ui, checkpoint.root);
            });
        }
        widgets::pair(ui, state, state.t(Word::Licence), |ui| {
            ui.label(env!("CARGO_PKG_LICENSE"));
        });
    });
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::AboutTrustTitle));
        for word in [Word::AboutTrust1, Word::AboutTrust2, Word::AboutTrust3, Word::NeverAsks] {
            ui.label(state.t(word));
        }
    });
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::KeysTitle));
        for word in [Word::Keys1, Word::Keys2, Word::Keys3, Word::Keys4] {
            ui.label(state.t(word));
        }
    });
}
