//! A network that the user describes: a private chain, a test network newer than this build.

use alloy::primitives::{Address, B256, FixedBytes};
use serde::Deserialize;

use super::spec::mainnet_preset;
use super::{BlobParameters, Fork, ForkActivation, ForkSchedule, NetworkSpec};

/// `[custom]` in settings: what tells the network from others. The mainnet preset is assumed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomNetwork {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Unix seconds.
    pub genesis_time: u64,
    /// Root of the validators at genesis.
    pub genesis_validators_root: B256,
    /// Slot length in milliseconds.
    pub slot_duration_ms: u64,
    /// Fork name to version and first epoch; forks that are not named never start.
    pub forks: std::collections::BTreeMap<String, CustomFork>,
    /// `BLOB_SCHEDULE`, ascending.
    #[serde(default)]
    pub blob_schedule: Vec<CustomBlobs>,
    /// `MAX_BLOBS_PER_BLOCK_ELECTRA`.
    #[serde(default = "nine")]
    pub max_blobs_per_block_electra: u64,
    /// The ENS registry, where there is one; without it names are not looked up.
    #[serde(default)]
    pub ens_registry: Option<Address>,
}

/// One fork of a custom network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomFork {
    /// Four-byte version.
    pub version: FixedBytes<4>,
    /// First epoch.
    pub epoch: u64,
}

/// One entry of a custom blob schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomBlobs {
    /// First epoch.
    pub epoch: u64,
    /// Blobs a block may hold.
    pub max_blobs_per_block: u64,
}

/// Why a custom network cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomNetworkError {
    /// A fork nobody knows.
    #[error(
        "{name:?} is no fork this build knows; known are phase0, altair, bellatrix, capella, deneb, electra, fulu, gloas"
    )]
    UnknownFork {
        /// As given.
        name: String,
    },
    /// A slot cannot last no time.
    #[error("slot_duration_ms must be at least 1")]
    NoSlotTime,
}

fn nine() -> u64 {
    9
}

impl CustomNetwork {
    /// The network as a specification named `custom`.
    ///
    /// # Errors
    /// See [`CustomNetworkError`].
    pub fn spec(&self) -> Result<NetworkSpec, CustomNetworkError> {
        if self.slot_duration_ms == 0 {
            return Err(CustomNetworkError::NoSlotTime);
        }
        if let Some(name) = self.forks.keys().find(|name| Fork::from_name(name).is_none()) {
            return Err(CustomNetworkError::UnknownFork { name: name.clone() });
        }
        let named = |fork: Fork| self.forks.iter().find(|(name, _)| Fork::from_name(name) == Some(fork));
        let forks = Fork::ALL
            .into_iter()
            .filter_map(|fork| named(fork).map(|(_, custom)| (fork, custom)))
            .map(|(fork, custom)| ForkActivation { fork, version: custom.version, epoch: Some(custom.epoch) })
            .collect();
        let blob = |one: &CustomBlobs| BlobParameters {
            epoch: one.epoch,
            max_blobs_per_block: one.max_blobs_per_block,
        };
        Ok(NetworkSpec {
            name: "custom".to_owned(),
            chain_id: self.chain_id,
            genesis_time_secs: self.genesis_time,
            genesis_validators_root: self.genesis_validators_root,
            slot_duration_ms: self.slot_duration_ms,
            forks: ForkSchedule {
                forks,
                blob_schedule: self.blob_schedule.iter().map(blob).collect(),
                max_blobs_per_block_electra: self.max_blobs_per_block_electra,
            },
            ens_registry: self.ens_registry,
            ..mainnet_preset()
        })
    }
}
