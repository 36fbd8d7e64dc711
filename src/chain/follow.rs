//! At the head: one optimistic update a slot, a finality update when one is due.

use std::collections::VecDeque;

use alloy::primitives::{B256, Bytes};

use crate::consensus::{ConsensusError, Mainnet, Progress, Update};
use crate::networks::Slot;
use crate::sources::{Claim, RawBeacon, SourceError};

use super::refusals::Refusals;
use super::{Conflict, SyncError, Syncer, decode};

/// A head this many slots behind the clock makes us look at every endpoint: are slots empty, or is one of them stale?
const SUSPICIOUS_LAG: Slot = 4;
/// While finality is late, it is asked for only this often, in slots.
const FINALITY_RETRY: Slot = 4;
/// A signature slot ahead of the clock by no more than this may be an honest one seen by a slow clock.
const EARLY_SLOTS: Slot = 2;
/// Replies kept of heads; each has a few kilobytes.
const MAX_SHOWN: usize = 16;
/// While the next committee is unknown, it is asked for only this often, in slots.
const COMMITTEE_RETRY: Slot = 16;
/// Finality trails the head by two epochs and the update that shows it comes in the third.
const USUAL_FINALITY_LAG_EPOCHS: u64 = 2;

/// When what was last asked for, by the clock's slot.
#[derive(Debug, Default)]
pub(super) struct FollowState {
    finality_asked: Option<Slot>,
    committee_asked: Option<Slot>,
    compared: Option<Slot>,
    /// Replies that moved the head, by its root, newest last: what a second head of the same slot is held against.
    shown: VecDeque<(B256, Bytes)>,
    /// A committee was seen to sign two heads of one slot.
    conflict: Option<Conflict>,
}

/// What one round of following did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The head moved.
    pub head: bool,
    /// The finalized header moved.
    pub finalized: bool,
    /// Slots between the verified head and this machine's clock.
    pub lag_slots: Slot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Optimistic,
    Finality,
}

impl Syncer {
    /// One round: the newest head, and finality and the next committee when they are due.
    ///
    /// # Errors
    /// See [`SyncError`]; what was verified stays, and a later call goes on from there.
    pub async fn follow(&mut self) -> Result<Moved, SyncError> {
        self.check_age()?;
        let (head, finalized) = (self.store.head(), self.store.finalized());
        let now = self.edges.clock_slot();
        let mut refused = Refusals::default();
        if due(self.follow.finality_asked, now, FINALITY_RETRY) && self.finality_is_late(now) {
            self.follow.finality_asked = Some(now);
            self.take(Kind::Finality, &mut refused).await?;
        }
        // A finality update made this slot brings the head along: nothing more to ask.
        if self.store.head().slot().saturating_add(1) < now {
            self.take(Kind::Optimistic, &mut refused).await?;
        }
        self.learn_next_committee(now, &mut refused).await;
        if now.saturating_sub(self.store.head().slot()) >= SUSPICIOUS_LAG
            && due(self.follow.compared, now, SUSPICIOUS_LAG)
        {
            self.follow.compared = Some(now);
            self.compare_heads(now, &mut refused).await?;
        }
        Ok(Moved {
            head: self.store.head() != head,
            finalized: self.store.finalized() != finalized,
            lag_slots: now.saturating_sub(self.store.head().slot()),
        })
    }

    /// Milliseconds until the next update is worth asking for: a third into the next slot, when its block has usually
    /// arrived; sooner while this slot's is still missing.
    pub fn wait_ms(&self) -> u64 {
        let spec = &self.edges.spec;
        let now_ms = self.edges.clock.unix_ms();
        let slot = spec.slot_at(now_ms);
        let expected_ms = |slot| spec.slot_start_ms(slot).saturating_add(spec.slot_duration_ms / 3);
        if self.store.head().slot().saturating_add(1) >= slot {
            return expected_ms(slot.saturating_add(1)).saturating_sub(now_ms).max(1);
        }
        let this_slot = expected_ms(slot).saturating_sub(now_ms);
        if this_slot > 0 { this_slot } else { (spec.slot_duration_ms / 6).max(50) }
    }

    fn finality_is_late(&self, now: Slot) -> bool {
        let spec = &self.edges.spec;
        let age = spec.epoch_at(now).saturating_sub(spec.epoch_at(self.store.finalized().slot()));
        self.follow.finality_asked.is_none() || age > USUAL_FINALITY_LAG_EPOCHS
    }

    async fn ask(&self, kind: Kind) -> Result<Claim<RawBeacon>, SourceError> {
        match kind {
            Kind::Optimistic => self.edges.beacon.optimistic_update().await,
            Kind::Finality => self.edges.beacon.finality_update().await,
        }
    }

    fn decode(&self, kind: Kind, claim: &Claim<RawBeacon>) -> Result<Update<Mainnet>, ConsensusError> {
        match kind {
            Kind::Optimistic => decode::optimistic_update(&claim.body, &self.edges.spec),
            Kind::Finality => decode::finality_update(&claim.body, &self.edges.spec),
        }
    }

    /// Asks for one update of `kind` until one verifies or is merely old.
    async fn take(&mut self, kind: Kind, refused: &mut Refusals) -> Result<(), SyncError> {
        loop {
            let claim = match self.ask(kind).await {
                Ok(claim) => claim,
                Err(_) if !refused.is_empty() => return Err(refused.given_up()),
                Err(source) => return Err(source.into()),
            };
            if self.judge(kind, &claim, refused)? {
                return Ok(());
            }
        }
    }

    /// True where the claim was right, even if it was old news; a lie is blamed.
    fn judge(
        &mut self,
        kind: Kind,
        claim: &Claim<RawBeacon>,
        refused: &mut Refusals,
    ) -> Result<bool, SyncError> {
        let update = match self.decode(kind, claim) {
            Ok(update) => update,
            Err(error) => return refused.refuse(&self.edges, claim, &error).map(|()| false),
        };
        match self.store.process(&update, self.edges.newest_acceptable_slot(), &self.edges.spec) {
            Ok(progress) => {
                self.note(&update, progress, &claim.evidence);
                Ok(true)
            }
            Err(error) if error.is_irrelevant() => Ok(true),
            Err(error) => {
                self.check_clock(&update)?;
                if self.is_early(&update, &error) {
                    return Ok(true);
                }
                refused.refuse(&self.edges, claim, &error).map(|()| false)
            }
        }
    }

    /// Keeps the reply that moved the head, and both replies where it shows another head of the same slot: nobody who
    /// passed them on is to blame.
    fn note(&mut self, update: &Update<Mainnet>, progress: Progress, reply: &Bytes) {
        if let Some(heads) = progress.conflict {
            let first = self.follow.shown.iter().find(|(root, _)| *root == heads.held);
            let first = first.map(|(_, reply)| reply.clone()).unwrap_or_default();
            self.follow.conflict = Some(Conflict { heads, evidence: [first, reply.clone()] });
        }
        if progress.head {
            if self.follow.shown.len() >= MAX_SHOWN {
                self.follow.shown.pop_front();
            }
            self.follow.shown.push_back((update.attested_header.beacon.root(), reply.clone()));
        }
    }

    /// A committee that was seen to sign two heads of one slot, told once.
    pub fn take_conflict(&mut self) -> Option<Conflict> {
        self.follow.conflict.take()
    }

    /// The clock may be a slot or two slow without proof of it: such an update is early, not a lie.
    pub(super) fn is_early(&self, update: &Update<Mainnet>, error: &ConsensusError) -> bool {
        let early = update.signature_slot().saturating_sub(self.edges.newest_acceptable_slot());
        matches!(error, ConsensusError::SignatureInFuture { .. }) && early <= EARLY_SLOTS
    }

    /// A header "from the future" is either a lie or our clock is slow. The committee's own signature decides: it signs
    /// no header before its slot, so one that verifies proves the clock slow (THREATS T10). Only the *attested* slot is
    /// under the signature; the signature slot is the endpoint's word.
    pub(super) fn check_clock(&self, update: &Update<Mainnet>) -> Result<(), SyncError> {
        let attested = update.attested_slot();
        if attested <= self.edges.newest_acceptable_slot() {
            return Ok(());
        }
        let mut trial = self.store.clone();
        if trial.process(update, update.signature_slot(), &self.edges.spec).is_err() {
            return Ok(());
        }
        let behind_ms = self.edges.spec.slot_start_ms(attested).saturating_sub(self.edges.clock.unix_ms());
        Err(SyncError::ClockSlow { behind_ms })
    }

    /// The committee of the next period, learnt well before it is needed. A failure here is not yet one for the head.
    async fn learn_next_committee(&mut self, now: Slot, refused: &mut Refusals) {
        if self.store.next_sync_committee_known() || !due(self.follow.committee_asked, now, COMMITTEE_RETRY) {
            return;
        }
        self.follow.committee_asked = Some(now);
        let period = self.store.period(&self.edges.spec);
        if let Err(error) = self.apply_updates(period, 1, refused).await {
            tracing::debug!(%error, period, "the next sync committee is not known yet");
        }
    }

    /// Asks every endpoint for its head. One that others have proven behind is marked stale. Optimistic updates tell the
    /// head; a finality update may rightly be an epoch old.
    async fn compare_heads(&mut self, now: Slot, refused: &mut Refusals) -> Result<(), SyncError> {
        let mut seen = Vec::new();
        for claim in self.edges.beacon.all_optimistic_updates().await.into_iter().flatten() {
            if let Ok(update) = self.decode(Kind::Optimistic, &claim) {
                seen.push((claim.from.clone(), update.attested_slot()));
            }
            self.judge(Kind::Optimistic, &claim, refused)?;
        }
        let head = self.store.head().slot();
        for (endpoint, slot) in seen {
            if slot.saturating_add(SUSPICIOUS_LAG) <= head.min(now) {
                self.edges.beacon.stale(&endpoint, head.saturating_sub(slot));
            }
        }
        Ok(())
    }
}

fn due(asked: Option<Slot>, now: Slot, every: Slot) -> bool {
    asked.is_none_or(|last| now >= last.saturating_add(every))
}
