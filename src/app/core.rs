//! The one loop that owns all state.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{io, mem};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::disk_caches::{DiskAccess, DiskCodes};
use super::handle::{Handle, Wake};
use super::jobs::{Done, Jobs, died};
use super::kept_answers::KeptAnswers;
use super::open::Opened;
use super::sync_task::{SyncEvent, SyncOrder, SyncSetup, SyncTask};
use super::{
    Command, Comparison, HeadView, Lie, NamedByHand, Notice, Question, Reads, Reason, Snapshot, SyncView,
    Wallet, WalletCommand, reads, wallet::WalletDoor,
};
use crate::chain::{ChainEdges, Heads, Reader};
use crate::execution::ProvenHeader;
use crate::sources::{BeaconSource as _, HttpPool};
use crate::storage::{Choices, DataDir};

/// Commands and events that may wait; a face that sends more is told so.
const QUEUE: usize = 256;
/// At the end, disk writes under way get this long.
const LAST_WRITES: Duration = Duration::from_secs(2);
/// How often learned access sets are written where there are new ones.
const KEEP_EVERY: Duration = Duration::from_secs(60);

pub(super) struct Core {
    pub(super) pool: Arc<HttpPool>,
    pub(super) data: Arc<DataDir>,
    pub(super) edges: ChainEdges,
    outlets: Outlets,
    heads: Option<Heads>,
    waiting: HashSet<Question>,
    answers: KeptAnswers,
    pub(super) notices: Vec<Notice>,
    pub(super) lies: Vec<Lie>,
    pub(super) evidence_kept: u64,
    pub(super) snapshot: Snapshot,
    orders: mpsc::Sender<SyncOrder>,
    wallet_orders: mpsc::Sender<WalletCommand>,
    pub(super) jobs: Jobs,
    pub(super) choices: Choices,
    pub(super) named: NamedByHand,
    pub(super) keeps: bool,
}

/// What the core reads with and where it publishes.
struct Outlets {
    reader: Reader,
    published: watch::Sender<Arc<Snapshot>>,
    heads_published: watch::Sender<Option<Heads>>,
    wake: Wake,
    wallet: Wallet,
    heads: watch::Receiver<Option<Heads>>,
}

impl Opened {
    /// Starts the core on a thread and runtime of its own.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(self, wake: Wake) -> io::Result<(Handle, JoinHandle<()>)> {
        let (commands, inbox) = mpsc::channel(QUEUE);
        let (published, snapshots) = watch::channel(Arc::new(self.first_snapshot()));
        let (heads_published, heads) = watch::channel(None);
        let codes = Arc::new(DiskCodes(Arc::clone(&self.data)));
        let access = Arc::new(DiskAccess(Arc::clone(&self.data)));
        let reader = Reader::new(self.edges.clone()).with_code_cache(codes).with_access_store(access);
        let reads =
            Reads { edges: self.edges.clone(), reader: reader.clone(), heads, snapshots: snapshots.clone() };
        let named = self.named.0.clone();
        let wallet = Wallet::new(reads.clone(), Arc::clone(&self.data));
        wallet.lend_practice_keys(self.practice_keys.clone());
        wallet.use_device_ports(self.ports);
        let outlets = Outlets {
            reader,
            published,
            heads_published,
            wake,
            wallet: wallet.clone(),
            heads: reads.follow(),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let thread = thread::Builder::new().name("lifeboat-core".to_owned()).spawn(move || {
            let reader = outlets.reader.clone();
            runtime.block_on(self.run(inbox, outlets));
            reader.keep_access_sets();
            // What is being written gets its time; a name lookup that hangs must not hold the program.
            runtime.shutdown_timeout(LAST_WRITES);
        })?;
        Ok((Handle { commands, snapshots, reads, wallet, named }, thread))
    }

    fn first_snapshot(&self) -> Snapshot {
        Snapshot {
            network: Arc::clone(&self.edges.spec),
            sync: SyncView::Starting,
            head: None,
            finalized: None,
            checkpoint: None,
            lag_slots: 0,
            no_reads: None,
            endpoints: self.pool.report().into(),
            answers: Arc::default(),
            probes: None,
            comparison: None,
            notices: self.notices.clone().into(),
            lies: Arc::default(),
            trial: None,
            offline: self.pool.is_offline(),
            named: self.named.1.clone(),
            proxy: self.proxy.clone(),
            next_try_ms: None,
            clock_skew_ms: None,
            wallet: Arc::default(),
            traffic: self.pool.traffic(),
            now_ms: self.edges.clock.unix_ms(),
        }
    }

    async fn run(self, mut inbox: mpsc::Receiver<Command>, outlets: Outlets) {
        let (event_sender, mut events) = mpsc::channel(QUEUE);
        let (orders, order_inbox) = mpsc::channel(8);
        let setup = SyncSetup {
            edges: self.edges.clone(),
            reader: outlets.reader.clone(),
            data: Arc::clone(&self.data),
            user_checkpoint: self.user_checkpoint,
            accept_old: self.accept_old,
            keeps: self.keeps,
        };
        let snapshot = self.first_snapshot();
        let (wallet_orders, wallet_inbox) = mpsc::channel(QUEUE);
        let (views, mut wallet) = watch::channel(Arc::default());
        let mut door = WalletDoor::new(wallet_inbox, views);
        let mut core = Core {
            pool: self.pool,
            data: self.data,
            edges: self.edges,
            outlets,
            heads: None,
            waiting: HashSet::new(),
            answers: KeptAnswers::default(),
            notices: self.notices,
            lies: Vec::new(),
            evidence_kept: 0,
            snapshot,
            orders,
            wallet_orders,
            jobs: Jobs::default(),
            choices: self.choices,
            named: self.named.0,
            keeps: self.keeps,
        };
        let mut sync = JoinSet::new();
        sync.spawn(SyncTask::new(setup, event_sender, order_inbox).run());
        let mut keeper = JoinSet::new();
        keeper.spawn(keep_access_sets(core.outlets.reader.clone()));
        loop {
            tokio::select! {
                command = inbox.recv() => match command {
                    None | Some(Command::Quit) => return, // dropping the sets cancels what runs
                    Some(command) => {
                        if let Command::Wallet(_) = command {
                            door.open(&core.outlets.wallet, &core.outlets.heads);
                        }
                        core.obey(command);
                    }
                },
                Some(event) = events.recv() => core.take(event),
                Some(done) = core.jobs.next() => core.finish(done),
                Ok(()) = wallet.changed() => core.snapshot.wallet = Arc::clone(&wallet.borrow_and_update()),
                Some(Err(error)) = sync.join_next() => {
                    core.take(SyncEvent::Failed(died(&error.to_string()), None));
                }
            }
            core.publish();
        }
    }
}

/// Writes what calls read now and then, so that a crash costs little.
async fn keep_access_sets(reader: Reader) {
    loop {
        tokio::time::sleep(KEEP_EVERY).await;
        let reader = reader.clone();
        if tokio::task::spawn_blocking(move || reader.keep_access_sets()).await.is_err() {
            return;
        }
    }
}

impl Core {
    fn obey(&mut self, command: Command) {
        match command {
            Command::Ask(question) => self.ask(question),
            Command::ProbeEndpoints => {
                let (pool, period) =
                    (Arc::clone(&self.pool), self.edges.spec.period_at(self.edges.clock_slot()));
                self.jobs.probe(async move { pool.probe(period).await });
                if matches!(self.snapshot.sync, SyncView::Failed(_)) {
                    self.order(SyncOrder::TryNow);
                }
            }
            Command::MeetEndpoints => {
                let pool = Arc::clone(&self.pool);
                self.jobs.check(async move { pool.meet().await });
            }
            Command::Forgive(endpoint) => {
                if !self.pool.forgive(&endpoint) {
                    self.notices.push(Notice { text: format!("There is no endpoint {endpoint}.") });
                }
            }
            Command::CompareCheckpoints => {
                let pool = Arc::clone(&self.pool);
                self.jobs.compare(async move {
                    let found = pool.finalized_roots().await;
                    let sources =
                        found.into_iter().map(|(who, root)| (who, root.map_err(|error| error.to_string())));
                    Comparison { sources: sources.collect() }
                });
            }
            Command::AddEndpoint { config, anyway } => self.add_endpoint(config, anyway),
            Command::RemoveEndpoint(endpoint) => self.remove_endpoint(&endpoint),
            Command::SetEndpoint { endpoint, on } => self.set_endpoint(&endpoint, on),
            Command::SetOffline(offline) => {
                self.pool.set_offline(offline);
                self.order(SyncOrder::TryNow);
            }
            Command::SetProxy(proxy) => self.set_proxy(proxy),
            Command::ForgetFetched => {
                if let Err(error) = self.data.forget_fetched() {
                    self.notices.push(Notice { text: error.to_string() });
                }
            }
            Command::KeepNamed(named) => self.keep_named(&named),
            Command::ForgetNamed(named) => self.forget_named(&named),
            Command::UseCheckpoint(root) => self.order(SyncOrder::UseCheckpoint(root)),
            Command::AcceptOldCheckpoint => self.order(SyncOrder::AcceptOld),
            Command::Wallet(order) => {
                if self.wallet_orders.try_send(order).is_err() {
                    self.notices.push(Notice { text: "The wallet is busy; try again.".to_owned() });
                }
            }
            Command::Quit => {}
        }
    }

    fn order(&mut self, order: SyncOrder) {
        if self.orders.try_send(order).is_err() {
            self.notices.push(Notice { text: "The light client is busy; try again.".to_owned() });
        }
    }

    fn ask(&mut self, question: Question) {
        self.answers.asked(&question);
        match &self.heads {
            Some(heads) => {
                let (reader, heads, wallet) =
                    (self.outlets.reader.clone(), heads.clone(), self.outlets.wallet.clone());
                self.jobs.answer(question.clone(), reads::answer(reader, heads, question, wallet));
            }
            None => match &self.snapshot.sync {
                SyncView::NeedsCheckpoint(reason) => {
                    let reason = reason.clone();
                    self.answers.settle(question, Err(reason)); // nothing comes before the user decides
                }
                _ => {
                    self.waiting.insert(question);
                }
            },
        }
    }

    fn take(&mut self, event: SyncEvent) {
        match event {
            SyncEvent::Checkpoint(view) => {
                self.snapshot.checkpoint = Some(view);
                self.heads = None; // what another start led to is not read any more
            }
            SyncEvent::Progress(progress) => {
                if self.snapshot.sync != SyncView::Following
                    || progress.done < progress.target.saturating_sub(1)
                {
                    self.snapshot.sync = SyncView::CatchingUp(progress);
                }
            }
            SyncEvent::Moved { head, finalized, heads, lag_slots } => {
                self.snapshot.sync = SyncView::Following;
                self.snapshot.lag_slots = lag_slots;
                let found = heads.as_ref().as_ref().ok();
                let view = |proven, header: Option<&Arc<ProvenHeader>>| {
                    let block = header.map(|header| header.block_ref());
                    let base_fee = header.and_then(|header| header.fields().base_fee_per_gas);
                    Some(HeadView { proven, block, base_fee })
                };
                self.snapshot.head = view(head, found.map(|heads| &heads.optimistic));
                self.snapshot.finalized = view(finalized, found.map(|heads| &heads.finalized));
                self.snapshot.next_try_ms = None;
                match *heads {
                    Ok(heads) => {
                        self.heads = Some(heads);
                        self.snapshot.no_reads = None;
                        for question in mem::take(&mut self.waiting) {
                            self.ask(question);
                        }
                    }
                    Err(error) => self.fail_waiting(&Reason::from(&error)),
                }
            }
            SyncEvent::NeedsCheckpoint(reason) => {
                self.snapshot.sync = SyncView::NeedsCheckpoint(reason.clone());
                self.heads = None; // reads stop: another history could stand behind these heads
                self.fail_waiting(&reason);
            }
            SyncEvent::Failed(reason, pause) => {
                let next = |pause: Duration| u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                self.snapshot.next_try_ms =
                    pause.map(|pause| self.edges.clock.unix_ms().saturating_add(next(pause)));
                // Without a head nobody asks the execution endpoints: do they still answer?
                let execution = Arc::clone(&self.edges.execution);
                self.jobs.check(async move { drop(execution.block_number().await) });
                self.snapshot.sync = SyncView::Failed(reason.clone());
                self.fail_waiting(&reason);
            }
            SyncEvent::Notice(notice) => self.notices.push(notice),
        }
    }

    /// Without a head no question has an answer: each says why, and keeps its last value.
    fn fail_waiting(&mut self, reason: &Reason) {
        for question in mem::take(&mut self.waiting) {
            self.answers.settle(question, Err(reason.clone()));
        }
        self.snapshot.no_reads = Some(reason.clone());
    }

    fn finish(&mut self, done: Done) {
        match done {
            Done::Answer(question, outcome) => self.answers.settle(question, *outcome),
            Done::Failed(text) => self.notices.push(Notice { text }),
            Done::Late => {}
            Done::Tried(config, anyway, probe) => self.tried(config, anyway, &probe),
            Done::Probes(probes) => self.snapshot.probes = Some(probes.into()),
            Done::Comparison(comparison) => self.snapshot.comparison = Some(Arc::new(comparison)),
        }
    }

    fn publish(&mut self) {
        self.keep_evidence();
        self.snapshot.endpoints = self.pool.report().into();
        self.snapshot.traffic = self.pool.traffic();
        self.snapshot.offline = self.pool.is_offline();
        self.snapshot.clock_skew_ms = self.clock_skew_ms();
        self.snapshot.now_ms = self.edges.clock.unix_ms();
        self.snapshot.answers = Arc::new(self.answers.all().clone());
        self.snapshot.notices = self.notices.clone().into();
        // The heads first: whoever sees the snapshot move reads at the head that it shows.
        self.outlets.heads_published.send_if_modified(|published| {
            let moved = *published != self.heads;
            if moved {
                published.clone_from(&self.heads);
            }
            moved
        });
        self.outlets.published.send_replace(Arc::new(self.snapshot.clone()));
        (self.outlets.wake)();
    }
}
