//! Safe: owners, threshold, nonce and what waits for signatures, without any service.

use egui::Ui;

use crate::app::{Command, Snapshot};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, _snapshot: &Snapshot, state: &mut UiState, _commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Safe));
    widgets::quiet(ui, state, state.t(Word::SafePurpose));
}
