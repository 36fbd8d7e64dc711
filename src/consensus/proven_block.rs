//! What consensus proves: an execution block hash.

use alloy::primitives::B256;

use crate::networks::Slot;

/// How firmly the committee's signature holds a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Finality {
    /// The committee signed a header that says this block is final.
    Final,
    /// The committee signed this block; it is the head and may still be reorganised.
    Optimistic,
}

/// An execution block hash that a sync committee vouched for. Only this room makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvenBlock {
    pub(super) slot: Slot,
    pub(super) beacon_root: B256,
    pub(super) block_hash: B256,
    pub(super) finality: Finality,
    pub(super) participants: u64,
    pub(super) committee_size: u64,
}

impl ProvenBlock {
    /// Slot of the beacon header that carries the hash. From Gloas on the payload is that of an earlier slot.
    pub fn slot(&self) -> Slot {
        self.slot
    }
    /// `hash_tree_root` of that beacon header.
    pub fn beacon_root(&self) -> B256 {
        self.beacon_root
    }
    /// The proven execution block hash (from Gloas on: the parent payload's).
    pub fn block_hash(&self) -> B256 {
        self.block_hash
    }
    /// Final or head.
    pub fn finality(&self) -> Finality {
        self.finality
    }
    /// How many committee members signed the update this came with.
    pub fn participants(&self) -> u64 {
        self.participants
    }
    /// Members of the committee (512 with the mainnet preset).
    pub fn committee_size(&self) -> u64 {
        self.committee_size
    }
}
