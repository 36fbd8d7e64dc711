//! What an address is called.

use egui::{RichText, Ui};

use super::explorer;
use crate::app::{Command, NameAnswer, Question, ReverseAnswer, ReverseOutcome, Snapshot, sanitise};
use crate::gui::badge::{self, Subject};
use crate::gui::gateways;
use crate::gui::known::Known;
use crate::gui::names::{self, Found};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Longest name shown, in characters.
const TEXT_CAP: usize = 255;

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    (question, answer): (&Question, &ReverseAnswer),
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    widgets::address(ui, state, answer.address, 13.0);
    let proven = Known::state(answer.at, snapshot, state.now_ms);
    let said = |forward: &NameAnswer| sanitise(forward.name.as_str(), TEXT_CAP);
    let mut ask = None;
    match &answer.outcome {
        ReverseOutcome::Name(forward) => {
            name(ui, (&said(forward), proven), answer, snapshot, state);
            widgets::quiet(ui, state, state.t(Word::NameOfBoth));
            widgets::quiet(ui, state, state.t(Word::NameLeads));
        }
        ReverseOutcome::NoName => widgets::quiet(ui, state, state.t(Word::NameOfNone)),
        ReverseOutcome::NotNormal(text) => warn(ui, &state.tf(Word::NameOfNotNormal, &[text]), state),
        ReverseOutcome::Unconfirmed(forward) => {
            warn(ui, &state.tf(Word::NameOfOther, &[&said(forward)]), state);
            ask = way_back(ui, question, forward, state);
        }
        ReverseOutcome::Offchain(servers) => {
            let words = state.t(Word::NameOfOffchain);
            if servers.hosts.is_empty() {
                warn(ui, &format!("{words} {}", state.t(Word::NameNoGateway)), state);
            } else {
                ask = gateways::elsewhere_ui(ui, question, (words, &servers.hosts), state);
            }
        }
        ReverseOutcome::NotFollowed(end) => {
            let words = state.tf(Word::NameOfNotFollowed, &[&end.why]);
            if end.hosts.is_empty() {
                warn(ui, &words, state);
            } else {
                ask = gateways::elsewhere_ui(ui, question, (&words, &end.hosts), state);
            }
        }
        ReverseOutcome::Told { text: None, hosts, .. } => {
            warn(ui, &state.tf(Word::NameOfToldNone, &[&hosts.join(", ")]), state);
        }
        ReverseOutcome::Told { text: Some(text), hosts, forward } => {
            name(ui, (text, Known::Unverified), answer, snapshot, state);
            gateways::told_by(ui, hosts, state);
            ask = forward.as_deref().and_then(|forward| way_back(ui, question, forward, state));
        }
        ReverseOutcome::Failed(why) => {
            warn(ui, &state.tf(Word::NameOfNotFollowed, &[&why.to_string()]), state);
        }
    }
    if let Some(question) = ask {
        explorer::ask(question, state, commands);
    }
}

fn name(
    ui: &mut Ui,
    (text, known): (&str, Known),
    answer: &ReverseAnswer,
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let (how, at) = match known {
        Known::Unverified => (Word::HowTold, None),
        _ => (Word::HowCall, Some(answer.at)),
    };
    let raw = answer.address.to_checksum(None);
    ui.horizontal_wrapped(|ui| {
        widgets::section(ui, text);
        let subject = Subject { title: text, value: text, raw: &raw, how, at };
        badge::badge(ui, known, &subject, snapshot, state);
    });
}

/// Where a name that is not confirmed leads; nothing said here makes it one.
fn way_back(ui: &mut Ui, question: &Question, forward: &NameAnswer, state: &UiState) -> Option<Question> {
    let name = sanitise(forward.name.as_str(), TEXT_CAP);
    match names::of(forward, state) {
        Found::Elsewhere { words, hosts } => gateways::elsewhere_ui(ui, question, (&words, &hosts), state),
        Found::Address { address, .. } => {
            warn(ui, &state.tf(Word::NameOfForward, &[&name, &address.to_checksum(None)]), state);
            None
        }
        Found::Told { address, hosts, .. } => {
            warn(ui, &state.tf(Word::NameOfForward, &[&name, &address.to_checksum(None)]), state);
            gateways::told_by(ui, &hosts, state);
            None
        }
        Found::Nowhere(why) => {
            warn(ui, &why, state);
            None
        }
        Found::Waiting => None,
    }
}

fn warn(ui: &mut Ui, words: &str, state: &UiState) {
    ui.label(RichText::new(words).color(state.palette.unverified));
}
