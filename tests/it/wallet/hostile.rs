//! Endpoints that lie about sending (THREATS §6.6): told apart, survived, never believed.

use lifeboat::app::Standing;
use lifeboat::app::signing::{SendOutcome, State, StatusWord};
use lifeboat::devnet::execution::ExecutionLie;
use lifeboat::devnet::http::Fault;

use super::{Lab, pay};

#[tokio::test(flavor = "multi_thread")]
async fn accepted_and_dropped_is_not_believed_and_is_sent_again() {
    let mut lab = Lab::start().await;
    lab.lie(Fault::Lying { lie: ExecutionLie::DroppedSubmission });
    let hash = lab.sent(pay(1, 10)).await;
    lab.advance(3).await;
    assert_eq!(lab.status(hash).await.word, StatusWord::Sent, "acceptance is not proof");
    lab.clock.0.fetch_add(200_000, std::sync::atomic::Ordering::Relaxed);
    let view = lab.wallet().transaction(hash).unwrap().unwrap();
    assert_eq!(
        view.sentence,
        format!(
            "Not in a block yet. It can still be included at any time until nonce {} is used.",
            view.nonce
        )
    );
    lab.lie(Fault::Healthy);
    lab.wallet().deliver(hash).await.unwrap();
    lab.advance(2).await;
    assert_eq!(lab.status(hash).await.word, StatusWord::Included);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_hash_is_a_lie_that_is_proven_by_arithmetic() {
    let mut lab = Lab::start().await;
    // The others are silent: what the liar takes, its chain has.
    lab.lie(Fault::Dead);
    let liar = &lab.network.execution_endpoints()[1];
    let url = liar.url().to_string();
    liar.faults().set(Fault::Healthy);
    let prepared = lab.prepared(pay(1, 10)).await;
    liar.faults().set(Fault::Lying { lie: ExecutionLie::OtherSubmissionHash });
    let hash = lab.sign(&prepared, &[]).await.hash;
    let sent = lab.wallet().deliver(hash).await.unwrap();
    let other = sent.answers.iter().filter(|(_, one)| matches!(one, SendOutcome::OtherHash { .. })).count();
    assert_eq!(other, 1, "{:?}", sent.answers);
    assert_eq!(sent.transaction.sentence, "Signed, but no endpoint took it. It is saved.");
    lab.lie(Fault::Healthy);
    lab.advance(2).await;
    assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    let report = lab.handle.snapshot();
    let liar =
        report.endpoints.iter().find(|one| url.contains(one.id.to_string().trim_end_matches('/'))).unwrap();
    assert!(matches!(liar.standing, Standing::Quarantined { .. }), "{liar:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn falsely_known_and_falsely_used_nonces_are_words_and_no_more() {
    let mut lab = Lab::start().await;
    for (lie, expected) in [
        (ExecutionLie::FalselyKnown, SendOutcome::AlreadyKnown),
        (ExecutionLie::FalseNonceTooLow, SendOutcome::NonceTooLow),
    ] {
        lab.lie(Fault::Lying { lie });
        let prepared = lab.prepared(pay(1, 7)).await;
        let hash = lab.sign(&prepared, &[]).await.hash;
        let sent = lab.wallet().deliver(hash).await.unwrap();
        assert!(sent.answers.iter().all(|(_, one)| *one == expected), "{:?}", sent.answers);
        if expected == SendOutcome::NonceTooLow {
            let words = format!(
                "Nonce {} was used while you signed. Check Activity before trying again.",
                sent.transaction.nonce
            );
            assert_eq!(sent.transaction.sentence, words);
        }
        lab.advance(2).await;
        // The account's proven nonce says that it is free.
        assert_eq!(lab.status(hash).await.state, State::Sent);
        lab.lie(Fault::Healthy);
        lab.wallet().deliver(hash).await.unwrap();
        lab.advance(2).await;
        assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_hide_an_inclusion() {
    for lie in [ExecutionLie::HiddenTransaction, ExecutionLie::PendingForIncluded] {
        let mut lab = Lab::start().await;
        let hash = lab.sent(pay(1, 10)).await;
        lab.lie(Fault::Lying { lie });
        lab.advance(3).await;
        // Found by the account's proven nonce, which no endpoint can hide.
        assert_eq!(lab.status(hash).await.word, StatusWord::Included, "{}", lie.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_there_it_stays_saved() {
    let mut lab = Lab::start().await;
    let prepared = lab.prepared(pay(1, 10)).await;
    let hash = lab.sign(&prepared, &[]).await.hash;
    lab.lie(Fault::Dead);
    let sent = lab.wallet().deliver(hash).await.unwrap();
    assert!(sent.answers.iter().all(|(_, one)| matches!(one, SendOutcome::Unreachable { .. })));
    assert_eq!(sent.transaction.sentence, "Signed, but no endpoint took it. It is saved.");
    lab.lie(Fault::Healthy);
    let lab_after = lab.restart().await;
    lab = lab_after;
    lab.wallet().deliver(hash).await.unwrap();
    lab.advance(2).await;
    assert_eq!(lab.status(hash).await.word, StatusWord::Included);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_about_balance_or_nonce_is_no_review() {
    let lab = Lab::start().await;
    for lie in [ExecutionLie::BalancePlusOne, ExecutionLie::NoncePlusOne] {
        lab.lie(Fault::Lying { lie });
    }
    let lab = {
        let mut lab = lab;
        lab.network.advance(1).unwrap();
        super::tick(&lab.network, &lab.clock);
        tokio::time::timeout(
            std::time::Duration::from_secs(60),
            lab.handle.wait_until(|now| {
                now.endpoints.iter().any(|one| matches!(one.standing, Standing::Quarantined { .. }))
                    || now.no_reads.is_some()
            }),
        )
        .await
        .ok();
        lab
    };
    let request = lifeboat::app::SendRequest::new(super::who(0), pay(1, 1));
    match lab.wallet().prepare(&request).await {
        Err(reason) => assert!(
            !reason.refuted || reason.what.starts_with("A value this depends on failed verification."),
            "{reason}"
        ),
        // Where the state was read before the lie, the review stands on that proven block.
        Ok(prepared) => assert!(prepared.review.tx.nonce() > 0),
    }
}
