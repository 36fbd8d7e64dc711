//! Who is not to be blamed: honest endpoints after a reorganisation, on a fork's day, beside a damaged disk or a slow
//! clock, and beside one that makes things up.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use alloy::primitives::B256;
use lifeboat::chain::{BlockQuery, ChainEdges, Reader, SyncError, Syncer, TransactionStatus};
use lifeboat::consensus::{ConsensusError, Finality};
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::http::Fault;
use lifeboat::sources::{SourceError, TxLocation};

use super::patient;
use crate::support::bent_source::BentSource;
use crate::support::practice::{Bench, edges, options};

/// THREATS T12: a form that this build does not know may be a newer fork's. One endpoint that names one is passed by, and
/// where all do the program says that it is too old; nobody is called a liar.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_fork_is_no_lie() {
    let bench = Bench::start(&options()).await;
    let honest = bench.synced().await.unwrap().head();
    let newer = Fault::Lying { lie: BeaconLie::UnknownVersion };
    let sync = async || {
        let pool = patient(&bench);
        let edges = edges(bench.edges.spec.clone(), &pool, &bench.clock);
        let synced = async {
            let mut syncer = Syncer::bootstrap(edges, bench.anchor()).await?;
            syncer.catch_up(&|_| {}).await?;
            syncer.follow().await?;
            Ok::<_, SyncError>(syncer.head())
        };
        (synced.await, pool.evidence())
    };
    bench.network.beacon_endpoints()[0].faults().set(newer);
    let (head, evidence) = sync().await;
    assert_eq!((head.unwrap(), evidence), (honest, vec![]));
    bench.network.beacon_endpoints().iter().for_each(|one| one.faults().set(newer));
    let (head, evidence) = sync().await;
    assert!(matches!(head, Err(SyncError::NeedsUpdate { .. })), "{head:?}");
    assert_eq!(evidence, vec![]);
}

/// A committee with one flipped bit would make a bad signature of every good one.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_is_not_resumed() {
    let bench = Bench::start(&options()).await;
    let saved = bench.synced().await.unwrap().saved();
    for index in (0..saved.len()).step_by(331).chain(0..40) {
        let mut bent = saved.clone();
        bent[index] ^= 0x10;
        let resumed = Syncer::resume(bench.edges.clone(), &bent, false);
        let Err(SyncError::Stored { source: ConsensusError::BadStore { .. } }) = resumed else {
            panic!("{index}: {resumed:?}")
        };
        assert!(Syncer::resume(bench.edges.clone(), &saved[..index], false).is_err(), "{index}");
    }
    assert!(Syncer::resume(bench.edges.clone(), &saved, false).is_ok());
}

/// What was verified before cannot lie in the future: then the clock is slow. Without that check every honest update
/// would be old news, and the head would stand still for good.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_the_future_means_a_slow_clock() {
    let bench = Bench::start(&options()).await;
    let saved = bench.synced().await.unwrap().saved();
    bench.clock.0.fetch_sub(7 * 60 * 1_000, Ordering::Relaxed);
    let resumed = Syncer::resume(bench.edges.clone(), &saved, false);
    let Err(SyncError::ClockSlow { behind_ms }) = resumed else { panic!("{resumed:?}") };
    assert!((6 * 60 * 1_000..8 * 60 * 1_000).contains(&behind_ms), "{behind_ms}");
}

/// Right after a start head and final block are one: what is before it is final, and can be read.
#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_head_older_blocks_are_read_and_final() {
    let bench = Bench::start(&options()).await;
    let syncer = Syncer::bootstrap(bench.edges.clone(), bench.anchor()).await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    assert_eq!(heads.optimistic.hash(), heads.finalized.hash());
    for back in [1, 2, 20] {
        let number = heads.optimistic.number() - back;
        let header = reader.block(&heads, BlockQuery::Number(number)).await.unwrap();
        assert_eq!((header.number(), header.finality()), (number, Finality::Final));
    }
}

/// One endpoint names a block that nobody has. What the others say is told all the same, and so is what it says where
/// the others say nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_block_hides_nothing() {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    for others in [TxLocation::Pending(Box::default()), TxLocation::Unknown] {
        let mut source = BentSource::new(patient(&bench));
        let said = others.clone();
        source.locations = Box::new(move |claims| {
            claims.iter_mut().for_each(|claim| claim.body = said.clone());
            claims[0].body = TxLocation::Included { block_hash: B256::repeat_byte(9), index: 0 };
        });
        let edges = ChainEdges { execution: Arc::new(source), ..bench.edges.clone() };
        let reader = Reader::new(edges);
        let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
        let status = reader.transaction(&heads, B256::repeat_byte(1), None).await.unwrap();
        match (others, status) {
            (TxLocation::Pending(_), TransactionStatus::Pending { seen_by, .. }) => {
                assert_eq!(seen_by.len(), 2);
            }
            (TxLocation::Unknown, TransactionStatus::AwaitingProof { said_by, .. }) => {
                assert_eq!(said_by.len(), 1);
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(bench.pool.evidence().is_empty());
}

/// The clock passes six empty slots: every endpoint is asked for its head, and none is behind the others.
#[tokio::test(flavor = "multi_thread")]
async fn empty_slots_make_nobody_stale() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    bench.clock.0.fetch_add(6 * 12_000, Ordering::Relaxed);
    let moved = syncer.follow().await.unwrap();
    assert!(moved.lag_slots >= 4, "{moved:?}");
    assert!(bench.pool.report().iter().all(|one| one.slots_behind.is_none()), "{:?}", bench.pool.report());
    assert!(
        !matches!(bench.pool.evidence().first(), Some(one) if one.rule == SourceError::NotFound.to_string())
    );
}
