//! The cards of endpoints that lied: what rule was broken, when, and the bytes to look at.

use egui::{RichText, Ui};

use super::accounts::named;
use crate::app::{Command, Snapshot, Standing};
use crate::gui::banner_causes::evidence;
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::icons::{self, Severity};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Bytes of a reply shown; the copy has all that were kept.
const SHOWN: usize = 160;

/// Draws one for each endpoint that is out because of a lie.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let mut told = Vec::new();
    for lie in snapshot.lies.iter().rev() {
        let out = snapshot
            .endpoints
            .iter()
            .any(|one| one.id == lie.endpoint && matches!(one.standing, Standing::Quarantined { .. }));
        if !out || told.contains(&&lie.endpoint) {
            continue;
        }
        told.push(&lie.endpoint);
        widgets::card(ui, state, |ui, state| {
            let name = lie.endpoint.to_string();
            ui.horizontal_wrapped(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 22.0), egui::Sense::hover());
                icons::severity(
                    ui.painter(),
                    Severity::Danger,
                    rect.center(),
                    state.palette.refuted,
                    state.palette.card,
                );
                let title = state.tf(Word::LiedAt, &[&name, &format::clock(lie.at_ms)]);
                ui.label(RichText::new(title).family(medium()));
            });
            widgets::pair(ui, state, state.t(Word::BrokenRule), |ui| drop(ui.label(&lie.rule)));
            let bytes = lie.bytes.get(..lie.bytes.len().min(SHOWN)).unwrap_or_default();
            let text: String = String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).collect();
            let size = format::bytes(lie.bytes.len() as u64);
            widgets::pair(ui, state, &state.tf(Word::ItSaid, &[&size]), |ui| {
                ui.add(egui::Label::new(RichText::new(crate::app::plain(&text)).monospace()).wrap());
            });
            widgets::quiet(ui, state, state.t(Word::LiedMeans));
            ui.horizontal_wrapped(|ui| {
                if named(ui, state.t(Word::CopyEvidence), &name) {
                    state.copy(ui, &name, evidence(lie));
                }
                if named(ui, state.t(Word::Forgive), &name) {
                    commands.push(Command::Forgive(lie.endpoint.clone()));
                }
            });
        });
    }
}
