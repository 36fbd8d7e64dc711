//! `light_client/single_merkle_proof`: which index proves what, and how long the branch is.
//!
//! The object itself (a whole state or body) is not merkleised here: a light client has no such containers. What the
//! branch leads to is checked by the sync cases and captured data, whose roots are signed.

use alloy::primitives::B256;
use lifeboat::consensus::{
    EXECUTION_PAYLOAD_GINDEX, current_sync_committee_gindex, execution_block_hash_gindex,
    finalized_root_gindex, is_valid_normalized_merkle_branch, merkle_branch_root, next_sync_committee_gindex,
};
use lifeboat::networks::Fork;

use super::Case;
use super::spec::{number, root};

pub(super) fn run(case: &Case) {
    let proof = case.yaml("proof.yaml");
    let (leaf, index) = (root(&proof["leaf"]), number(&proof["leaf_index"]));
    let branch: Vec<B256> = proof["branch"].as_sequence().unwrap().iter().map(root).collect();
    let fork = Fork::from_name(&case.fork).unwrap();
    let expected = match case.name.as_str() {
        "current_sync_committee_merkle_proof" => current_sync_committee_gindex(fork),
        "next_sync_committee_merkle_proof" => next_sync_committee_gindex(fork),
        "finality_root_merkle_proof" => finalized_root_gindex(fork),
        "execution_merkle_proof" => EXECUTION_PAYLOAD_GINDEX,
        "execution_block_hash_merkle_proof" => execution_block_hash_gindex(fork).unwrap(),
        other => panic!("unknown proof {other}: {}", case.dir.display()),
    };
    assert_eq!(index, expected, "{}", case.dir.display());
    let computed = merkle_branch_root(leaf, &branch, index);
    assert!(is_valid_normalized_merkle_branch(leaf, &branch, index, computed));
    assert!(!is_valid_normalized_merkle_branch(leaf, &branch[1..], index, computed), "a short branch passed");
    // Equal siblings (the two committees at genesis) are the one case in which left and right cannot be told apart.
    if leaf != branch[0] {
        assert!(
            !is_valid_normalized_merkle_branch(leaf, &branch, index ^ 1, computed),
            "the sibling's index passed"
        );
    }
    assert!(!case.ssz("object").is_empty());
}
