//! A transaction's fate: the sentence first, then the facts, then what others only say.

use alloy::consensus::Transaction as _;
use alloy::primitives::U256;
use egui::{RichText, Ui};

use crate::app::{
    AbiBook, BlockQuery, BlockRef, EndpointId, Finality, Proven, ProvenHeader, Question, Snapshot,
    TransactionOutcome, TransactionStatus, decode_calldata, decode_log, sanitise,
};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::icons::{self, Severity};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Logs drawn; more are counted.
const LOGS: usize = 50;
/// Longest text of a call or log, in characters.
const TEXT_CAP: usize = 600;

/// Draws it.
pub(super) fn show(ui: &mut Ui, status: &TransactionStatus, snapshot: &Snapshot, state: &mut UiState) {
    match status {
        TransactionStatus::Included { outcome, header } => included(ui, outcome, header, snapshot, state),
        TransactionStatus::AwaitingProof { block_hash, said_by, head } => {
            let words =
                state.tf(Word::TxAwaiting, &[&format::short_hash(*block_hash), &format::number(*head)]);
            said(ui, &words, said_by, snapshot, state);
        }
        TransactionStatus::Pending { seen_by, .. } => {
            let words = state.t(Word::TxPending).to_owned();
            said(ui, &words, seen_by, snapshot, state);
        }
        TransactionStatus::NonceUsed { account, nonce, by, .. } => {
            let nonce = format::number(*nonce);
            let words = match by {
                Some(user) => state.tf(Word::TxReplaced, &[&nonce, &user.hash.to_string()]),
                None => state.tf(Word::TxNonceUsed, &[&nonce]),
            };
            proven_words(ui, &words, account.at(), snapshot, state);
        }
        TransactionStatus::Unknown { asked, .. } => {
            let words = state.t(Word::TxUnknown).to_owned();
            said(ui, &words, asked, snapshot, state);
        }
    }
}

/// A proven sentence.
fn proven_words(ui: &mut Ui, words: &str, at: BlockRef, snapshot: &Snapshot, state: &mut UiState) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(words).family(medium()));
        let title = state.t(Word::TransactionWord);
        let subject = Subject { title, value: words, raw: "", how: Word::HowAccount, at: Some(at) };
        badge::badge(ui, Known::proven(at, snapshot, state.now_ms), &subject, snapshot, state);
    });
}

/// What endpoints say and nobody can prove.
fn said(ui: &mut Ui, words: &str, who: &[EndpointId], snapshot: &Snapshot, state: &mut UiState) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(words).family(medium()));
        let title = state.t(Word::TransactionWord);
        let subject = Subject { title, value: words, raw: "", how: Word::HowClaim, at: None };
        badge::badge(ui, Known::Unverified, &subject, snapshot, state);
    });
    let who: Vec<String> = who.iter().map(ToString::to_string).collect();
    widgets::quiet(ui, state, &state.tf(Word::SaidBy, &[&who.join(", ")]));
}

fn included(
    ui: &mut Ui,
    outcome: &Proven<TransactionOutcome>,
    header: &ProvenHeader,
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let (at, facts) = (outcome.at(), outcome.value());
    let known = Known::proven(at, snapshot, state.now_ms);
    let (severity, colour, word) = match (facts.success, at.finality) {
        (Some(false), _) => (Severity::Danger, state.palette.refuted, Word::TxReverted),
        (Some(true), Finality::Final) => (Severity::Ok, state.palette.final_, Word::TxSuccessFinal),
        (Some(true), Finality::Optimistic) => (Severity::Ok, state.palette.final_, Word::TxSuccess),
        (None, _) => (Severity::Info, state.palette.latest, Word::TxNoStatus),
    };
    let index = format::number(facts.index);
    let headline = state.t(word);
    ui.horizontal_wrapped(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(22.0, 24.0), egui::Sense::hover());
        icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
        ui.label(RichText::new(headline).size(18.0).family(medium()));
        let title = state.t(Word::TransactionWord);
        let subject = Subject { title, value: headline, raw: "", how: Word::HowReceipt, at: Some(at) };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    let block = state.tf(Word::InBlock, &[&format::number(at.number), &index, &format::utc(at.timestamp)]);
    widgets::quiet(ui, state, &block);
    ui.add_space(6.0);
    facts_of(ui, facts, header, state);
    method(ui, facts, snapshot, state);
    logs(ui, facts, state);
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::CaseNote)).clicked() {
            let note = case_note(facts, at, snapshot, state);
            let what = state.t(Word::CaseNote);
            state.copy(ui, what, note);
        }
        if ui.button(state.t(Word::OpenBlock)).clicked() {
            state.explorer.question = Some(Question::Block(BlockQuery::Number(at.number)));
        }
    });
}

fn facts_of(ui: &mut Ui, facts: &TransactionOutcome, header: &ProvenHeader, state: &UiState) {
    let envelope = &facts.transaction.envelope;
    widgets::pair(ui, state, state.t(Word::Hash), |ui| widgets::hash(ui, facts.hash()));
    widgets::pair(ui, state, state.t(Word::From), |ui| {
        widgets::address(ui, state, facts.transaction.sender, 13.0);
    });
    match (facts.transaction.to(), facts.contract_address) {
        (Some(to), _) => {
            widgets::pair(ui, state, state.t(Word::To), |ui| widgets::address(ui, state, to, 13.0));
        }
        (None, Some(made)) => {
            widgets::pair(ui, state, state.t(Word::Creates), |ui| widgets::address(ui, state, made, 13.0));
        }
        (None, None) => {}
    }
    let value = state.amount(format!("{} ETH", format::ether_exact(envelope.value())));
    let fee = state.amount(format!("{} ETH", format::ether(facts.fee(), Round::Up)));
    let price = format::gwei(U256::from(facts.effective_gas_price));
    let base = header.fields().base_fee_per_gas.map(|fee| format::gwei(U256::from(fee)));
    let gas = format!("{} / {}", format::number(facts.gas_used), format::number(envelope.gas_limit()));
    let input = envelope.input();
    let data = state.tf(Word::Bytes, &[&format::number(input.len() as u64)]);
    let data = input.get(..4).map_or(data.clone(), |selector| {
        format!("{data}, {}", alloy::primitives::hex::encode_prefixed(selector))
    });
    for (word, text) in [
        (Word::Value, value),
        (Word::Fee, format!("{fee} ({price})")),
        (Word::GasUsed, gas),
        (Word::BaseFee, base.unwrap_or_else(|| "—".to_owned())),
        (Word::Nonce, format::number(envelope.nonce())),
        (Word::Type, envelope.tx_type().to_string()),
        (Word::Input, data),
    ] {
        widgets::pair(ui, state, state.t(word), |ui| {
            ui.label(text);
        });
    }
}

/// What the call says, decoded once.
fn method(ui: &mut Ui, facts: &TransactionOutcome, snapshot: &Snapshot, state: &mut UiState) {
    let input = facts.transaction.envelope.input();
    if input.is_empty() {
        return;
    }
    if state.explorer.read.as_ref().is_none_or(|(hash, ..)| *hash != facts.hash()) {
        let (book, chain_id) = (AbiBook::new(), snapshot.network.chain_id);
        let call = decode_calldata(&book, chain_id, facts.transaction.to(), input);
        let title = sanitise(&call.title(), TEXT_CAP);
        let logs = facts.logs.iter().take(LOGS).map(|one| {
            let data = &one.log.data;
            let log = decode_log(&book, chain_id, one.log.address, data.topics(), &data.data);
            sanitise(&log.title(), TEXT_CAP)
        });
        state.explorer.read = Some((facts.hash(), title, logs.collect()));
    }
    let title = state.explorer.read.as_ref().map(|(_, title, _)| title.clone()).unwrap_or_default();
    widgets::pair(ui, state, state.t(Word::Method), |ui| {
        ui.add(egui::Label::new(RichText::new(title).monospace()).wrap());
    });
}

fn logs(ui: &mut Ui, facts: &TransactionOutcome, state: &UiState) {
    if facts.logs.is_empty() {
        return;
    }
    let title = state.tf(Word::Logs, &[&facts.logs.len().to_string()]);
    egui::CollapsingHeader::new(title).id_salt(facts.hash()).show(ui, |ui| {
        for (at, one) in facts.logs.iter().enumerate().take(LOGS) {
            ui.add_space(4.0);
            ui.label(RichText::new(format!("#{}", one.log_index)).small().color(state.palette.text_3));
            if let Some(text) = state.explorer.read.as_ref().and_then(|(_, _, logs)| logs.get(at)) {
                ui.add(egui::Label::new(RichText::new(text).monospace()).wrap());
            }
            widgets::address(ui, state, one.log.address, 12.5);
            for topic in one.log.data.topics() {
                widgets::hash(ui, *topic);
            }
            let data = alloy::primitives::hex::encode_prefixed(&one.log.data.data);
            let short: String = data.chars().take(258).collect();
            let dots = if short.len() < data.len() { "…" } else { "" };
            ui.add(egui::Label::new(RichText::new(format!("{short}{dots}")).monospace()).wrap());
        }
        if facts.logs.len() > LOGS {
            let more = facts.logs.len().saturating_sub(LOGS).to_string();
            widgets::quiet(ui, state, &state.tf(Word::More, &[&more]));
        }
    });
}

/// Plain text for a ticket: what happened, what is proven, what is not. No address of any endpoint.
fn case_note(facts: &TransactionOutcome, at: BlockRef, snapshot: &Snapshot, state: &UiState) -> String {
    let result = match facts.success {
        Some(true) => "SUCCESS",
        Some(false) => "REVERTED: nothing moved except the fee",
        None => "INCLUDED; its receipt is older than statuses",
    };
    let firm = if at.finality == Finality::Final { "FINAL" } else { "NOT YET FINAL" };
    let to =
        facts.transaction.to().map_or_else(|| "(creates a contract)".to_owned(), |to| to.to_checksum(None));
    let envelope = &facts.transaction.envelope;
    let mut note = format!(
        "Lifeboat {} case note, {}\nNetwork {} (chain {})\n{result}, {firm}. Transaction {} in block {}, position {}\n\
         From {}  To {to}  Value {} ETH  Fee {} ETH  Nonce {}\nVerified: receipt proof, block hash {}, mined {}\n",
        env!("CARGO_PKG_VERSION"),
        format::utc(state.now_ms / 1_000),
        snapshot.network.name,
        snapshot.network.chain_id,
        facts.hash(),
        at.number,
        facts.index,
        facts.transaction.sender.to_checksum(None),
        format::ether_exact(envelope.value()),
        format::ether(facts.fee(), Round::Up),
        envelope.nonce(),
        at.hash,
        format::utc(at.timestamp),
    );
    if let Some(head) = &snapshot.head {
        let proven = &head.proven;
        let (signed, of) = (proven.participants(), proven.committee_size());
        note.push_str(&format!("  under the head at slot {}, signed by {signed} of {of}\n", proven.slot()));
    }
    if let Some(checkpoint) = &snapshot.checkpoint {
        note.push_str(&format!("  trust starts at checkpoint {}\n", checkpoint.root));
    }
    note.push_str("Not verified: what the call was meant to do, names, prices\n");
    format::bare(&note)
}
