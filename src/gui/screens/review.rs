//! Review: the intent, what changes, the checks, the call; read from the bytes that would be signed.

use egui::{RichText, Ui};

use crate::app::signing::review::{Finding, Level, amount_text};
use crate::app::signing::{Asset, AssetChange};
use crate::app::{Loadable, Prepared, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::icons::{self, Severity};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let wallet = std::sync::Arc::clone(&state.wallet);
    match &wallet.review {
        None => {
            widgets::title(ui, state.t(Word::Review));
            widgets::quiet(ui, state, state.t(Word::NothingToReview));
        }
        Some(Loadable::Loading { .. }) => {
            widgets::title(ui, state.t(Word::Review));
            widgets::quiet(ui, state, state.t(Word::Simulating));
        }
        Some(Loadable::Failed { reason, .. }) => {
            widgets::title(ui, state.t(Word::Review));
            widgets::card(ui, state, |ui, state| widgets::reason(ui, state, reason));
        }
        Some(Loadable::Ready(prepared)) => ready(ui, prepared, snapshot, state),
    }
    if let Some(problem) = &wallet.problem {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, problem));
    }
}

fn ready(ui: &mut Ui, prepared: &Prepared, snapshot: &Snapshot, state: &mut UiState) {
    let review = &prepared.review;
    widgets::title(ui, &state.tf(Word::ReviewTitle, &[&review.title]));
    ui.label(&review.sentence);
    ui.add_space(8.0);
    // What did not pass comes before everything else where there is one column.
    let wide = ui.available_width() >= 860.0 && !state.kept.calm;
    if wide {
        ui.columns(2, |columns| {
            if let [left, right] = columns {
                left.vertical(|ui| {
                    changes(ui, prepared, snapshot, state);
                    call(ui, prepared, state);
                });
                right.vertical(|ui| checks(ui, &review.findings, state));
            }
        });
        return;
    }
    let (open, passed): (Vec<Finding>, Vec<Finding>) =
        review.findings.iter().cloned().partition(|one| one.level > Level::Passed);
    checks(ui, &open, state);
    changes(ui, prepared, snapshot, state);
    call(ui, prepared, state);
    egui::CollapsingHeader::new(state.tf(Word::ChecksPassed, &[&passed.len().to_string()])).show(ui, |ui| {
        for one in &passed {
            finding(ui, one, state);
        }
    });
}

fn changes(ui: &mut Ui, prepared: &Prepared, snapshot: &Snapshot, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let title = state.t(Word::WhatChanges);
        let Some(effects) = &prepared.review.effects else {
            widgets::section(ui, title);
            ui.label(RichText::new(state.t(Word::NotSimulated)).color(state.palette.refuted));
            return;
        };
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, title);
            let known = Known::state(prepared.at, snapshot, state.now_ms);
            let value = format!("{} gas", effects.gas_used);
            let at = Some(prepared.at);
            let subject = Subject { title, value: &value, raw: "", how: Word::HowCall, at };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        let yours = |change: &&AssetChange| state.wallet.accounts.iter().any(|one| one.address == change.who);
        let mine: Vec<&AssetChange> = effects.changes.iter().filter(yours).collect();
        if mine.is_empty() {
            ui.label(state.t(Word::NothingMoves));
        }
        for change in mine {
            ui.label(RichText::new(change_words(change, prepared, state)).monospace());
        }
        let most =
            prepared.review.tx.max_fee_per_gas().saturating_mul(u128::from(prepared.review.tx.gas_limit()));
        let most = format::ether(alloy::primitives::U256::from(most), Round::Up);
        widgets::quiet(ui, state, &state.tf(Word::FeeAtMost, &[&most]));
    });
}

fn change_words(change: &AssetChange, prepared: &Prepared, state: &UiState) -> String {
    let sign = if change.gained { "+" } else { "\u{2212}" };
    let round = if change.gained { Round::Down } else { Round::Up };
    let amount = match &change.asset {
        Asset::Ether => format!("{} ETH", format::ether(change.amount, round)),
        Asset::Token(token) => amount_text(&prepared.units, *token, change.amount),
        Asset::Nft(collection, id) => format!("{} #{id}", format::short_address(*collection)),
        Asset::MultiToken(collection, id) => {
            format!("{} × {} #{id}", change.amount, format::short_address(*collection))
        }
    };
    let whose = state.name_of(change.who).map_or_else(|| format::short_address(change.who), str::to_owned);
    let word = if change.gained { Word::ToWhom } else { Word::FromWhom };
    state.tf(word, &[&format!("{sign}{amount}"), &whose])
}

fn checks(ui: &mut Ui, findings: &[Finding], state: &mut UiState) {
    if findings.is_empty() {
        return;
    }
    let count = |level| findings.iter().filter(|one| one.level == level).count().to_string();
    widgets::card(ui, state, |ui, state| {
        let counts = [count(Level::Block), count(Level::Danger), count(Level::Caution), count(Level::Passed)];
        widgets::section(ui, &state.tf(Word::ChecksTitle, &counts.each_ref().map(String::as_str)));
        for one in findings {
            finding(ui, one, state);
        }
    });
}

fn finding(ui: &mut Ui, one: &Finding, state: &UiState) {
    let severity = match one.level {
        Level::Passed => Severity::Ok,
        Level::Note => Severity::Info,
        Level::Caution => Severity::Caution,
        Level::Danger | Level::Block => Severity::Danger,
    };
    let colour = crate::gui::banner::colours(severity, state).1;
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 20.0), egui::Sense::hover());
        icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
        let weight = if one.level >= Level::Danger { medium() } else { egui::FontFamily::Proportional };
        ui.add(egui::Label::new(RichText::new(&one.text).family(weight)).wrap());
    });
}

fn call(ui: &mut Ui, prepared: &Prepared, state: &mut UiState) {
    let tx = prepared.review.tx.clone();
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::TheCall));
        if let Some(to) = tx.to() {
            widgets::pair(ui, state, state.t(Word::To), |ui| widgets::address(ui, state, to, 14.0));
        }
        widgets::pair(ui, state, state.t(Word::From), |ui| {
            widgets::address(ui, state, prepared.review.from(), 12.5);
        });
        let gas = format!(
            "{} × {}",
            format::number(tx.gas_limit()),
            format::gwei(alloy::primitives::U256::from(tx.max_fee_per_gas()))
        );
        for (word, text) in [
            (Word::Value, format!("{} ETH", format::ether_exact(tx.value()))),
            (Word::Nonce, tx.nonce().to_string()),
            (Word::MaxGas, gas),
            (Word::Method, crate::app::sanitise(&prepared.review.call.title(), 400)),
        ] {
            widgets::pair(ui, state, state.t(word), |ui| {
                ui.add(egui::Label::new(text).wrap());
            });
        }
        if ui.button(state.t(Word::CopyHex)).clicked() {
            let what = state.t(Word::CopyHex);
            let hex = alloy::primitives::hex::encode_prefixed(prepared.review.bytes());
            state.copy(ui, what, hex);
        }
    });
}
