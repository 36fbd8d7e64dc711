//! Messages: every banner in force and every notice of the session.

use egui::{RichText, Ui};

use crate::app::Snapshot;
use crate::gui::fonts::medium;
use crate::gui::icons::{self, Severity};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;
use crate::gui::{alerts, banner, banner_causes};

/// Draws them.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::title(ui, state.t(Word::Messages));
    let mut all: Vec<(Severity, String, Vec<String>)> = banner_causes::banners(snapshot, state)
        .into_iter()
        .filter(|one| one.severity > Severity::Info)
        .map(|one| (one.severity, one.title, one.lines))
        .collect();
    let own = state.notices.iter().rev();
    all.extend(own.map(|text| (Severity::Info, text.clone(), Vec::new())));
    let standing = alerts::standing(snapshot, state).into_iter();
    all.extend(standing.map(|one| (one.severity, one.title, one.lines)));
    let notices = snapshot.notices.iter().rev();
    all.extend(notices.map(|one| (Severity::Info, one.text.clone(), Vec::new())));
    if all.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NoMessages));
        return;
    }
    if ui.button(state.t(Word::CopyAll)).clicked() {
        let text: Vec<String> =
            all.iter().map(|(_, title, lines)| format!("{title}\n{}", lines.join("\n"))).collect();
        let what = state.t(Word::Messages);
        state.copy(ui, what, text.join("\n"));
    }
    ui.add_space(6.0);
    for (severity, title, lines) in all {
        widgets::card(ui, state, |ui, state| {
            ui.horizontal_top(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(22.0, 22.0), egui::Sense::hover());
                let colour = banner::colours(severity, state).1;
                icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
                ui.vertical(|ui| {
                    ui.label(RichText::new(title).family(medium()));
                    lines.iter().for_each(|line| widgets::quiet(ui, state, line));
                });
            });
        });
    }
}
