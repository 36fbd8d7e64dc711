//! Generalized indices by fork, and branches normalized to the longest of them.
//!
//! Sources: `light-client/sync-protocol.md` of Altair, Capella, Electra and Gloas.

use alloy::primitives::B256;

use crate::networks::Fork;

/// A generalized index: 1 is the root, `2i` and `2i + 1` are the children of `i`.
pub type GeneralizedIndex = u64;

/// `EXECUTION_PAYLOAD_GINDEX` (Capella to Fulu).
pub const EXECUTION_PAYLOAD_GINDEX: GeneralizedIndex = 25;
/// `EXECUTION_BLOCK_HASH_GINDEX_GLOAS`: the bid's parent block hash in the body.
pub const EXECUTION_BLOCK_HASH_GINDEX_GLOAS: GeneralizedIndex = 2_856;
/// Index of `block_hash` among the fields of `ExecutionPayloadHeader`.
pub const BLOCK_HASH_FIELD: usize = 12;

/// `finalized_root_gindex_at_slot`, by the fork at that slot.
pub fn finalized_root_gindex(fork: Fork) -> GeneralizedIndex {
    match fork {
        Fork::Gloas => 735,
        Fork::Electra | Fork::Fulu => 169,
        _ => 105,
    }
}

/// `current_sync_committee_gindex_at_slot`, by the fork at that slot.
pub fn current_sync_committee_gindex(fork: Fork) -> GeneralizedIndex {
    match fork {
        Fork::Gloas => 2_945,
        Fork::Electra | Fork::Fulu => 86,
        _ => 54,
    }
}

/// `next_sync_committee_gindex_at_slot`, by the fork at that slot.
pub fn next_sync_committee_gindex(fork: Fork) -> GeneralizedIndex {
    match fork {
        Fork::Gloas => 2_946,
        Fork::Electra | Fork::Fulu => 87,
        _ => 55,
    }
}

/// Index of the execution block hash in the body; `None` before Capella.
pub fn execution_block_hash_gindex(fork: Fork) -> Option<GeneralizedIndex> {
    match fork {
        Fork::Gloas => Some(EXECUTION_BLOCK_HASH_GINDEX_GLOAS),
        Fork::Deneb | Fork::Electra | Fork::Fulu => Some(812),
        Fork::Capella => Some(412),
        Fork::Phase0 | Fork::Altair | Fork::Bellatrix => None,
    }
}

/// `floorlog2(index)`: the depth of a node below the root.
pub(super) fn depth(index: GeneralizedIndex) -> usize {
    index.checked_ilog2().unwrap_or(0) as usize
}

macro_rules! branch {
    ($(#[$doc:meta])* $name:ident, $length:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub [B256; $length]);

        impl Default for $name {
            fn default() -> Self {
                Self([B256::ZERO; $length])
            }
        }

        impl $name {
            /// `normalize_merkle_branch`: the branch with zeros in front up to the longest length; `None` if too long.
            pub fn normalize(branch: &[B256]) -> Option<Self> {
                let mut normalized = [B256::ZERO; $length];
                let start = normalized.len().checked_sub(branch.len())?;
                normalized.iter_mut().skip(start).zip(branch).for_each(|(to, from)| *to = *from);
                Some(Self(normalized))
            }
        }
    };
}

branch!(
    /// A normalized branch of a sync committee to the state root.
    CommitteeBranch, 11
);
branch!(
    /// A normalized branch of the finalized root to the state root.
    FinalityBranch, 9
);
branch!(
    /// A normalized branch of the execution block hash to the body root.
    ExecutionBranch, 11
);
