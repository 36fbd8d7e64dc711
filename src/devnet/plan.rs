//! Which slots a practice network begins with, and the network they are of.

use alloy::primitives::{B256, FixedBytes, keccak256};

use super::PracticeOptions;
use super::beacon::{BeaconChain, BeaconConfig, BeaconError, Payloads};
use super::execution::ChainConfig;
use crate::networks::{Checkpoint, Fork, ForkActivation, ForkSchedule, NetworkSpec, Slot};

/// The slots to make and the network they are of.
pub(super) struct Plan {
    spec: NetworkSpec,
    pub(super) execution: ChainConfig,
    first_slot: Slot,
    slots: Vec<Slot>,
}

impl Plan {
    pub(super) fn new(options: &PracticeOptions, chain_id: u64) -> Self {
        let per_period: u64 = 32 * 256;
        let head_period = options.old_periods.saturating_add(1);
        let offset = options
            .period_ends_in
            .map_or(per_period / 2, |left| per_period.saturating_sub(left.min(per_period)));
        let head = head_period.saturating_mul(per_period).saturating_add(offset);
        let genesis_time_secs = options.now_ms.saturating_sub(head.saturating_mul(options.slot_ms)) / 1_000;
        let gloas_epoch = match (options.fork, options.gloas_in_epochs) {
            (Fork::Gloas, _) => Some(0),
            (_, wait) => wait.map(|wait| (head / 32).saturating_add(wait)),
        };
        let spec = NetworkSpec {
            name: "practice".to_owned(),
            chain_id,
            genesis_time_secs,
            // Each start is a chain of its own, and data of an earlier one must not pass for its.
            genesis_validators_root: keccak256(
                [b"lifeboat practice network".as_slice(), &options.now_ms.to_be_bytes()].concat(),
            ),
            slot_duration_ms: options.slot_ms,
            slots_per_epoch: 32,
            epochs_per_period: 256,
            forks: forks(options.fork, gloas_epoch),
            checkpoint: None,
            ens_registry: None,
        };
        // Of each old period only a final block, one that shows it two epochs on, and one that signs that.
        let mut slots: Vec<Slot> = (1..=options.old_periods)
            .flat_map(|period| [0, 96, 97].map(|at| period.saturating_mul(per_period).saturating_add(at)))
            .collect();
        let history = head.saturating_sub(options.history_slots.min(offset));
        slots.extend(history..=head);
        let first_slot = slots.first().copied().unwrap_or(head);
        slots.remove(0);
        let start_secs = genesis_time_secs.saturating_add(first_slot.saturating_mul(options.slot_ms) / 1_000);
        let time_of = |epoch: u64| spec.slot_start_ms(epoch.saturating_mul(32)) / 1_000;
        let execution = ChainConfig {
            osaka_time_secs: (options.fork >= Fork::Fulu).then_some(0),
            amsterdam_time_secs: gloas_epoch.map(time_of),
            ..ChainConfig::practice(chain_id, start_secs.saturating_sub(1))
        };
        Self { spec, execution, first_slot, slots }
    }

    /// Makes the slots. The chain, and its network with a block to start from.
    pub(super) fn make(self, payloads: Payloads) -> Result<(NetworkSpec, BeaconChain), BeaconError> {
        let config = BeaconConfig { spec: self.spec.clone(), first_slot: self.first_slot };
        let mut chain = BeaconChain::new(config, payloads)?;
        for slot in &self.slots {
            chain.make_block(*slot)?;
        }
        let (root, slot) = self.checkpoint(&chain);
        Ok((NetworkSpec { checkpoint: Some(Checkpoint { root, slot: Some(slot) }), ..self.spec }, chain))
    }

    /// With old periods the oldest block, so that there is something to catch up with; else the newest final one.
    fn checkpoint(&self, chain: &BeaconChain) -> (B256, Slot) {
        if self.spec.period_at(self.first_slot) < self.spec.period_at(chain.head_slot()) {
            chain.first()
        } else {
            chain.finalized()
        }
    }
}

fn forks(start: Fork, gloas_epoch: Option<u64>) -> ForkSchedule {
    let activation = |fork: Fork| {
        let epoch = match fork {
            Fork::Gloas => gloas_epoch,
            Fork::Fulu if start < Fork::Fulu => None,
            _ => Some(0),
        };
        ForkActivation { fork, version: FixedBytes([fork as u8, 0x70, 0x72, 0x61]), epoch }
    };
    ForkSchedule {
        forks: Fork::ALL.into_iter().map(activation).collect(),
        blob_schedule: Vec::new(),
        max_blobs_per_block_electra: 9,
    }
}
