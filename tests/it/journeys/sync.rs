//! Following the chain: periods, forks, reorgs, stalls, age, clocks.

use std::sync::atomic::Ordering;

use lifeboat::chain::{SyncError, Syncer};
use lifeboat::devnet::PracticeOptions;
use lifeboat::networks::Fork;

use crate::support::practice::{Bench, options};

#[tokio::test(flavor = "multi_thread")]
async fn across_a_live_committee_period() {
    let bench = Bench::start(&PracticeOptions { period_ends_in: Some(40), ..options() }).await;
    let mut syncer = bench.synced().await.unwrap();
    let spec = bench.network.spec().clone();
    let period = spec.period_at(syncer.head().slot());
    for _ in 0..160 {
        bench.advance(1);
        syncer.follow().await.unwrap();
        assert_eq!(syncer.head().slot(), bench.network.head_slot() - 1);
    }
    assert_eq!(spec.period_at(syncer.finalized().slot()), period + 1, "finality crossed the boundary");
}

#[tokio::test(flavor = "multi_thread")]
async fn across_the_fork_to_gloas() {
    for fork in [Fork::Electra, Fork::Fulu] {
        let options = PracticeOptions { fork, gloas_in_epochs: Some(2), ..options() };
        let bench = Bench::start(&options).await;
        let mut syncer = bench.synced().await.unwrap();
        let spec = bench.network.spec().clone();
        for _ in 0..170 {
            bench.advance(1);
            syncer.follow().await.unwrap();
            assert_eq!(syncer.head().slot(), bench.network.head_slot() - 1);
        }
        assert_eq!(spec.fork_at(syncer.finalized().slot()), Fork::Gloas);
        let (reader, heads) = bench.heads(&syncer).await;
        let account = lifeboat::devnet::execution::PRACTICE_ACCOUNTS[0].address;
        assert!(reader.state_at(heads.optimistic).account(account).await.unwrap().value().exists);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_at_gloas() {
    let bench = Bench::start(&PracticeOptions { fork: Fork::Gloas, ..options() }).await;
    let syncer = bench.synced().await.unwrap();
    let (_, heads) = bench.heads(&syncer).await;
    // The proven payload is the parent's: one behind the attested block's own.
    assert!(heads.optimistic.number() > heads.finalized.number());
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_periods_and_a_restart_without_a_bootstrap() {
    let bench = Bench::start(&PracticeOptions { old_periods: 12, slot_ms: 1_000, ..options() }).await;
    let before = bench.pool.traffic();
    let mut syncer = bench.synced().await.unwrap();
    assert_eq!(syncer.head().slot(), bench.network.head_slot() - 1);
    assert!(bench.pool.traffic().requests - before.requests <= 6, "{:?}", bench.pool.traffic());
    let saved = syncer.saved();
    bench.advance(3);
    let mut resumed = Syncer::resume(bench.edges.clone(), &saved, false).unwrap();
    assert_eq!(resumed.head(), syncer.head());
    resumed.catch_up(&|_| {}).await.unwrap();
    resumed.follow().await.unwrap();
    syncer.follow().await.unwrap();
    assert_eq!(resumed.head(), syncer.head());
    let damaged = Syncer::resume(bench.edges.clone(), &saved[..saved.len() / 2], false);
    assert!(matches!(damaged, Err(SyncError::Stored { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reorg_is_followed_and_its_values_dropped() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    let left = syncer.head();
    bench.network.reorg(3);
    bench.advance(6);
    syncer.follow().await.unwrap();
    assert!(syncer.head().slot() > left.slot());
    let (reader, heads) = bench.heads(&syncer).await;
    let gone = reader.block(&heads, lifeboat::chain::BlockQuery::Hash(left.block_hash())).await;
    assert!(matches!(gone, Err(lifeboat::chain::ReadError::NotCanonical { .. })), "{gone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn low_participation_moves_nothing_and_341_is_too_few() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    let head = syncer.head();
    bench.network.set_participation(341);
    bench.advance(2);
    syncer.follow().await.unwrap();
    // The first block after the order still carries the old signature's successor; both new ones have 341.
    assert_eq!(syncer.head(), head);
    bench.network.set_participation(342);
    bench.advance(2);
    syncer.follow().await.unwrap();
    assert_eq!(syncer.head().participants(), 342);
}

#[tokio::test(flavor = "multi_thread")]
async fn skipped_slots_and_a_finality_stall() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    bench.network.skip(3).unwrap();
    bench.advance(1);
    syncer.follow().await.unwrap();
    assert_eq!(syncer.head().slot(), bench.network.head_slot() - 1);
    bench.network.set_stalled(true);
    let finalized = syncer.finalized();
    for _ in 0..100 {
        bench.advance(1);
        syncer.follow().await.unwrap();
    }
    assert_eq!(syncer.head().slot(), bench.network.head_slot() - 1, "the head goes on");
    assert!(syncer.finalized().slot() <= finalized.slot() + 64, "finality stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_beyond_the_bound_parks() {
    let bench = Bench::start(&options()).await;
    let spec = bench.network.spec().clone();
    let checkpoint = spec.checkpoint.unwrap().slot.unwrap();
    let at = |epochs: u64| spec.slot_start_ms((spec.epoch_at(checkpoint) + epochs) * 32);
    bench.clock.0.store(at(3_532), Ordering::Relaxed);
    assert!(Syncer::bootstrap(bench.edges.clone(), bench.anchor()).await.is_ok(), "age = bound passes");
    bench.clock.0.store(at(3_533), Ordering::Relaxed);
    let before = bench.pool.traffic().requests;
    let parked = Syncer::bootstrap(bench.edges.clone(), bench.anchor()).await;
    assert!(matches!(parked, Err(SyncError::CheckpointTooOld { age_epochs: 3_533, .. })), "{parked:?}");
    assert_eq!(bench.pool.traffic().requests, before, "nothing was asked of anybody");
    let anchor = lifeboat::chain::Anchor { accept_old: true, ..bench.anchor() };
    assert!(Syncer::bootstrap(bench.edges.clone(), anchor).await.is_ok(), "the user may go on for one run");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_client_that_starves_parks_too() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    let spec = bench.network.spec().clone();
    bench.clock.0.store(
        spec.slot_start_ms((spec.epoch_at(syncer.finalized().slot()) + 3_533) * 32),
        Ordering::Relaxed,
    );
    assert!(matches!(syncer.follow().await, Err(SyncError::CheckpointTooOld { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_clock_is_named_and_no_endpoint_blamed() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    bench.advance(40);
    bench.clock.0.fetch_sub(7 * 60_000, Ordering::Relaxed);
    match syncer.follow().await {
        Err(SyncError::ClockSlow { behind_ms }) => {
            assert!((380_000..=430_000).contains(&behind_ms), "{behind_ms}");
        }
        other => panic!("{other:?}"),
    }
    assert!(bench.pool.evidence().is_empty());
    bench.tick();
    syncer.follow().await.unwrap();
}
