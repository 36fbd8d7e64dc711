//! While no head is verified: after a while, the way to what endpoints claim. It is never shown as fact.

use egui::{RichText, Ui};

use crate::app::{Command, Snapshot};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Before this nothing is offered, in seconds.
const OFFERED_SECS: u64 = 10;
/// From then on it takes longer than usual, in seconds.
const LONG_SECS: u64 = 30;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let elapsed = state.now_ms.saturating_sub(state.started_ms) / 1_000;
    if snapshot.head.is_some() || snapshot.offline || elapsed < OFFERED_SECS {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label(state.t(Word::StillVerifying));
        if ui.button(state.t(Word::ShowClaims)).clicked() {
            state.screen = Screen::Network;
            state.network.testing = true;
            commands.push(Command::ProbeEndpoints);
        }
        widgets::quiet(ui, state, state.t(Word::NotProven));
    });
    if elapsed >= LONG_SECS {
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(state.t(Word::TakesLong)).color(state.palette.unverified));
            if ui.button(state.t(Word::GoNetwork)).clicked() {
                state.screen = Screen::Network;
            }
        });
    }
    ui.add_space(4.0);
}
