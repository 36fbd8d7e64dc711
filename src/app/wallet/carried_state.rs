//! The state that an offline file carries: everything a light client needs to verify it again from a checkpoint of its
//! own, and to run the transaction on it.

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::B256;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::super::Reason;
use super::super::direct::Reads;
use super::OfflineFile;
use super::desk::Wallet;
use super::noted::Noted;
use super::prepare::Prepared;
use crate::chain::{Anchor, ChainEdges, Clock, Reader, SyncError, Syncer};
use crate::consensus::weak_subjectivity_bound_epochs;
use crate::networks::Slot;
use crate::sources::{BeaconSource, NoGateways, Recorder, Recording, Replay};
use crate::wallet::Draft;

/// Beacon API limit: updates of one answer.
const MAX_UPDATES: u64 = 128;

/// A state with what proves it. Untrusted: whoever opens it verifies all of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedState {
    /// When it was recorded, Unix milliseconds, as the file says: heads up to then are taken, never one beyond this
    /// computer's own clock.
    recorded_at_ms: u64,
    recording: Recording,
}

/// The time at which a state was recorded.
#[derive(Debug)]
struct ThatTime(u64);

#[async_trait]
impl Clock for ThatTime {
    fn unix_ms(&self) -> u64 {
        self.0
    }
    async fn sleep(&self, _duration: Duration) {
        tokio::task::yield_now().await;
    }
}

const NOTHING: &str = "nothing was signed";

impl Wallet {
    /// Follows the chain once more from the checkpoint on, and keeps every answer that proves the state which the review
    /// needs. Updates are kept from the oldest period on from which a computer may still start.
    ///
    /// # Errors
    /// [`Reason`] where the endpoints do not serve it now.
    pub async fn carried_state(&self, prepared: &Prepared) -> Result<CarriedState, Reason> {
        let own = &self.inner.reads.edges;
        let recorder = Arc::new(Recorder::new(Arc::clone(&own.beacon), Arc::clone(&own.execution)));
        let recorded_at_ms = own.clock.unix_ms();
        let clock: Arc<dyn Clock> = Arc::new(ThatTime(recorded_at_ms));
        let (beacon, execution) = (recorder.clone(), recorder.clone());
        let gateways = Arc::new(NoGateways);
        let edges = ChainEdges { beacon, execution, gateways, clock, spec: Arc::clone(&own.spec) };
        let mut syncer = self.started(&edges, None).await?;
        self.keep_older_updates(&recorder, edges.clock_slot()).await;
        let wallet = self.followed(&mut syncer, edges).await?;
        let draft = Draft::of(prepared.review.from(), prepared.review.tx.clone());
        wallet.prepare_made(draft, prepared.noted.clone()).await?;
        Ok(CarriedState { recorded_at_ms, recording: recorder.recording() })
    }

    /// For computers whose checkpoint is older than this one's. Where nobody serves them the file is good for newer ones.
    async fn keep_older_updates(&self, recorder: &Recorder, now: Slot) {
        let spec = &self.inner.reads.edges.spec;
        let bound =
            weak_subjectivity_bound_epochs(spec, spec.epoch_at(now)).saturating_mul(spec.slots_per_epoch);
        let oldest = spec.period_at(now.saturating_sub(bound));
        let count = spec.period_at(now).saturating_sub(oldest).saturating_add(1).min(MAX_UPDATES);
        if let Err(error) = recorder.updates(oldest, count).await {
            tracing::debug!(%error, "older updates could not be had for the offline file");
        }
        // The roots that the other computer may start from: the shipped one, and the one that this run began with.
        let begun = self.inner.reads.snapshot().checkpoint.as_ref().map(|view| view.root);
        for root in spec.checkpoint.map(|shipped| shipped.root).into_iter().chain(begun) {
            if let Err(error) = recorder.bootstrap(root).await {
                tracing::debug!(%error, "a bootstrap could not be had for the offline file");
            }
        }
    }

    /// A wallet on the state of a file, verified from this computer's own checkpoint: what it verified last, else `root`,
    /// else the shipped one. Nobody is asked for anything.
    ///
    /// # Errors
    /// [`Reason`] where the file proves nothing from there.
    pub async fn on_carried_state(&self, carried: CarriedState, root: Option<B256>) -> Result<Self, Reason> {
        let own = &self.inner.reads.edges;
        if carried.recorded_at_ms > own.clock.unix_ms().saturating_add(60_000) {
            let what = "The file says that it was made later than this computer's clock says it is now";
            return Err(Reason::new(what, NOTHING, "set the clock, or make the file again"));
        }
        let replay = Arc::new(Replay::new(carried.recording, "the offline file"));
        let clock: Arc<dyn Clock> = Arc::new(ThatTime(carried.recorded_at_ms));
        let (beacon, execution) = (replay.clone(), replay.clone());
        let gateways = Arc::new(NoGateways);
        let edges = ChainEdges { beacon, execution, gateways, clock, spec: Arc::clone(&own.spec) };
        let mut syncer = self.started(&edges, root).await?;
        // The start's age counts by today's clock, not by the file's.
        self.check_start_age(syncer.finalized().slot())?;
        self.followed(&mut syncer, edges).await
    }

    /// Reviews the transaction of an offline file: at the newest head, or without one on the state that the file carries.
    ///
    /// # Errors
    /// As [`Wallet::prepare`] and [`Wallet::on_carried_state`].
    pub async fn prepare_file(&self, draft: Draft, file: &[u8]) -> Result<Prepared, Reason> {
        let carried = OfflineFile::state(file).ok().flatten().filter(|_| self.heads().is_err());
        match carried {
            Some(carried) => {
                self.on_carried_state(carried, None).await?.prepare_made(draft, Noted::default()).await
            }
            None => self.prepare_made(draft, Noted::default()).await,
        }
    }

    fn check_start_age(&self, slot: Slot) -> Result<(), Reason> {
        let own = &self.inner.reads.edges;
        let now = own.spec.epoch_at(own.clock_slot());
        let age_epochs = now.saturating_sub(own.spec.epoch_at(slot));
        let bound_epochs = weak_subjectivity_bound_epochs(&own.spec, now);
        if age_epochs > bound_epochs {
            let error = SyncError::CheckpointTooOld { age_epochs, bound_epochs, slot };
            return Err(Reason::of_sync(&error, &own.spec));
        }
        Ok(())
    }

    /// The light client of this computer, with other sources.
    async fn started(&self, edges: &ChainEdges, root: Option<B256>) -> Result<Syncer, Reason> {
        let spec = &edges.spec;
        let told = |error: &SyncError| Reason::of_sync(error, spec);
        let saved = self.inner.data.load_checkpoint(spec.genesis_validators_root)?;
        if let Some(saved) = saved.filter(|_| root.is_none())
            && let Ok(syncer) = Syncer::resume(edges.clone(), &saved.store, saved.accepted_although_old)
        {
            return Ok(syncer);
        }
        let begun = self.inner.reads.snapshot().checkpoint.as_ref().map(|view| view.root);
        let root =
            root.or(begun).or_else(|| spec.checkpoint.map(|shipped| shipped.root)).ok_or_else(|| {
                let what = "This computer has no checkpoint to verify the file from";
                Reason::new(what, NOTHING, "give a root that you trust with --checkpoint")
            })?;
        let anchor = Anchor { root, slot: None, accept_old: false };
        Syncer::bootstrap(edges.clone(), anchor).await.map_err(|error| told(&error))
    }

    /// At the newest head that the sources show; everything else is this wallet's own.
    async fn followed(&self, syncer: &mut Syncer, edges: ChainEdges) -> Result<Self, Reason> {
        let told = |error: SyncError| Reason::of_sync(&error, &edges.spec);
        syncer.catch_up(&|_| {}).await.map_err(told)?;
        syncer.follow().await.map_err(told)?;
        let reader = Reader::new(edges.clone());
        let heads = reader.heads(syncer.head(), syncer.finalized()).await;
        let heads = heads.map_err(|error| Reason::from(&error))?;
        let (_sender, heads) = watch::channel(Some(heads));
        // The age of that state is told by the real clock (R14).
        let clock = Arc::clone(&self.inner.reads.edges.clock);
        let snapshots = self.inner.reads.snapshots.clone();
        Ok(self.over(Reads { edges: ChainEdges { clock, ..edges }, reader, heads, snapshots }))
    }
}
