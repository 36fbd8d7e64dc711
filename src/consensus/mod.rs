//! Which block hash did the sync committee sign? The light client of the consensus specs, Altair to Gloas.
//!
//! *Invariant*: pure. No I/O, no clock, no log, no async: the slot, the root and the bytes are arguments.

mod bls;
mod containers;
mod error;
mod generalized_index;
mod is_better_update;
mod merkle_branch;
mod preset;
mod process_update;
mod product_store;
mod proven_block;
mod signing_root;
mod store;
mod validate_bootstrap;
mod validate_update;
mod weak_subjectivity;
pub mod wire;

pub use bls::{Committee, eth_aggregate_pubkeys, eth_fast_aggregate_verify};
pub use containers::{
    BeaconBlockHeader, Bootstrap, LightClientHeader, PublicKeyBytes, SignatureBytes, SyncAggregate,
    SyncCommittee, Update,
};
pub use error::ConsensusError;
pub use generalized_index::{
    BLOCK_HASH_FIELD, CommitteeBranch, EXECUTION_BLOCK_HASH_GINDEX_GLOAS, EXECUTION_PAYLOAD_GINDEX,
    ExecutionBranch, FinalityBranch, GeneralizedIndex, current_sync_committee_gindex,
    execution_block_hash_gindex, finalized_root_gindex, next_sync_committee_gindex,
};
pub use merkle_branch::{is_valid_normalized_merkle_branch, merkle_branch_of, merkle_branch_root};
pub use preset::{Mainnet, Minimal, Preset};
pub use product_store::{Progress, Store, TwoHeads};
pub use proven_block::{Finality, ProvenBlock};
pub use signing_root::{fork_digest, fork_of_digest, sync_committee_signing_root};
pub use store::{LightClientStore, execution_root, is_valid_light_client_header};
pub use weak_subjectivity::weak_subjectivity_bound_epochs;
