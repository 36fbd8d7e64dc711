//! `initialize_light_client_store`.

use alloy::primitives::B256;

use super::generalized_index::current_sync_committee_gindex;
use super::merkle_branch::is_valid_normalized_merkle_branch;
use super::store::is_valid_light_client_header;
use super::{Bootstrap, ConsensusError, LightClientStore, Preset};
use crate::networks::NetworkSpec;

impl<P: Preset> LightClientStore<P> {
    /// `initialize_light_client_store(trusted_block_root, bootstrap)`.
    ///
    /// # Errors
    /// `NotTheTrustedRoot`, `ExecutionBranch`, `CurrentCommitteeBranch`.
    pub fn initialize(
        trusted: B256,
        bootstrap: Bootstrap<P>,
        spec: &NetworkSpec,
    ) -> Result<Self, ConsensusError> {
        let beacon = &bootstrap.header.beacon;
        let found = beacon.root();
        if found != trusted {
            return Err(ConsensusError::NotTheTrustedRoot { trusted, found });
        }
        if !is_valid_light_client_header(&bootstrap.header, spec) {
            return Err(ConsensusError::ExecutionBranch { which: "bootstrap" });
        }
        if !is_valid_normalized_merkle_branch(
            bootstrap.current_sync_committee.root(),
            &bootstrap.current_sync_committee_branch.0,
            current_sync_committee_gindex(spec.fork_at(beacon.slot)),
            beacon.state_root,
        ) {
            return Err(ConsensusError::CurrentCommitteeBranch);
        }
        Ok(Self {
            finalized_header: bootstrap.header,
            current_sync_committee: bootstrap.current_sync_committee,
            next_sync_committee: None,
            best_valid_update: None,
            optimistic_header: bootstrap.header,
            previous_max_active_participants: 0,
            current_max_active_participants: 0,
        })
    }
}
