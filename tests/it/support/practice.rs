//! A light client on a practice network, with a clock that the test owns.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lifeboat::chain::{Anchor, ChainEdges, Clock, Heads, Reader, SyncError, Syncer};
use lifeboat::devnet::{PracticeNetwork, PracticeOptions};
use lifeboat::networks::NetworkSpec;
use lifeboat::sources::{EndpointConfig, EndpointKind, HttpOptions, HttpPool};

/// Unix milliseconds, moved by hand.
#[derive(Debug, Default)]
pub(crate) struct FixedClock(pub(crate) AtomicU64);

#[async_trait]
impl Clock for FixedClock {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    async fn sleep(&self, _duration: Duration) {
        tokio::task::yield_now().await;
    }
}

/// The same time with waits that are real: for a whole core, which must not spin.
#[derive(Debug, Clone)]
pub(crate) struct PatientClock(pub(crate) Arc<FixedClock>);

#[async_trait]
impl Clock for PatientClock {
    fn unix_ms(&self) -> u64 {
        self.0.unix_ms()
    }
    async fn sleep(&self, _duration: Duration) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// 1 January 2026, 00:00 UTC.
pub(crate) const NOW_MS: u64 = 1_767_225_600_000;

pub(crate) fn options() -> PracticeOptions {
    PracticeOptions { slot_ms: 12_000, ..PracticeOptions::at(NOW_MS) }
}

/// The network, its clock, and the pool over its endpoints.
pub(crate) struct Bench {
    pub(crate) network: PracticeNetwork,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) pool: Arc<HttpPool>,
    pub(crate) edges: ChainEdges,
}

impl Bench {
    pub(crate) async fn start(options: &PracticeOptions) -> Self {
        let network = PracticeNetwork::start(options).await.unwrap();
        let clock = Arc::new(FixedClock::default());
        let endpoints = endpoints(&network);
        let spec = Arc::new(network.spec().clone());
        let pool = pool(&spec, endpoints);
        let edges = edges(spec, &pool, &clock);
        let bench = Self { network, clock, pool, edges };
        bench.tick();
        bench
    }

    /// Sets the clock into the slot after the chain's head, when the head's signature is out.
    pub(crate) fn tick(&self) {
        let slot = self.network.head_slot();
        let spec = self.network.spec();
        self.clock.0.store(spec.slot_start_ms(slot) + spec.slot_duration_ms / 2, Ordering::Relaxed);
    }

    pub(crate) fn advance(&self, slots: u64) {
        self.network.advance(slots).unwrap();
        self.tick();
    }

    pub(crate) fn anchor(&self) -> Anchor {
        let checkpoint = self.network.spec().checkpoint.unwrap();
        Anchor { root: checkpoint.root, slot: checkpoint.slot, accept_old: false }
    }

    /// From the checkpoint to the head.
    pub(crate) async fn synced(&self) -> Result<Syncer, SyncError> {
        let mut syncer = Syncer::bootstrap(self.edges.clone(), self.anchor()).await?;
        syncer.catch_up(&|_| {}).await?;
        syncer.follow().await?;
        Ok(syncer)
    }

    pub(crate) async fn heads(&self, syncer: &Syncer) -> (Reader, Heads) {
        let reader = Reader::new(self.edges.clone());
        let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
        (reader, heads)
    }
}

pub(crate) fn endpoints(network: &PracticeNetwork) -> Vec<EndpointConfig> {
    let beacon = network.beacon_endpoints().iter().map(|one| (one.url().as_str(), EndpointKind::Beacon));
    let execution =
        network.execution_endpoints().iter().map(|one| (one.url().as_str(), EndpointKind::Execution));
    beacon.chain(execution).map(|(url, kind)| EndpointConfig::parse(url, kind).unwrap()).collect()
}

pub(crate) fn pool(spec: &Arc<NetworkSpec>, endpoints: Vec<EndpointConfig>) -> Arc<HttpPool> {
    let options = HttpOptions { read_ms: 1_500, large_read_ms: 3_000, proxy: None, hedge: true };
    HttpPool::new(Arc::clone(spec), endpoints, options).unwrap()
}

/// A pool that waits for whoever was asked first, so that a test knows which endpoint it met on a busy machine too.
pub(crate) fn patient_pool(spec: &Arc<NetworkSpec>, endpoints: Vec<EndpointConfig>) -> Arc<HttpPool> {
    let options = HttpOptions { read_ms: 20_000, large_read_ms: 20_000, proxy: None, hedge: false };
    HttpPool::new(Arc::clone(spec), endpoints, options).unwrap()
}

pub(crate) fn edges(spec: Arc<NetworkSpec>, pool: &Arc<HttpPool>, clock: &Arc<FixedClock>) -> ChainEdges {
    ChainEdges {
        spec,
        beacon: pool.clone(),
        execution: pool.clone(),
        gateways: pool.clone(),
        clock: clock.clone(),
    }
}
