//! ENS names: asked, and what came of it in words.

use alloy::primitives::Address;

use super::known::Known;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{
    Answer, BlockRef, ContractAnswer, ContractQuestion, Loadable, NameAnswer, NameOutcome, Question,
    Snapshot, Tag,
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
    /// It leads nowhere that could be used, and why.
    Nowhere(String),
}

/// How things stand with a question that [`question`] made.
pub(super) fn found(question: &Question, snapshot: &Snapshot, state: &UiState) -> Found {
    let answer = match snapshot.answers.get(question) {
        Some(Loadable::Ready(answer)) => answer,
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

fn of(answer: &NameAnswer, state: &UiState) -> Found {
    let name = answer.name.as_str().to_owned();
    match &answer.outcome {
        NameOutcome::Address(address) => Found::Address { name, address: *address, at: answer.at },
        NameOutcome::NoResolver => Found::Nowhere(state.tf(Word::NameFree, &[&name])),
        NameOutcome::NoAddress => Found::Nowhere(state.tf(Word::NameNoAddress, &[&name])),
        NameOutcome::Offchain(_) => Found::Nowhere(state.tf(Word::NameOffchain, &[&name])),
        NameOutcome::Failed(why) => Found::Nowhere(state.tf(Word::NameFailed, &[&name, &why.to_string()])),
    }
}

/// How a name's address is known. Its owner can change it, so it is never more than the newest state says.
pub(super) fn known(at: BlockRef, snapshot: &Snapshot, state: &UiState) -> Known {
    Known::state(at, snapshot, state.now_ms)
}
