//! Journey (c): a transaction from an intent to a final block; replaced, cancelled, reverted, out of order, reorganised.

use alloy::primitives::{Address, U256};
use lifeboat::app::signing::review::{Gesture, Level};
use lifeboat::app::signing::{Amount, Asset, Intent, State, StatusWord, TxType, grouped};
use lifeboat::app::{Replacement, SendRequest};
use lifeboat::devnet::execution::PRACTICE_DOLLAR;

use super::{Lab, ether, pay, who};

#[tokio::test(flavor = "multi_thread")]
async fn ether_and_a_token_go_to_final() {
    let mut lab = Lab::start().await;
    let prepared = lab.prepared(pay(1, 15)).await;
    assert_eq!(prepared.review.title, "Send 1.5 ETH");
    let effects = prepared.review.effects.as_ref().unwrap();
    let sum = U256::from(1_500_000_000_000_000_000_u64);
    let moved: Vec<_> = effects.changes.iter().map(|one| (one.who, one.gained, one.amount)).collect();
    assert!(moved.contains(&(who(0), false, sum)) && moved.contains(&(who(1), true, sum)), "{moved:?}");
    assert_eq!(prepared.review.gesture(), Gesture::Click, "{:?}", prepared.review.findings);
    let signed = lab.sign(&prepared, &[]).await;
    assert_eq!(signed.sentence, "Signed and saved. Not sent yet.");
    let sent = lab.wallet().deliver(signed.hash).await.unwrap();
    assert_eq!(
        sent.transaction.sentence,
        "Accepted by 3 of 3 endpoints. Acceptance is not proof; inclusion will be."
    );
    let dollars =
        Intent::SendToken { token: PRACTICE_DOLLAR, to: who(2), amount: Amount::Exactly(U256::from(5)) };
    let token = lab.prepared(dollars).await;
    let change = token.review.effects.as_ref().unwrap().changes.iter().find(|one| one.who == who(0)).unwrap();
    assert_eq!((change.asset, change.gained), (Asset::Erc20 { token: PRACTICE_DOLLAR }, false));
    assert_eq!(token.review.tx.nonce(), signed.nonce + 1, "the first one waits in the journal");
    let token = lab.sign(&token, &[]).await.hash;
    lab.wallet().deliver(token).await.unwrap();
    assert_eq!(lab.status(signed.hash).await.word, StatusWord::Sent);
    lab.advance(2).await;
    for hash in [signed.hash, token] {
        let view = lab.status(hash).await;
        let State::Included { block, index, success: true, fee, .. } = view.state else { panic!("{view:?}") };
        assert_eq!(
            view.sentence,
            format!(
                "In block {}, position {index}. Result: success. Proven by receipt.",
                grouped(block.number)
            )
        );
        assert!(fee > U256::ZERO);
    }
    lab.advance(100).await;
    for hash in [signed.hash, token] {
        let view = lab.status(hash).await;
        assert_eq!(
            (view.word, view.sentence.as_str()),
            (StatusWord::Final, "Final. The network treats it as settled.")
        );
        assert!(!view.is_open);
    }
    // The journal tells the same after a restart.
    let lab = lab.restart().await;
    let words: Vec<_> = lab.wallet().activity().unwrap().iter().map(|one| one.word).collect();
    assert_eq!(words, [StatusWord::Final, StatusWord::Final]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_one_is_sped_up_and_another_is_cancelled() {
    let mut lab = Lab::start().await;
    for kind in [Replacement::SpeedUp, Replacement::Cancel] {
        let old = lab.sent(pay(1, 10)).await;
        let prepared = lab.wallet().prepare_replacement(old, kind).await.unwrap();
        let note = prepared.review.concerns().find(|one| one.check.to_string() == "R15").unwrap();
        assert_eq!((note.level, note.text.as_str()), (Level::Note, "Replaces your pending \"Send 1 ETH\"."));
        let new = lab.replaced(old, kind).await;
        lab.advance(2).await;
        assert_eq!(lab.status(new).await.word, StatusWord::Included);
        let lost = lab.status(old).await;
        assert_eq!(
            lost.sentence,
            format!(
                "Another transaction with nonce {} was included: {new}. This one can never run.",
                lost.nonce
            )
        );
        let refused = lab.wallet().prepare_replacement(old, kind).await.unwrap_err();
        assert!(refused.what.starts_with("The transaction waits no more"), "{refused}");
    }
    lab.advance(100).await;
    let open: Vec<_> = lab.wallet().refresh_open().await.unwrap();
    assert_eq!(open.len(), 4);
    assert!(open.into_iter().all(|one| !one.unwrap().is_open));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_foreseen_and_told_with_its_reason() {
    let mut lab = Lab::start().await;
    let too_much =
        Intent::SendToken { token: PRACTICE_DOLLAR, to: who(2), amount: Amount::Exactly(U256::MAX >> 8) };
    let prepared = lab.prepared(too_much).await;
    let danger = prepared.review.concerns().find(|one| one.check.to_string() == "R11").unwrap();
    assert!(danger.text.contains("exceeds balance"), "{}", danger.text);
    assert_eq!(prepared.review.gesture(), Gesture::TypeThenHold);
    let hash = lab.sign(&prepared, &["FAIL"]).await.hash;
    lab.wallet().deliver(hash).await.unwrap();
    lab.advance(2).await;
    let view = lab.status(hash).await;
    assert_eq!(view.word, StatusWord::Reverted);
    assert!(
        view.sentence.starts_with("It was included but failed, so nothing moved except the fee 0.0")
            && view.sentence.ends_with("exceeds balance"),
        "{}",
        view.sentence
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_gap_is_said_and_closes() {
    let mut lab = Lab::start().await;
    let next = lab.prepared(pay(1, 1)).await.review.tx.nonce();
    let request = SendRequest { nonce: Some(next + 1), ..SendRequest::new(who(0), pay(1, 2)) };
    let ahead = lab.wallet().prepare(&request).await.unwrap();
    let gap = ahead.review.concerns().find(|one| one.check.to_string() == "R15").unwrap();
    assert_eq!(gap.text, format!("Nonce {} waits until {next} is used.", next + 1));
    let ahead = lab.sign(&ahead, &[]).await.hash;
    lab.wallet().deliver(ahead).await.unwrap();
    lab.advance(2).await;
    assert_eq!(lab.status(ahead).await.word, StatusWord::Sent);
    let request = SendRequest { nonce: Some(next), ..SendRequest::new(who(0), pay(1, 3)) };
    let first = lab.wallet().prepare(&request).await.unwrap();
    let first = lab.sign(&first, &[]).await.hash;
    assert_eq!(lab.wallet().blocked_by(ahead).unwrap().unwrap().hash, first);
    lab.wallet().deliver(first).await.unwrap();
    lab.advance(2).await;
    for hash in [first, ahead] {
        assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reorg_takes_a_transaction_out_and_in_again() {
    let mut lab = Lab::start().await;
    let hash = lab.sent(pay(1, 10)).await;
    lab.advance(2).await;
    let State::Included { block: first, .. } = lab.status(hash).await.state else { panic!() };
    lab.network.reorg(3);
    lab.network.skip(3).unwrap();
    lab.advance(2).await;
    let view = lab.status(hash).await;
    match view.state {
        // The chain kept it in its pool.
        State::Included { block, .. } => assert_ne!(block.hash, first.hash),
        State::Reorged { block } => {
            assert_eq!(block, first);
            assert_eq!(
                view.sentence,
                format!(
                    "Block {} was replaced. The transaction is waiting again; do not resend a different one.",
                    grouped(first.number)
                )
            );
            lab.wallet().deliver(hash).await.unwrap();
            lab.advance(2).await;
            assert_eq!(lab.status(hash).await.word, StatusWord::Included);
        }
        other => panic!("{other:?}"),
    }
    lab.advance(100).await;
    assert_eq!(lab.status(hash).await.word, StatusWord::Final);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_there_is_leaves_the_fee_and_more_than_there_is_is_blocked() {
    let lab = Lab::start().await;
    let max = lab.prepared(Intent::SendEther { to: who(1), amount: Amount::Max }).await;
    let left = lab.handle.reads();
    let state = left.state_at(left.heads().unwrap().optimistic);
    let balance = state.account(who(0)).await.unwrap().value().balance;
    let fee = max.review.tx.max_fee();
    assert_eq!(max.review.tx.value(), balance - fee - fee / U256::from(5));
    let more = lab.prepared(pay(1, 1_000_000)).await;
    assert_eq!(more.review.gesture(), Gesture::Blocked);
    let blocked = more.review.concerns().next().unwrap();
    assert!(
        blocked.text.starts_with("Needs 100000.0") && blocked.text.ends_with("(verified)."),
        "{}",
        blocked.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_transaction_is_accepted() {
    let mut lab = Lab::start().await;
    let mut sent = Vec::new();
    for kind in [TxType::Legacy, TxType::Eip2930, TxType::Eip1559] {
        let request = SendRequest { kind, ..SendRequest::new(who(0), pay(1, 1)) };
        let prepared = lab.wallet().prepare(&request).await.unwrap();
        assert_eq!(prepared.review.tx.kind(), kind);
        sent.push(lab.sign(&prepared, &[]).await.hash);
        lab.wallet().deliver(*sent.last().unwrap()).await.unwrap();
    }
    // Ending a delegation that is not there: type 4, with its own authorization signed.
    let end = lab.prepared(Intent::Delegate { code: Address::ZERO }).await;
    assert_eq!(end.review.tx.kind(), TxType::Eip7702);
    sent.push(lab.sign(&end, &[]).await.hash);
    lab.wallet().deliver(*sent.last().unwrap()).await.unwrap();
    lab.advance(3).await;
    for hash in sent {
        assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    }
    let stranger = lab.prepared(Intent::Delegate { code: PRACTICE_DOLLAR }).await;
    assert_eq!(stranger.review.gesture(), Gesture::Blocked, "only to code that is shipped");
    let _unused = ether(1);
}
