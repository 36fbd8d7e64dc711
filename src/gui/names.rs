//! ENS names: asked, and what came of it in words.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::badge::{self, Subject};
use super::gateways;
use super::known::Known;
use super::ui_state::UiState;
use super::widgets;
use super::words::Word;
use crate::app::{
    Answer, BlockRef, ContractAnswer, ContractQuestion, Loadable, NameAnswer, NameOutcome, NotFollowed,
    Question, Snapshot, Tag,
};

/// The question behind a name.
pub(super) fn question(name: &str) -> Question {
    Question::Contract(ContractQuestion::Name(name.trim().to_owned(), Tag::Latest))
}

/// What came of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing yet.
    Waiting,
    /// It leads here, by what was proven at this block.
    Address {
        /// The normalised name.
        name: String,
        /// Where it leads.
        address: Address,
        /// Where that was proven.
        at: BlockRef,
    },
    /// It is kept on web servers, which may be asked.
    Elsewhere {
        /// What is so, in words.
        words: String,
        /// Hosts that would be asked.
        hosts: Vec<String>,
    },
    /// What web servers said. Unverified.
    Told {
        /// The normalised name.
        name: String,
        /// Where it leads, as they say.
        address: Address,
        /// Who says so.
        hosts: Vec<String>,
    },
    /// It leads nowhere that could be used, and why.
    Nowhere(String),
}

/// How things stand with a question that [`question`] made.
pub(super) fn found(question: &Question, snapshot: &Snapshot, state: &UiState) -> Found {
    let answer = match snapshot.answers.get(question) {
        // Asked again at every head: meanwhile the last answer stands, with the block that it was proven at.
        Some(Loadable::Ready(answer) | Loadable::Loading { previous: Some(answer) }) => answer,
        Some(Loadable::Failed { reason, .. }) => {
            return Found::Nowhere(format!("{} {}", reason.what, reason.next));
        }
        _ => return Found::Waiting,
    };
    match answer {
        Answer::Contract(answer) => match &**answer {
            ContractAnswer::Name(name) => of(name, state),
            _ => Found::Waiting,
        },
        _ => Found::Waiting,
    }
}

/// What came of a name, by its answer.
pub(super) fn of(answer: &NameAnswer, state: &UiState) -> Found {
    let name = answer.name.as_str().to_owned();
    match &answer.outcome {
        NameOutcome::Address(address) => Found::Address { name, address: *address, at: answer.at },
        NameOutcome::NoResolver => Found::Nowhere(state.tf(Word::NameFree, &[&name])),
        NameOutcome::NoAddress => Found::Nowhere(state.tf(Word::NameNoAddress, &[&name])),
        NameOutcome::Offchain(servers) => {
            let words = state.tf(Word::NameOffchain, &[&name]);
            if servers.hosts.is_empty() {
                return Found::Nowhere(format!("{words} {}", state.t(Word::NameNoGateway)));
            }
            Found::Elsewhere { words, hosts: servers.hosts.clone() }
        }
        NameOutcome::Told { address: Some(address), hosts } => {
            Found::Told { name, address: *address, hosts: hosts.clone() }
        }
        NameOutcome::Told { address: None, hosts } => {
            Found::Nowhere(state.tf(Word::NameToldNone, &[&hosts.join(", "), &name]))
        }
        NameOutcome::NotFollowed(NotFollowed { why, hosts }) => {
            let words = state.tf(Word::NameNotFollowed, &[&name, why]);
            if hosts.is_empty() {
                Found::Nowhere(words)
            } else {
                Found::Elsewhere { words, hosts: hosts.clone() }
            }
        }
        NameOutcome::Failed(why) => Found::Nowhere(state.tf(Word::NameFailed, &[&name, &why.to_string()])),
    }
}

/// How a name's address is known. Its owner can change it, so it is never more than the newest state says.
pub(super) fn known(at: BlockRef, snapshot: &Snapshot, state: &UiState) -> Known {
    Known::state(at, snapshot, state.now_ms)
}

/// What web servers said of a name, with its warning. There is nothing to press: it is no account and nobody to pay.
pub(super) fn told_ui(
    ui: &mut Ui,
    (name, address, hosts): (&str, Address, &[String]),
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let text = address.to_checksum(None);
    ui.horizontal_wrapped(|ui| {
        widgets::section(ui, name);
        let subject = Subject { title: name, value: &text, raw: "", how: Word::HowTold, at: None };
        badge::badge(ui, Known::Unverified, &subject, snapshot, state);
    });
    gateways::told_by(ui, hosts, state);
    widgets::address(ui, state, address, 13.0);
    ui.label(RichText::new(state.t(Word::NameToldWarn)).color(state.palette.unverified));
}
