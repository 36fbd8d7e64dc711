//! `validate_light_client_update`. Everything cheap comes before the signature, so that a flood of bad updates costs
//! hashes and not pairings (THREATS T09).

use alloy::primitives::B256;

use super::generalized_index::{finalized_root_gindex, next_sync_committee_gindex};
use super::merkle_branch::is_valid_normalized_merkle_branch;
use super::signing_root::sync_committee_signing_root;
use super::store::is_valid_light_client_header;
use super::{ConsensusError, LightClientHeader, LightClientStore, Preset, Update};
use crate::networks::{NetworkSpec, Slot};

const GENESIS_SLOT: Slot = 0;

impl<P: Preset> LightClientStore<P> {
    /// `validate_light_client_update(store, update, current_slot, genesis_validators_root)`. Changes nothing.
    ///
    /// # Errors
    /// The rule that failed.
    pub fn validate(&self, update: &Update<P>, now: Slot, spec: &NetworkSpec) -> Result<(), ConsensusError> {
        if update.sync_aggregate.participants() == 0 {
            return Err(ConsensusError::NoParticipants);
        }
        self.validate_slots(update, now, spec)?;
        if !is_valid_light_client_header(&update.attested_header, spec) {
            return Err(ConsensusError::ExecutionBranch { which: "attested" });
        }
        validate_finality(update, spec)?;
        self.validate_next_committee(update, spec)?;
        self.validate_signature(update, spec)
    }

    fn validate_slots(
        &self,
        update: &Update<P>,
        now: Slot,
        spec: &NetworkSpec,
    ) -> Result<(), ConsensusError> {
        let (signature, attested, finalized) =
            (update.signature_slot, update.attested_slot(), update.finalized_slot());
        if signature > now {
            return Err(ConsensusError::SignatureInFuture { signature, now });
        }
        if !(signature > attested && attested >= finalized) {
            return Err(ConsensusError::SlotOrder { signature, attested, finalized });
        }
        let known = self.finalized_header.beacon.slot;
        let store = spec.period_at(known);
        let period = spec.period_at(signature);
        let next_known = self.is_next_sync_committee_known();
        if period != store && !(next_known && period == store.saturating_add(1)) {
            // Signed by a committee of the past: an honest endpoint may still serve it, so it is only old news.
            return Err(if period < store {
                ConsensusError::NotNewer { attested, finalized: known }
            } else {
                ConsensusError::WrongPeriod { signature: period, store, next_known }
            });
        }
        let brings_committee =
            !next_known && update.has_next_sync_committee() && spec.period_at(attested) == store;
        if attested <= known && !brings_committee {
            return Err(ConsensusError::NotNewer { attested, finalized: known });
        }
        Ok(())
    }

    fn validate_next_committee(&self, update: &Update<P>, spec: &NetworkSpec) -> Result<(), ConsensusError> {
        let Some(next) = &update.next_sync_committee else { return Ok(()) };
        let attested = update.attested_slot();
        if spec.period_at(attested) == spec.period_at(self.finalized_header.beacon.slot)
            && self.next_sync_committee.as_ref().is_some_and(|known| known.root() != next.root())
        {
            return Err(ConsensusError::NextCommitteeMismatch);
        }
        let proven = is_valid_normalized_merkle_branch(
            next.root(),
            &update.next_sync_committee_branch.0,
            next_sync_committee_gindex(spec.fork_at(attested)),
            update.attested_header.beacon.state_root,
        );
        if proven { Ok(()) } else { Err(ConsensusError::NextCommitteeBranch) }
    }

    fn validate_signature(&self, update: &Update<P>, spec: &NetworkSpec) -> Result<(), ConsensusError> {
        let store = spec.period_at(self.finalized_header.beacon.slot);
        let signature = spec.period_at(update.signature_slot);
        let committee = if signature == store {
            &self.current_sync_committee
        } else {
            self.next_sync_committee.as_ref().ok_or(ConsensusError::WrongPeriod {
                signature,
                store,
                next_known: false,
            })?
        };
        let root = sync_committee_signing_root(&update.attested_header.beacon, update.signature_slot, spec);
        committee.verify(&update.sync_aggregate, root)
    }
}

fn validate_finality<P: Preset>(update: &Update<P>, spec: &NetworkSpec) -> Result<(), ConsensusError> {
    let finalized = &update.finalized_header;
    let is_default = *finalized == LightClientHeader::default();
    if !update.has_finality() {
        return if is_default { Ok(()) } else { Err(ConsensusError::FinalityUnproven) };
    }
    let root = if finalized.beacon.slot == GENESIS_SLOT {
        if !is_default {
            return Err(ConsensusError::FinalityBranch);
        }
        B256::ZERO
    } else {
        if !is_valid_light_client_header(finalized, spec) {
            return Err(ConsensusError::ExecutionBranch { which: "finalized" });
        }
        finalized.beacon.root()
    };
    let attested = &update.attested_header.beacon;
    let gindex = finalized_root_gindex(spec.fork_at(attested.slot));
    if is_valid_normalized_merkle_branch(root, &update.finality_branch.0, gindex, attested.state_root) {
        Ok(())
    } else {
        Err(ConsensusError::FinalityBranch)
    }
}
