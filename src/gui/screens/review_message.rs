//! Review of what is signed alone: what the signature allows, the checks, the data, and the hashes to compare with a device.

use egui::{RichText, Ui};

use super::review_asked::Asked;
use super::{review, review_device};
use crate::app::signing::review::{MessageReview, Permission, TypedDataReview, hash_chunks};
use crate::app::{MessageBody, MessageView, Snapshot, sanitise};
use crate::gui::format;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    (open, asked): (&MessageView, &Asked),
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let what = match &open.body {
        MessageBody::TypedData(review) => {
            let name = review.domain_name.as_ref().map(|name| format!(" · “{name}”")).unwrap_or_default();
            format!("{}{name}", review.primary_type)
        }
        MessageBody::Message(review) if review.text.is_some() => state.t(Word::SignText).to_owned(),
        MessageBody::Message(_) => state.t(Word::SignBytes).to_owned(),
    };
    review::heading(ui, &state.tf(Word::ReviewOf, &[&what]), state);
    ui.label(RichText::new(open.sentence()).size(15.0));
    ui.add_space(6.0);
    review::changed(ui, state);
    if let Some(reason) = state.wallet.failure.clone() {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, &reason));
    }
    if let Some(reason) = &open.outdated {
        widgets::quiet(ui, state, &state.tf(Word::ReadingOutdated, &[&reason.what]));
    }
    review_device::show_alone(ui, open, snapshot, state);
    review::beside_checks(ui, &asked.findings, state, |ui, state| body(ui, open, state));
}

fn body(ui: &mut Ui, open: &MessageView, state: &mut UiState) {
    match &open.body {
        MessageBody::TypedData(review) => {
            widgets::card(ui, state, |ui, state| allows(ui, review, state));
            widgets::card(ui, state, |ui, state| data(ui, review, state));
        }
        MessageBody::Message(review) => widgets::card(ui, state, |ui, state| message(ui, review, state)),
    }
    widgets::card(ui, state, |ui, state| {
        party(ui, Word::From, open.from(), state);
        let mut hashes = Vec::new();
        if let MessageBody::TypedData(review) = &open.body {
            hashes.push((Word::DomainHash, review.domain_hash.clone()));
            hashes.push((Word::MessageHash, review.message_hash.clone()));
        }
        hashes.push((Word::SigningHash, hash_chunks(open.id().0.as_slice())));
        for (word, groups) in hashes {
            ui.label(RichText::new(state.t(word)).small().color(state.palette.text_3));
            ui.add(egui::Label::new(RichText::new(&groups).monospace()).wrap());
        }
        if ui.button(state.t(Word::CopyHash)).clicked() {
            let what = state.t(Word::SigningHash);
            state.copy(ui, what, open.id().0.to_string());
        }
    });
}

/// Who may take what, how much, until when.
fn allows(ui: &mut Ui, review: &TypedDataReview, state: &mut UiState) {
    widgets::section(ui, state.t(Word::SignatureAllows));
    if review.permissions.is_empty() {
        widgets::quiet(ui, state, state.t(Word::AllowsUnknown));
    }
    for one in &review.permissions {
        permission(ui, one, review, state);
    }
    if let Some(contract) = review.contract {
        party(ui, Word::ContractWord, contract, state);
    }
}

fn permission(ui: &mut Ui, one: &Permission, review: &TypedDataReview, state: &UiState) {
    party(ui, Word::SpenderWord, one.spender, state);
    let until = match one.until {
        Some(second) => format::utc(second),
        None => state.t(Word::ForEver).to_owned(),
    };
    let amount = state.amount(review.amount_of(one));
    widgets::pair(ui, state, state.t(Word::AmountWord), |ui| drop(ui.label(amount)));
    widgets::pair(ui, state, state.t(Word::UntilWord), |ui| drop(ui.label(until)));
    party(ui, Word::PermitToken, one.token, state);
}

/// Every field as it is signed.
fn data(ui: &mut Ui, review: &TypedDataReview, state: &UiState) {
    widgets::section(ui, state.t(Word::SignedFields));
    for (path, value) in &review.fields {
        widgets::pair(ui, state, path, |ui| {
            ui.add(egui::Label::new(RichText::new(value).monospace()).wrap());
        });
    }
}

fn message(ui: &mut Ui, review: &MessageReview, state: &UiState) {
    widgets::section(ui, state.t(Word::SignedText));
    let text = match &review.text {
        Some(text) => text.clone(),
        None => sanitise(&review.hex(), 2_048),
    };
    ui.add(egui::Label::new(RichText::new(text).monospace()).wrap());
}

fn party(ui: &mut Ui, word: Word, who: alloy::primitives::Address, state: &UiState) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(state.t(word)).color(state.palette.text_2));
        if let Some(name) = state.name_of(who) {
            ui.label(RichText::new(format!("“{name}”")).color(state.palette.text_2));
        }
    });
    widgets::address(ui, state, who, 14.0);
    ui.add_space(2.0);
}
