//! The checks of a review: the worst first, each with its shape and its word.

use egui::{RichText, Role, Ui, WidgetInfo, vec2};

use crate::app::signing::review::{Finding, Level};
use crate::gui::banner;
use crate::gui::icons::{self, Severity};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// The whole panel, for two columns.
pub(super) fn panel(ui: &mut Ui, findings: &[Finding], state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        title(ui, findings, state);
        for finding in findings {
            one(ui, finding, state);
        }
    });
}

/// Those that did not pass, for one column.
pub(super) fn concerns(ui: &mut Ui, findings: &[Finding], state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        title(ui, findings, state);
        for finding in findings.iter().filter(|one| one.level > Level::Passed) {
            one(ui, finding, state);
        }
    });
}

/// Those that passed, folded.
pub(super) fn passed(ui: &mut Ui, findings: &[Finding], state: &UiState) {
    let passed: Vec<&Finding> = findings.iter().filter(|one| one.level == Level::Passed).collect();
    let title = state.tf(Word::PassedChecks, &[&passed.len().to_string()]);
    egui::CollapsingHeader::new(title).id_salt("passed checks").show(ui, |ui| {
        for finding in passed {
            one(ui, finding, state);
        }
    });
}

/// As `Checks: 1 danger, 1 caution, 9 passed`.
fn title(ui: &mut Ui, findings: &[Finding], state: &UiState) {
    let count = |level| findings.iter().filter(|one| one.level == level).count();
    let mut parts = Vec::new();
    for (level, singular, plural) in [
        (Level::Block, Word::OneBlock, Word::Blocks),
        (Level::Danger, Word::OneDanger, Word::Dangers),
        (Level::Caution, Word::OneCaution, Word::Cautions),
        (Level::Note, Word::OneNote, Word::Notes),
        (Level::Passed, Word::OnePassed, Word::PassedCount),
    ] {
        match count(level) {
            0 => {}
            1 => parts.push(state.t(singular).to_owned()),
            many => parts.push(state.tf(plural, &[&many.to_string()])),
        }
    }
    widgets::section(ui, &state.tf(Word::ChecksTitle, &[&parts.join(", ")]));
}

/// Severity of a level.
pub(super) fn severity(level: Level) -> Severity {
    match level {
        Level::Passed => Severity::Ok,
        Level::Note => Severity::Info,
        Level::Caution => Severity::Caution,
        Level::Danger | Level::Block => Severity::Danger,
    }
}

fn word(level: Level) -> Word {
    match level {
        Level::Passed => Word::LevelPassed,
        Level::Note => Word::LevelNote,
        Level::Caution => Word::LevelCaution,
        Level::Danger => Word::LevelDanger,
        Level::Block => Word::LevelBlock,
    }
}

/// One check.
pub(super) fn one(ui: &mut Ui, finding: &Finding, state: &UiState) {
    let severity = severity(finding.level);
    let colour = banner::colours(severity, state).1;
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(20.0, 20.0), egui::Sense::hover());
        icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            let quiet = finding.level == Level::Passed;
            let text = RichText::new(&finding.text);
            let text = if quiet { text.color(state.palette.text_2) } else { text };
            let label = ui.add(egui::Label::new(text).wrap());
            let aloud = format!("{}: {} ({})", state.t(word(finding.level)), finding.text, finding.check);
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, aloud.clone()));
            if finding.level > Level::Note {
                let tag = format!("{} · {}", state.t(word(finding.level)), finding.check);
                ui.label(RichText::new(tag).small().color(colour));
            }
        });
    });
    ui.add_space(2.0);
}
