//! What the light client reaches the world through.

use std::sync::Arc;

use crate::networks::{NetworkSpec, Slot};
use crate::sources::{BeaconSource, ExecutionSource, GatewaySource};

use super::Clock;

/// The network and the doors to it. Cheap to clone.
#[derive(Clone)]
pub struct ChainEdges {
    /// Which chain.
    pub spec: Arc<NetworkSpec>,
    /// Consensus data, untrusted.
    pub beacon: Arc<dyn BeaconSource>,
    /// Execution data, untrusted.
    pub execution: Arc<dyn ExecutionSource>,
    /// Web servers that contracts send their callers to; asked only where the user agreed.
    pub gateways: Arc<dyn GatewaySource>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for ChainEdges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChainEdges").field("network", &self.spec.name).finish_non_exhaustive()
    }
}

impl ChainEdges {
    /// The slot by this machine's clock.
    pub fn clock_slot(&self) -> Slot {
        self.spec.slot_at(self.clock.unix_ms())
    }

    /// The newest slot an honest update may carry: a message is signed at the start of a slot, and a clock that is a
    /// little slow must not call it a lie. A quarter of a slot, three seconds at most.
    pub fn newest_acceptable_slot(&self) -> Slot {
        let tolerance_ms = (self.spec.slot_duration_ms / 4).min(3_000);
        self.spec.slot_at(self.clock.unix_ms().saturating_add(tolerance_ms))
    }
}
