//! The call itself: whom it goes to, what it says, and its bytes.

use alloy::primitives::{Address, U256};
use egui::{RichText, Ui};

use crate::app::signing::review::hash_chunks;
use crate::app::{CallBody, DecodedCall, NamedValue, Provenance, ReviewView, Snapshot, sanitise, value_text};
use crate::gui::format;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Characters of one argument that are shown.
const VALUE_CAP: usize = 400;
/// Calls inside calls that are drawn.
const DEEPEST: usize = 6;

/// Draws it.
pub(super) fn show(ui: &mut Ui, open: &ReviewView, snapshot: &Snapshot, state: &mut UiState) {
    let review = &open.prepared.review;
    let tx = &review.tx;
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::TheCall));
        if let Some(to) = tx.to() {
            let word = if tx.input().is_empty() { Word::To } else { Word::ContractWord };
            party(ui, state.t(word), to, state);
        }
        if let Some(recipient) = review.act.recipient().filter(|one| Some(*one) != tx.to()) {
            party(ui, state.t(Word::Receiver), recipient, state);
        }
        party(ui, state.t(Word::From), review.from(), state);
        let value = state.amount(format!("{} ETH", format::ether_exact(tx.value())));
        widgets::pair(ui, state, state.t(Word::Value), |ui| drop(ui.label(value)));
        call(ui, &review.call, 0, state);
        let gas = format!(
            "{} × {}",
            format::number(tx.gas_limit()),
            format::gwei_exact(U256::from(tx.max_fee_per_gas()))
        );
        let chain = crate::gui::shell::chain(snapshot);
        for (word, text) in [
            (Word::Nonce, format::number(tx.nonce())),
            (Word::ChainWord, chain),
            (Word::GasWord, gas),
            (Word::TipWord, format::gwei_exact(U256::from(tx.tip_per_gas()))),
        ] {
            widgets::pair(ui, state, state.t(word), |ui| drop(ui.label(text)));
        }
        raw(ui, open, state);
    });
}

/// A party over the whole width: none of its groups is ever broken.
fn party(ui: &mut Ui, word: &str, who: Address, state: &UiState) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(word).color(state.palette.text_2));
        if let Some(name) = state.name_of(who) {
            ui.label(RichText::new(format!("“{name}”")).color(state.palette.text_2));
        }
    });
    widgets::address(ui, state, who, 14.0);
    ui.add_space(2.0);
}

fn function(ui: &mut Ui, name: &str, args: &[NamedValue], state: &UiState) {
    widgets::pair(ui, state, state.t(Word::FunctionWord), |ui| {
        ui.label(RichText::new(name).monospace());
    });
    for arg in args {
        let label = format!("{} {}", sanitise(&arg.name, 40), arg.solidity_type);
        widgets::pair(ui, state, label.trim(), |ui| match arg.value.as_address() {
            Some(address) => widgets::address(ui, state, address, 13.0),
            None => {
                let text = sanitise(&value_text(&arg.value), VALUE_CAP);
                ui.add(egui::Label::new(RichText::new(text).monospace()).wrap());
            }
        });
    }
}

/// The decoded call and the calls inside it.
fn call(ui: &mut Ui, one: &DecodedCall, depth: usize, state: &UiState) {
    match &one.body {
        CallBody::Empty => {}
        CallBody::Raw(bytes) => {
            let words = state.tf(Word::UnreadableCall, &[&bytes.len().to_string()]);
            ui.label(RichText::new(words).color(state.palette.refuted));
        }
        CallBody::Misfit { signature, data, .. } => {
            let signature = sanitise(signature, VALUE_CAP);
            let words = state.tf(Word::MisfitCall, &[&data.len().to_string(), &signature]);
            ui.label(RichText::new(words).color(state.palette.refuted));
        }
        CallBody::Function { name, args, provenance, .. } => {
            let guess = *provenance == Provenance::Guess;
            let name = sanitise(name, 80);
            let shown = if guess { state.tf(Word::MaybeFunction, &[&name]) } else { name };
            function(ui, &shown, args, state);
        }
        CallBody::Command { name, args, may_fail } => {
            let shown = if *may_fail { state.tf(Word::MayFail, &[name]) } else { name.clone() };
            function(ui, &shown, args, state);
        }
    }
    if depth >= DEEPEST {
        return;
    }
    for (at, inner) in one.inner.iter().enumerate() {
        let title = format!("{}. {}", at.saturating_add(1), inner.label.as_deref().unwrap_or_default());
        ui.indent((depth, at), |ui| {
            ui.label(RichText::new(sanitise(&title, 80)).color(state.palette.text_2));
            if let Some(to) = inner.to {
                widgets::address(ui, state, to, 13.0);
            }
            call(ui, inner, depth.saturating_add(1), state);
        });
    }
    if one.not_shown > 0 {
        let words = state.tf(Word::More, &[&one.not_shown.to_string()]);
        ui.label(RichText::new(words).color(state.palette.refuted));
    }
}

fn raw(ui: &mut Ui, open: &ReviewView, state: &mut UiState) {
    let review = &open.prepared.review;
    let input = review.tx.input().clone();
    let title = state.tf(Word::RawData, &[&input.len().to_string()]);
    egui::CollapsingHeader::new(title).id_salt("raw").show(ui, |ui| {
        let hex = alloy::primitives::hex::encode_prefixed(review.bytes());
        ui.label(RichText::new(state.t(Word::BytesToSign)).small().color(state.palette.text_3));
        ui.add(egui::Label::new(RichText::new(&hex).monospace()).wrap());
        ui.label(RichText::new(state.t(Word::SigningHash)).small().color(state.palette.text_3));
        let groups = hash_chunks(review.id().0.as_slice());
        ui.add(egui::Label::new(RichText::new(&groups).monospace()).wrap());
        ui.horizontal_wrapped(|ui| {
            for (word, text) in [
                (Word::CopyHex, input.to_string()),
                (Word::CopyBytes, hex.clone()),
                (Word::CopyHash, review.id().0.to_string()),
            ] {
                if ui.button(state.t(word)).clicked() {
                    let what = state.t(word);
                    state.copy(ui, what, text);
                }
            }
        });
    });
}
