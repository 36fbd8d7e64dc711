//! A committee that signs a false chain (THREATS T07): other sources do not have it, and two heads of one slot are noticed.

use std::sync::Arc;

use lifeboat::app::{NetworkName, Request, open};
use lifeboat::chain::{About, ChainEdges, Reader, Said, Statement, Syncer, Weight, second_witness};
use lifeboat::devnet::PracticeNetwork;
use lifeboat::networks::Fork;
use lifeboat::sources::{EndpointConfig, EndpointKind, HttpPool};

use crate::support::practice::{Bench, edges, endpoints, options, patient_pool};

/// Beacon endpoints of one network and execution endpoints of two.
fn mixed(bench: &Bench, beacon: &PracticeNetwork, execution: &[&PracticeNetwork]) -> Arc<HttpPool> {
    let of = |network: &PracticeNetwork, kind| {
        endpoints(network)
            .into_iter()
            .filter(move |one: &EndpointConfig| one.kind == kind)
            .collect::<Vec<_>>()
    };
    let mut all = of(beacon, EndpointKind::Beacon);
    execution.iter().for_each(|network| all.extend(of(network, EndpointKind::Execution)));
    patient_pool(&bench.edges.spec, all)
}

async fn statements(bench: &Bench, edges: ChainEdges) -> (Vec<Statement>, Weight) {
    let mut syncer = Syncer::bootstrap(edges.clone(), bench.anchor()).await.unwrap();
    syncer.catch_up(&|_| {}).await.unwrap();
    syncer.follow().await.unwrap();
    let reader = Reader::new(edges);
    let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
    let statements = reader.statements(&heads, &syncer.finalized()).await;
    let verdict = second_witness(&statements);
    (statements, verdict)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_head_has_its_witnesses() {
    for fork in [Fork::Fulu, Fork::Gloas] {
        let bench = Bench::start(&lifeboat::devnet::PracticeOptions { fork, ..options() }).await;
        let (statements, verdict) = statements(&bench, bench.edges.clone()).await;
        let Weight::Agreed { by } = verdict else { panic!("{verdict:?}") };
        assert_eq!(by.len(), 3);
        let final_slots = statements.iter().filter(|one| one.about == About::FinalSlot);
        assert!(
            final_slots.clone().count() == 3 && final_slots.clone().all(|one| matches!(one.said, Said::Same))
        );
        let one_only = mixed(&bench, &bench.network, &[]);
        for one in
            endpoints(&bench.network).into_iter().filter(|one| one.kind == EndpointKind::Execution).take(1)
        {
            one_only.add(one, false);
        }
        let lonely = edges(bench.edges.spec.clone(), &one_only, &bench.clock);
        assert!(matches!(self::statements(&bench, lonely).await.1, Weight::TooFew { by } if by.len() == 1));
    }
}

/// The committee's own endpoints show a chain of their making, with blocks and state that fit it: everything verifies.
/// Endpoints that follow the real chain have other blocks at those numbers.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_chain_verifies_and_finds_no_witness() {
    let real = Bench::start(&options()).await;
    let forged = Bench::start(&options()).await;
    // The same genesis, keys and history; then the committee signs another chain beside the real one.
    forged.network.reorg(5);
    forged.advance(45);
    real.advance(40);
    assert_eq!(real.network.head_slot(), forged.network.head_slot());
    let pool = mixed(&forged, &forged.network, &[&forged.network, &real.network]);
    let both = edges(forged.edges.spec.clone(), &pool, &forged.clock);
    let (_, verdict) = statements(&forged, both).await;
    let Weight::Unsettled { by } = &verdict else { panic!("{verdict:?}") };
    assert_eq!(by.len(), 3, "every endpoint of the real chain");
    // Once the forged chain is signed as final, it is a conflict.
    forged.advance(100);
    real.advance(100);
    let pool = mixed(&forged, &forged.network, &[&forged.network, &real.network]);
    let both = edges(forged.edges.spec.clone(), &pool, &forged.clock);
    let (_, verdict) = statements(&forged, both).await;
    assert!(matches!(&verdict, Weight::Conflict { by } if by.len() == 3), "{verdict:?}");
    assert!(pool.evidence().is_empty(), "no endpoint is called a liar: the committee is");
}

/// Two heads of one slot: the first stays, nobody who passed them on is blamed, and both replies are kept.
#[tokio::test(flavor = "multi_thread")]
async fn two_heads_of_one_slot_are_noticed_and_both_kept() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    let first = syncer.head();
    assert_eq!(syncer.take_conflict(), None);
    bench.network.reorg(3);
    bench.advance(3);
    bench.clock.0.fetch_add(5 * 12_000, std::sync::atomic::Ordering::Relaxed);
    syncer.follow().await.unwrap();
    let conflict = syncer.take_conflict().expect("two heads were signed");
    assert_eq!((conflict.heads.slot, conflict.heads.held), (first.slot(), first.beacon_root()));
    assert_ne!(conflict.heads.shown, first.beacon_root());
    assert!(
        conflict.evidence.iter().all(|reply| reply.len() > 100)
            && conflict.evidence[0] != conflict.evidence[1]
    );
    assert_eq!((syncer.head(), syncer.take_conflict()), (first, None));
    assert!(bench.pool.evidence().is_empty());
    bench.advance(1);
    bench.tick();
    syncer.follow().await.unwrap();
    assert!(syncer.head().slot() > first.slot(), "a later slot goes on");
}

/// A core that sees it says so and writes both replies to disk.
#[tokio::test(flavor = "multi_thread")]
async fn a_core_keeps_both_replies() {
    let bench = Bench::start(&options()).await;
    let folder = tempfile::tempdir().unwrap();
    let request = Request {
        practice: Some((bench.network.spec().clone(), endpoints(&bench.network))),
        data_dir: Some(folder.path().to_owned()),
        ..Request::of(NetworkName::Practice)
    };
    let clock = Arc::new(crate::serve::lab::HandClock::default());
    let set = |slots: u64| {
        let now = bench.clock.0.load(std::sync::atomic::Ordering::Relaxed) + slots * 12_000;
        clock.0.store(now, std::sync::atomic::Ordering::Relaxed);
    };
    set(0);
    let (handle, _core) = open(request, clock.clone()).unwrap().start(Arc::new(|| {})).unwrap();
    let reads = handle.reads();
    reads.follow().wait_for(Option::is_some).await.unwrap();
    let statements = reads.statements().await.unwrap();
    assert!(matches!(second_witness(&statements), Weight::Agreed { .. }), "{statements:?}");
    bench.network.reorg(3);
    bench.advance(3);
    set(5);
    for _ in 0..2_400 {
        if reads.snapshot().notices.iter().any(|one| one.text.contains("signed two blocks of slot")) {
            let kept = std::fs::read_dir(folder.path().join("practice/evidence")).unwrap().count();
            assert_eq!(kept, 2);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let snapshot = reads.snapshot();
    panic!("{:?} {:?} {:?}", snapshot.notices, snapshot.sync, snapshot.endpoints);
}
