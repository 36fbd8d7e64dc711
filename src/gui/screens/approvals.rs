//! Approvals: who may take what, ordered by what they could take now.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::position_card::line;
use super::{approval_rows, approval_selection, positions};
use crate::app::{Approval, ApprovalKind, Approvals, Command, Question, Snapshot};
use crate::gui::format;
use crate::gui::icons::Severity;
use crate::gui::paste::{self, Pasted};
use crate::gui::position_data::{self, Held};
use crate::gui::positions_state::{ApprovalKey, ApprovalsState};
use crate::gui::screen::Screen;
use crate::gui::switcher;
use crate::gui::ui_state::{Field, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// A right by what does not change from block to block.
pub(super) fn key(one: &Approval) -> ApprovalKey {
    (one.asset.address, one.spender, matches!(one.kind, ApprovalKind::Permit2 { .. }))
}

/// The spender by name, else by address.
pub(super) fn spender(one: &Approval, state: &UiState) -> String {
    if let Some(own) = state.name_of(one.spender) {
        return own.to_owned();
    }
    let short = format::short_address(one.spender);
    match &one.name {
        Some(name) => state.tf(Word::ApprBundled, &[&crate::app::plain(name)]),
        None => state.tf(Word::ApprUnknown, &[&short]),
    }
}

/// What may be taken; a right without end is a word.
pub(super) fn may_take(one: &Approval, state: &UiState) -> String {
    match one.kind {
        ApprovalKind::Operator => state.t(Word::ApprAllOf).to_owned(),
        _ if one.is_unlimited() => state.t(Word::ApprUnlimited).to_owned(),
        _ => {
            let decimals = one.asset.decimals;
            state.amount(format::amount(one.amount, decimals, decimals.min(6), format::Round::Up))
        }
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(account) = state.account().cloned() else {
        state.screen = Screen::FirstRun;
        return;
    };
    widgets::title(ui, state.t(Word::Approvals));
    widgets::quiet(ui, state, &switcher::title(&account));
    widgets::quiet(ui, state, state.t(Word::ApprPurpose));
    let question = position_data::approvals_question(account.address, state);
    let held = Held::of(&question, snapshot);
    positions::failed(ui, &held, &question, (Word::ApprFailed, snapshot), state, commands);
    let Some(found) = held.approvals() else {
        if held.failed.is_none() {
            waiting(ui, snapshot, state);
        }
        return;
    };
    forget_gone(found, state);
    widgets::card(ui, state, |ui, state| {
        if found.found.is_empty() && found.spenders > 0 {
            ui.label(state.t(Word::ApprEmpty));
        } else if !found.found.is_empty() {
            approval_rows::show(ui, found, snapshot, state);
        }
        ui.add_space(4.0);
        coverage(ui, found, state);
        again(ui, &held, &question, snapshot, state, commands);
    });
    approval_selection::show(ui, found, snapshot, state);
    also(ui, state);
}

/// What was chosen and is no more there is not chosen any more.
fn forget_gone(found: &Approvals, state: &mut UiState) {
    let there = |one: &ApprovalKey| found.found.iter().any(|right| key(right) == *one);
    state.positions.approvals.chosen.retain(there);
    if state.positions.approvals.limiting.as_ref().is_some_and(|(one, _)| !there(one)) {
        state.positions.approvals.limiting = None;
    }
}

fn waiting(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::waiting(ui, snapshot, state, (Word::ApprChecking, [420.0, 360.0, 300.0]));
}

/// What was looked at, what was not, and what failed.
fn coverage(ui: &mut Ui, found: &Approvals, state: &UiState) {
    let block = format::number(found.at.number);
    if found.spenders == 0 {
        line(ui, Severity::Caution, &state.tf(Word::ApprNoSpenders, &[&block]), state);
    } else {
        widgets::quiet(ui, state, &state.tf(Word::ApprFoundBy, &[&found.checked.to_string(), &block]));
        widgets::quiet(ui, state, &state.tf(Word::ApprCollections, &[&found.collections.to_string()]));
        widgets::quiet(ui, state, state.t(Word::ApprNoEvents));
    }
    for (what, why) in &found.unread {
        line(ui, Severity::Caution, &state.tf(Word::ApprUnread, &[&crate::app::plain(what), why]), state);
    }
    widgets::quiet(ui, state, state.t(Word::ApprKeyLeaked));
}

#[expect(
    clippy::too_many_arguments,
    reason = "what is drawn, its question, and the four things each screen is given"
)]
fn again(
    ui: &mut Ui,
    held: &Held,
    question: &Question,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let can = !held.loading && !snapshot.offline && snapshot.head.is_some();
    if ui.add_enabled(can, egui::Button::new(state.t(Word::PosVerifyAgain))).clicked() {
        position_data::ask(question.clone(), state, commands);
    }
}

/// A spender or a collection beside the bundled ones, by its address.
fn also(ui: &mut Ui, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) =
            (state.t(Word::ApprAlso), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.positions.approvals.spender, colour);
        if response.changed() {
            let pasted = paste::read(&state.positions.approvals.spender.text, &paste::known(state));
            if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
                paste::wipe(&mut state.positions.approvals.spender.text);
                state.positions.approvals.spender.error = Some(state.t(Word::AddressSecret).to_owned());
            }
        }
        ui.horizontal_wrapped(|ui| {
            if ui.button(state.t(Word::ApprAlsoDo)).clicked() || widgets::entered(ui, &response) {
                take(state, |approvals| &mut approvals.spenders);
            }
            if ui.button(state.t(Word::ApprAlsoCollection)).clicked() {
                take(state, |approvals| &mut approvals.collections);
            }
        });
        let named = &state.positions.approvals;
        for one in named.spenders.iter().chain(&named.collections) {
            ui.label(RichText::new(one.to_checksum(None)).monospace());
        }
    });
}

fn take(state: &mut UiState, list: fn(&mut ApprovalsState) -> &mut Vec<Address>) {
    match paste::address(&state.positions.approvals.spender.text) {
        Ok(address) => {
            let all = list(&mut state.positions.approvals);
            if !all.contains(&address) {
                all.push(address);
            }
            state.positions.approvals.spender = Field::default();
        }
        Err(error) => state.positions.approvals.spender.error = Some(error.words(state)),
    }
}
