//! What an execution chain is started with.

use revm::primitives::hardfork::SpecId;

/// Data of one practice execution chain. Forks start by block time, as on the real chain; Prague is the oldest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainConfig {
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Time of block 0, Unix seconds.
    pub genesis_time_secs: u64,
    /// First block time under Osaka's rules (with Fulu), Unix seconds; `None` = never.
    pub osaka_time_secs: Option<u64>,
    /// First block time under Amsterdam's rules (with Gloas), Unix seconds; `None` = never.
    pub amsterdam_time_secs: Option<u64>,
    /// Gas limit of every block.
    pub gas_limit: u64,
    /// Transactions that the chain makes by itself; `None` = only what is submitted.
    pub traffic: Option<Traffic>,
    /// Number of blocks before the head whose state stays readable.
    pub state_window: u64,
}

/// Background traffic between practice accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// The same seed gives the same transactions on the same parent block.
    pub seed: u64,
    /// Transactions in each block from block 2 on.
    pub per_block: u8,
}

impl ChainConfig {
    /// Osaka from the start, a gas limit like mainnet's, four transactions a block.
    pub fn practice(chain_id: u64, genesis_time_secs: u64) -> Self {
        Self {
            chain_id,
            genesis_time_secs,
            osaka_time_secs: Some(genesis_time_secs),
            amsterdam_time_secs: None,
            gas_limit: 60_000_000,
            traffic: Some(Traffic { seed: 1, per_block: 4 }),
            state_window: 512,
        }
    }

    /// The rules in force at `timestamp_secs`.
    pub(super) fn spec_at(&self, timestamp_secs: u64) -> SpecId {
        let started = |time: Option<u64>| time.is_some_and(|time| time <= timestamp_secs);
        if started(self.amsterdam_time_secs) {
            SpecId::AMSTERDAM
        } else if started(self.osaka_time_secs) {
            SpecId::OSAKA
        } else {
            SpecId::PRAGUE
        }
    }
}
