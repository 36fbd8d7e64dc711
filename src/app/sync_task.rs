//! The task that owns the light client: starts it, follows the head, saves it, tells the core.

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::B256;
use tokio::sync::mpsc;

use super::{CheckpointView, Notice, Reason};
use crate::chain::{Anchor, ChainEdges, Conflict, Heads, ReadError, Reader, SyncError, SyncProgress, Syncer};
use crate::consensus::ProvenBlock;
use crate::networks::{NetworkSpec, Slot};
use crate::storage::{DataDir, Origin, SavedCheckpoint};

/// First pause after a failed attempt; it doubles up to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LAST_PAUSE: Duration = Duration::from_secs(16);

/// What the task tells.
#[derive(Debug)]
pub(super) enum SyncEvent {
    Checkpoint(CheckpointView),
    Progress(SyncProgress),
    Moved {
        head: ProvenBlock,
        finalized: ProvenBlock,
        heads: Box<Result<Heads, ReadError>>,
        lag_slots: Slot,
    },
    NeedsCheckpoint(Reason),
    /// With the pause before the next attempt.
    Failed(Reason, Option<Duration>),
    Notice(Notice),
}

/// What the task is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SyncOrder {
    UseCheckpoint(B256),
    AcceptOld,
    /// Do not wait for the next attempt.
    TryNow,
}

/// What a run starts with.
#[derive(Debug, Clone)]
pub(super) struct SyncSetup {
    pub(super) edges: ChainEdges,
    pub(super) reader: Reader,
    pub(super) data: Arc<DataDir>,
    pub(super) user_checkpoint: Option<B256>,
    pub(super) accept_old: bool,
    /// The chain outlives this run, so its checkpoint is worth keeping.
    pub(super) keeps: bool,
}

pub(super) struct SyncTask {
    setup: SyncSetup,
    origin: Origin,
    events: mpsc::Sender<SyncEvent>,
    orders: mpsc::Receiver<SyncOrder>,
    /// Slot of the newest head that this computer ever verified: an older one is never shown as new.
    seen: Slot,
    /// The light client, once started: what was verified before a failure stays.
    held: Option<Syncer>,
    /// The user went on although the start was too old, in this run or an earlier one that it continues.
    accepted: bool,
    /// The finalized block that was saved last.
    saved: Option<ProvenBlock>,
}

/// Why a session ended.
enum Halt {
    Sync(SyncError),
    /// There is no root to start from.
    NoCheckpoint,
    /// The endpoints show a head older than one already verified here (THREATS T10).
    OlderThanSeen {
        head: Slot,
        seen: Slot,
    },
}

impl From<SyncError> for Halt {
    fn from(error: SyncError) -> Self {
        Self::Sync(error)
    }
}

impl Halt {
    /// Only the user can end it.
    fn is_parked(&self) -> bool {
        use SyncError::{CheckpointNotFound, CheckpointTooOld};
        matches!(self, Self::NoCheckpoint | Self::Sync(CheckpointTooOld { .. } | CheckpointNotFound { .. }))
    }

    fn reason(&self, spec: &NetworkSpec) -> Reason {
        match self {
            Self::Sync(error) => Reason::of_sync(error, spec),
            Self::NoCheckpoint => Reason::new(
                &format!("No checkpoint is known for {}", spec.name),
                "a light client must start from one finalized block root that you trust",
                "give one with --checkpoint; `lifeboat checkpoint compare` shows what sources say",
            ),
            Self::OlderThanSeen { head, seen } => Reason::new(
                &format!(
                    "The endpoints show a head at slot {head}, older than slot {seen}, which was verified here before"
                ),
                "they are behind or hold news back; an old head is never shown as new",
                "wait, or name another beacon endpoint",
            ),
        }
    }
}

impl SyncTask {
    pub(super) fn new(
        setup: SyncSetup,
        events: mpsc::Sender<SyncEvent>,
        orders: mpsc::Receiver<SyncOrder>,
    ) -> Self {
        Self {
            setup,
            origin: Origin::Shipped,
            events,
            orders,
            seen: 0,
            held: None,
            accepted: false,
            saved: None,
        }
    }

    /// Runs until the core is gone.
    pub(super) async fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let outcome = self.session(&mut pause).await;
            let Err(halt) = outcome else { return };
            let (reason, parked) = (halt.reason(&self.setup.edges.spec), halt.is_parked());
            let event = if parked {
                SyncEvent::NeedsCheckpoint(reason)
            } else {
                SyncEvent::Failed(reason, Some(pause))
            };
            if self.events.send(event).await.is_err() {
                return;
            }
            let order = if parked {
                self.orders.recv().await
            } else {
                let order = tokio::time::timeout(pause, self.orders.recv()).await;
                pause = (pause * 2).min(LAST_PAUSE);
                match order {
                    Err(_elapsed) => continue,
                    Ok(order) => order,
                }
            };
            match order {
                Some(order) => self.obey(order),
                None => return,
            }
        }
    }

    fn obey(&mut self, order: SyncOrder) {
        match order {
            SyncOrder::TryNow => {}
            SyncOrder::UseCheckpoint(root) => {
                self.setup.user_checkpoint = Some(root);
                self.held = None;
            }
            SyncOrder::AcceptOld => {
                self.setup.accept_old = true;
                if let Some(syncer) = &mut self.held {
                    syncer.accept_old();
                    self.accepted = true;
                }
            }
        }
    }

    /// From a start to the first failure; `Ok` where the core is gone.
    async fn session(&mut self, pause: &mut Duration) -> Result<(), Halt> {
        loop {
            let mut syncer = match self.held.take() {
                Some(syncer) => syncer,
                None => self.begin().await?,
            };
            let outcome = self.round(&mut syncer).await;
            let wait = Duration::from_millis(syncer.wait_ms());
            self.held = Some(syncer);
            let event = outcome?;
            *pause = FIRST_PAUSE;
            if self.events.send(event).await.is_err() {
                return Ok(());
            }
            tokio::select! {
                () = self.setup.edges.clock.sleep(wait) => {}
                order = self.orders.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return Ok(()),
                }
            }
        }
    }

    /// Brings the light client to the head once, keeps what became final, and reads the headers.
    async fn round(&mut self, syncer: &mut Syncer) -> Result<SyncEvent, Halt> {
        let events = self.events.clone();
        syncer
            .catch_up(&move |progress| {
                // A full queue drops a progress report, never the sync.
                drop(events.try_send(SyncEvent::Progress(progress)));
            })
            .await?;
        let moved = syncer.follow().await?;
        if let Some(conflict) = syncer.take_conflict() {
            self.keep_conflict(conflict).await;
        }
        let (head, finalized) = (syncer.head(), syncer.finalized());
        if head.slot() < self.seen {
            return Err(Halt::OlderThanSeen { head: head.slot(), seen: self.seen });
        }
        self.seen = head.slot();
        if self.saved != Some(finalized) {
            self.saved = Some(finalized);
            self.save(syncer).await;
        }
        let heads = Box::new(self.setup.reader.heads(head, finalized).await);
        Ok(SyncEvent::Moved { head, finalized, heads, lag_slots: moved.lag_slots })
    }

    /// The newest acceptable start: the user's root, else the last run's store, else the shipped root.
    async fn begin(&mut self) -> Result<Syncer, Halt> {
        let stored = self.load().await;
        self.seen = self.seen.max(stored.as_ref().map_or(0, |saved| saved.head_slot));
        if self.setup.user_checkpoint.is_none()
            && let Some(saved) = &stored
            && let Some(syncer) = self.resume(saved).await?
        {
            return Ok(syncer);
        }
        let (root, slot) = match (self.setup.user_checkpoint, self.setup.edges.spec.checkpoint) {
            (Some(root), _) => {
                self.origin = Origin::User;
                (root, None)
            }
            (None, Some(shipped)) => {
                self.origin = Origin::Shipped;
                (shipped.root, shipped.slot)
            }
            (None, None) => return Err(Halt::NoCheckpoint),
        };
        let start =
            |accept_old| Syncer::bootstrap(self.setup.edges.clone(), Anchor { root, slot, accept_old });
        let (syncer, accepted) = match start(false).await {
            Err(SyncError::CheckpointTooOld { .. }) if self.setup.accept_old => (start(true).await?, true),
            fresh => (fresh?, false),
        };
        self.accepted = accepted;
        let syncer = self.announce(syncer, root, false).await;
        if stored.is_none() {
            self.save(&syncer).await; // an interrupted catch-up need not ask for the bootstrap again
        }
        Ok(syncer)
    }

    /// What an earlier run saved; `None` where it cannot be used and another start may do.
    async fn resume(&mut self, saved: &SavedCheckpoint) -> Result<Option<Syncer>, Halt> {
        let edges = &self.setup.edges;
        let start = |accept_old| Syncer::resume(edges.clone(), &saved.store, accept_old);
        let (syncer, accepted) = match start(false) {
            Err(SyncError::CheckpointTooOld { .. }) if self.setup.accept_old => (start(true), true),
            fresh => (fresh, saved.accepted_although_old),
        };
        match syncer {
            Ok(syncer) => {
                (self.origin, self.accepted) = (saved.origin, accepted);
                Ok(Some(self.announce(syncer, saved.root, true).await))
            }
            // A newer shipped root may still do; without one the age is the news.
            Err(error @ SyncError::CheckpointTooOld { .. }) if !self.has_newer_shipped(saved) => {
                Err(error.into())
            }
            Err(error) => {
                self.notice(Reason::of_sync(&error, &edges.spec).what).await;
                Ok(None)
            }
        }
    }

    fn has_newer_shipped(&self, saved: &SavedCheckpoint) -> bool {
        self.setup
            .edges
            .spec
            .checkpoint
            .and_then(|shipped| shipped.slot)
            .is_some_and(|slot| slot > saved.slot)
    }

    /// Tells where trust starts. Once accepted, age stops no later round of this run.
    async fn announce(&self, mut syncer: Syncer, root: B256, resumed: bool) -> Syncer {
        if self.setup.accept_old {
            syncer.accept_old();
        }
        let view = CheckpointView {
            root,
            slot: Some(syncer.finalized().slot()),
            origin: self.origin,
            resumed,
            accepted_although_old: self.accepted,
        };
        self.events.send(SyncEvent::Checkpoint(view)).await.ok();
        syncer
    }

    async fn load(&self) -> Option<SavedCheckpoint> {
        if !self.setup.keeps {
            return None;
        }
        let (data, genesis) = (Arc::clone(&self.setup.data), self.setup.edges.spec.genesis_validators_root);
        match tokio::task::spawn_blocking(move || data.load_checkpoint(genesis)).await {
            Ok(Ok(saved)) => saved,
            Ok(Err(error)) => {
                self.notice(error.to_string()).await;
                None
            }
            Err(_panicked) => None,
        }
    }

    async fn save(&self, syncer: &Syncer) {
        if !self.setup.keeps || self.setup.data.is_read_only() {
            return;
        }
        let spec = &self.setup.edges.spec;
        let checkpoint = syncer.checkpoint();
        let slot = checkpoint.slot.unwrap_or_default();
        let mut saved =
            SavedCheckpoint::new(spec.genesis_validators_root, checkpoint.root, slot, syncer.saved());
        saved.head_slot = syncer.head().slot().max(self.seen);
        saved.saved_at_ms = self.setup.edges.clock.unix_ms();
        saved.origin = self.origin;
        saved.accepted_although_old = self.accepted;
        let data = Arc::clone(&self.setup.data);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || data.save_checkpoint(&saved)).await {
            self.notice(error.to_string()).await;
        }
    }

    /// Tells that a committee signed two heads, and keeps both replies on disk.
    async fn keep_conflict(&self, conflict: Conflict) {
        let Conflict { heads, evidence } = conflict;
        let rule = format!(
            "two thirds of a sync committee signed two blocks of slot {}: {} and {}",
            heads.slot, heads.held, heads.shown
        );
        let told = format!("{rule}. Sign nothing of worth until the chain is final past that slot.");
        if !self.setup.data.is_read_only() {
            let data = Arc::clone(&self.setup.data);
            let kept = tokio::task::spawn_blocking(move || {
                evidence.iter().try_for_each(|reply| data.keep_evidence("the sync committee", &rule, reply))
            });
            if let Ok(Err(error)) = kept.await {
                self.notice(error.to_string()).await;
            }
        }
        self.notice(told).await;
    }

    async fn notice(&self, text: String) {
        self.events.send(SyncEvent::Notice(Notice { text })).await.ok();
    }
}
