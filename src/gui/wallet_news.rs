//! What the window does when an order to the wallet has ended, and what it tells the wallet by itself.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use alloy::primitives::B256;

use super::positions_state::Calls;
use super::screen::Screen;
use super::sign_state::SignState;
use super::ui_state::{Field, UiState};
use super::wallet_state::{KeyForm, KeysState, ReviewState, SendState};
use super::words::Word;
use crate::app::signing::review::{Party, PartyKind};
use crate::app::{AccountView, Command, Outcome, Reason, SignedMessage, Snapshot, WalletCommand};

/// Takes notice of the last end, once.
pub(super) fn take(snapshot: &Snapshot, state: &mut UiState) {
    let Some(ended) = &snapshot.wallet.ended else { return };
    if ended.number <= state.wallet.ended {
        return;
    }
    state.wallet.ended = ended.number;
    match &ended.outcome {
        Ok(outcome) => {
            went_on(outcome, snapshot, state);
            succeeded(outcome, state);
        }
        Err(reason) => failed(reason, snapshot, state),
    }
}

/// What the wallet must know of the window: told once, contacts again whenever they changed.
pub(super) fn tell(state: &mut UiState, commands: &mut Vec<Command>) {
    let mut hasher = DefaultHasher::new();
    for one in &state.book.contacts {
        (one.address, &one.name, one.confirmed).hash(&mut hasher);
    }
    for one in &state.book.watched {
        (one.address, &one.name).hash(&mut hasher);
    }
    let now = hasher.finish();
    if state.wallet.told == Some(now) {
        return;
    }
    if state.wallet.told.is_none() {
        commands.push(super::screens::lock_after(state));
        // Another network's wallet was not there when support view began.
        commands.extend(state.wallet.support.is_some().then_some(Command::Wallet(WalletCommand::KeysOff)));
    }
    state.wallet.told = Some(now);
    let party = |name: &str, address, kind| Party { name: name.to_owned(), address, kind };
    let contacts = state.book.contacts.iter().map(|one| party(&one.name, one.address, PartyKind::Saved));
    // What is only looked at was compared with nothing: it makes no recipient known.
    let watched = state.book.watched.iter().map(|one| party(&one.name, one.address, PartyKind::Watched));
    commands.push(Command::Wallet(WalletCommand::Know(contacts.chain(watched).collect())));
    let given = state.book.contacts.iter().filter(|one| one.confirmed);
    let given: Vec<_> = given.map(|one| (one.name.clone(), one.address)).collect();
    if !given.is_empty() {
        commands.push(Command::Wallet(WalletCommand::Confirm(given)));
    }
}

fn succeeded(outcome: &Outcome, state: &mut UiState) {
    state.wallet.failure = None;
    if matches!(outcome, Outcome::Reviewed | Outcome::Signed(_)) {
        state.wallet.send.bring = Field::default(); // something came of it
    }
    match outcome {
        Outcome::Reviewed => {
            if state.wallet.review.asked_ms > 0 {
                state.screen = Screen::Review;
            }
        }
        Outcome::Signed(hash) => signed(*hash, state),
        // Sending may end before a frame has seen that signing did.
        Outcome::Sent(hash) if state.screen == Screen::Review => signed(*hash, state),
        Outcome::Sent(_) => {}
        Outcome::SignedMessage(done) => signed_alone(done, state),
        Outcome::Text(text) if state.screen == Screen::Send => super::screens::brought(text, state),
        Outcome::Text(text) => super::screens::take_text(text, state),
        Outcome::Saved(path) => {
            state.wallet.sign.error = None;
            state.wallet.failure = None;
            state.wallet.saved = Some(path.display().to_string());
        }
        Outcome::OfflineFile(text) => state.wallet.review.file = Some(text.clone()),
        Outcome::Unlocked(_) => {
            state.wallet.unlock = None;
            state.wallet.review.armed_at_ms = state.now_ms.saturating_add(1_000);
        }
        Outcome::KeysOn => {
            state.wallet.unlock = None;
            state.leave_support();
        }
        Outcome::KeyFile { file, address } => {
            state.wallet.keys.file = Some((file.clone(), *address));
            state.wallet.keys.error = None;
        }
        Outcome::Discovered(_) => {} // nobody here asks for it yet
        Outcome::DeviceAccounts(kind, found) => {
            let form = &mut state.wallet.keys.device;
            if form.kind == *kind {
                form.picked = (!found.is_empty()).then_some(0);
                form.found.clone_from(found);
            }
            state.wallet.keys.error = None;
        }
        Outcome::KeyAdded(accounts) => added(accounts, state),
        Outcome::Removed(gone) => {
            let names: Vec<&str> = gone.iter().map(|one| one.name.as_str()).collect();
            state.wallet.keys.done = Some(state.tf(Word::RemoveDone, &[&names.join(", ")]));
        }
    }
}

/// What is no transaction is signed: its signature is shown, or put into the Safe's file that it was made for.
fn signed_alone(done: &Arc<SignedMessage>, state: &mut UiState) {
    state.wallet.saved = None;
    state.wallet.review = ReviewState::default();
    state.wallet.sign = SignState { from: Some(done.from), done: Some(done.clone()), ..SignState::default() };
    state.screen = match state.trail.pop() {
        Some(Screen::Safe) => {
            state.positions.safe.signed = Some(done.signature.clone());
            Screen::Safe
        }
        _ => Screen::Sign,
    };
}

fn added(accounts: &[AccountView], state: &mut UiState) {
    let done = match state.wallet.keys.form {
        KeyForm::Hardware => Word::DeviceAdded,
        KeyForm::Phrase | KeyForm::NewPhrase => Word::EncryptedPaper,
        _ => Word::Encrypted,
    };
    for account in accounts {
        state.watch(account.address, &account.name, true);
    }
    // Every buffer of the form is zeroed as it is dropped.
    state.wallet.keys = KeysState { done: Some(state.t(done).to_owned()), ..KeysState::default() };
}

/// The first of several calls is signed, or written as an offline file: the next one is.
fn went_on(outcome: &Outcome, snapshot: &Snapshot, state: &mut UiState) {
    let on_review = state.screen == Screen::Review;
    let Some(calls) = state.positions.handed.as_mut().filter(|calls| calls.begun) else { return };
    let done = match outcome {
        Outcome::Signed(hash) => is_first(calls, snapshot, *hash),
        // Sending may end before a frame has seen that signing did.
        Outcome::Sent(hash) => on_review && is_first(calls, snapshot, *hash),
        Outcome::OfflineFile(_) => calls.offline,
        _ => false,
    };
    if done {
        calls.left.remove(0);
    }
    if calls.left.is_empty() {
        state.positions.handed = None;
    }
}

/// The transaction is the first of these calls, and not another that was signed meanwhile.
fn is_first(calls: &Calls, snapshot: &Snapshot, hash: B256) -> bool {
    let signed = snapshot.wallet.transaction(hash).filter(|one| one.from == calls.owner);
    let tx = signed.and_then(|one| one.tx.as_ref());
    calls.left.first().zip(tx).is_some_and(|(call, tx)| {
        (Some(call.to), &call.calldata, call.value) == (tx.to(), tx.input(), tx.value())
    })
}

/// What was signed is no draft any more, and has a page of its own.
fn signed(hash: B256, state: &mut UiState) {
    if state.screen == Screen::Review {
        state.wallet.send = SendState { taken: true, ..SendState::default() };
        state.book.draft = None;
    }
    state.wallet.review = ReviewState::default();
    state.wallet.transaction = Some(hash);
    state.screen = Screen::Transaction;
}

fn failed(reason: &Reason, snapshot: &Snapshot, state: &mut UiState) {
    if let Some(open) = &mut state.wallet.unlock {
        open.error = Some(reason.what.clone());
        open.fresh = true;
    } else if state.screen == Screen::Accounts && state.wallet.keys.form == KeyForm::Hardware {
        state.wallet.keys.device.adding = false;
        let next = Some(&reason.next).filter(|next| next.as_str() != "Nothing.");
        let words = next.map(|next| format!("{} {next}", reason.what));
        state.wallet.keys.error = Some(words.unwrap_or_else(|| reason.what.clone()));
    } else if state.screen == Screen::Accounts {
        state.wallet.keys.error = Some(reason.what.clone());
    } else if state.screen == Screen::Review && state.wallet.review.alone && snapshot.wallet.message.is_none()
    {
        // Nothing could be reviewed: back to the text, where it can be corrected.
        state.wallet.review = ReviewState::default();
        state.wallet.sign.error = Some(reason.clone());
        state.screen = Screen::Sign;
        state.trail.pop();
    } else if state.screen == Screen::Sign {
        state.wallet.sign.error = Some(reason.clone());
    } else {
        state.wallet.failure = Some(reason.clone());
    }
}
