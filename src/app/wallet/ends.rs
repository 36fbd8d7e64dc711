//! What the wallet's loop starts, and what it does with the results.

use std::path::PathBuf;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes};

use super::super::Reason;
use super::super::transfer_scan::ScanFound;
use super::command::Then;
use super::ledger::{Delivery, TransactionView};
use super::prepare::{Prepared, SendRequest};
use super::task::WalletTask;
use super::view::{Outcome, ReviewView, Running};
use super::{Discovered, Handed, KeyImport, MessageView, OfflineFile, Replacement, SignedMessage, ToSign};
use crate::wallet::keys::{KdfParams, MarkKey, Phrase, Secret, v3_address};
use crate::wallet::review::Answers;
use crate::wallet::{ReviewId, Signed};

/// Key files of other wallets are small; a longer one is none.
const MAX_KEY_FILE: u64 = 64 * 1024;

/// A password that is tried.
pub(super) struct Unlocking {
    account: Address,
    file: Option<PathBuf>,
    password: Secret,
    /// How often the wallet was locked before.
    locks: u64,
}

/// Work that ended.
pub(super) enum Job {
    /// A review was made, under this ticket and heading.
    Prepared(u64, Option<String>, Result<Prepared, Reason>),
    /// The open review was read again.
    ReadAgain(u64, Result<Prepared, Reason>),
    /// Something that is signed alone was read, under this ticket.
    Message(u64, Result<MessageView, Reason>),
    /// It was read again.
    MessageAgain(u64, Result<MessageView, Reason>),
    Signed(Then, Result<TransactionView, Reason>),
    SignedMessage(Result<SignedMessage, Reason>),
    Sent(B256, Result<Delivery, Reason>),
    /// The text of an offline file was put together.
    File(Result<String, Reason>),
    Looked,
    /// A password was tried, after so many locks.
    Unlocked(Unlocking, Result<Option<MarkKey>, Reason>),
    /// A password was given to leave support view.
    KeysOn(Result<(), Reason>),
    Key(Result<Outcome, Reason>),
    /// A step of the search for these accounts' transfers.
    Scanned(Vec<Address>, ScanFound),
    /// A file was read or written.
    Text(Result<Outcome, Reason>),
}

impl WalletTask {
    pub(super) fn close(&mut self) {
        self.view.review = None;
        self.view.message = None;
        self.request = None;
        self.ticket = self.ticket.saturating_add(1);
        self.reading = false;
        if self.view.running == Some(Running::Reviewing) {
            self.view.running = None;
        }
    }

    pub(super) fn review(&mut self, request: SendRequest) {
        self.close();
        self.request = Some(request.clone());
        let wallet = self.wallet.clone();
        self.prepare(None, async move { wallet.prepare(&request).await });
    }

    pub(super) fn review_message(&mut self, from: Address, wanted: ToSign) {
        self.close();
        self.view.running = Some(Running::Reviewing);
        let (wallet, ticket) = (self.wallet.clone(), self.ticket);
        self.jobs
            .spawn(async move { Job::Message(ticket, wallet.prepare_to_sign(from, wanted, None).await) });
    }

    pub(super) fn replace(&mut self, hash: B256, kind: Replacement) {
        self.close();
        let nonce = self.view.transaction(hash).map_or(0, |one| one.nonce);
        let wallet = self.wallet.clone();
        let made = async move { wallet.prepare_replacement(hash, kind).await };
        self.prepare(Some(kind.heading(nonce)), made);
    }

    fn prepare(
        &mut self,
        heading: Option<String>,
        made: impl Future<Output = Result<Prepared, Reason>> + Send + 'static,
    ) {
        self.view.running = Some(Running::Reviewing);
        let ticket = self.ticket;
        self.jobs.spawn(async move { Job::Prepared(ticket, heading, made.await) });
    }

    pub(super) fn sign(&mut self, review: ReviewId, answers: Answers, then: Then) {
        let from = self.prepared().filter(|open| open.review.id() == review).map(|open| open.review.from());
        let alone = self.view.message.as_ref().filter(|open| open.id() == review).map(|open| open.from());
        let Some(from) = from.or(alone) else {
            return self.end(Err(super::send::not_waiting()));
        };
        let now = self.wallet.now();
        let account = self.view.account(from).cloned();
        if let Some(device) = account.as_ref().and_then(super::AccountView::device) {
            return self.sign_on_device((review, answers), alone.is_none().then_some(then), device);
        }
        let Some(unlock) = account.and_then(|account| self.session.unlock(&account, now)) else {
            let reason =
                Reason::new("The account is locked", "nothing was signed", "unlock it with its password");
            return self.end(Err(reason));
        };
        self.view.running = Some(Running::Signing);
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            match alone {
                Some(_) => Job::SignedMessage(wallet.sign_message(review, &answers, unlock).await),
                None => Job::Signed(then, wallet.sign(review, &answers, unlock).await),
            }
        });
    }

    pub(super) fn offline_file(&mut self, review: ReviewId) {
        let open = self.prepared().filter(|open| open.review.id() == review).cloned();
        let Some(open) = open else { return self.end(Err(super::send::not_waiting())) };
        self.view.running = Some(Running::Reviewing);
        self.ask_elsewhere(&open);
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            let state = wallet.carried_state(&open).await;
            Job::File(state.map(|state| OfflineFile::of_review(&open, Some(state))))
        });
    }

    pub(super) fn open(&mut self, bytes: &Bytes) {
        let adopted = match OfflineFile::parse(bytes) {
            Ok(OfflineFile::Unsigned(draft)) => {
                self.close();
                let (wallet, bytes) = (self.wallet.clone(), bytes.clone());
                return self.prepare(None, async move { wallet.prepare_file(*draft, &bytes).await });
            }
            Ok(OfflineFile::Signed(signed)) => self.adopt_answer(signed.raw()),
            Err(_) if Signed::decode(bytes).is_ok() => self.adopt_answer(bytes),
            Err(error) => {
                let means = "nothing was kept and nothing was sent";
                Err(Reason::new(&error.to_string(), means, "copy it again, whole, from its source"))
            }
        };
        self.end(adopted.map(|one| Outcome::Signed(one.hash)));
    }

    pub(super) fn send(&mut self, hash: B256) {
        self.view.running = Some(Running::Sending(hash));
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move { Job::Sent(hash, wallet.deliver(hash).await) });
    }

    pub(super) fn unlock(&mut self, account: Address, password: &Handed<Secret>) {
        let Some(password) = password.take() else { return };
        self.view.running = Some(Running::Key);
        let file = self.view.account(account).and_then(|one| one.file.clone());
        let (wallet, locks) = (self.wallet.clone(), self.session.locks());
        self.jobs.spawn_blocking(move || {
            let opened = wallet.mark_key(account, &password);
            Job::Unlocked(Unlocking { account, file, password, locks }, opened)
        });
    }

    /// Support view is left by whoever knows a password, or by anybody where no key has one.
    pub(super) fn keys_on(&mut self, proof: Option<(Address, Handed<Secret>)>) {
        if !self.view.keys_off {
            return;
        }
        let Some((account, password)) = proof else {
            if self.view.accounts.iter().any(|one| one.file.is_some()) {
                let (means, next) = ("keys stay off", "give the password of one of your keys");
                return self.end(Err(Reason::new("Leaving support view needs a password", means, next)));
            }
            self.view.keys_off = false;
            return self.end(Ok(Outcome::KeysOn));
        };
        let Some(password) = password.take() else { return };
        self.view.running = Some(Running::Key);
        let wallet = self.wallet.clone();
        self.jobs.spawn_blocking(move || Job::KeysOn(wallet.check_password(account, &password)));
    }

    pub(super) fn read_key_file(&mut self, path: PathBuf) {
        self.view.running = Some(Running::Key);
        self.jobs.spawn_blocking(move || Job::Key(key_file(&path)));
    }

    pub(super) fn add_key(&mut self, import: &Handed<KeyImport>, name: String, password: &Handed<Secret>) {
        let (Some(import), Some(password)) = (import.take(), password.take()) else { return };
        self.view.running = Some(Running::Key);
        let wallet = self.wallet.clone();
        self.jobs.spawn_blocking(move || {
            Job::Key(wallet.import(import, &name, &password, KdfParams::default()).map(Outcome::KeyAdded))
        });
    }

    pub(super) fn remove(&mut self, account: Address, typed: String) {
        let Some(account) = self.view.account(account).cloned() else { return };
        self.view.running = Some(Running::Key);
        let wallet = self.wallet.clone();
        self.jobs.spawn_blocking(move || Job::Key(wallet.remove(&account, &typed).map(Outcome::Removed)));
    }

    pub(super) fn discover(&mut self, phrase: &Handed<Phrase>) {
        let Some(phrase) = phrase.take() else { return };
        self.view.running = Some(Running::Key);
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            let found = wallet.discover(&phrase).await;
            let rows = |all: Vec<Discovered>| {
                let row = |one: Discovered| (one.path.to_string(), one.address(), one.account.into_value());
                Outcome::Discovered(all.into_iter().map(row).collect())
            };
            Job::Key(found.map(rows))
        });
    }

    pub(super) fn take(&mut self, job: Job) {
        match job {
            Job::Prepared(ticket, heading, made) => self.opened(ticket, heading, made),
            Job::ReadAgain(ticket, made) => self.read_again(ticket, made),
            Job::Signed(then, Ok(signed)) => self.then(signed.hash, then),
            Job::Signed(_, Err(reason)) => self.end(Err(reason)),
            Job::Message(ticket, made) => self.message_opened(ticket, made),
            Job::MessageAgain(ticket, made) => self.message_again(ticket, made),
            Job::SignedMessage(signed) => {
                if signed.is_ok() {
                    self.close();
                }
                self.end(signed.map(|one| Outcome::SignedMessage(Arc::new(one))));
            }
            Job::Scanned(who, found) => self.scanned(&who, found),
            Job::Text(outcome) => self.end(outcome),
            Job::Sent(hash, sent) => {
                if self.view.running == Some(Running::Sending(hash)) {
                    self.end(sent.map(|_| Outcome::Sent(hash)));
                }
            }
            Job::File(text) => self.end(text.map(Outcome::OfflineFile)),
            Job::Looked => self.looking = false,
            Job::Unlocked(one, opened) => {
                let ended = opened.and_then(|marks| self.unlocked(one, marks));
                self.end(ended);
            }
            Job::KeysOn(proof) => {
                if proof.is_ok() {
                    self.view.keys_off = false;
                }
                self.end(proof.map(|()| Outcome::KeysOn));
            }
            Job::Key(outcome) => {
                if let Ok(Outcome::Removed(gone)) = &outcome {
                    gone.iter()
                        .filter_map(|one| one.file.as_deref())
                        .for_each(|file| self.session.forget(file));
                }
                self.end(outcome);
                self.reload();
            }
        }
    }

    /// A password was right. It is kept, unless the wallet was locked while it was tried.
    fn unlocked(&mut self, one: Unlocking, marks: Option<MarkKey>) -> Result<Outcome, Reason> {
        if one.locks != self.session.locks() || self.view.keys_off {
            let (what, means) = ("The wallet was locked meanwhile", "it stays locked");
            return Err(Reason::new(what, means, "give the password again"));
        }
        if let Some(file) = one.file {
            self.session.keep(file, (one.password, marks), self.wallet.now());
            self.mark();
            self.look(); // the open review may know its recipient now
        }
        Ok(Outcome::Unlocked(one.account))
    }

    fn opened(&mut self, ticket: u64, heading: Option<String>, made: Result<Prepared, Reason>) {
        if ticket != self.ticket {
            return; // it was closed meanwhile
        }
        match made {
            Ok(prepared) => {
                let prepared = Arc::new(prepared);
                self.view.review = Some(ReviewView { prepared, reading: 1, heading, outdated: None });
                self.end(Ok(Outcome::Reviewed));
            }
            Err(reason) => self.end(Err(reason)),
        }
    }

    fn message_opened(&mut self, ticket: u64, made: Result<MessageView, Reason>) {
        if ticket != self.ticket {
            return;
        }
        match made {
            Ok(open) => {
                self.view.message = Some(Arc::new(open));
                self.end(Ok(Outcome::Reviewed));
            }
            Err(reason) => self.end(Err(reason)),
        }
    }

    fn message_again(&mut self, ticket: u64, made: Result<MessageView, Reason>) {
        if ticket != self.ticket {
            return;
        }
        self.reading = false;
        let Some(open) = &mut self.view.message else { return };
        match made {
            Ok(fresh) => *open = Arc::new(fresh),
            Err(reason) => Arc::make_mut(open).outdated = Some(reason),
        }
    }

    fn read_again(&mut self, ticket: u64, made: Result<Prepared, Reason>) {
        if ticket != self.ticket {
            return;
        }
        self.reading = false;
        let Some(open) = &mut self.view.review else { return };
        match made {
            Ok(prepared) => {
                open.prepared = Arc::new(prepared);
                open.reading = open.reading.saturating_add(1);
                open.outdated = None;
            }
            Err(reason) => open.outdated = Some(reason),
        }
    }
}

/// Reads another wallet's key file. What it holds stays sealed.
fn key_file(path: &std::path::Path) -> Result<Outcome, Reason> {
    let failed =
        |what: &str| Reason::new(what, "nothing was changed", "check the path, or drop the file here");
    let file = std::fs::File::open(path).map_err(|error| failed(&format!("{}: {error}", path.display())))?;
    let length = file.metadata().map(|facts| facts.len()).unwrap_or(u64::MAX);
    if length > MAX_KEY_FILE {
        return Err(failed("That file is too long to be a key file"));
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(file, MAX_KEY_FILE), &mut bytes)
        .map_err(|error| failed(&format!("{}: {error}", path.display())))?;
    match v3_address(&bytes) {
        Ok(address) => Ok(Outcome::KeyFile { file: bytes, address }),
        Err(error) => Err(error.into()),
    }
}
