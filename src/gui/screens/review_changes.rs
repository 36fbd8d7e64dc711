//! What a transaction changes for the user: every asset, approval and the fee, as the simulation showed.

use alloy::primitives::{Address, U256};
use egui::{RichText, Ui};

use crate::app::signing::review::amount_text;
use crate::app::signing::{Allowance, Approval, Asset, AssetChange, Control, ControlChange, Effects};
use crate::app::{ReviewView, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Width of an amount, in points.
const AMOUNT: f32 = 200.0;

/// Draws them.
pub(super) fn show(ui: &mut Ui, open: &ReviewView, snapshot: &Snapshot, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, state.t(Word::WhatChanges));
            simulated(ui, open, snapshot, state);
        });
        match &open.prepared.review.effects {
            Some(effects) => lines(ui, effects, open, state),
            None => widgets::quiet(ui, state, state.t(Word::NotSimulated)),
        }
        fee(ui, open, state);
    });
}

/// Where it was run.
fn simulated(ui: &mut Ui, open: &ReviewView, snapshot: &Snapshot, state: &mut UiState) {
    let at = open.prepared.at;
    let run = open.prepared.review.effects.is_some();
    let known = if run { Known::state(at, snapshot, state.now_ms) } else { Known::Unverified };
    let text = state.tf(Word::SimulatedAt, &[&format::number(at.number)]);
    let title = state.t(Word::WhatChanges);
    let subject = Subject { title, value: &text, raw: "", how: Word::HowCall, at: Some(at) };
    badge::badge(ui, known, &subject, snapshot, state);
    if run {
        ui.label(RichText::new(&text).small().color(state.palette.text_2));
    }
}

fn lines(ui: &mut Ui, effects: &Effects, open: &ReviewView, state: &UiState) {
    if effects.failure.is_some() {
        widgets::quiet(ui, state, state.t(Word::FailsMovesNothing));
    } else if effects.nothing_moves() {
        widgets::quiet(ui, state, state.t(Word::NothingMoves));
    }
    for change in &effects.changes {
        asset(ui, change, open, state);
    }
    if effects.is_cut {
        ui.label(RichText::new(state.t(Word::MoreThanShown)).color(state.palette.unverified));
    }
    for approval in &effects.approvals {
        approve(ui, approval, open, state);
    }
    for change in &effects.control {
        control(ui, *change, state);
    }
}

/// A signed amount and what it means, in two columns.
fn line(ui: &mut Ui, amount: &str, gained: Option<bool>, words: &str, state: &UiState) {
    let colour = match gained {
        Some(true) => state.palette.final_,
        _ => state.palette.text,
    };
    let text = RichText::new(amount).color(colour).family(medium());
    let words = RichText::new(words).color(state.palette.text_2);
    ui.horizontal_wrapped(|ui| {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(egui::vec2(AMOUNT, 22.0), layout, |ui| {
            ui.set_min_width(AMOUNT);
            ui.add(egui::Label::new(text).wrap());
        });
        ui.label(words);
    });
}

fn asset(ui: &mut Ui, change: &AssetChange, open: &ReviewView, state: &UiState) {
    let sign = if change.gained { "+" } else { "\u{2212}" };
    let what = asset_text(change.asset, change.amount, open);
    let amount = state.amount(format!("{sign}{what}"));
    let own = change.who == open.prepared.review.from();
    let word = match (change.gained, own) {
        (true, true) => Word::ToYourWallet,
        (false, true) => Word::FromYourWallet,
        (true, false) => Word::ToYourOther,
        (false, false) => Word::FromYourOther,
    };
    let name = state.name_of(change.who).map_or_else(|| format::short_address(change.who), str::to_owned);
    line(ui, &amount, Some(change.gained), &state.tf(word, &[&name]), state);
}

fn asset_text(asset: Asset, amount: U256, open: &ReviewView) -> String {
    let units = &open.prepared.units;
    let symbol =
        |token: Address| units.get(&token).map_or_else(|| format::short_address(token), |one| one.0.clone());
    match asset {
        Asset::Ether => format!("{} ETH", format::ether_exact(amount)),
        Asset::Erc20 { token } => amount_text(units, token, amount),
        Asset::Erc721 { token, id } => format!("{} #{id}", symbol(token)),
        Asset::Erc1155 { token, id } => format!("{amount} × {} #{id}", symbol(token)),
    }
}

fn approve(ui: &mut Ui, approval: &Approval, open: &ReviewView, state: &UiState) {
    let spender = state
        .name_of(approval.spender)
        .map_or_else(|| format::short_address(approval.spender), str::to_owned);
    let token = open
        .prepared
        .units
        .get(&approval.token)
        .map_or_else(|| format::short_address(approval.token), |one| one.0.clone());
    let unlimited = crate::app::signing::review::UNLIMITED_FROM;
    let units = &open.prepared.units;
    let (amount, word) = match approval.allowance {
        Allowance::Erc20 { amount } | Allowance::Permit2 { amount, .. } if amount.is_zero() => {
            (token, Word::ApprovalEnds)
        }
        Allowance::Erc20 { amount } if amount >= unlimited => {
            (format!("{} {token}", state.t(Word::Unlimited)), Word::ApprovalMade)
        }
        Allowance::Erc20 { amount } | Allowance::Permit2 { amount, .. } => {
            (amount_text(units, approval.token, amount), Word::ApprovalMade)
        }
        Allowance::Erc721 { id } if approval.spender.is_zero() => {
            (format!("{token} #{id}"), Word::ApprovalEnds)
        }
        Allowance::Erc721 { id } => (format!("{token} #{id}"), Word::ApprovalMade),
        Allowance::Operator { allowed } => {
            let word = if allowed { Word::ApprovalMade } else { Word::ApprovalEnds };
            (format!("{} {token}", state.t(Word::EveryOne)), word)
        }
    };
    line(ui, &amount, None, &state.tf(word, &[&spender]), state);
}

/// Who controls what: whole addresses, for these are the ones to compare.
fn control(ui: &mut Ui, change: ControlChange, state: &UiState) {
    let name = |who: Address| match state.name_of(who) {
        Some(name) => format!("{name} ({who})"),
        None => who.to_checksum(None),
    };
    let nobody =
        |who: Address| if who.is_zero() { state.t(Word::ControlNobody).to_owned() } else { name(who) };
    let moved = |before: Address, after: Address| format!("{} → {}", nobody(before), nobody(after));
    let zero = Option::unwrap_or_default;
    let (word, text) = match change.what {
        Control::Owner { before, after } => (Word::ControlOwner, moved(before, after)),
        Control::NextOwner { after } => (Word::ControlNextOwner, nobody(after)),
        Control::Implementation { before, after } => (Word::ControlCode, moved(before, after)),
        Control::Admin { before, after } => (Word::ControlAdmin, moved(before, after)),
        Control::Beacon { before, after } => (Word::ControlBeacon, moved(before, after)),
        Control::FirstSlot { before, after } => (Word::ControlFirstSlot, moved(before, after)),
        Control::SafeOwnerAdded { owner } => (Word::ControlSafeAdds, name(owner)),
        Control::SafeOwnerRemoved { owner } => (Word::ControlSafeRemoves, name(owner)),
        Control::SafeThreshold { after } => (Word::ControlThreshold, after.to_string()),
        Control::SafeModule { module, enabled: true } => (Word::ControlModule, name(module)),
        Control::SafeModule { module, enabled: false } => (Word::ControlModuleOff, name(module)),
        Control::SafeGuard { after } => (Word::ControlGuard, nobody(after)),
        Control::Delegation { before, after } => (Word::ControlDelegation, moved(zero(before), zero(after))),
    };
    let words = format!("{}: {text}", state.tf(Word::ControlOf, &[&name(change.of)]));
    line(ui, state.t(word), None, &words, state);
}

/// `−0.000142 ETH   fee, at most 0.000211`.
fn fee(ui: &mut Ui, open: &ReviewView, state: &UiState) {
    let (tx, fees) = (&open.prepared.review.tx, &open.prepared.fees);
    let paid = crate::app::signing::Fees { max_fee: tx.max_fee_per_gas(), tip: tx.tip_per_gas() };
    let gas = open.prepared.review.effects.as_ref().map_or(tx.gas_limit(), |effects| effects.gas_used);
    let likely = format::ether(fees.likely_cost(paid, gas), Round::Up);
    let most = format::ether(tx.max_fee(), Round::Up);
    let amount = state.amount(format!("\u{2212}{likely} ETH"));
    line(ui, &amount, Some(false), &state.tf(Word::FeeAtMost, &[&state.amount(most)]), state);
}
