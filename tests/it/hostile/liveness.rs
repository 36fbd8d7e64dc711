//! Endpoints that are dead, slow, stale, walled off or limited: the answer comes from another, in bounded time.

use std::time::{Duration, Instant};

use lifeboat::chain::{ReadError, SyncError};
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::ExecutionLie;
use lifeboat::devnet::http::Fault;
use lifeboat::sources::{SourceError, Standing};

use super::{ask_everything, fresh_pool, prepared};
use crate::support::practice::{Bench, edges, options};

fn faults<L: Copy>() -> Vec<(&'static str, Fault<L>)> {
    vec![
        ("dead", Fault::Dead),
        ("slow", Fault::Slow { millis: 5_000 }),
        ("frozen", Fault::Frozen { at: 5 }),
        ("no proofs", Fault::NoProofs),
        ("wrong chain", Fault::WrongChain),
        ("rate limited", Fault::RateLimited { retry_after_secs: 30 }),
        ("503", Fault::ServerError { status: 503 }),
        ("portal", Fault::Portal),
        ("silent", Fault::Silent),
        ("drip", Fault::Drip),
        ("endless", Fault::Endless),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_execution_endpoint_is_survived() {
    let (bench, proven, honest) = prepared().await;
    for (name, fault) in faults::<ExecutionLie>() {
        bench.network.execution_endpoints()[0].faults().set(fault);
        let (pool, start) = (fresh_pool(&bench), Instant::now());
        let answers = ask_everything(&bench, &pool, proven).await;
        assert_eq!(answers.as_ref().ok(), Some(&honest), "{name}: {answers:?}");
        assert!(start.elapsed() < Duration::from_secs(12), "{name}: {:?}", start.elapsed());
        assert!(pool.evidence().is_empty(), "{name}: being unwell is no lie: {:?}", pool.evidence());
        if name == "wrong chain" {
            assert!(pool.report().iter().any(|one| matches!(one.standing, Standing::WrongNetwork { .. })));
        }
        bench.network.execution_endpoints()[0].faults().set(Fault::Healthy);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_beacon_endpoint_is_survived() {
    let bench = Bench::start(&options()).await;
    let honest = bench.synced().await.unwrap().head();
    for (name, fault) in faults::<BeaconLie>() {
        // A beacon's height is a slot: the checkpoint's, so that it knows the start and nothing after.
        let fault = match fault {
            Fault::Frozen { .. } => Fault::Frozen { at: bench.network.finalized().1 + 8 },
            other => other,
        };
        bench.network.beacon_endpoints()[0].faults().set(fault);
        let pool = fresh_pool(&bench);
        let edges = edges(bench.edges.spec.clone(), &pool, &bench.clock);
        let mut syncer = lifeboat::chain::Syncer::bootstrap(edges, bench.anchor()).await.unwrap();
        syncer.catch_up(&|_| {}).await.unwrap();
        for _ in 0..2 {
            syncer.follow().await.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(syncer.head(), honest, "{name}");
        assert!(pool.evidence().is_empty(), "{name}");
        bench.network.beacon_endpoints()[0].faults().set(Fault::Healthy);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_none_left_the_answer_is_a_failure_and_never_zero() {
    let (bench, proven, _) = prepared().await;
    for endpoint in bench.network.execution_endpoints() {
        endpoint.faults().set(Fault::Dead);
    }
    let failed = ask_everything(&bench, &fresh_pool(&bench), proven).await;
    let Err(ReadError::Source { source: SourceError::AllFailed { causes }, .. }) = failed else {
        panic!("{failed:?}")
    };
    assert_eq!(causes.len(), 3, "each endpoint says why");
    for endpoint in bench.network.beacon_endpoints() {
        endpoint.faults().set(Fault::Dead);
    }
    let pool = fresh_pool(&bench);
    let edges = edges(bench.edges.spec.clone(), &pool, &bench.clock);
    let failed = lifeboat::chain::Syncer::bootstrap(edges, bench.anchor()).await;
    assert!(matches!(failed, Err(SyncError::Source(SourceError::AllFailed { .. }))), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_dies_in_the_middle_of_a_sync() {
    let bench = Bench::start(&options()).await;
    let mut syncer = lifeboat::chain::Syncer::bootstrap(bench.edges.clone(), bench.anchor()).await.unwrap();
    bench.network.beacon_endpoints()[0].faults().set(Fault::Dead);
    syncer.catch_up(&|_| {}).await.unwrap();
    syncer.follow().await.unwrap();
    bench.network.beacon_endpoints()[1].faults().set(Fault::Dead);
    bench.advance(1);
    syncer.follow().await.unwrap();
    assert_eq!(syncer.head().slot(), bench.network.head_slot() - 1);
}
