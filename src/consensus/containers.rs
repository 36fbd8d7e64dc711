//! Containers that every fork shares, and the one internal shape that all light-client data is brought to.

use std::sync::Arc;

use alloy::primitives::{B256, FixedBytes};
use alloy::serde::displayfromstr;
use serde::{Deserialize, Serialize};
use ssz_derive::{Decode, Encode};
use ssz_types::{BitVector, FixedVector};
use tree_hash::TreeHash as _;
use tree_hash_derive::TreeHash;

use super::generalized_index::{CommitteeBranch, ExecutionBranch, FinalityBranch};
use super::{Committee, Preset};
use crate::networks::Slot;

/// A compressed BLS public key.
pub type PublicKeyBytes = FixedBytes<48>;
/// A compressed BLS signature.
pub type SignatureBytes = FixedBytes<96>;

/// `BeaconBlockHeader` of phase 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct BeaconBlockHeader {
    #[serde(with = "displayfromstr")]
    pub slot: Slot,
    #[serde(with = "displayfromstr")]
    pub proposer_index: u64,
    pub parent_root: B256,
    pub state_root: B256,
    pub body_root: B256,
}

impl BeaconBlockHeader {
    /// `hash_tree_root(header)`.
    pub fn root(&self) -> B256 {
        self.tree_hash_root()
    }
}

/// `SyncCommittee` of Altair.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct SyncCommittee<P: Preset> {
    /// Compressed keys, in committee order.
    pub pubkeys: FixedVector<PublicKeyBytes, P::SyncCommitteeSize>,
    /// Sum of all keys, compressed.
    pub aggregate_pubkey: PublicKeyBytes,
}

/// `SyncAggregate` of Altair.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct SyncAggregate<P: Preset> {
    /// Which members signed.
    pub sync_committee_bits: BitVector<P::SyncCommitteeSize>,
    /// Their aggregate signature.
    pub sync_committee_signature: SignatureBytes,
}

impl<P: Preset> SyncAggregate<P> {
    /// How many members signed.
    pub fn participants(&self) -> u64 {
        self.sync_committee_bits.num_set_bits() as u64
    }
}

/// `LightClientHeader` in the Gloas shape: a beacon header and the execution block hash that its body commits to.
/// Before Capella there is no hash and both parts are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LightClientHeader {
    /// The beacon header.
    pub beacon: BeaconBlockHeader,
    /// Execution block hash; from Gloas on that of the parent payload.
    pub execution_block_hash: B256,
    /// Normalized branch from the hash to `beacon.body_root`.
    pub execution_branch: ExecutionBranch,
}

/// `LightClientBootstrap` in the internal shape.
#[derive(Debug, Clone)]
pub struct Bootstrap<P: Preset> {
    /// The header whose root is trusted.
    pub header: LightClientHeader,
    /// Committee of its period.
    pub current_sync_committee: Arc<Committee<P>>,
    /// Normalized branch to the state root.
    pub current_sync_committee_branch: CommitteeBranch,
}

/// A light-client update of any kind in the internal shape; what a kind lacks is `None` or zero.
#[derive(Debug, Clone)]
pub struct Update<P: Preset> {
    /// The header the committee signed.
    pub attested_header: LightClientHeader,
    /// Committee of the attested header's next period; only in full updates.
    pub next_sync_committee: Option<Arc<Committee<P>>>,
    /// Normalized branch of that committee; zero without one.
    pub next_sync_committee_branch: CommitteeBranch,
    /// The header that the attested state calls final; default without one.
    pub finalized_header: LightClientHeader,
    /// Normalized branch of its root; zero without one.
    pub finality_branch: FinalityBranch,
    /// Who signed, and the signature.
    pub sync_aggregate: SyncAggregate<P>,
    /// Slot in which it was signed (or a later one, in which it was included).
    pub signature_slot: Slot,
}

impl<P: Preset> Update<P> {
    /// `is_sync_committee_update`.
    pub fn has_next_sync_committee(&self) -> bool {
        self.next_sync_committee.is_some()
    }

    /// `is_finality_update`.
    pub fn has_finality(&self) -> bool {
        self.finality_branch != FinalityBranch::default()
    }

    /// Slot of the attested header.
    pub fn attested_slot(&self) -> Slot {
        self.attested_header.beacon.slot
    }

    /// Slot of the finalized header, 0 without one.
    pub fn finalized_slot(&self) -> Slot {
        self.finalized_header.beacon.slot
    }

    /// Slot in which it was signed.
    pub fn signature_slot(&self) -> Slot {
        self.signature_slot
    }
}
