//! `process_light_client_update`, `apply_light_client_update` and the forced update of the specs.

use super::{ConsensusError, LightClientStore, Preset, Update};
use crate::networks::{NetworkSpec, Slot};

/// True where at least two thirds of the committee signed.
pub(super) fn is_supermajority<P: Preset>(update: &Update<P>) -> bool {
    update.sync_aggregate.participants().saturating_mul(3) >= (P::committee_size() as u64).saturating_mul(2)
}

impl<P: Preset> LightClientStore<P> {
    /// `process_light_client_update(store, update, current_slot, genesis_validators_root)`.
    ///
    /// # Errors
    /// The rule that failed; the store is then unchanged.
    pub fn process(
        &mut self,
        update: &Update<P>,
        now: Slot,
        spec: &NetworkSpec,
    ) -> Result<(), ConsensusError> {
        self.validate(update, now, spec)?;
        let participants = update.sync_aggregate.participants();
        if self.best_valid_update.as_ref().is_none_or(|best| update.is_better_than(best, spec)) {
            self.best_valid_update = Some(Box::new(update.clone()));
        }
        self.current_max_active_participants = self.current_max_active_participants.max(participants);
        if participants > self.safety_threshold()
            && update.attested_slot() > self.optimistic_header.beacon.slot
        {
            self.optimistic_header = update.attested_header;
        }
        if self.finalizes(update, spec) {
            self.apply(update, spec)?;
            self.best_valid_update = None;
        }
        Ok(())
    }

    /// Whether the update, signed by two thirds, moves finality or brings the next committee from a final state.
    pub(super) fn finalizes(&self, update: &Update<P>, spec: &NetworkSpec) -> bool {
        let brings_final_committee = !self.is_next_sync_committee_known()
            && update.has_next_sync_committee()
            && update.has_finality()
            && spec.period_at(update.finalized_slot()) == spec.period_at(update.attested_slot());
        is_supermajority(update)
            && (update.finalized_slot() > self.finalized_header.beacon.slot || brings_final_committee)
    }

    /// `apply_light_client_update`.
    ///
    /// # Errors
    /// `CommitteeGap` where the specs assert; the store is then unchanged.
    pub(super) fn apply(&mut self, update: &Update<P>, spec: &NetworkSpec) -> Result<(), ConsensusError> {
        let store = spec.period_at(self.finalized_header.beacon.slot);
        let finalized = spec.period_at(update.finalized_slot());
        match &self.next_sync_committee {
            None if finalized != store => return Err(ConsensusError::CommitteeGap { store, finalized }),
            None => self.next_sync_committee.clone_from(&update.next_sync_committee),
            Some(next) if finalized == store.saturating_add(1) => {
                self.current_sync_committee = next.clone();
                self.next_sync_committee.clone_from(&update.next_sync_committee);
                self.previous_max_active_participants = self.current_max_active_participants;
                self.current_max_active_participants = 0;
            }
            Some(_) => {}
        }
        if update.finalized_slot() > self.finalized_header.beacon.slot {
            self.finalized_header = update.finalized_header;
            if self.finalized_header.beacon.slot > self.optimistic_header.beacon.slot {
                self.optimistic_header = self.finalized_header;
            }
        }
        Ok(())
    }

    /// `process_light_client_store_force_update`. Part of the specs and of their vectors; the product never calls it,
    /// because it takes a header as final that nobody called final (THREATS T08).
    ///
    /// # Errors
    /// `CommitteeGap` where the specs assert.
    pub fn force_update(&mut self, now: Slot, spec: &NetworkSpec) -> Result<(), ConsensusError> {
        let timeout = self.finalized_header.beacon.slot.saturating_add(spec.slots_per_period());
        if now <= timeout {
            return Ok(());
        }
        let Some(mut best) = self.best_valid_update.take() else { return Ok(()) };
        if best.finalized_slot() <= self.finalized_header.beacon.slot {
            best.finalized_header = best.attested_header;
        }
        self.apply(&best, spec)
    }
}
