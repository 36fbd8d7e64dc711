//! What a call of a contract came to: proven, and beside it what web servers said.

use egui::{RichText, Ui};

use crate::app::{
    CallAnswer, CallOutcome, CallResult, NamedValue, NotFollowed, Question, Snapshot, ToldCall, sanitise,
    value_text,
};
use crate::gui::badge::{self, Subject};
use crate::gui::format;
use crate::gui::gateways as leave;
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Longest text shown, in characters.
const TEXT_CAP: usize = 400;

/// The proven result.
pub(super) fn show(ui: &mut Ui, call: &CallAnswer, snapshot: &Snapshot, state: &mut UiState) {
    let at = call.outcome.at();
    let known = Known::state(at, snapshot, state.now_ms);
    let raw = call.outcome.value().output.to_string();
    let text = text_of(&call.result, state);
    ui.horizontal_wrapped(|ui| {
        let subject =
            Subject { title: &call.signature, value: &text, raw: &raw, how: Word::HowCall, at: Some(at) };
        badge::badge(ui, known, &subject, snapshot, state);
        ui.label(state.tf(Word::AtBlock, &[&format::number(at.number)]));
    });
    values(ui, &call.result, call.outcome.value(), state);
    if call.would_change {
        widgets::quiet(ui, state, state.t(Word::WouldChange));
    }
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::CopyResult)).clicked() {
            let what = state.t(Word::CopyResult);
            state.copy(ui, what, text);
        }
        if ui.button(state.t(Word::CopyCalldata)).clicked() {
            let what = state.t(Word::CopyCalldata);
            state.copy(ui, what, call.calldata.to_string());
        }
    });
}

/// What web servers said, where they were asked; else a button that asks them. The question to ask where it was pressed.
pub(super) fn gateways(
    ui: &mut Ui,
    (question, call): (&Question, &CallAnswer),
    snapshot: &Snapshot,
    state: &mut UiState,
) -> Option<Question> {
    let CallResult::Offchain(servers) = &call.result else { return None };
    match &call.told {
        None if servers.hosts.is_empty() => {
            widgets::quiet(ui, state, state.t(Word::NameNoGateway));
            None
        }
        None => leave::elsewhere_ui(ui, question, ("", &servers.hosts), state),
        Some(Ok(said)) => {
            told(ui, call, said, snapshot, state);
            None
        }
        Some(Err(NotFollowed { why, hosts })) => {
            let words = state.tf(Word::CallNotFollowed, &[why]);
            if hosts.is_empty() {
                ui.label(RichText::new(words).color(state.palette.unverified));
                return None;
            }
            leave::elsewhere_ui(ui, question, (&words, hosts), state)
        }
    }
}

fn told(ui: &mut Ui, call: &CallAnswer, said: &ToldCall, snapshot: &Snapshot, state: &mut UiState) {
    ui.separator();
    let text = text_of(&said.result, state);
    let raw = said.outcome.output.to_string();
    ui.horizontal_wrapped(|ui| {
        let subject =
            Subject { title: &call.signature, value: &text, raw: &raw, how: Word::HowTold, at: None };
        badge::badge(ui, Known::Unverified, &subject, snapshot, state);
        ui.label(state.t(Word::CallTold));
    });
    leave::told_by(ui, &said.hosts, state);
    values(ui, &said.result, &said.outcome, state);
}

fn values(ui: &mut Ui, result: &CallResult, outcome: &CallOutcome, state: &UiState) {
    let bytes = |ui: &mut Ui| {
        if !outcome.output.is_empty() {
            ui.add(egui::Label::new(RichText::new(outcome.output.to_string()).monospace()).wrap());
        }
    };
    match result {
        CallResult::Values(values) if values.is_empty() => {
            widgets::quiet(ui, state, state.t(Word::NothingBack));
        }
        CallResult::Values(values) => {
            for (at, value) in values.iter().enumerate() {
                one_value(ui, at, value, state);
            }
        }
        CallResult::Unread(_) => {
            ui.label(RichText::new(text_of(result, state)).color(state.palette.unverified));
            bytes(ui);
        }
        CallResult::Reverted(_) | CallResult::Halted(_) => {
            ui.label(RichText::new(text_of(result, state)).color(state.palette.refuted));
            bytes(ui);
        }
        CallResult::Offchain(_) => {
            ui.label(RichText::new(text_of(result, state)).color(state.palette.unverified));
        }
    }
}

fn text_of(result: &CallResult, state: &UiState) -> String {
    match result {
        CallResult::Values(values) => crate::app::values_text(values),
        CallResult::Unread(why) => sanitise(why, TEXT_CAP),
        CallResult::Reverted(revert) => format!("The call {revert}"),
        CallResult::Halted(why) => format!("The EVM stopped the call: {}", sanitise(why, TEXT_CAP)),
        CallResult::Offchain(servers) => state.tf(Word::CallOffchain, &[&servers.words()]),
    }
}

fn one_value(ui: &mut Ui, at: usize, value: &NamedValue, state: &UiState) {
    let name = if value.name.is_empty() { format!("#{at}") } else { sanitise(&value.name, 64) };
    widgets::pair(ui, state, &format!("{name}  {}", value.solidity_type), |ui| {
        if let Some(address) = value.value.as_address() {
            widgets::address(ui, state, address, 12.5);
        } else {
            ui.add(egui::Label::new(RichText::new(value_text(&value.value)).monospace()).wrap());
        }
    });
}
