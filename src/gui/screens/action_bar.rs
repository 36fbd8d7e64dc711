//! The bar below Send, Sign and Review: it never scrolls away.

use egui::{Frame, Margin, Panel, Ui};

use super::{review_bar, send, sign};
use crate::app::{Command, Snapshot};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;

/// Below this width the prompt stands above the buttons.
const NARROW: f32 = 760.0;

/// Draws it on the screens that have one.
pub(in crate::gui) fn show(
    ui: &mut Ui,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    if !matches!(state.screen, Screen::Send | Screen::Sign | Screen::Review) {
        return;
    }
    let narrow = ui.available_width() < NARROW;
    let tall = narrow && state.screen == Screen::Review;
    let frame = Frame::new().fill(state.palette.card).inner_margin(Margin::symmetric(16, 8));
    let height = if tall { 108.0 } else { 64.0 };
    Panel::bottom("action_bar").exact_size(height).frame(frame).resizable(false).show(ui, |ui| {
        match state.screen {
            Screen::Send => send::bar(ui, snapshot, state, commands),
            Screen::Sign => sign::bar(ui, snapshot, state, commands),
            _ => review_bar::show(ui, tall, snapshot, state, commands),
        }
    });
}
