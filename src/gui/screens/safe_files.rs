//! Files of a Safe's transactions: brought in by pasting, checked against the proven Safe, sent on by copying.

use alloy::primitives::{Address, Bytes, hex};
use egui::{TextEdit, Ui};

use super::position_card::line;
use super::{safe_new, safe_proposal};
use crate::app::{Proposal, SafeFacts, Snapshot};
use crate::gui::format;
use crate::gui::icons::Severity;
use crate::gui::paste::{self, Pasted};
use crate::gui::position_data::{self, Held};
use crate::gui::ui_state::{Field, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Longest text that is read.
const LONGEST: usize = 4 << 20;
/// Most files at a time.
const MOST_FILES: usize = 50;
/// Length of a signature in bytes.
const SIGNATURE: usize = 65;

/// Draws the queue and the field for more.
pub(super) fn show(ui: &mut Ui, safe: &SafeFacts, snapshot: &Snapshot, state: &mut UiState) {
    if let Some(signature) = state.positions.safe.signed.take()
        && let Err(why) = take_signatures(&signature.to_string(), safe, state)
    {
        state.positions.safe.file.error = Some(why);
    }
    approvals(ui, snapshot, state);
    let files = state.positions.safe.files.clone();
    if files.is_empty() {
        widgets::quiet(ui, state, state.t(Word::SafeNoQueue));
        ui.add_space(6.0);
    }
    clashes(ui, &files, state);
    for (at, file) in files.iter().enumerate() {
        safe_proposal::show(ui, (at, file), safe, snapshot, state);
    }
    bring(ui, safe, state);
    safe_new::show(ui, safe, state);
}

/// Approvals on the chain count by proof alone: where it could not be had, that is said.
fn approvals(ui: &mut Ui, snapshot: &Snapshot, state: &UiState) {
    let Some(question) = position_data::safe_approvals_question(state) else { return };
    let held = Held::of(&question, snapshot);
    match (&held.failed, held.safe_approvals()) {
        (Some(reason), _) => {
            let words = state.tf(Word::SafeApprovalsUnread, &[&reason.what]);
            line(ui, Severity::Caution, &words, state);
        }
        (None, Some(found)) => {
            let block = format::number(found.at.number);
            widgets::quiet(ui, state, &state.tf(Word::SafeApprovalsAt, &[&block]));
        }
        (None, None) => {}
    }
}

/// The owners whose approval of a file's transaction is proven.
pub(super) fn approved(file: &Proposal, snapshot: &Snapshot, state: &UiState) -> Vec<Address> {
    let Some(question) = position_data::safe_approvals_question(state) else { return Vec::new() };
    let held = Held::of(&question, snapshot);
    held.safe_approvals().map(|found| found.of(file.safe_tx_hash).to_vec()).unwrap_or_default()
}

/// Two files that differ for one nonce: only one of them can run.
fn clashes(ui: &mut Ui, files: &[Proposal], state: &UiState) {
    for (at, file) in files.iter().enumerate() {
        let same = |other: &&Proposal| {
            other.transaction.nonce == file.transaction.nonce && other.transaction != file.transaction
        };
        if files.iter().take(at).any(|other| same(&other)) {
            let nonce = file.transaction.nonce.to_string();
            line(ui, Severity::Danger, &state.tf(Word::SafeTwoSameNonce, &[&nonce]), state);
        }
    }
}

fn bring(ui: &mut Ui, safe: &SafeFacts, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let label = ui.label(state.t(Word::SafeImport));
        let hint = state.t(Word::SafeImportHint);
        let edit = TextEdit::multiline(&mut state.positions.safe.file.text)
            .hint_text(hint)
            .desired_rows(3)
            .desired_width(ui.available_width().min(720.0))
            .margin(egui::Margin::symmetric(10, 8));
        let response = ui.add(edit).labelled_by(label.id);
        if response.changed() {
            state.positions.safe.file.error = None;
            let pasted = paste::read(&state.positions.safe.file.text, &paste::known(state));
            if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
                paste::wipe(&mut state.positions.safe.file.text);
                state.positions.safe.file.error = Some(state.t(Word::AddressSecret).to_owned());
            }
        }
        if let Some(error) = state.positions.safe.file.error.clone() {
            line(ui, Severity::Danger, &error, state);
        }
        if ui.button(state.t(Word::SafeImportDo)).clicked() {
            take(safe, state);
        }
    });
}

/// Takes what was pasted: a file, or signatures for the files that are here.
fn take(safe: &SafeFacts, state: &mut UiState) {
    let text = state.positions.safe.file.text.trim().to_owned();
    let taken = if text.len() > LONGEST {
        Err(state.t(Word::SafeTooLong).to_owned())
    } else if text.starts_with('{') {
        take_file(&text, safe, state)
    } else {
        take_signatures(&text, safe, state)
    };
    match taken {
        Ok(()) => state.positions.safe.file = Field::default(),
        Err(why) => state.positions.safe.file.error = Some(why),
    }
}

/// A refusal in the designed words; nothing of the file is used.
pub(super) fn refusal(error: &crate::app::ProposalError, state: &UiState) -> String {
    use crate::app::ProposalError as Error;
    match error {
        Error::OtherChain { theirs, .. } => state.tf(Word::SafeOtherChain, &[&theirs.to_string()]),
        Error::OtherSafe { theirs } => state.tf(Word::SafeOtherSafe, &[&theirs.to_checksum(None)]),
        Error::NonceUsed { theirs, ours } => {
            state.tf(Word::SafeOtherNonce, &[&theirs.to_string(), &ours.to_string()])
        }
        Error::NotAnOwner { signer } => state.tf(Word::SafeNotOwner, &[&signer.to_checksum(None)]),
        other => other.to_string(),
    }
}

fn take_file(text: &str, safe: &SafeFacts, state: &mut UiState) -> Result<(), String> {
    let file = Proposal::parse(text).map_err(|error| refusal(&error, state))?;
    file.check(safe, &[]).map_err(|error| refusal(&error, state))?;
    keep(file, state)
}

/// Puts a transaction into the queue.
pub(super) fn keep(file: Proposal, state: &mut UiState) -> Result<(), String> {
    let too_many = state.t(Word::SafeTooMany);
    let files = &mut state.positions.safe.files;
    // The same transaction from another owner: their signatures are put together.
    if let Some(known) = files.iter_mut().find(|known| known.transaction == file.transaction) {
        let new =
            file.signatures.into_iter().filter(|one| !known.signatures.contains(one)).collect::<Vec<_>>();
        known.signatures.extend(new);
        return Ok(());
    }
    if files.len() >= MOST_FILES {
        return Err(too_many.to_owned());
    }
    files.push(file);
    files.sort_by_key(|file| file.transaction.nonce);
    Ok(())
}

/// Signatures go to the file for which they are an owner's.
fn take_signatures(text: &str, safe: &SafeFacts, state: &mut UiState) -> Result<(), String> {
    if state.positions.safe.files.is_empty() {
        return Err(state.t(Word::SafeFileFirst).to_owned());
    }
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Err(state.t(Word::SafeImportHint).to_owned());
    }
    for word in words {
        let bytes = hex::decode(word).map_err(|_error| state.t(Word::SafeNoSignature).to_owned())?;
        if bytes.len() != SIGNATURE {
            return Err(state.t(Word::SafeNoSignature).to_owned());
        }
        let bytes = Bytes::from(bytes);
        let mut refused = None;
        let mut placed = false;
        for at in 0..state.positions.safe.files.len() {
            let Some(file) = state.positions.safe.files.get(at) else { continue };
            let mut with = file.clone();
            if with.signatures.contains(&bytes) {
                placed = true;
                break;
            }
            with.signatures.push(bytes.clone());
            match with.check(safe, &[]) {
                Ok(_) => {
                    if let Some(place) = state.positions.safe.files.get_mut(at) {
                        *place = with;
                    }
                    placed = true;
                    break;
                }
                Err(error) => refused = Some(refusal(&error, state)),
            }
        }
        if !placed {
            return Err(refused.unwrap_or_else(|| state.t(Word::SafeNoSignature).to_owned()));
        }
    }
    Ok(())
}
