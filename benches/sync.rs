//! Cold sync against the practice network over loopback: time by criterion, round trips and bytes printed beside it.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use lifeboat::chain::{Anchor, ChainEdges, Clock, Syncer};
use lifeboat::devnet::{PracticeNetwork, PracticeOptions};
use lifeboat::sources::{EndpointConfig, EndpointKind, HttpOptions, HttpPool, Traffic};

struct At(u64);

#[async_trait]
impl Clock for At {
    fn unix_ms(&self) -> u64 {
        self.0
    }
    async fn sleep(&self, _duration: Duration) {}
}

/// Syncs from the checkpoint to the head with a new pool; what it cost.
async fn sync(network: &PracticeNetwork) -> (Traffic, Traffic) {
    let spec = Arc::new(network.spec().clone());
    let beacon = network.beacon_endpoints().iter().map(|one| (one.url(), EndpointKind::Beacon));
    let execution = network.execution_endpoints().iter().map(|one| (one.url(), EndpointKind::Execution));
    let endpoints =
        beacon.chain(execution).map(|(url, kind)| EndpointConfig { url: url.clone(), kind }).collect();
    let pool = HttpPool::new(Arc::clone(&spec), endpoints, HttpOptions::default()).unwrap();
    let clock = Arc::new(At(spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2));
    let (beacon, execution, gateways) = (pool.clone(), pool.clone(), pool.clone());
    let edges = ChainEdges { spec: Arc::clone(&spec), beacon, execution, gateways, clock };
    let checkpoint = spec.checkpoint.unwrap();
    let anchor = Anchor { root: checkpoint.root, slot: checkpoint.slot, accept_old: true };
    let mut syncer = Syncer::bootstrap(edges, anchor).await.unwrap();
    syncer.catch_up(&|_| {}).await.unwrap();
    syncer.follow().await.unwrap();
    let whole = pool.traffic();
    network.advance(1).unwrap();
    drop(pool.clone());
    assert!(syncer.head().slot() + 2 >= network.head_slot() - 1);
    (whole, pool.traffic())
}

fn cold_sync(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for periods in [1, 30] {
        let options = PracticeOptions {
            old_periods: periods,
            slot_ms: 1_000,
            ..PracticeOptions::at(1_767_225_600_000)
        };
        let network = runtime.block_on(PracticeNetwork::start(&options)).unwrap();
        let (cost, _) = runtime.block_on(sync(&network));
        println!(
            "cold sync of {periods} periods: {} requests, {} bytes down, {} bytes up",
            cost.requests, cost.bytes_down, cost.bytes_up
        );
        c.bench_function(&format!("cold sync of {periods} periods over loopback"), |b| {
            b.iter(|| runtime.block_on(sync(&network)));
        });
    }
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = cold_sync }
criterion_main!(benches);
