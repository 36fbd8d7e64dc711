//! Domains, signing roots and fork digests.

use alloy::primitives::{B256, FixedBytes};
use ethereum_hashing::{hash_fixed, hash32_concat};

use super::BeaconBlockHeader;
use crate::networks::{Fork, NetworkSpec, Slot};

/// `DOMAIN_SYNC_COMMITTEE`.
const DOMAIN_SYNC_COMMITTEE: [u8; 4] = [7, 0, 0, 0];

/// `compute_fork_data_root(version, genesis_validators_root)`: a container of two leaves.
fn fork_data_root(version: FixedBytes<4>, genesis_validators_root: B256) -> B256 {
    B256::from(hash32_concat(
        B256::right_padding_from(version.as_slice()).as_slice(),
        genesis_validators_root.as_slice(),
    ))
}

/// `compute_signing_root(header, compute_domain(DOMAIN_SYNC_COMMITTEE, …))` as `validate_light_client_update` does: the
/// fork version is that of the slot **before** the signature slot.
pub fn sync_committee_signing_root(
    header: &BeaconBlockHeader,
    signature_slot: Slot,
    spec: &NetworkSpec,
) -> B256 {
    let version = spec.forks.version_at(spec.epoch_at(signature_slot.max(1) - 1));
    let fork_data = fork_data_root(version, spec.genesis_validators_root);
    let mut domain = [0; 32];
    domain
        .iter_mut()
        .zip(DOMAIN_SYNC_COMMITTEE.iter().chain(fork_data.iter()))
        .for_each(|(to, from)| *to = *from);
    B256::from(hash32_concat(header.root().as_slice(), &domain))
}

/// `compute_fork_digest(epoch)`. From Fulu on it mixes in the blob parameters of the epoch (EIP-7892).
pub fn fork_digest(spec: &NetworkSpec, epoch: u64) -> FixedBytes<4> {
    let base = fork_data_root(spec.forks.version_at(epoch), spec.genesis_validators_root);
    let mut digest = FixedBytes::<4>::right_padding_from(&[]);
    let mut mask = [0; 32];
    if spec.forks.fork_at(epoch) >= Fork::Fulu {
        let parameters = spec.forks.blob_parameters_at(epoch);
        let mut bytes = [0; 16];
        let mixed =
            parameters.epoch.to_le_bytes().into_iter().chain(parameters.max_blobs_per_block.to_le_bytes());
        bytes.iter_mut().zip(mixed).for_each(|(to, from)| *to = from);
        mask = hash_fixed(&bytes);
    }
    digest.iter_mut().zip(base.iter().zip(mask)).for_each(|(to, (left, right))| *to = left ^ right);
    digest
}

/// The fork that a digest belongs to; `None` for one that this network's schedule does not know.
pub fn fork_of_digest(spec: &NetworkSpec, digest: FixedBytes<4>) -> Option<Fork> {
    let starts = spec.forks.forks.iter().filter_map(|activation| activation.epoch);
    let blob_only = spec.forks.blob_schedule.iter().map(|entry| entry.epoch);
    starts
        .chain(blob_only)
        .find(|epoch| fork_digest(spec, *epoch) == digest)
        .map(|epoch| spec.forks.fork_at(epoch))
}
