//! What the chain serves: the newest updates, the best of each period, bootstraps.

use std::collections::BTreeMap;

use alloy::primitives::B256;
use ssz_types::FixedVector;

use super::chain::{BeaconChain, BeaconError, Block};
use super::objects::{Bootstrap, Object, Update, deneb_header, gloas_header};
use crate::consensus::wire::{LightClientBootstrap, LightClientUpdate};
use crate::consensus::{
    Mainnet, SyncAggregate, current_sync_committee_gindex, finalized_root_gindex, next_sync_committee_gindex,
    sync_committee_signing_root,
};
use crate::networks::{Fork, Period, Slot};

/// Updates kept by attested slot, for endpoints that stand still.
const KEPT: usize = 1_024;

/// Full updates by attested slot, and the best one of each period.
#[derive(Debug, Default)]
pub(super) struct Served {
    pub(super) by_slot: BTreeMap<Slot, Update>,
    pub(super) best: BTreeMap<Period, (Update, crate::consensus::Update<Mainnet>)>,
}

impl BeaconChain {
    /// The committee of `signature_slot`'s period signs `attested`.
    pub(super) fn sign(
        &mut self,
        attested: &Block,
        signature_slot: Slot,
        participants: usize,
    ) -> Result<(), BeaconError> {
        let spec = self.config.spec.clone();
        let keys = self.committees.of(spec.period_at(signature_slot)).ok_or(BeaconError::Committee)?;
        let root = sync_committee_signing_root(&attested.header, signature_slot, &spec);
        let offset = usize::try_from(signature_slot % 512).unwrap_or_default();
        let aggregate = keys.sign(root, participants, offset).ok_or(BeaconError::Committee)?;
        let update = self.update(attested, aggregate, signature_slot)?;
        let internal = match &update {
            Object::Electra(update) => update.clone().upgrade(&spec),
            Object::Gloas(update) => update.clone().upgrade(&spec),
        };
        let Ok(internal) = internal else { return Err(BeaconError::Committee) };
        let period = spec.period_at(attested.header.slot);
        let same_period = period == spec.period_at(signature_slot);
        let is_better =
            self.served.best.get(&period).is_none_or(|(_, best)| internal.is_better_than(best, &spec));
        if same_period && is_better {
            self.served.best.insert(period, (update.clone(), internal));
        }
        self.served.by_slot.insert(attested.header.slot, update);
        while self.served.by_slot.len() > KEPT {
            self.served.by_slot.pop_first();
        }
        Ok(())
    }

    fn update(
        &mut self,
        attested: &Block,
        sync_aggregate: SyncAggregate<Mainnet>,
        signature_slot: Slot,
    ) -> Result<Update, BeaconError> {
        let spec = self.config.spec.clone();
        let slot = attested.header.slot;
        let fork = spec.fork_at(slot);
        let next =
            self.committees.of(spec.period_at(slot).saturating_add(1)).ok_or(BeaconError::Committee)?;
        let finalized = attested
            .finalized
            .and_then(|root| self.slots.get(&root))
            .and_then(|slot| self.blocks.get(slot))
            .cloned();
        let finality: Vec<B256> = match finalized {
            Some(_) => attested.state.branch(finalized_root_gindex(fork)),
            None => Vec::new(),
        };
        let committee = attested.state.branch(next_sync_committee_gindex(fork));
        Ok(if fork >= Fork::Gloas {
            Object::Gloas(LightClientUpdate {
                attested_header: gloas_header(attested, &spec),
                next_sync_committee: next.committee.clone(),
                next_sync_committee_branch: FixedVector::try_from(committee).unwrap_or_default(),
                finalized_header: finalized.map(|block| gloas_header(&block, &spec)).unwrap_or_default(),
                finality_branch: FixedVector::try_from(finality).unwrap_or_default(),
                sync_aggregate,
                signature_slot,
            })
        } else {
            Object::Electra(LightClientUpdate {
                attested_header: deneb_header(attested),
                next_sync_committee: next.committee.clone(),
                next_sync_committee_branch: FixedVector::try_from(committee).unwrap_or_default(),
                finalized_header: finalized.map(|block| deneb_header(&block)).unwrap_or_default(),
                finality_branch: FixedVector::try_from(finality).unwrap_or_default(),
                sync_aggregate,
                signature_slot,
            })
        })
    }

    /// The bootstrap of a known block.
    pub(super) fn bootstrap(&mut self, root: B256) -> Option<(Slot, Bootstrap)> {
        let slot = *self.slots.get(&root)?;
        let spec = self.config.spec.clone();
        let keys = self.committees.of(spec.period_at(slot))?;
        let block = self.blocks.get(&slot)?;
        let fork = spec.fork_at(slot);
        let branch = block.state.branch(current_sync_committee_gindex(fork));
        let bootstrap = if fork >= Fork::Gloas {
            Object::Gloas(LightClientBootstrap {
                header: gloas_header(block, &spec),
                current_sync_committee: keys.committee.clone(),
                current_sync_committee_branch: FixedVector::try_from(branch).ok()?,
            })
        } else {
            Object::Electra(LightClientBootstrap {
                header: deneb_header(block),
                current_sync_committee: keys.committee.clone(),
                current_sync_committee_branch: FixedVector::try_from(branch).ok()?,
            })
        };
        Some((slot, bootstrap))
    }

    /// The newest update that is not after `at`, with its attested slot.
    pub(super) fn newest(&self, at: Slot) -> Option<(Slot, &Update)> {
        self.served.by_slot.range(..=at).next_back().map(|(slot, update)| (*slot, update))
    }
}
