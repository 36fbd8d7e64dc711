//! `LightClientStore` exactly as in the specs, every object upgraded to the newest form.

use std::sync::Arc;

use alloy::primitives::B256;

use super::generalized_index::{EXECUTION_PAYLOAD_GINDEX, depth, execution_block_hash_gindex};
use super::merkle_branch::merkle_branch_root;
use super::{Committee, LightClientHeader, Preset, Update};
use crate::networks::{Fork, NetworkSpec};

/// `LightClientStore` of the specs.
#[derive(Debug, Clone)]
pub struct LightClientStore<P: Preset> {
    /// Newest header signed as final.
    pub finalized_header: LightClientHeader,
    /// Committee of the finalized header's period.
    pub current_sync_committee: Arc<Committee<P>>,
    /// Committee of the next period, once known.
    pub next_sync_committee: Option<Arc<Committee<P>>>,
    /// Best update since the last one applied; a forced update would take it.
    pub best_valid_update: Option<Box<Update<P>>>,
    /// Newest header that is reasonably safe.
    pub optimistic_header: LightClientHeader,
    /// Most participants seen in the previous period.
    pub previous_max_active_participants: u64,
    /// Most participants seen in this period.
    pub current_max_active_participants: u64,
}

impl<P: Preset> LightClientStore<P> {
    /// `is_next_sync_committee_known`.
    pub fn is_next_sync_committee_known(&self) -> bool {
        self.next_sync_committee.is_some()
    }

    /// `get_safety_threshold`.
    pub fn safety_threshold(&self) -> u64 {
        self.previous_max_active_participants.max(self.current_max_active_participants) / 2
    }
}

/// `is_valid_light_client_header` of Gloas, which covers every older fork in its upgraded form.
pub fn is_valid_light_client_header(header: &LightClientHeader, spec: &NetworkSpec) -> bool {
    match execution_block_hash_gindex(spec.fork_at(header.beacon.slot)) {
        Some(gindex) => super::merkle_branch::is_valid_normalized_merkle_branch(
            header.execution_block_hash,
            &header.execution_branch.0,
            gindex,
            header.beacon.body_root,
        ),
        None => header.execution_block_hash.is_zero() && header.execution_branch == Default::default(),
    }
}

/// `get_lc_execution_root`: root of the payload header before Gloas, the block hash from Gloas on.
pub fn execution_root(header: &LightClientHeader, spec: &NetworkSpec) -> B256 {
    let fork = spec.fork_at(header.beacon.slot);
    let Some(gindex) = execution_block_hash_gindex(fork) else { return B256::ZERO };
    if fork >= Fork::Gloas {
        return header.execution_block_hash;
    }
    let (branch, payload) = (&header.execution_branch.0, depth(EXECUTION_PAYLOAD_GINDEX));
    let start = branch.len().saturating_sub(depth(gindex));
    let inner = branch.get(start..branch.len().saturating_sub(payload)).unwrap_or_default();
    merkle_branch_root(header.execution_block_hash, inner, gindex)
}
