//! Whom the recipient's text in Send means: an address, somebody known here by name, or a name on the chain.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use crate::app::{BlockRef, Command, EnsName, Question, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::names::{self, Found};
use crate::gui::paste::{self, Pasted};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// What the text stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant {
    /// The address itself.
    Digits(Address),
    /// A contact or an account here.
    Known(Address),
    /// A name on the chain that leads to this address, proven at this block.
    Name {
        /// As it was normalised.
        name: String,
        /// Where it leads.
        address: Address,
        /// Where that was proven.
        at: BlockRef,
    },
    /// A name that is being looked up.
    Asking,
    /// Nobody, and why.
    Nobody(String),
}

impl Meant {
    /// Reads the text.
    pub(super) fn of(text: &str, snapshot: &Snapshot, state: &UiState) -> Self {
        let text = text.trim();
        let wrong = match paste::address(text) {
            Ok(address) => return Self::Digits(address),
            Err(wrong) => wrong,
        };
        if let Some(address) = known(text, snapshot, state) {
            return Self::Known(address);
        }
        if !is_name(text) {
            return Self::Nobody(wrong.words(state));
        }
        if snapshot.head.is_none() {
            return Self::Nobody(state.t(Word::NamesNeed).to_owned());
        }
        match names::found(&names::question(text), snapshot, state) {
            Found::Waiting => Self::Asking,
            Found::Address { name, address, at } => Self::Name { name, address, at },
            // What web servers say cannot be proven: nobody is paid by it.
            Found::Elsewhere { words, .. } | Found::Nowhere(words) => Self::Nobody(words),
            Found::Told { name, .. } => Self::Nobody(state.tf(Word::NameOffchain, &[&name])),
        }
    }

    /// The address, where there is one.
    pub(super) fn address(&self) -> Option<Address> {
        match self {
            Self::Digits(address) | Self::Known(address) | Self::Name { address, .. } => Some(*address),
            Self::Asking | Self::Nobody(_) => None,
        }
    }
}

fn is_name(text: &str) -> bool {
    matches!(paste::read(text, &[]), Pasted::Name)
}

/// The contact or account of that name.
fn known(text: &str, snapshot: &Snapshot, state: &UiState) -> Option<Address> {
    let contacts = state.book.contacts.iter().map(|one| (&one.name, one.address));
    let watched = state.book.watched.iter().map(|one| (&one.name, one.address));
    let keys = snapshot.wallet.accounts.iter().map(|one| (&one.name, one.address));
    let mut all = contacts.chain(watched).chain(keys).filter(|(name, _)| !name.is_empty());
    all.find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, address)| address)
}

/// The name to look up, where the text is one and typing rests.
fn wanted(text: &str, snapshot: &Snapshot, state: &UiState) -> Option<Question> {
    let rests = state.now_ms.saturating_sub(state.wallet.send.typed_ms) >= super::send_recipient::PAUSE_MS;
    let is_name = rests && is_name(text) && known(text.trim(), snapshot, state).is_none();
    is_name.then(|| names::question(text))
}

/// Looks the name up again at every head: its owner can change it at any time.
pub(super) fn ask(slot: u64, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let text = state.wallet.send.draft.to.clone();
    let Some(question) = wanted(&text, snapshot, state) else { return };
    let asked = Some((question.clone(), slot));
    if state.wallet.send.asked_name != asked {
        state.wallet.send.asked_name = asked;
        commands.push(Command::Ask(question));
    }
}

/// What is said of a name, above the address that it leads to.
pub(super) fn show(ui: &mut Ui, meant: &Meant, snapshot: &Snapshot, state: &mut UiState) {
    match meant {
        Meant::Name { name, address, at } => {
            let text = address.to_checksum(None);
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(format!("{name} →")).family(crate::gui::fonts::medium()));
                let known = names::known(*at, snapshot, state);
                let subject =
                    Subject { title: name, value: &text, raw: "", how: Word::HowCall, at: Some(*at) };
                badge::badge(ui, known, &subject, snapshot, state);
            });
            widgets::quiet(ui, state, state.t(Word::NameLeads));
            if EnsName::parse(name).is_ok_and(|name| name.is_unusual()) {
                ui.label(RichText::new(state.t(Word::NameUnusual)).color(state.palette.unverified));
            }
        }
        Meant::Asking => {
            let text = state.wallet.send.draft.to.trim().to_owned();
            widgets::quiet(ui, state, &state.tf(Word::NameAsking, &[&text]));
        }
        _ => {}
    }
}
