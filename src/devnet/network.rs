//! The whole practice network: both chains, their endpoints, and the clock that drives them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use alloy::primitives::B256;
use tokio::task::JoinHandle;

use super::beacon::{self, BeaconChain, BeaconError, BeaconLie, Payloads, SharedBeacon};
use super::execution::{self, ChainError, ExecutionChain, ExecutionLie, SharedChain, SubmitError};
use super::http::{Endpoint, HttpError};
use super::node::NodeError;
use super::plan::Plan;
use crate::networks::{Fork, NetworkSpec, Slot};

/// Chain id of every practice network; no public network has it.
pub const PRACTICE_CHAIN_ID: u64 = 7_777_777;
/// Made-up carriers, one for each pair of endpoints.
pub const CARRIERS: [&str; 3] = ["practice-north", "practice-south", "practice-west"];

/// How a practice network starts.
#[derive(Debug, Clone)]
pub struct PracticeOptions {
    /// Length of a slot in milliseconds, 1000 at least: block times are whole seconds.
    pub slot_ms: u64,
    /// Unix time at which the newest block of the history stands, in milliseconds.
    pub now_ms: u64,
    /// Blocks made at full speed before the start; 160 give finality.
    pub history_slots: u64,
    /// The head at the start stands this many slots before the end of a sync-committee period; `None` = mid-period.
    pub period_ends_in: Option<u64>,
    /// Older periods of which only as many blocks exist as an update needs.
    pub old_periods: u64,
    /// The fork in force at the start: Electra, Fulu or Gloas.
    pub fork: Fork,
    /// Gloas starts this many epochs after the head's; `None` = not after a start before it.
    pub gloas_in_epochs: Option<u64>,
    /// Pairs of endpoints (one beacon, one execution), 1 to 3.
    pub endpoints: usize,
}

impl PracticeOptions {
    /// Two-second slots at Fulu, three pairs of endpoints.
    pub fn at(now_ms: u64) -> Self {
        Self {
            slot_ms: 2_000,
            now_ms,
            history_slots: 160,
            period_ends_in: None,
            old_periods: 0,
            fork: Fork::Fulu,
            gloas_in_epochs: None,
            endpoints: 3,
        }
    }
}

/// Why the practice network did not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// No endpoint could be opened.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The beacon chain made no block.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    /// The execution chain did not start.
    #[error(transparent)]
    Execution(#[from] ChainError),
    /// The execution client of somebody else's.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// Options that no chain can have.
    #[error("slots of {slot_ms} ms are too short for whole-second block times; 1000 is the least")]
    SlotTooShort {
        /// What was given.
        slot_ms: u64,
    },
}

/// A running practice network. It stops when dropped.
#[derive(Debug)]
pub struct PracticeNetwork {
    spec: NetworkSpec,
    beacon: SharedBeacon,
    execution: SharedChain,
    beacon_endpoints: Vec<Endpoint<BeaconLie>>,
    execution_endpoints: Vec<Endpoint<ExecutionLie>>,
    ticker: Option<JoinHandle<()>>,
}

impl PracticeNetwork {
    /// Builds the history and opens the endpoints. Slots after that are made by [`PracticeNetwork::advance`], or by
    /// the clock after [`PracticeNetwork::run`]. Call within a tokio runtime.
    ///
    /// # Errors
    /// See [`PracticeError`].
    pub async fn start(options: &PracticeOptions) -> Result<Self, PracticeError> {
        if options.slot_ms < 1_000 {
            return Err(PracticeError::SlotTooShort { slot_ms: options.slot_ms });
        }
        let plan = Plan::new(options, PRACTICE_CHAIN_ID);
        let execution = ExecutionChain::new(plan.execution.clone())?;
        let execution: SharedChain = Arc::new(RwLock::new(execution));
        let (spec, chain) = plan.make(Payloads::Built(Arc::clone(&execution)))?;
        let beacon: SharedBeacon = Arc::new(RwLock::new(chain));
        let (mut beacon_endpoints, mut execution_endpoints) = (Vec::new(), Vec::new());
        for carrier in CARRIERS.into_iter().take(options.endpoints.max(1)) {
            beacon_endpoints.push(beacon::serve(Arc::clone(&beacon), carrier).await?);
            execution_endpoints.push(execution::serve(Arc::clone(&execution), carrier).await?);
        }
        Ok(Self { spec, beacon, execution, beacon_endpoints, execution_endpoints, ticker: None })
    }

    /// Lets the machine's clock make the slots from now on. `now_ms` tells the time.
    pub fn run(&mut self, now_ms: impl Fn() -> u64 + Send + 'static) {
        let (spec, beacon) = (self.spec.clone(), Arc::clone(&self.beacon));
        self.ticker = Some(tokio::spawn(async move {
            loop {
                let now = now_ms();
                let slot = spec.slot_at(now);
                make_due(&beacon, slot);
                let wait = spec.slot_start_ms(slot.saturating_add(1)).saturating_sub(now_ms()).max(5);
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
        }));
    }

    /// Makes the next `count` slots at once.
    ///
    /// # Errors
    /// See [`BeaconError`].
    pub fn advance(&self, count: u64) -> Result<(), BeaconError> {
        let mut chain = self.chain();
        for _ in 0..count {
            let next = chain.head_slot().saturating_add(1);
            chain.make_block(next)?;
        }
        Ok(())
    }

    /// Leaves `count` slots empty and makes the one after them.
    ///
    /// # Errors
    /// See [`BeaconError`].
    pub fn skip(&self, count: u64) -> Result<(), BeaconError> {
        let mut chain = self.chain();
        let next = chain.head_slot().saturating_add(count).saturating_add(1);
        chain.make_block(next)
    }

    /// Drops the newest `depth` blocks; the ones made afterwards differ.
    pub fn reorg(&self, depth: usize) {
        self.chain().reorg(depth);
    }

    /// How many of the 512 members sign from now on.
    pub fn set_participation(&self, members: usize) {
        self.chain().set_participation(members);
    }

    /// While stalled, no new block becomes final.
    pub fn set_stalled(&self, stalled: bool) {
        self.chain().set_stalled(stalled);
    }

    /// The network, with a recent finalized block as its checkpoint.
    pub fn spec(&self) -> &NetworkSpec {
        &self.spec
    }

    /// Slot of the newest block.
    pub fn head_slot(&self) -> Slot {
        self.chain().head_slot()
    }

    /// Root and slot of the newest finalized block.
    pub fn finalized(&self) -> (B256, Slot) {
        self.chain().finalized()
    }

    /// The execution chain.
    pub fn execution(&self) -> &SharedChain {
        &self.execution
    }

    /// Sends a raw transaction to the chain itself.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub fn submit(&self, raw: &[u8]) -> Result<B256, SubmitError> {
        self.execution.write().unwrap_or_else(PoisonError::into_inner).submit(raw)
    }

    /// Orders another price of ether in the practice market; see [`ExecutionChain::move_ether`].
    ///
    /// # Errors
    /// See there.
    pub fn move_ether(&self, fallen_percent: u8) -> Result<B256, ChainError> {
        self.execution.write().unwrap_or_else(PoisonError::into_inner).move_ether(fallen_percent)
    }

    /// Beacon endpoints, with their faults.
    pub fn beacon_endpoints(&self) -> &[Endpoint<BeaconLie>] {
        &self.beacon_endpoints
    }

    /// Execution endpoints, with their faults.
    pub fn execution_endpoints(&self) -> &[Endpoint<ExecutionLie>] {
        &self.execution_endpoints
    }

    fn chain(&self) -> std::sync::RwLockWriteGuard<'_, BeaconChain> {
        self.beacon.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PracticeNetwork {
    fn drop(&mut self) {
        if let Some(ticker) = self.ticker.take() {
            ticker.abort();
        }
    }
}

/// Makes the block of `slot` unless it is there.
pub(super) fn make_due(beacon: &SharedBeacon, slot: Slot) {
    let mut chain = beacon.write().unwrap_or_else(PoisonError::into_inner);
    if slot > chain.head_slot()
        && let Err(error) = chain.make_block(slot)
    {
        tracing::warn!(%error, "the practice network missed a slot");
    }
}
