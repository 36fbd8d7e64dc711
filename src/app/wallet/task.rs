//! The wallet's own loop: orders in, views out. It never lets a face wait, and looks for what became of the journal's
//! transactions at every head.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use super::super::Reason;
use super::super::devices::Cancel;
use super::answers::Asked;
use super::command::{Then, WalletCommand};
use super::desk::Wallet;
use super::ends::Job;
use super::prepare::{Pending, Prepared, SendRequest};
use super::session::Session;
use super::view::{Ended, Outcome, Running, WalletView};
use crate::chain::Heads;
use crate::wallet::review::Level;

/// How often it is looked whether to lock.
const TICK: Duration = Duration::from_secs(1);

/// The wallet's loop before and after it began. It begins with the first order: who only reads, as the command line and
/// `serve` do, leaves the journal to another Lifeboat.
pub(in crate::app) struct WalletDoor {
    before: Option<(mpsc::Receiver<WalletCommand>, watch::Sender<Arc<WalletView>>)>,
    /// Dropping it ends the loop.
    task: JoinSet<()>,
}

impl WalletDoor {
    pub(in crate::app) fn new(
        orders: mpsc::Receiver<WalletCommand>,
        views: watch::Sender<Arc<WalletView>>,
    ) -> Self {
        Self { before: Some((orders, views)), task: JoinSet::new() }
    }

    /// Begins the loop where it has not begun.
    pub(in crate::app) fn open(&mut self, wallet: &Wallet, heads: &watch::Receiver<Option<Heads>>) {
        if let Some((orders, views)) = self.before.take() {
            self.task.spawn(WalletTask::new(wallet.clone()).run(orders, heads.clone(), views));
        }
    }
}

/// The wallet in motion.
pub(super) struct WalletTask {
    pub(super) wallet: Wallet,
    pub(super) session: Session,
    pub(super) view: WalletView,
    pub(super) jobs: JoinSet<Job>,
    /// What the open review was made from, where it can be made again.
    pub(super) request: Option<SendRequest>,
    /// Counts up whenever another review is opened or one is closed: a late reading is dropped.
    pub(super) ticket: u64,
    /// The newest head is being looked at.
    pub(super) looking: bool,
    /// A reading of the open review is on its way.
    pub(super) reading: bool,
    /// What was written as offline files, by earlier runs too: what comes back signed is held against it.
    pub(super) asked: Vec<Asked>,
    /// Ends the wait for a hardware signer.
    pub(super) leave_device: Cancel,
}

impl WalletTask {
    fn new(wallet: Wallet) -> Self {
        Self {
            wallet,
            session: Session::new(),
            view: WalletView::default(),
            jobs: JoinSet::new(),
            request: None,
            ticket: 0,
            looking: false,
            reading: false,
            asked: Vec::new(),
            leave_device: Cancel::stopped(),
        }
    }

    async fn run(
        mut self,
        mut orders: mpsc::Receiver<WalletCommand>,
        mut heads: watch::Receiver<Option<Heads>>,
        views: watch::Sender<Arc<WalletView>>,
    ) {
        self.reload();
        self.recall_asked();
        views.send_replace(Arc::new(self.view.clone()));
        // Kept between the rounds: whatever happens meanwhile, a second is a second.
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return, // dropping the jobs cancels what runs
                },
                moved = heads.changed() => match moved {
                    Ok(()) => self.look(),
                    Err(_closed) => return,
                },
                Some(end) = self.jobs.join_next() => match end {
                    Ok(end) => self.take(end),
                    Err(error) => self.end(Err(super::super::jobs::died(&error.to_string()))),
                },
                _ = ticks.tick() => if !self.tick() { continue },
            }
            self.show();
            views.send_replace(Arc::new(self.view.clone()));
        }
    }

    fn tick(&mut self) -> bool {
        // A sentence may change by time alone: "not in a block yet".
        let pin = self.leave_device.pin_pad().is_open() != self.view.pin_wanted;
        let older = self.grow_old();
        self.session.tick(self.wallet.now())
            || pin
            || older
            || self.view.history.iter().any(|one| one.is_open)
    }

    /// The open review's state grows old though no head comes (R14). True where that changes what is asked for. What is
    /// shown is what waits for its answer.
    fn grow_old(&mut self) -> bool {
        if self.reading {
            return false; // what comes of that is as old as it says itself
        }
        let mut moved = false;
        let worst = self.worst();
        if let Some(open) = &mut self.view.review {
            let age = self.wallet.age_secs(open.prepared.at.timestamp);
            let mut older = open.prepared.review.clone();
            if older.grow_old(age) {
                Arc::make_mut(&mut open.prepared).review = older;
                open.reading = open.reading.saturating_add(1);
                let waits = Pending::Transaction(Box::new((*open.prepared).clone()));
                self.wallet.hold(open.prepared.review.id(), waits);
                moved = true;
            }
        }
        if let Some(open) = &mut self.view.message {
            let age = open.at_secs.map(|at| self.wallet.age_secs(at));
            let mut older = (**open).clone();
            if age.is_some_and(|age| older.grow_old(age)) {
                self.wallet.hold(older.id(), Pending::Message(Box::new(older.clone())));
                *open = Arc::new(older);
                moved = true;
            }
        }
        if moved && worst < Some(Level::Danger) && self.worst() == Some(Level::Danger) {
            self.read_open(); // a danger is held against what others say of the head (THREATS T07)
        }
        moved
    }

    /// The worst of what the open review says.
    fn worst(&self) -> Option<Level> {
        let transaction = self.view.review.iter().flat_map(|open| &open.prepared.review.findings);
        let alone = self.view.message.iter().flat_map(|open| open.findings());
        transaction.chain(alone).map(|one| one.level).max()
    }

    /// Reads accounts and journal again.
    pub(super) fn reload(&mut self) {
        let (accounts, damaged) = (self.wallet.accounts(), self.wallet.damaged_keys());
        self.view.trouble = accounts.as_ref().err().cloned();
        let mut accounts = accounts.unwrap_or_default();
        accounts.sort_by_key(|one| !one.kind.can_sign());
        self.view.accounts = accounts.into();
        self.view.damaged = damaged.unwrap_or_default().into();
        self.show();
    }

    /// What is cheap to read is read for every view.
    fn show(&mut self) {
        match self.wallet.activity() {
            Ok(history) => self.view.history = history.into(),
            Err(reason) => self.view.trouble = Some(reason),
        }
        self.view.repaired = self.wallet.repaired();
        let open = self.view.accounts.iter().filter(|one| {
            one.file.as_deref().is_some_and(|file| self.session.holds(file))
                || matches!(one.kind, super::AccountKind::Practice | super::AccountKind::Device(_))
        });
        self.view.unlocked = open.map(|one| one.address).collect();
        self.view.pin_wanted = self.leave_device.pin_pad().is_open();
        self.view.locks_at_ms = self.session.locks_at_ms(self.wallet.now());
        self.view.wait_until_ms = self.wallet.wait_until_ms();
        self.view.unconfirmed = self.wallet.unconfirmed().into();
    }

    fn obey(&mut self, order: WalletCommand) {
        if self.view.keys_off && needs_keys(&order) {
            self.end(Err(keys_are_off()));
            return;
        }
        match order {
            WalletCommand::Review(request) => self.review(*request),
            WalletCommand::ReviewReplacement { hash, kind } => self.replace(hash, kind),
            WalletCommand::ReviewMessage { from, wanted } => self.review_message(from, wanted),
            WalletCommand::ReviewAgain { skip_simulation } => {
                match self.request.clone() {
                    Some(request) => self.review(SendRequest { skip_simulation, ..request }),
                    // A replacement, a file or a message has its bytes already: they are read once more.
                    None => self.read_open(),
                }
            }
            WalletCommand::CloseReview => {
                self.leave_device.stop();
                self.close();
            }
            WalletCommand::Sign { review, answers, then } => self.sign(review, answers, then),
            WalletCommand::OfflineFile(review) => self.offline_file(review),
            WalletCommand::Open(bytes) => self.open(&bytes),
            WalletCommand::OpenAnswer(text) => self.open_answer(&text),
            WalletCommand::Send(hash) => self.send(hash),
            WalletCommand::Unlock { account, password } => self.unlock(account, &password),
            WalletCommand::Lock => drop(self.session.lock()),
            WalletCommand::LockAfter(millis) => self.session.lock_after(millis),
            WalletCommand::ReadKeyFile(path) => self.read_key_file(path),
            WalletCommand::AddKey { import, name, password } => self.add_key(&import, name, &password),
            WalletCommand::RemoveAccount { account, typed } => self.remove(account, typed),
            WalletCommand::ReadText(path) => self.read_texts(vec![path]),
            WalletCommand::ReadTexts(paths) => self.read_texts(paths),
            WalletCommand::SaveText { path, text } => self.save_text(path, text),
            WalletCommand::Discover(phrase) => self.discover(&phrase),
            WalletCommand::Scan { who, blocks } => self.scan(who, blocks),
            WalletCommand::ScanAgain => self.scan_again(),
            WalletCommand::StopScan => self.stop_scan(),
            WalletCommand::ReadDevice { kind, paths } => self.read_device(kind, paths),
            WalletCommand::AddDevice { device, address, name } => self.add_device(device, address, name),
            WalletCommand::LeaveDevice => self.leave_device.stop(),
            WalletCommand::DevicePin(places) => {
                if let Some(places) = places.take() {
                    self.leave_device.pin_pad().give(places);
                }
            }
            WalletCommand::Know(parties) => {
                self.wallet.know(parties);
                self.mark();
            }
            WalletCommand::Confirm(contacts) => {
                self.wallet.confirm(&contacts);
                self.mark();
            }
            WalletCommand::KeysOff => {
                self.leave_device.stop();
                self.session.lock();
                self.view.keys_off = true;
                self.close();
            }
            WalletCommand::KeysOn(proof) => self.keys_on(proof),
        }
    }

    /// Looks at the newest head: what became of open transactions, and what the open review would do now.
    pub(super) fn look(&mut self) {
        if !self.looking && self.view.history.iter().any(|one| one.is_open) {
            self.looking = true;
            let wallet = self.wallet.clone();
            self.jobs.spawn(async move {
                drop(wallet.refresh_open().await); // what cannot be proven now stays as it was
                drop(wallet.rebroadcast_due().await);
                Job::Looked
            });
        }
        self.read_open();
    }

    /// Reads the open review again at the newest head, unless that is under way or it is being signed.
    fn read_open(&mut self) {
        let signing = matches!(self.view.running, Some(Running::Signing | Running::Device(_)));
        if let Some(open) = self.view.review.as_ref().filter(|_| !self.reading && !signing) {
            self.reading = true;
            let (wallet, ticket, open) = (self.wallet.clone(), self.ticket, Arc::clone(&open.prepared));
            self.jobs.spawn(async move { Job::ReadAgain(ticket, wallet.prepare_again(&open).await) });
        } else if let Some(open) =
            self.view.message.clone().filter(|open| open.rests_on_state() && !self.reading && !signing)
        {
            self.reading = true;
            let (wallet, ticket) = (self.wallet.clone(), self.ticket);
            self.jobs
                .spawn(async move { Job::MessageAgain(ticket, wallet.prepare_to_sign_again(&open).await) });
        }
    }

    /// Confirms by the marks of every open key file, and marks what is confirmed.
    pub(super) fn mark(&self) {
        self.session.mark_keys().for_each(|key| self.wallet.mark_with(key));
    }

    /// Notes how an order ended.
    pub(super) fn end(&mut self, outcome: Result<Outcome, Reason>) {
        self.view.running = None;
        let number = self.view.ended.as_ref().map_or(1, |one| one.number.saturating_add(1));
        self.view.ended = Some(Ended { number, outcome });
    }

    pub(super) fn prepared(&self) -> Option<&Arc<Prepared>> {
        self.view.review.as_ref().map(|open| &open.prepared)
    }

    /// What follows a signature.
    pub(super) fn then(&mut self, hash: alloy::primitives::B256, then: Then) {
        self.close();
        self.end(Ok(Outcome::Signed(hash)));
        if then == Then::Send {
            self.send(hash);
        }
    }
}

fn needs_keys(order: &WalletCommand) -> bool {
    matches!(
        order,
        WalletCommand::Sign { .. }
            | WalletCommand::Unlock { .. }
            | WalletCommand::ReadKeyFile(_)
            | WalletCommand::AddKey { .. }
            | WalletCommand::RemoveAccount { .. }
            | WalletCommand::Discover(_)
            | WalletCommand::ReadDevice { .. }
            | WalletCommand::AddDevice { .. }
    )
}

fn keys_are_off() -> Reason {
    Reason::new(
        "Keys are off: this is support view",
        "nothing was signed or opened",
        "leave support view first",
    )
}
