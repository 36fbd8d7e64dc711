//! The steps of an exit plan, numbered, each with what the simulation showed.

use alloy::primitives::U256;
use egui::{RichText, Role, Ui, WidgetInfo, vec2};

use super::hand_over;
use crate::app::{ExitPlan, Intent, Snapshot, Stage, Step, StepOutcome};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::icons::{self, Severity};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// The word for a stage.
pub(super) fn stage(stage: Stage) -> Word {
    match stage {
        Stage::Claim => Word::StageClaim,
        Stage::Free => Word::StageFree,
        Stage::Repay => Word::StageRepay,
        Stage::Withdraw => Word::StageWithdraw,
        Stage::Unwrap => Word::StageUnwrap,
        Stage::Queue => Word::StageQueue,
    }
}

/// Draws them.
pub(super) fn show(ui: &mut Ui, plan: &ExitPlan, snapshot: &Snapshot, state: &mut UiState) {
    if plan.steps.is_empty() {
        return;
    }
    let known = Known::state(plan.at, snapshot, state.now_ms);
    widgets::card(ui, state, |ui, state| {
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, state.t(Word::ExitSteps));
            let title = state.t(Word::ExitSteps);
            let (how, at) = (Word::HowSimulated, Some(plan.at));
            badge::badge(ui, known, &Subject { title, value: "", raw: "", how, at }, snapshot, state);
        });
        let count = plan.steps.len();
        for (at, one) in plan.steps.iter().enumerate() {
            step(ui, (at.saturating_add(1), count), one, state);
        }
        ui.add_space(4.0);
        let works = |step: &&Step| matches!(step.outcome, StepOutcome::Works { .. });
        let calls: Vec<Intent> = plan.steps.iter().filter(works).map(|step| step.intent.clone()).collect();
        let title = state.t(Word::ExitPlan);
        hand_over::show(ui, (plan.owner, title), &calls, snapshot, state);
    });
}

fn step(ui: &mut Ui, (number, count): (usize, usize), step: &Step, state: &UiState) {
    let (severity, outcome) = match &step.outcome {
        StepOutcome::Works { gas } => (Severity::Ok, state.tf(Word::ExitWorks, &[&format::number(*gas)])),
        StepOutcome::Fails { why } => (Severity::Danger, state.tf(Word::ExitFails, &[why])),
    };
    let colour = if severity == Severity::Ok { state.palette.final_ } else { state.palette.refuted };
    let title = state.t(stage(step.stage));
    let shown = ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(26.0, 24.0), egui::Sense::hover());
        ui.painter().circle_stroke(rect.center(), 11.0, egui::Stroke::new(1.5, state.palette.border));
        let font = egui::TextStyle::Small.resolve(ui.style());
        let middle = egui::Align2::CENTER_CENTER;
        ui.painter().text(rect.center(), middle, number.to_string(), font, state.palette.text);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(egui::Label::new(RichText::new(&step.intent.sentence).family(medium())).wrap());
            let repays_all = step.stage == Stage::Repay && names_all(&step.intent);
            let mut about = format!("{title} · {}", step.market);
            if repays_all {
                about.push_str(" · ");
                about.push_str(state.t(Word::ExitRepaysInterest));
            }
            ui.label(RichText::new(about).small().color(state.palette.text_3));
            ui.horizontal_top(|ui| {
                let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), egui::Sense::hover());
                icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
                ui.add(egui::Label::new(RichText::new(&outcome).color(state.palette.text_2)).wrap());
            });
        });
    });
    let numbers = [number.to_string(), count.to_string()];
    let values = [&numbers[0], &numbers[1], &step.intent.sentence, &outcome].map(String::as_str);
    let label = state.tf(Word::ExitStep, &values);
    let id = shown.response.id.with("step");
    let whole = ui.interact(shown.response.rect, id, egui::Sense::hover());
    whole.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, label.clone()));
    ui.add_space(6.0);
}

/// The call names the largest number there is, which its contract reads as "all that is owed".
fn names_all(intent: &Intent) -> bool {
    let words = intent.calldata.get(4..).unwrap_or_default().chunks_exact(32);
    words.map(U256::from_be_slice).any(|word| word == U256::MAX)
}
