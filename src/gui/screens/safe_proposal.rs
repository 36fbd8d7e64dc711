//! One transaction of a Safe: what it does, its hashes beside the device, whose signatures it has, and the way on.

use alloy::primitives::{Address, B256};
use egui::{CollapsingHeader, FontFamily, FontId, RichText, Role, Ui, WidgetInfo};

use super::hand_over;
use super::position_card::line;
use super::safe::person;
use super::safe_files::{self, refusal};
use super::safe_sign;
use crate::app::{
    AbiBook, CallBody, Proposal, SafeFacts, SafeStanding, Snapshot, decode_calldata, domain_separator,
};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::icons::Severity;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Digits in a group of a hash, as devices show them.
const GROUPS: [u8; 3] = [4, 6, 0];

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    (at, file): (usize, &Proposal),
    safe: &SafeFacts,
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    widgets::card(ui, state, |ui, state| {
        let title = format!("#{}  {}", file.transaction.nonce, what(file, safe, state));
        ui.add(
            egui::Label::new(RichText::new(&title).text_style(egui::TextStyle::Name("section".into())))
                .wrap(),
        );
        widgets::address(ui, state, file.transaction.to, 14.0);
        if !file.transaction.data.is_empty() {
            call(ui, file, safe, state);
        }
        let approved = safe_files::approved(file, snapshot, state);
        match file.check(safe, &approved) {
            Ok(standing) => checked(ui, (file, &approved), (safe, &standing), snapshot, state),
            // It was good when it came in: the Safe has moved on since.
            Err(error) => line(ui, Severity::Danger, &refusal(&error, state), state),
        }
        ui.horizontal_wrapped(|ui| {
            if named(ui, state.t(Word::SafeCopyFile), &title) {
                let text = serde_json::to_string_pretty(file).unwrap_or_default();
                state.copy(ui, &title, text);
            }
            if named(ui, state.t(Word::SafeForget), &title) && at < state.positions.safe.files.len() {
                state.positions.safe.files.remove(at);
            }
        });
    });
}

pub(super) fn named(ui: &mut Ui, words: &str, about: &str) -> bool {
    let button = ui.button(words);
    let label = format!("{words}: {about}");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
    button.clicked()
}

/// What it does, in short.
fn what(file: &Proposal, safe: &SafeFacts, state: &UiState) -> String {
    let tx = &file.transaction;
    let to = state.name_of(tx.to).map_or_else(|| format::short_address(tx.to), str::to_owned);
    let ether = format!("{} ETH", format::ether(tx.value, Round::Up));
    if tx.data.is_empty() {
        return state.tf(Word::SafeSends, &[&ether, &to]);
    }
    let call = decode_calldata(&AbiBook::new(), safe.chain_id, Some(tx.to), &tx.data);
    let function = match &call.body {
        CallBody::Function { name, .. } => crate::app::sanitise(name, 64),
        _ => state.t(Word::SafeUnreadCall).to_owned(),
    };
    let to = call.label.map_or(to, |label| crate::app::sanitise(&label, 64));
    state.tf(Word::SafeCalls, &[&function, &to])
}

fn call(ui: &mut Ui, file: &Proposal, safe: &SafeFacts, state: &UiState) {
    let tx = &file.transaction;
    let call = decode_calldata(&AbiBook::new(), safe.chain_id, Some(tx.to), &tx.data);
    match &call.body {
        CallBody::Function { signature, args, .. } => {
            ui.add(egui::Label::new(RichText::new(crate::app::sanitise(signature, 200)).monospace()).wrap());
            ui.add(egui::Label::new(crate::app::values_text(args)).wrap());
        }
        _ => line(ui, Severity::Danger, state.t(Word::SafeUnreadable), state),
    }
    CollapsingHeader::new(state.tf(Word::SafeRawData, &[&tx.data.len().to_string()]))
        .id_salt(("data", file.safe_tx_hash))
        .show(ui, |ui| ui.add(egui::Label::new(RichText::new(tx.data.to_string()).monospace()).wrap()));
}

fn checked(
    ui: &mut Ui,
    (file, approved): (&Proposal, &[Address]),
    (safe, standing): (&SafeFacts, &SafeStanding),
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    for warning in &standing.warnings {
        line(ui, Severity::Danger, warning, state);
    }
    let counts = [standing.signed.len().to_string(), safe.threshold.to_string()];
    let words = state.tf(Word::SafeSignatures, &counts.each_ref().map(String::as_str));
    ui.label(RichText::new(words).family(medium()));
    for one in &standing.signed {
        let word = if one.on_chain { Word::SafeOnChain } else { Word::SafeValid };
        line(ui, Severity::Ok, &state.tf(word, &[&person(one.signer, state)]), state);
    }
    for owner in &standing.claimed {
        line(ui, Severity::Caution, &state.tf(Word::SafeClaimed, &[&person(*owner, state)]), state);
    }
    if standing.waits {
        widgets::quiet(ui, state, &state.tf(Word::SafeWaitsFor, &[&safe.nonce.to_string()]));
    }
    hashes(ui, file, safe, state);
    if standing.missing > 0 {
        safe_sign::show(ui, file, (safe, standing), snapshot, state);
    } else if let Ok(intent) = file.execution(safe, approved)
        && let Some(payer) = state.account().map(|account| account.address)
    {
        let title = format!("{} #{}", state.t(Word::SafeExecute), file.transaction.nonce);
        hand_over::show(ui, (payer, &title), &[intent], snapshot, state);
    }
}

/// Domain, message and transaction hash, side by side with the device.
fn hashes(ui: &mut Ui, file: &Proposal, safe: &SafeFacts, state: &mut UiState) {
    let domain = domain_separator(safe.chain_id, safe.address, &safe.version);
    let all = [
        (Word::SafeDomainHash, domain),
        (Word::SafeMessageHash, file.transaction.struct_hash()),
        (Word::SafeTxHash, file.transaction.hash(domain)),
    ];
    for (title, hash) in all {
        widgets::quiet(ui, state, state.t(title));
        chunks(ui, hash, state);
    }
    let now = state.positions.safe.groups.unwrap_or(4);
    let words = match now {
        0 => state.t(Word::SafeHashPlain).to_owned(),
        digits => state.tf(Word::SafeHashCycle, &[&digits.to_string()]),
    };
    if named(ui, &words, &file.transaction.nonce.to_string()) {
        let at = GROUPS.iter().position(|one| *one == now).unwrap_or_default();
        state.positions.safe.groups = GROUPS.iter().cycle().nth(at.saturating_add(1)).copied();
    }
}

/// A hash in groups, read aloud as one.
fn chunks(ui: &mut Ui, hash: B256, state: &UiState) {
    let text = hash.to_string();
    let digits: Vec<char> = text.chars().skip(2).collect();
    let size = usize::from(state.positions.safe.groups.unwrap_or(4));
    let size = if size == 0 { digits.len().max(1) } else { size };
    let groups: Vec<String> = digits.chunks(size).map(|group| group.iter().collect()).collect();
    let font = FontId::new(13.0, FontFamily::Monospace);
    let shown = ui.add(egui::Label::new(RichText::new(format!("0x {}", groups.join(" "))).font(font)).wrap());
    shown.widget_info(|| WidgetInfo::labeled(Role::Label, true, text.clone()));
}
