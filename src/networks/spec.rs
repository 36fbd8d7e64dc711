//! One network: its genesis, its clock and its forks.

use alloy::primitives::{Address, B256, address};

use super::{Fork, ForkSchedule};

/// The registry of ENS, at the same address on every network that has it (ENS documentation, "Deployments").
pub(super) const ENS_REGISTRY: Address = address!("00000000000C2E074eC69A0dFb2997BA6C7d2e1e");

/// A slot number. One slot lasts [`NetworkSpec::slot_duration_ms`].
pub type Slot = u64;
/// A sync-committee period number: `epoch // EPOCHS_PER_SYNC_COMMITTEE_PERIOD`.
pub type Period = u64;

/// Everything that tells one Ethereum network from another, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSpec {
    /// Short lower-case name: `mainnet`, `sepolia`, `hoodi`, `practice`.
    pub name: String,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Unix time of slot 0, in seconds.
    pub genesis_time_secs: u64,
    /// `hash_tree_root` of the validators at genesis; part of every signing domain.
    pub genesis_validators_root: B256,
    /// Length of a slot in milliseconds (consensus specs: `SLOT_DURATION_MS`). Never 0.
    pub slot_duration_ms: u64,
    /// Preset: slots in an epoch (32 mainnet, 8 minimal).
    pub slots_per_epoch: u64,
    /// Preset: epochs in a sync-committee period (256 mainnet, 8 minimal).
    pub epochs_per_period: u64,
    /// Fork versions and epochs, with the blob-parameter schedule.
    pub forks: ForkSchedule,
    /// The finalized beacon block root that this build ships with; `None` where none is known.
    pub checkpoint: Option<Checkpoint>,
    /// The ENS registry (EIP-137), where this network has one.
    pub ens_registry: Option<Address>,
}

/// A trusted starting point: a finalized beacon block root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// `hash_tree_root` of the beacon block header.
    pub root: B256,
    /// Slot of that header, where it is known.
    pub slot: Option<Slot>,
}

impl NetworkSpec {
    /// Epoch of `slot`.
    pub fn epoch_at(&self, slot: Slot) -> u64 {
        slot / self.slots_per_epoch.max(1)
    }

    /// Sync-committee period of `slot` (`compute_sync_committee_period_at_slot`).
    pub fn period_at(&self, slot: Slot) -> Period {
        slot / self.slots_per_period()
    }

    /// Slots in a sync-committee period, at least 1.
    pub fn slots_per_period(&self) -> u64 {
        self.slots_per_epoch.saturating_mul(self.epochs_per_period).max(1)
    }

    /// First slot of `period`, saturating.
    pub fn period_start(&self, period: Period) -> Slot {
        period.saturating_mul(self.slots_per_period())
    }

    /// The fork in force at `slot`.
    pub fn fork_at(&self, slot: Slot) -> Fork {
        self.forks.fork_at(self.epoch_at(slot))
    }

    /// Slot at `unix_ms`, 0 before genesis.
    pub fn slot_at(&self, unix_ms: u64) -> Slot {
        unix_ms.saturating_sub(self.genesis_time_secs.saturating_mul(1000)) / self.slot_duration_ms.max(1)
    }

    /// Unix time in milliseconds at which `slot` starts, saturating.
    pub fn slot_start_ms(&self, slot: Slot) -> u64 {
        self.genesis_time_secs.saturating_mul(1000).saturating_add(slot.saturating_mul(self.slot_duration_ms))
    }
}

impl NetworkSpec {
    /// The same network with Gloas at `epoch`: for the time between its announcement and the next build.
    #[must_use]
    pub fn with_gloas_epoch(mut self, epoch: Option<u64>) -> Self {
        self.forks.forks.iter_mut().filter(|one| one.fork == Fork::Gloas).for_each(|one| one.epoch = epoch);
        self
    }
}

/// What all public networks share: the mainnet preset and 12-second slots.
pub(super) fn mainnet_preset() -> NetworkSpec {
    NetworkSpec {
        name: String::new(),
        chain_id: 0,
        genesis_time_secs: 0,
        genesis_validators_root: B256::ZERO,
        slot_duration_ms: 12_000,
        slots_per_epoch: 32,
        epochs_per_period: 256,
        forks: ForkSchedule::default(),
        checkpoint: None,
        ens_registry: None,
    }
}
