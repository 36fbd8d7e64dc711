//! The form for another endpoint: it is tried out before it joins.

use egui::{RichText, Ui};

use crate::app::{Command, EndpointConfig, EndpointKind, Snapshot, Trial, TrialOutcome};
use crate::gui::ui_state::{Field, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it, or the button that opens it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.separator();
    if !state.network.adding {
        if ui.button(state.t(Word::AddAnEndpoint)).clicked() {
            state.network.adding = true;
        }
        return;
    }
    let (label, hint, colour) = (state.t(Word::EndpointUrl), "https://…", state.palette.refuted);
    let response = widgets::field(ui, label, hint, &mut state.network.url, colour);
    let mut kind = state.network.kind.unwrap_or(EndpointKind::Execution);
    ui.horizontal_wrapped(|ui| {
        ui.radio_value(&mut kind, EndpointKind::Execution, state.t(Word::ExecutionLong));
        ui.radio_value(&mut kind, EndpointKind::Beacon, state.t(Word::ConsensusLong));
    });
    state.network.kind = Some(kind);
    if state.network.url.text.trim().starts_with("http://") {
        ui.label(RichText::new(state.t(Word::HttpWarns)).color(state.palette.unverified));
    }
    ui.horizontal_wrapped(|ui| {
        let pressed = widgets::primary(ui, state, state.t(Word::TestAndAdd)).clicked();
        if pressed || widgets::entered(ui, &response) {
            take(kind, false, state, commands);
        }
        if ui.button(state.t(Word::Cancel)).clicked() {
            state.network.adding = false;
            state.network.url = Field::default();
        }
    });
    if let Some(trial) = &snapshot.trial {
        outcome(ui, trial, kind, state, commands);
    }
}

fn take(kind: EndpointKind, anyway: bool, state: &mut UiState, commands: &mut Vec<Command>) {
    match EndpointConfig::parse(&state.network.url.text, kind) {
        Ok(config) => commands.push(Command::AddEndpoint { config, anyway }),
        Err(error) => state.network.url.error = Some(error.to_string()),
    }
}

fn outcome(ui: &mut Ui, trial: &Trial, kind: EndpointKind, state: &mut UiState, commands: &mut Vec<Command>) {
    let (label, palette) = (trial.label.as_str(), state.palette);
    let (text, colour) = match &trial.outcome {
        TrialOutcome::Running => (state.tf(Word::TrialRunning, &[label]), palette.text_2),
        TrialOutcome::Added => (state.tf(Word::TrialAdded, &[label]), palette.final_),
        TrialOutcome::AddedWithoutProofs => (state.tf(Word::TrialNoProofs, &[label]), palette.unverified),
        TrialOutcome::AlreadyThere => (state.tf(Word::TrialThere, &[label]), palette.text_2),
        TrialOutcome::WrongNetwork { found, expected } => {
            (state.tf(Word::TrialWrongChain, &[label, found, expected]), palette.refuted)
        }
        TrialOutcome::NoAnswer(why) => (state.tf(Word::TrialNoAnswer, &[label, why]), palette.refuted),
    };
    ui.label(RichText::new(text).color(colour));
    if matches!(trial.outcome, TrialOutcome::NoAnswer(_)) && ui.button(state.t(Word::AddAnyway)).clicked() {
        take(kind, true, state, commands);
    }
}
