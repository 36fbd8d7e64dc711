//! The practice network's desk: what the window orders becomes a fault of an endpoint, or a price in the market.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use lifeboat::app::{Clock as _, SystemClock};
use lifeboat::devnet::PracticeNetwork;
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, SharedChain};
use lifeboat::devnet::http::{Fault, Faults};
use lifeboat::gui::{EtherFall, Outage, PracticeControl, PracticeEndpoint, PracticeOrder, PracticeView};
use lifeboat::networks::NetworkSpec;
use lifeboat::sources::{EndpointConfig, EndpointKind};
use tokio::runtime::Runtime;

use crate::scenario::Stage;

/// Late by this much is slow enough to see.
const SLOW_MILLIS: u64 = 2_500;
/// A polite server says when to come back.
const RETRY_SECS: u64 = 10;

enum Order {
    Beacon(Faults<BeaconLie>),
    Execution(Faults<ExecutionLie>),
}

/// A practice network that lives as long as its desk, with handles to every endpoint's faults.
pub(crate) struct Desk {
    endpoints: Vec<(PracticeEndpoint, Order)>,
    spec: NetworkSpec,
    chain: SharedChain,
    ether: EtherFall,
    stage: Arc<Stage>,
    practice: PracticeNetwork,
    /// Nothing of a practice network is kept.
    scratch: tempfile::TempDir,
    _runtime: Runtime,
}

impl Desk {
    /// Starts a practice network as the stage wants it.
    pub(crate) fn open(stage: &Arc<Stage>) -> Result<Self, Box<dyn std::error::Error>> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let mut network = runtime.block_on(PracticeNetwork::start(&stage.options()))?;
        stage.dress(&network)?;
        if stage.runs() {
            let _inside = runtime.enter();
            network.run(|| SystemClock.unix_ms());
        }
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
        let mut desk = Self {
            endpoints,
            spec: network.spec().clone(),
            chain: network.execution().clone(),
            ether: stage.ether(),
            stage: Arc::clone(stage),
            practice: network,
            scratch: tempfile::tempdir()?,
            _runtime: runtime,
        };
        for (index, outage) in stage.first_faults() {
            desk.fail(index, outage);
        }
        Ok(desk)
    }

    /// The network's data, as it is opened with.
    pub(crate) fn network(&self) -> (NetworkSpec, Vec<EndpointConfig>) {
        let beacon = self.practice.beacon_endpoints().iter().map(|one| (one.url(), EndpointKind::Beacon));
        let execution =
            self.practice.execution_endpoints().iter().map(|one| (one.url(), EndpointKind::Execution));
        let endpoints = beacon.chain(execution).map(|(url, kind)| EndpointConfig { url: url.clone(), kind });
        (self.spec.clone(), endpoints.collect())
    }

    /// The endpoint at `index` fails like this from now on.
    fn fail(&mut self, index: usize, outage: Outage) {
        let slot = self.spec.slot_at(SystemClock.unix_ms());
        let block = self.chain.read().unwrap_or_else(PoisonError::into_inner).head().number();
        let Some((row, order)) = self.endpoints.get_mut(index) else { return };
        row.outage = outage;
        match order {
            Order::Beacon(faults) => faults.set(fault(outage, BeaconLie::SignatureBit, slot)),
            Order::Execution(faults) => faults.set(fault(outage, ExecutionLie::BalancePlusOne, block)),
        }
    }

    /// The market's price moves with the next block.
    fn move_ether(&mut self, fall: EtherFall) {
        match self.practice.move_ether(fall.percent()) {
            Ok(_) => self.ether = fall,
            Err(error) => tracing::warn!(%error, "the price of ether was not moved"),
        }
    }

    /// Where this network's data go.
    pub(crate) fn folder(&self) -> &Path {
        self.scratch.path()
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
            ether: self.ether,
        }
    }

    fn order(&mut self, order: PracticeOrder) {
        match order {
            PracticeOrder::Endpoint(index, outage) => self.fail(index, outage),
            PracticeOrder::Ether(fall) => self.move_ether(fall),
        }
    }

    fn second_act(&mut self) {
        let stage = Arc::clone(&self.stage);
        for (index, outage) in stage.second_faults() {
            self.fail(index, outage);
        }
    }
}
