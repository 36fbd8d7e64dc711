//! Every lie of the consensus side, told by one endpoint and by all.

use lifeboat::chain::Syncer;
use lifeboat::devnet::PracticeOptions;
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::http::Fault;
use lifeboat::networks::Fork;

use super::patient;
use crate::support::practice::{Bench, edges, options};

async fn sync(
    bench: &Bench,
) -> (Result<Syncer, lifeboat::chain::SyncError>, Vec<lifeboat::sources::EvidenceRecord>) {
    let pool = patient(bench);
    let edges = edges(bench.edges.spec.clone(), &pool, &bench.clock);
    let synced = async {
        let mut syncer = Syncer::bootstrap(edges, bench.anchor()).await?;
        syncer.catch_up(&|_| {}).await?;
        syncer.follow().await?;
        Ok(syncer)
    };
    (synced.await, pool.evidence())
}

/// With an old period to catch up with, every kind of object is asked for.
fn with_history(fork: Fork) -> PracticeOptions {
    PracticeOptions { old_periods: 1, slot_ms: 1_000, fork, ..options() }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_liar_is_caught_named_and_survived() {
    for fork in [Fork::Fulu, Fork::Gloas] {
        let bench = Bench::start(&with_history(fork)).await;
        let honest = sync(&bench).await.0.unwrap().head();
        let mut caught = 0;
        for lie in BeaconLie::ALL {
            let liar = &bench.network.beacon_endpoints()[0];
            liar.faults().set(Fault::Lying { lie: *lie });
            let (synced, evidence) = sync(&bench).await;
            let syncer = synced.unwrap_or_else(|error| panic!("{}: {error}", lie.name()));
            assert_eq!(syncer.head(), honest, "{}", lie.name());
            assert!(evidence.len() <= 1, "{}: {evidence:?}", lie.name());
            caught += evidence.len();
            liar.faults().set(Fault::Healthy);
        }
        // A wrong content type is refused as malformed before anything is verified: a failure, not a proven lie.
        assert!(caught >= BeaconLie::ALL.len() - 2, "{caught} of {} lies were blamed", BeaconLie::ALL.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_lie_there_is_no_wrong_head() {
    let bench = Bench::start(&with_history(Fork::Fulu)).await;
    let honest = sync(&bench).await.0.unwrap().head();
    let mut refused = 0;
    for lie in BeaconLie::ALL {
        for endpoint in bench.network.beacon_endpoints() {
            endpoint.faults().set(Fault::Lying { lie: *lie });
        }
        match sync(&bench).await.0 {
            Ok(syncer) => {
                // Whatever was shown was signed: the honest head, or an older one that the lie could not touch.
                let head = syncer.head();
                assert!(head == honest || head.slot() < honest.slot(), "{}: {head:?}", lie.name());
            }
            Err(_) => refused += 1,
        }
        for endpoint in bench.network.beacon_endpoints() {
            endpoint.faults().set(Fault::Healthy);
        }
    }
    assert!(refused >= BeaconLie::ALL.len() - 2, "{refused} of {} refused", BeaconLie::ALL.len());
}
