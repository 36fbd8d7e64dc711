//! Every lie of the execution side, told by one endpoint and by all.

use lifeboat::devnet::execution::ExecutionLie;
use lifeboat::devnet::http::Fault;
use lifeboat::sources::Standing;

use super::{ask_everything, patient, prepared};

/// Lies that no read of ours meets: they concern sending, calls, or helpers that nothing is proven from.
const NOT_READ: [&str; 7] = [
    "dropped-submission",
    "other-submission-hash",
    "falsely-known",
    "false-nonce-too-low",
    "call-result-off",
    "empty-access-list",
    "no-logs",
];

/// Lies about what cannot be proven, or no lies at all by the protocol: survived, and nobody is quarantined for them.
const BLAMELESS: [&str; 5] =
    ["hidden-transaction", "pending-for-included", "reversed-batch", "other-request-id", "short-batch"];

#[tokio::test(flavor = "multi_thread")]
async fn one_liar_is_caught_named_and_survived() {
    let (bench, proven, honest) = prepared().await;
    let mut caught = 0;
    for lie in ExecutionLie::ALL {
        let liar = &bench.network.execution_endpoints()[0];
        liar.faults().set(Fault::Lying { lie: *lie });
        let unseen = NOT_READ.contains(&lie.name()) || BLAMELESS.contains(&lie.name());
        let mut pool = patient(&bench);
        // The fastest endpoint is asked first, and that need not be the liar: a few tries are allowed until it is met.
        for _ in 0..40 {
            let answers = ask_everything(&bench, &pool, proven).await;
            assert_eq!(answers.as_ref().ok(), Some(&honest), "{}: {answers:?}", lie.name());
            if unseen || !pool.evidence().is_empty() {
                break;
            }
            pool = patient(&bench);
        }
        let evidence = pool.evidence();
        if unseen {
            assert!(evidence.is_empty(), "{}: {evidence:?}", lie.name());
        } else {
            assert!(!evidence.is_empty(), "{} was not caught", lie.name());
            // Two reads at once may both have met the liar; nobody else is blamed.
            let port = liar.url().port().unwrap().to_string();
            assert!(
                evidence.iter().all(|one| one.endpoint.0.contains(&port)),
                "{}: {evidence:?}",
                lie.name()
            );
            let reports = pool.report();
            let first = reports.iter().find(|report| report.id == evidence[0].endpoint).unwrap();
            assert!(matches!(first.standing, Standing::Quarantined { .. }));
            assert!(!evidence[0].rule.is_empty() && !evidence[0].bytes.is_empty());
            caught += 1;
        }
        liar.faults().set(Fault::Healthy);
    }
    assert!(caught >= 25, "{caught} lies caught");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_lie_there_is_no_answer_rather_than_a_wrong_one() {
    let (bench, proven, honest) = prepared().await;
    for lie in ExecutionLie::ALL {
        for endpoint in bench.network.execution_endpoints() {
            endpoint.faults().set(Fault::Lying { lie: *lie });
        }
        match ask_everything(&bench, &patient(&bench), proven).await {
            Ok(answers) => {
                assert_eq!(answers, honest, "{}", lie.name());
                let harmless = NOT_READ.contains(&lie.name()) || BLAMELESS.contains(&lie.name());
                assert!(harmless, "{} changed nothing although everybody told it", lie.name());
            }
            Err(error) => assert!(!NOT_READ.contains(&lie.name()), "{}: {error}", lie.name()),
        }
        for endpoint in bench.network.execution_endpoints() {
            endpoint.faults().set(Fault::Healthy);
        }
    }
}
