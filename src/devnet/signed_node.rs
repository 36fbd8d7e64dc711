//! A practice beacon chain that signs the blocks of an execution client which somebody else made.
//!
//! Each slot wraps the client's newest block; blocks between two slots are its ancestors and are proven as such. The
//! committee signs what is found: a client that goes back is a reorganisation.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::task::JoinHandle;
use url::Url;

use super::beacon::{self, BeaconLie, Payloads, SharedBeacon};
use super::http::Endpoint;
use super::network::{CARRIERS, make_due};
use super::node::Node;
use super::plan::Plan;
use super::{PracticeError, PracticeOptions};
use crate::networks::{NetworkSpec, Slot};

/// A running beacon chain above somebody else's execution client. It stops when dropped.
#[derive(Debug)]
pub struct SignedNode {
    spec: NetworkSpec,
    beacon: SharedBeacon,
    endpoints: Vec<Endpoint<BeaconLie>>,
    node: Node,
    ticker: Option<JoinHandle<()>>,
}

impl SignedNode {
    /// Builds a history that wraps the client's newest block, and opens the beacon endpoints. Slots after that are made by
    /// [`SignedNode::advance`], or by the clock after [`SignedNode::run`]. Call within a tokio runtime.
    ///
    /// # Errors
    /// See [`PracticeError`].
    pub async fn start(options: &PracticeOptions, node: Url) -> Result<Self, PracticeError> {
        if options.slot_ms < 1_000 {
            return Err(PracticeError::SlotTooShort { slot_ms: options.slot_ms });
        }
        let node = Node::new(node);
        let (chain_id, newest) = (node.chain_id().await?, node.newest().await?);
        let plan = Plan::new(options, chain_id);
        let (spec, chain) = plan.make(Payloads::Found(Box::new(newest)))?;
        let beacon: SharedBeacon = Arc::new(RwLock::new(chain));
        let mut endpoints = Vec::new();
        for carrier in CARRIERS.into_iter().take(options.endpoints.max(1)) {
            endpoints.push(beacon::serve(Arc::clone(&beacon), carrier).await?);
        }
        Ok(Self { spec, beacon, endpoints, node, ticker: None })
    }

    /// Lets the machine's clock make the slots from now on. `now_ms` tells the time. A slot whose block cannot be had is
    /// left empty, and why is said.
    pub fn run(&mut self, now_ms: impl Fn() -> u64 + Send + 'static) {
        let (spec, beacon, node) = (self.spec.clone(), Arc::clone(&self.beacon), self.node.clone());
        self.ticker = Some(tokio::spawn(async move {
            loop {
                let slot = spec.slot_at(now_ms());
                if let Err(error) = sign_newest(&beacon, &node, slot).await {
                    tracing::error!(%error, slot, "nothing was signed");
                }
                let wait = spec.slot_start_ms(slot.saturating_add(1)).saturating_sub(now_ms()).max(5);
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
        }));
    }

    /// Makes the next `count` slots at once, each with the newest block of that moment.
    ///
    /// # Errors
    /// See [`PracticeError`].
    pub async fn advance(&self, count: u64) -> Result<(), PracticeError> {
        for _ in 0..count {
            let newest = self.node.newest().await?;
            let mut chain = self.beacon.write().unwrap_or_else(PoisonError::into_inner);
            chain.found(newest);
            let next = chain.head_slot().saturating_add(1);
            chain.make_block(next)?;
        }
        Ok(())
    }

    /// The network, with a recent finalized block as its checkpoint.
    pub fn spec(&self) -> &NetworkSpec {
        &self.spec
    }

    /// Slot of the newest beacon block.
    pub fn head_slot(&self) -> Slot {
        self.beacon.read().unwrap_or_else(PoisonError::into_inner).head_slot()
    }

    /// Beacon endpoints, with their faults.
    pub fn beacon_endpoints(&self) -> &[Endpoint<BeaconLie>] {
        &self.endpoints
    }

    /// Where the execution client is.
    pub fn node_url(&self) -> &Url {
        self.node.url()
    }
}

impl Drop for SignedNode {
    fn drop(&mut self) {
        if let Some(ticker) = self.ticker.take() {
            ticker.abort();
        }
    }
}

async fn sign_newest(beacon: &SharedBeacon, node: &Node, slot: Slot) -> Result<(), super::NodeError> {
    let newest = node.newest().await?;
    beacon.write().unwrap_or_else(PoisonError::into_inner).found(newest);
    make_due(beacon, slot);
    Ok(())
}
