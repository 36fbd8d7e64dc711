//! The line below which a health factor is told of.

use egui::{Role, Ui, WidgetInfo};

use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Lines in hundredths; 0 tells nothing.
const LINES: [u16; 6] = [0, 105, 110, 120, 150, 200];

/// A line as it is shown.
pub(super) fn text(hundredths: u16) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Draws the choice.
pub(super) fn show(ui: &mut Ui, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        ui.horizontal_wrapped(|ui| {
            widgets::quiet(ui, state, state.t(Word::PosAlertLine));
            for line in LINES {
                let words = if line == 0 { state.t(Word::PosAlertOff).to_owned() } else { text(line) };
                let chosen = state.kept.health_line() == line;
                let button = widgets::choice(ui, chosen, &words);
                let label = format!("{} {words}", state.t(Word::PosAlertLine));
                button.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, label.clone()));
                if button.clicked() {
                    state.kept.health_line = Some(line);
                }
            }
        });
    });
}
