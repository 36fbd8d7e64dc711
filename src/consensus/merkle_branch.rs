//! Merkle branches over SHA-256.

use alloy::primitives::B256;
use ethereum_hashing::hash32_concat;

use super::generalized_index::{GeneralizedIndex, depth};

/// Root that `leaf` leads to by `branch`, lowest sibling first; `index` tells left from right at each level.
pub fn merkle_branch_root(leaf: B256, branch: &[B256], mut index: u64) -> B256 {
    let mut node = leaf;
    for sibling in branch {
        node = B256::from(if index & 1 == 1 {
            hash32_concat(sibling.as_slice(), node.as_slice())
        } else {
            hash32_concat(node.as_slice(), sibling.as_slice())
        });
        index >>= 1;
    }
    node
}

/// `is_valid_normalized_merkle_branch`: zeros in front, then a branch of exactly the depth of `gindex` to `root`.
pub fn is_valid_normalized_merkle_branch(
    leaf: B256,
    branch: &[B256],
    gindex: GeneralizedIndex,
    root: B256,
) -> bool {
    let Some(extra) = branch.len().checked_sub(depth(gindex)) else { return false };
    let (zeros, rest) = branch.split_at(extra);
    zeros.iter().all(B256::is_zero) && merkle_branch_root(leaf, rest, gindex) == root
}

/// Branch of `leaves[index]` in a tree of `leaves` padded with zeros to `2^depth`, lowest sibling first.
pub fn merkle_branch_of(leaves: &[B256], index: usize, depth: usize) -> Vec<B256> {
    let mut level: Vec<B256> = leaves.to_vec();
    let mut zero = B256::ZERO;
    let mut index = index;
    let mut branch = Vec::with_capacity(depth);
    for _ in 0..depth {
        branch.push(level.get(index ^ 1).copied().unwrap_or(zero));
        level = level
            .chunks(2)
            .map(|pair| {
                let left = pair.first().copied().unwrap_or(zero);
                let right = pair.get(1).copied().unwrap_or(zero);
                B256::from(hash32_concat(left.as_slice(), right.as_slice()))
            })
            .collect();
        zero = B256::from(hash32_concat(zero.as_slice(), zero.as_slice()));
        index >>= 1;
    }
    branch
}
