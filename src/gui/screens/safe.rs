//! Safe: owners, threshold, nonce and what waits for signatures, without any service.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::position_card::line;
use super::{positions, safe_files};
use crate::app::{Command, Question, SafeFacts, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::icons::Severity;
use crate::gui::known::Known;
use crate::gui::paste::{self, Pasted};
use crate::gui::position_data::{self, Held};
use crate::gui::positions_state::SafeState;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Safe));
    widgets::quiet(ui, state, state.t(Word::SafePurpose));
    search(ui, state);
    let Some(safe) = state.positions.safe.chosen else { return };
    let question = position_data::safe_question(safe);
    let held = Held::of(&question, snapshot);
    positions::failed(ui, &held, &question, (Word::SafeFailed, snapshot), state, commands);
    let Some(found) = held.safe() else {
        if held.failed.is_none() {
            let ready = snapshot.head.is_some() && !snapshot.offline;
            let word = if ready { Word::SafeReading } else { Word::WaitingForHead };
            widgets::quiet(ui, state, state.t(word));
        }
        return;
    };
    facts(ui, found, (&held, &question, snapshot), state, commands);
    safe_files::show(ui, found, snapshot, state);
    commands.extend(state.positions.safe.order.take().map(Command::Wallet));
}

fn search(ui: &mut Ui, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) =
            (state.t(Word::SafeAddress), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.positions.safe.address, colour);
        if response.changed() {
            let pasted = paste::read(&state.positions.safe.address.text, &paste::known(state));
            if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
                paste::wipe(&mut state.positions.safe.address.text);
                state.positions.safe.address.error = Some(state.t(Word::AddressSecret).to_owned());
            }
        }
        if widgets::primary(ui, state, state.t(Word::SafeOpen)).clicked() || widgets::entered(ui, &response) {
            match paste::address(&state.positions.safe.address.text) {
                Ok(address) if state.positions.safe.chosen == Some(address) => {}
                Ok(address) => {
                    let field = std::mem::take(&mut state.positions.safe.address);
                    let chosen = Some(address);
                    state.positions.safe = SafeState { address: field, chosen, ..SafeState::default() };
                }
                Err(error) => state.positions.safe.address.error = Some(error.words(state)),
            }
        }
    });
}

fn facts(
    ui: &mut Ui,
    safe: &SafeFacts,
    (held, question, snapshot): (&Held, &Question, &Snapshot),
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let known = Known::state(safe.at, snapshot, state.now_ms);
    let threshold =
        state.tf(Word::SafeThresholdOf, &[&safe.threshold.to_string(), &safe.owners.len().to_string()]);
    widgets::card(ui, state, |ui, state| {
        let name = state.name_of(safe.address).unwrap_or_else(|| state.t(Word::Safe)).to_owned();
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, &name);
            let (title, how, at) = (name.as_str(), Word::HowAccount, Some(safe.at));
            let subject = Subject { title, value: &threshold, raw: "", how, at };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        widgets::address(ui, state, safe.address, 13.0);
        ui.add_space(4.0);
        widgets::pair(ui, state, state.t(Word::SafeThreshold), |ui| drop(ui.label(&threshold)));
        widgets::pair(ui, state, state.t(Word::SafeNonce), |ui| drop(ui.label(safe.nonce.to_string())));
        version(ui, safe, state);
        addresses(ui, Word::SafeModules, &safe.modules, state);
        addresses(ui, Word::SafeGuard, safe.guard.as_slice(), state);
        if safe.module_guard.is_some() {
            addresses(ui, Word::SafeModuleGuard, safe.module_guard.as_slice(), state);
        }
        addresses(ui, Word::SafeFallback, safe.fallback.as_slice(), state);
        for caveat in safe.caveats() {
            line(ui, Severity::Caution, &caveat, state);
        }
        let can = !held.loading && !snapshot.offline;
        if ui.add_enabled(can, egui::Button::new(state.t(Word::PosVerifyAgain))).clicked() {
            position_data::ask(question.clone(), state, commands);
        }
    });
    widgets::card(ui, state, |ui, state| {
        let title = format!("{} ({})", state.t(Word::SafeOwners), safe.owners.len());
        widgets::section(ui, &title);
        for owner in &safe.owners {
            ui.label(RichText::new(person(*owner, state)).family(medium()));
            widgets::address(ui, state, *owner, 13.0);
        }
    });
}

/// An owner by the user's own name, marked where it is one of the user's accounts.
pub(super) fn person(owner: Address, state: &UiState) -> String {
    let name = state.name_of(owner).map_or_else(|| crate::gui::format::short_address(owner), str::to_owned);
    let mine = state.book.watched.iter().any(|one| one.address == owner);
    if mine { format!("{name} ({})", state.t(Word::SafeYou)) } else { name }
}

fn version(ui: &mut Ui, safe: &SafeFacts, state: &UiState) {
    let code = match &safe.release {
        Some(release) => format!("{}: {} {}", state.t(Word::CodeMatches), release.name, release.version),
        None => state.t(Word::SafeCodeUnknown).to_owned(),
    };
    let words = format!("{} · {code}", safe.version);
    widgets::pair(ui, state, state.t(Word::SafeVersion), |ui| drop(ui.label(words)));
}

fn addresses(ui: &mut Ui, title: Word, all: &[Address], state: &UiState) {
    widgets::pair(ui, state, state.t(title), |ui| {
        if all.is_empty() {
            ui.label(state.t(Word::SafeNoneWord));
        }
        for one in all {
            widgets::address(ui, state, *one, 13.0);
        }
    });
}
