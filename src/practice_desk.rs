//! The practice network's desk: what the window orders becomes a fault of an endpoint.

use std::sync::PoisonError;

use lifeboat::chain::{Clock as _, SystemClock};
use lifeboat::devnet::PracticeNetwork;
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, SharedChain};
use lifeboat::devnet::http::{Fault, Faults};
use lifeboat::gui::{Outage, PracticeControl, PracticeEndpoint, PracticeView};
use lifeboat::networks::NetworkSpec;
use lifeboat::sources::{EndpointConfig, EndpointKind};

/// Late by this much is slow enough to see.
const SLOW_MILLIS: u64 = 2_500;
/// A polite server says when to come back.
const RETRY_SECS: u64 = 10;

enum Order {
    Beacon(Faults<BeaconLie>),
    Execution(Faults<ExecutionLie>),
}

/// Handles to every endpoint's faults, and where their heads stand when one is frozen.
pub(crate) struct Desk {
    endpoints: Vec<(PracticeEndpoint, Order)>,
    spec: NetworkSpec,
    chain: SharedChain,
}

impl Desk {
    /// A desk for `network`.
    pub(crate) fn new(network: &PracticeNetwork) -> Self {
        let one = |url: &url::Url, kind: EndpointKind, carrier: &str| PracticeEndpoint {
            label: EndpointConfig { url: url.clone(), kind }.label(),
            kind: kind.name(),
            carrier: carrier.to_owned(),
            outage: Outage::Well,
        };
        let mut endpoints = Vec::new();
        for beacon in network.beacon_endpoints() {
            let row = one(beacon.url(), EndpointKind::Beacon, beacon.carrier());
            endpoints.push((row, Order::Beacon(beacon.faults().clone())));
        }
        for execution in network.execution_endpoints() {
            let row = one(execution.url(), EndpointKind::Execution, execution.carrier());
            endpoints.push((row, Order::Execution(execution.faults().clone())));
        }
        Self { endpoints, spec: network.spec().clone(), chain: network.execution().clone() }
    }
}

fn fault<L>(outage: Outage, lie: L, head: u64) -> Fault<L> {
    match outage {
        Outage::Well => Fault::Healthy,
        Outage::Off => Fault::Dead,
        Outage::Slow => Fault::Slow { millis: SLOW_MILLIS },
        Outage::Lie => Fault::Lying { lie },
        Outage::Freeze => Fault::Frozen { at: head },
        Outage::RateLimit => Fault::RateLimited { retry_after_secs: RETRY_SECS },
    }
}

impl PracticeControl for Desk {
    fn view(&self) -> PracticeView {
        PracticeView {
            endpoints: self.endpoints.iter().map(|(row, _)| row.clone()).collect(),
            accounts: PRACTICE_ACCOUNTS.iter().map(|account| account.address).collect(),
        }
    }

    fn order(&mut self, index: usize, outage: Outage) {
        let slot = self.spec.slot_at(SystemClock.unix_ms());
        let block = self.chain.read().unwrap_or_else(PoisonError::into_inner).head().number();
        let Some((row, order)) = self.endpoints.get_mut(index) else { return };
        row.outage = outage;
        match order {
            Order::Beacon(faults) => faults.set(fault(outage, BeaconLie::SignatureBit, slot)),
            Order::Execution(faults) => faults.set(fault(outage, ExecutionLie::BalancePlusOne, block)),
        }
    }
}
