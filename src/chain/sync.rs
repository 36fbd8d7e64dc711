//! From a checkpoint to the current sync-committee period.

use alloy::primitives::B256;

use crate::consensus::{Mainnet, ProvenBlock, Store, weak_subjectivity_bound_epochs};
use crate::networks::{Checkpoint, Period, Slot};
use crate::sources::{EndpointId, SourceError};

use super::refusals::{Refusals, behind_all};
use super::{ChainEdges, SyncError, decode};

/// Beacon API limit: `MAX_REQUEST_LIGHT_CLIENT_UPDATES`.
const MAX_UPDATES: u64 = 128;
/// How often updates that are right but lead nowhere are asked of another endpoint before giving up.
const MAX_USELESS: usize = 4;

/// Where trust starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Root of a finalized beacon block header.
    pub root: B256,
    /// Its slot, where known; lets an old checkpoint be refused before anything is asked of the network.
    pub slot: Option<Slot>,
    /// The user has read that the checkpoint is beyond the weak-subjectivity bound and goes on for this run.
    pub accept_old: bool,
}

/// How far the catch-up has come, in sync-committee periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncProgress {
    /// Period the catch-up started in.
    pub from: Period,
    /// Period of the finalized header held now.
    pub done: Period,
    /// Period by the clock.
    pub target: Period,
}

/// What a range of updates did.
#[derive(Debug)]
pub(super) struct Applied {
    /// The store moved.
    pub(super) moved: bool,
    /// Who gave the updates.
    from: Option<EndpointId>,
}

/// The light-client store and what feeds it.
#[derive(Debug)]
pub struct Syncer {
    pub(super) edges: ChainEdges,
    pub(super) store: Store<Mainnet>,
    pub(super) accept_old: bool,
    pub(super) follow: super::follow::FollowState,
}

impl Syncer {
    /// Starts from a trusted root: asks for its bootstrap until one verifies.
    ///
    /// # Errors
    /// [`SyncError::CheckpointTooOld`] beyond the weak-subjectivity bound, [`SyncError::CheckpointNotFound`] where no
    /// endpoint has it, [`SyncError::AllRefused`] where every answer broke a rule.
    pub async fn bootstrap(edges: ChainEdges, anchor: Anchor) -> Result<Self, SyncError> {
        if let Some(slot) = anchor.slot
            && !anchor.accept_old
        {
            check_age(&edges, slot)?;
        }
        let mut refused = Refusals::default();
        let store = loop {
            let claim = match edges.beacon.bootstrap(anchor.root).await {
                Ok(claim) => claim,
                Err(_) if !refused.is_empty() => return Err(refused.given_up()),
                Err(source) if says_not_found(&source) => {
                    return Err(SyncError::CheckpointNotFound { root: anchor.root, source });
                }
                Err(source) => return Err(source.into()),
            };
            let started = decode::bootstrap(&claim.body, &edges.spec)
                .and_then(|bootstrap| Store::bootstrap(anchor.root, bootstrap, &edges.spec));
            match started {
                Ok(store) => break store,
                Err(error) => refused.refuse(&edges, &claim, &error)?,
            }
        };
        let syncer = Self { edges, store, accept_old: anchor.accept_old, follow: Default::default() };
        syncer.check_age()?;
        Ok(syncer)
    }

    /// Starts from what an earlier run saved: no bootstrap is asked for.
    ///
    /// # Errors
    /// [`SyncError::Stored`] where the bytes are damaged or of another network, [`SyncError::CheckpointTooOld`],
    /// [`SyncError::ClockSlow`] where what was verified then lies in the future now.
    pub fn resume(edges: ChainEdges, saved: &[u8], accept_old: bool) -> Result<Self, SyncError> {
        let store = Store::from_bytes(saved, &edges.spec).map_err(|source| SyncError::Stored { source })?;
        let syncer = Self { edges, store, accept_old, follow: Default::default() };
        // What was signed when it was saved is not of the future: the clock is slow, or the file was changed.
        let (head, newest) = (syncer.store.head().slot(), syncer.edges.newest_acceptable_slot());
        if head > newest {
            let starts_ms = syncer.edges.spec.slot_start_ms(head);
            let behind_ms = starts_ms.saturating_sub(syncer.edges.clock.unix_ms());
            return Err(SyncError::ClockSlow { behind_ms });
        }
        syncer.check_age()?;
        Ok(syncer)
    }

    /// Fetches and verifies one update a period up to the clock's period.
    ///
    /// # Errors
    /// See [`SyncError`]. What was verified before the failure stays.
    pub async fn catch_up(
        &mut self,
        progress: &(dyn Fn(SyncProgress) + Send + Sync),
    ) -> Result<(), SyncError> {
        let from = self.store.period(&self.edges.spec);
        let (mut refused, mut useless) = (Refusals::default(), 0);
        loop {
            self.check_age()?;
            let target = self.edges.spec.period_at(self.edges.clock_slot());
            let done = self.store.period(&self.edges.spec);
            progress(SyncProgress { from, done, target });
            // With the next committee known, the head of period `done + 1` can be checked: following takes over.
            let reached = done.saturating_add(u64::from(self.store.next_sync_committee_known()));
            if reached >= target {
                return Ok(());
            }
            let start = if self.store.next_sync_committee_known() { done.saturating_add(1) } else { done };
            let count = target.saturating_sub(start).saturating_add(1).min(MAX_UPDATES);
            let applied = self.apply_updates(start, count, &mut refused).await?;
            if applied.moved {
                continue;
            }
            if let Some(endpoint) = applied.from {
                self.edges.beacon.stale(&endpoint, behind_all(&self.edges.spec));
            }
            useless += 1;
            if useless > MAX_USELESS {
                let missing = SyncError::MissingUpdate { period: start };
                return Err(if refused.is_empty() { missing } else { refused.given_up() });
            }
        }
    }

    /// Applies up to `count` updates from `start` on. Lies are blamed and noted.
    pub(super) async fn apply_updates(
        &mut self,
        start: Period,
        count: u64,
        refused: &mut Refusals,
    ) -> Result<Applied, SyncError> {
        let before = self.position();
        let claims = match self.edges.beacon.updates(start, count).await {
            Ok(claims) => claims,
            Err(_) if !refused.is_empty() => return Err(refused.given_up()),
            Err(source) => return Err(source.into()),
        };
        let from = claims.first().map(|claim| claim.from.clone());
        for claim in &claims {
            // What follows a lie is not looked at.
            let update = match decode::update(&claim.body, &self.edges.spec) {
                Ok(update) => update,
                Err(error) => {
                    refused.refuse(&self.edges, claim, &error)?;
                    break;
                }
            };
            match self.store.process(&update, self.edges.newest_acceptable_slot(), &self.edges.spec) {
                Ok(_) => {}
                Err(error) if error.is_irrelevant() => {}
                Err(error) => {
                    // The best update of a running period may be newer than a slow clock: that is no lie.
                    self.check_clock(&update)?;
                    if !self.is_early(&update, &error) {
                        refused.refuse(&self.edges, claim, &error)?;
                    }
                    break;
                }
            }
            tokio::task::yield_now().await;
        }
        Ok(Applied { moved: self.position() != before, from })
    }

    /// Head that the committee signed last.
    pub fn head(&self) -> ProvenBlock {
        self.store.head()
    }

    /// Newest header that the committee signed as final.
    pub fn finalized(&self) -> ProvenBlock {
        self.store.finalized()
    }

    /// The store as bytes, for a restart without a bootstrap.
    pub fn saved(&self) -> Vec<u8> {
        self.store.to_bytes(&self.edges.spec)
    }

    /// The newest finalized header as a checkpoint.
    pub fn checkpoint(&self) -> Checkpoint {
        let finalized = self.store.finalized();
        Checkpoint { root: finalized.beacon_root(), slot: Some(finalized.slot()) }
    }

    /// Goes on with a checkpoint beyond the weak-subjectivity bound, for this run.
    pub fn accept_old(&mut self) {
        self.accept_old = true;
    }

    pub(super) fn check_age(&self) -> Result<(), SyncError> {
        if self.accept_old { Ok(()) } else { check_age(&self.edges, self.store.finalized().slot()) }
    }

    fn position(&self) -> (Slot, Slot, bool) {
        (self.store.finalized().slot(), self.store.head().slot(), self.store.next_sync_committee_known())
    }
}

/// Refuses a starting point beyond the weak-subjectivity bound of the fork in force now.
fn check_age(edges: &ChainEdges, slot: Slot) -> Result<(), SyncError> {
    let now = edges.spec.epoch_at(edges.clock_slot());
    let age_epochs = now.saturating_sub(edges.spec.epoch_at(slot));
    let bound_epochs = weak_subjectivity_bound_epochs(&edges.spec, now);
    if age_epochs > bound_epochs {
        return Err(SyncError::CheckpointTooOld { age_epochs, bound_epochs, slot });
    }
    Ok(())
}

fn says_not_found(error: &SourceError) -> bool {
    let not_found = |one: &SourceError| matches!(one, SourceError::NotFound);
    match error {
        SourceError::AllFailed { causes } => {
            causes.iter().any(|(_, cause): &(EndpointId, _)| not_found(cause))
        }
        other => not_found(other),
    }
}
