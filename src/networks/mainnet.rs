//! Ethereum mainnet.
//!
//! Sources: `configs/mainnet.yaml` of the consensus specs, and npm `@lodestar/config` 1.48.0 for the blob schedule.

use alloy::primitives::b256;

use super::spec::{ENS_REGISTRY, mainnet_preset};
use super::{BlobParameters, Checkpoint, Fork, ForkSchedule, NetworkSpec};

/// Ethereum mainnet. The shipped checkpoint is of 1 April 2026, block 14 017 856: past the weak-subjectivity bound
/// since mid-April, so a start from it stops and asks (see `chain::SyncError::CheckpointTooOld`). A release embeds a
/// recent one.
pub fn mainnet() -> NetworkSpec {
    let forks = [
        (Fork::Phase0, 0x0000_0000, Some(0)),
        (Fork::Altair, 0x0100_0000, Some(74_240)),
        (Fork::Bellatrix, 0x0200_0000, Some(144_896)),
        (Fork::Capella, 0x0300_0000, Some(194_048)),
        (Fork::Deneb, 0x0400_0000, Some(269_568)),
        (Fork::Electra, 0x0500_0000, Some(364_032)),
        (Fork::Fulu, 0x0600_0000, Some(411_392)),
        (Fork::Gloas, 0x0700_0000, None),
    ];
    let blobs = [(412_672, 15), (419_072, 21)];
    NetworkSpec {
        name: "mainnet".to_owned(),
        chain_id: 1,
        genesis_time_secs: 1_606_824_023,
        genesis_validators_root: b256!("4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95"),
        forks: ForkSchedule::new(&forks, &blobs),
        checkpoint: Some(Checkpoint {
            root: b256!("9bcb90ec3a294591b77dd2a58e973578715cdc0e6eeeb286bc06dd120057f18b"),
            slot: Some(14_017_856),
        }),
        ens_registry: Some(ENS_REGISTRY),
        ..mainnet_preset()
    }
}

impl ForkSchedule {
    /// A schedule from `(fork, version, epoch)` and `(epoch, max blobs)`, with mainnet's `MAX_BLOBS_PER_BLOCK_ELECTRA`.
    pub fn new(forks: &[(Fork, u32, Option<u64>)], blobs: &[(u64, u64)]) -> Self {
        let activation = |(fork, version, epoch): &(Fork, u32, Option<u64>)| super::ForkActivation {
            fork: *fork,
            version: version.to_be_bytes().into(),
            epoch: *epoch,
        };
        Self {
            forks: forks.iter().map(activation).collect(),
            blob_schedule: blobs
                .iter()
                .map(|(epoch, max_blobs_per_block)| BlobParameters {
                    epoch: *epoch,
                    max_blobs_per_block: *max_blobs_per_block,
                })
                .collect(),
            max_blobs_per_block_electra: 9,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_slots_and_forks_as_published() {
        let spec = mainnet();
        assert_eq!(spec.fork_at(194_048 * 32), Fork::Capella);
        assert_eq!(spec.fork_at(194_048 * 32 - 1), Fork::Bellatrix);
        assert_eq!(spec.fork_at(14_017_856), Fork::Fulu);
        assert_eq!(spec.period_at(14_017_856), 1_711);
        assert_eq!(spec.slot_at(1_606_824_023_000), 0);
        assert_eq!(spec.slot_start_ms(1), 1_606_824_035_000);
        assert_eq!(spec.forks.blob_parameters_at(411_392).max_blobs_per_block, 9);
        assert_eq!(
            spec.forks.blob_parameters_at(411_392).epoch,
            364_032,
            "before the schedule Electra's apply"
        );
        assert_eq!(spec.forks.blob_parameters_at(420_000).max_blobs_per_block, 21);
    }

    #[test]
    fn gloas_can_be_announced() {
        let spec = mainnet().with_gloas_epoch(Some(500_000));
        assert_eq!(spec.fork_at(500_000 * 32), Fork::Gloas);
        assert_eq!(spec.fork_at(500_000 * 32 - 1), Fork::Fulu);
        assert_eq!(mainnet().fork_at(u64::MAX), Fork::Fulu);
    }
}
