//! The task that owns the light client: starts it, follows the head, saves it, tells the core.

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::B256;
use tokio::sync::mpsc;

use super::{CheckpointView, Notice, Reason};
use crate::chain::{Anchor, ChainEdges, Heads, ReadError, Reader, SyncError, SyncProgress, Syncer};
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
    Moved { head: ProvenBlock, finalized: ProvenBlock, heads: Box<Result<Heads, ReadError>>, lag_slots: Slot },
    NeedsCheckpoint(Reason),
    Failed(Reason),
    Notice(Notice),
}

/// What the task is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SyncOrder {
    UseCheckpoint(B256),
    AcceptOld,
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
}

/// Why a session ended.
enum Halt {
    Sync(SyncError),
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
        matches!(self, Self::Sync(CheckpointTooOld { .. } | CheckpointNotFound { .. }))
    }

    fn reason(&self, spec: &NetworkSpec) -> Reason {
        match self {
            Self::Sync(error) => Reason::of_sync(error, spec),
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
        Self { setup, origin: Origin::Shipped, events, orders, seen: 0 }
    }

    /// Runs until the core is gone.
    pub(super) async fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let outcome = self.session(&mut pause).await;
            let Err(halt) = outcome else { return };
            let (reason, parked) = (halt.reason(&self.setup.edges.spec), halt.is_parked());
            let event = if parked { SyncEvent::NeedsCheckpoint(reason) } else { SyncEvent::Failed(reason) };
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
                Some(SyncOrder::UseCheckpoint(root)) => self.setup.user_checkpoint = Some(root),
                Some(SyncOrder::AcceptOld) => self.setup.accept_old = true,
                None => return,
            }
        }
    }

    /// From a start to the first failure; `Ok` where the core is gone.
    async fn session(&mut self, pause: &mut Duration) -> Result<(), Halt> {
        let Some(mut syncer) = self.begin().await? else { return Ok(()) };
        let mut saved = None;
        loop {
            let events = self.events.clone();
            syncer
                .catch_up(&move |progress| {
                    // A full queue drops a progress report, never the sync.
                    drop(events.try_send(SyncEvent::Progress(progress)));
                })
                .await?;
            let moved = syncer.follow().await?;
            let head = syncer.head().slot();
            if head < self.seen {
                return Err(Halt::OlderThanSeen { head, seen: self.seen });
            }
            self.seen = head;
            *pause = FIRST_PAUSE;
            if saved != Some(syncer.finalized()) {
                saved = Some(syncer.finalized());
                self.save(&syncer).await;
            }
            let heads = Box::new(self.setup.reader.heads(syncer.head(), syncer.finalized()).await);
            let lag_slots = moved.lag_slots;
            let event =
                SyncEvent::Moved { head: syncer.head(), finalized: syncer.finalized(), heads, lag_slots };
            if self.events.send(event).await.is_err() {
                return Ok(());
            }
            let wait = Duration::from_millis(syncer.wait_ms());
            tokio::select! {
                () = self.setup.edges.clock.sleep(wait) => {}
                order = self.orders.recv() => match order {
                    None => return Ok(()),
                    Some(SyncOrder::AcceptOld) => syncer.accept_old(),
                    Some(SyncOrder::UseCheckpoint(root)) => {
                        self.setup.user_checkpoint = Some(root);
                        let Some(fresh) = self.begin().await? else { return Ok(()) };
                        syncer = fresh;
                    }
                }
            }
        }
    }

    /// The newest acceptable start: the user's root, else the last run's store, else the shipped root.
    async fn begin(&mut self) -> Result<Option<Syncer>, SyncError> {
        let edges = self.setup.edges.clone();
        let accept_old = self.setup.accept_old;
        let stored = self.load().await;
        let first_run = stored.is_none();
        self.seen = self.seen.max(stored.as_ref().map_or(0, |saved| saved.head_slot));
        if self.setup.user_checkpoint.is_none()
            && let Some(saved) = stored
        {
            match Syncer::resume(edges.clone(), &saved.store, accept_old) {
                Ok(syncer) => {
                    self.origin = saved.origin;
                    self.tell_checkpoint(&syncer, saved.root, true).await;
                    return Ok(Some(syncer));
                }
                // A newer shipped root may still do; without one the age is the news.
                Err(error @ SyncError::CheckpointTooOld { .. }) if !self.has_newer_shipped(&saved) => {
                    return Err(error);
                }
                Err(error) => self.notice(Reason::of_sync(&error, &edges.spec).what).await,
            }
        }
        let (root, slot) = match (self.setup.user_checkpoint, edges.spec.checkpoint) {
            (Some(root), _) => {
                self.origin = Origin::User;
                (root, None)
            }
            (None, Some(shipped)) => (shipped.root, shipped.slot),
            (None, None) => {
                let reason = Reason::new(
                    &format!("No checkpoint is known for {}", edges.spec.name),
                    "a light client must start from one finalized block root that you trust",
                    "give one with --checkpoint; `lifeboat checkpoint compare` shows what sources say",
                );
                self.events.send(SyncEvent::NeedsCheckpoint(reason)).await.ok();
                return match self.orders.recv().await {
                    Some(SyncOrder::UseCheckpoint(root)) => {
                        self.setup.user_checkpoint = Some(root);
                        Box::pin(self.begin()).await
                    }
                    _ => Ok(None),
                };
            }
        };
        let syncer = Syncer::bootstrap(edges, Anchor { root, slot, accept_old }).await?;
        self.tell_checkpoint(&syncer, root, false).await;
        if first_run {
            self.save(&syncer).await;
        }
        Ok(Some(syncer))
    }

    fn has_newer_shipped(&self, saved: &SavedCheckpoint) -> bool {
        self.setup
            .edges
            .spec
            .checkpoint
            .and_then(|shipped| shipped.slot)
            .is_some_and(|slot| slot > saved.slot)
    }

    async fn tell_checkpoint(&self, syncer: &Syncer, root: B256, resumed: bool) {
        let view = CheckpointView {
            root,
            slot: Some(syncer.finalized().slot()),
            origin: self.origin,
            resumed,
            accepted_although_old: self.setup.accept_old,
        };
        self.events.send(SyncEvent::Checkpoint(view)).await.ok();
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
        saved.accepted_although_old = self.setup.accept_old;
        let data = Arc::clone(&self.setup.data);
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || data.save_checkpoint(&saved)).await {
            self.notice(error.to_string()).await;
        }
    }

    async fn notice(&self, text: String) {
        self.events.send(SyncEvent::Notice(Notice { text })).await.ok();
    }
}
