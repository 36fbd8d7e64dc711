//! `upgrade_lc_*_to_gloas`: older forms into the (block hash, branch) shape.

use std::sync::Arc;

use alloy::primitives::B256;
use tree_hash::TreeHash as _;

use super::headers::{
    AltairHeader, CapellaHeader, DenebHeader, ExecutionPayloadHeaderCapella, ExecutionPayloadHeaderDeneb,
    GloasHeader,
};
use super::objects::{
    ForkForm, LightClientBootstrap, LightClientFinalityUpdate, LightClientOptimisticUpdate, LightClientUpdate,
};
use crate::consensus::generalized_index::{
    BLOCK_HASH_FIELD, CommitteeBranch, ExecutionBranch, FinalityBranch,
};
use crate::consensus::merkle_branch::merkle_branch_of;
use crate::consensus::{
    BeaconBlockHeader, Bootstrap, Committee, ConsensusError, LightClientHeader, Preset, SyncCommittee, Update,
};
use crate::networks::{Fork, NetworkSpec, Slot};

/// A header that can be brought to the internal shape.
pub trait UpgradeHeader {
    /// The upgraded header.
    ///
    /// # Errors
    /// Where it carries what the fork at its slot does not have.
    fn upgrade(&self, spec: &NetworkSpec) -> Result<LightClientHeader, ConsensusError>;

    /// Slot of the beacon header.
    fn slot(&self) -> Slot;
}

const BEFORE_CAPELLA: ConsensusError = ConsensusError::ExecutionBeforeCapella { which: "light-client" };

impl UpgradeHeader for AltairHeader {
    fn upgrade(&self, _spec: &NetworkSpec) -> Result<LightClientHeader, ConsensusError> {
        Ok(LightClientHeader { beacon: self.beacon, ..Default::default() })
    }
    fn slot(&self) -> Slot {
        self.beacon.slot
    }
}

impl UpgradeHeader for CapellaHeader {
    fn upgrade(&self, spec: &NetworkSpec) -> Result<LightClientHeader, ConsensusError> {
        if *self == Self::default() {
            return Ok(LightClientHeader::default()); // an update without finality
        }
        if spec.fork_at(self.beacon.slot) < Fork::Capella {
            let empty = Self { beacon: self.beacon, ..Default::default() };
            return if *self == empty { bare(self.beacon) } else { Err(BEFORE_CAPELLA) };
        }
        Ok(with_hash(
            self.beacon,
            self.execution.block_hash,
            &capella_roots(&self.execution),
            &self.execution_branch,
        ))
    }
    fn slot(&self) -> Slot {
        self.beacon.slot
    }
}

impl UpgradeHeader for DenebHeader {
    fn upgrade(&self, spec: &NetworkSpec) -> Result<LightClientHeader, ConsensusError> {
        if *self == Self::default() {
            return Ok(LightClientHeader::default()); // an update without finality
        }
        let fork = spec.fork_at(self.beacon.slot);
        if fork < Fork::Capella {
            let empty = Self { beacon: self.beacon, ..Default::default() };
            return if *self == empty { bare(self.beacon) } else { Err(BEFORE_CAPELLA) };
        }
        let execution = &self.execution;
        if fork < Fork::Deneb {
            if execution.blob_gas_used != 0 || execution.excess_blob_gas != 0 {
                return Err(ConsensusError::BlobGasBeforeDeneb);
            }
            let roots = capella_roots(&without_blob_gas(execution));
            return Ok(with_hash(self.beacon, execution.block_hash, &roots, &self.execution_branch));
        }
        Ok(with_hash(self.beacon, execution.block_hash, &deneb_roots(execution), &self.execution_branch))
    }
    fn slot(&self) -> Slot {
        self.beacon.slot
    }
}

impl UpgradeHeader for GloasHeader {
    fn upgrade(&self, _spec: &NetworkSpec) -> Result<LightClientHeader, ConsensusError> {
        Ok(LightClientHeader {
            beacon: self.beacon,
            execution_block_hash: self.execution_block_hash,
            execution_branch: ExecutionBranch::normalize(&self.execution_branch).unwrap_or_default(),
        })
    }
    fn slot(&self) -> Slot {
        self.beacon.slot
    }
}

fn bare(beacon: BeaconBlockHeader) -> Result<LightClientHeader, ConsensusError> {
    Ok(LightClientHeader { beacon, ..Default::default() })
}

/// The branch of the block hash inside the payload header, then the payload's own branch to the body.
fn with_hash(
    beacon: BeaconBlockHeader,
    hash: B256,
    field_roots: &[B256],
    payload_branch: &[B256],
) -> LightClientHeader {
    let depth = field_roots.len().next_power_of_two().trailing_zeros() as usize;
    let mut branch = merkle_branch_of(field_roots, BLOCK_HASH_FIELD, depth);
    branch.extend_from_slice(payload_branch);
    LightClientHeader {
        beacon,
        execution_block_hash: hash,
        execution_branch: ExecutionBranch::normalize(&branch).unwrap_or_default(),
    }
}

fn without_blob_gas(header: &ExecutionPayloadHeaderDeneb) -> ExecutionPayloadHeaderCapella {
    ExecutionPayloadHeaderCapella {
        parent_hash: header.parent_hash,
        fee_recipient: header.fee_recipient,
        state_root: header.state_root,
        receipts_root: header.receipts_root,
        logs_bloom: header.logs_bloom,
        prev_randao: header.prev_randao,
        block_number: header.block_number,
        gas_limit: header.gas_limit,
        gas_used: header.gas_used,
        timestamp: header.timestamp,
        extra_data: header.extra_data.clone(),
        base_fee_per_gas: header.base_fee_per_gas,
        block_hash: header.block_hash,
        transactions_root: header.transactions_root,
        withdrawals_root: header.withdrawals_root,
    }
}

macro_rules! field_roots {
    ($header:expr; $($field:ident),*) => { vec![$($header.$field.tree_hash_root()),*] };
}

fn capella_roots(header: &ExecutionPayloadHeaderCapella) -> Vec<B256> {
    field_roots![header; parent_hash, fee_recipient, state_root, receipts_root, logs_bloom, prev_randao, block_number,
        gas_limit, gas_used, timestamp, extra_data, base_fee_per_gas, block_hash, transactions_root, withdrawals_root]
}

fn deneb_roots(header: &ExecutionPayloadHeaderDeneb) -> Vec<B256> {
    field_roots![header; parent_hash, fee_recipient, state_root, receipts_root, logs_bloom, prev_randao, block_number,
        gas_limit, gas_used, timestamp, extra_data, base_fee_per_gas, block_hash, transactions_root, withdrawals_root,
        blob_gas_used, excess_blob_gas]
}

impl<P: Preset, F: ForkForm> LightClientBootstrap<P, F> {
    /// The object in the internal shape.
    ///
    /// # Errors
    /// See [`UpgradeHeader::upgrade`].
    pub fn upgrade(self, spec: &NetworkSpec) -> Result<Bootstrap<P>, ConsensusError> {
        Ok(Bootstrap {
            header: self.header.upgrade(spec)?,
            current_sync_committee: Arc::new(Committee::new(self.current_sync_committee)),
            current_sync_committee_branch: CommitteeBranch::normalize(&self.current_sync_committee_branch)
                .ok_or(ConsensusError::CurrentCommitteeBranch)?,
        })
    }
}

impl<P: Preset, F: ForkForm> LightClientUpdate<P, F> {
    /// The object in the internal shape.
    ///
    /// # Errors
    /// `NextCommitteeUnproven` for a committee without a branch, and see [`UpgradeHeader::upgrade`].
    pub fn upgrade(self, spec: &NetworkSpec) -> Result<Update<P>, ConsensusError> {
        let branch = CommitteeBranch::normalize(&self.next_sync_committee_branch)
            .ok_or(ConsensusError::NextCommitteeBranch)?;
        let next_sync_committee = if branch == CommitteeBranch::default() {
            if self.next_sync_committee != SyncCommittee::default() {
                return Err(ConsensusError::NextCommitteeUnproven);
            }
            None
        } else {
            Some(Arc::new(Committee::new(self.next_sync_committee)))
        };
        Ok(Update {
            attested_header: self.attested_header.upgrade(spec)?,
            next_sync_committee,
            next_sync_committee_branch: branch,
            finalized_header: self.finalized_header.upgrade(spec)?,
            finality_branch: FinalityBranch::normalize(&self.finality_branch)
                .ok_or(ConsensusError::FinalityBranch)?,
            sync_aggregate: self.sync_aggregate,
            signature_slot: self.signature_slot,
        })
    }
}

impl<P: Preset, F: ForkForm> LightClientFinalityUpdate<P, F> {
    /// The object in the internal shape.
    ///
    /// # Errors
    /// See [`UpgradeHeader::upgrade`].
    pub fn upgrade(self, spec: &NetworkSpec) -> Result<Update<P>, ConsensusError> {
        Ok(Update {
            attested_header: self.attested_header.upgrade(spec)?,
            next_sync_committee: None,
            next_sync_committee_branch: CommitteeBranch::default(),
            finalized_header: self.finalized_header.upgrade(spec)?,
            finality_branch: FinalityBranch::normalize(&self.finality_branch)
                .ok_or(ConsensusError::FinalityBranch)?,
            sync_aggregate: self.sync_aggregate,
            signature_slot: self.signature_slot,
        })
    }
}

impl<P: Preset, F: ForkForm> LightClientOptimisticUpdate<P, F> {
    /// The object in the internal shape.
    ///
    /// # Errors
    /// See [`UpgradeHeader::upgrade`].
    pub fn upgrade(self, spec: &NetworkSpec) -> Result<Update<P>, ConsensusError> {
        Ok(Update {
            attested_header: self.attested_header.upgrade(spec)?,
            next_sync_committee: None,
            next_sync_committee_branch: CommitteeBranch::default(),
            finalized_header: LightClientHeader::default(),
            finality_branch: FinalityBranch::default(),
            sync_aggregate: self.sync_aggregate,
            signature_slot: self.signature_slot,
        })
    }
}
