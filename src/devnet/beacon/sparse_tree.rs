//! A Merkle tree of which only some nodes are given; every other one is a filler.

use std::collections::BTreeMap;

use alloy::primitives::{B256, keccak256};
use ethereum_hashing::hash32_concat;

use crate::consensus::GeneralizedIndex;

/// Given nodes by generalized index, and the seed of all others.
#[derive(Debug, Clone, Default)]
pub(super) struct SparseTree {
    seed: u64,
    given: BTreeMap<GeneralizedIndex, B256>,
}

impl SparseTree {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, given: BTreeMap::new() }
    }

    pub(super) fn set(&mut self, index: GeneralizedIndex, node: B256) {
        self.given.insert(index, node);
    }

    pub(super) fn root(&self) -> B256 {
        self.node(1)
    }

    /// Siblings from `index` up to the root, lowest first.
    pub(super) fn branch(&self, index: GeneralizedIndex) -> Vec<B256> {
        std::iter::successors(Some(index), |index| Some(index / 2))
            .take_while(|index| *index > 1)
            .map(|index| self.node(index ^ 1))
            .collect()
    }

    fn node(&self, index: GeneralizedIndex) -> B256 {
        if let Some(given) = self.given.get(&index) {
            return *given;
        }
        if self.given.keys().any(|below| is_below(*below, index)) {
            let (left, right) = (self.node(index * 2), self.node(index * 2 + 1));
            return B256::from(hash32_concat(left.as_slice(), right.as_slice()));
        }
        keccak256([self.seed.to_le_bytes(), index.to_le_bytes()].concat())
    }
}

fn is_below(below: GeneralizedIndex, above: GeneralizedIndex) -> bool {
    below > above && (below >> (below.ilog2().saturating_sub(above.ilog2()))) == above
}
