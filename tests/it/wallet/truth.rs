//! What is said of a transaction is what is proven of it, and a review knows what waits, who is known and how old it is.

use alloy::consensus::TxEip1559;
use alloy::eips::Encodable2718 as _;
use alloy::primitives::{Address, TxKind, U256};
use lifeboat::app::signing::review::{Answers, Level, Party, PartyKind};
use lifeboat::app::signing::{Amount, Intent, StatusWord};
use lifeboat::app::{Prepared, SendRequest, Unlock};
use lifeboat::devnet::PRACTICE_CHAIN_ID;
use lifeboat::devnet::execution::{ExecutionLie, sign};
use lifeboat::devnet::http::Fault;

use super::{Lab, pay, who};

fn said(prepared: &Prepared, check: u8) -> Vec<(Level, String)> {
    let all = prepared.review.findings.iter().filter(|one| one.check.0 == check);
    all.map(|one| (one.level, one.text.clone())).collect()
}

/// Nobody names its block, and the nonce was used longer ago than state is served for: it may be this very payment.
#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_cannot_be_found_is_not_said_to_have_failed() {
    let mut lab = Lab::start().await;
    let hash = lab.sent(pay(1, 10)).await;
    lab.lie(Fault::Lying { lie: ExecutionLie::HiddenTransaction });
    lab.network.advance(140).unwrap();
    lab.advance(1).await;
    let hidden = lab.status(hash).await;
    assert_eq!(hidden.word, StatusWord::NonceUsed, "{}", hidden.sentence);
    assert!(hidden.is_open, "it is looked for again");
    assert!(hidden.sentence.contains("is used. Whether by this transaction"), "{}", hidden.sentence);
    // Who would pay again is told of the first payment.
    lab.lie(Fault::Healthy);
    let found = lab.status(hash).await;
    assert_eq!(found.word, StatusWord::Final, "{}", found.sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_took_it_is_not_forgotten_when_a_later_sending_fails() {
    let lab = Lab::start().await;
    let hash = lab.sent(pay(1, 10)).await;
    lab.lie(Fault::Dead);
    let again = lab.wallet().deliver(hash).await.unwrap();
    assert!(again.answers.iter().all(|(_, one)| !one.took_it()), "{:?}", again.answers);
    let words = &again.transaction.sentence;
    assert!(words.starts_with("Accepted by "), "{words}");
}

/// The head stands still while somebody reads: R14 is about the moment of the signature.
#[tokio::test(flavor = "multi_thread")]
async fn a_review_that_grew_old_without_a_new_head_is_not_signed_as_it_was() {
    let lab = Lab::start().await;
    let prepared = lab.prepared(pay(1, 10)).await;
    assert_eq!(said(&prepared, 14).first().map(|one| one.0), Some(Level::Passed));
    let before = lab.clock.0.fetch_add(17 * 60_000, std::sync::atomic::Ordering::Relaxed);
    let held = Answers { held: true, facts: Vec::new() };
    let refused = lab.wallet().sign(prepared.review.id(), &held, Unlock::Practice).await.unwrap_err();
    assert!(refused.what.contains("The chain state is 17 min old."), "{refused:?}");
    // Nothing is lost by it: as old as it was, it is signed.
    lab.clock.0.store(before, std::sync::atomic::Ordering::Relaxed);
    lab.wallet().sign(prepared.review.id(), &held, Unlock::Practice).await.unwrap();
}

/// A stranger's signed transaction, brought here, makes its recipient nobody's acquaintance; neither does watching one.
#[tokio::test(flavor = "multi_thread")]
async fn only_own_payments_that_were_made_and_compared_contacts_make_an_address_known() {
    let mut lab = Lab::start().await;
    let poisoner = Address::repeat_byte(0x77);
    let foreign = |nonce| TxEip1559 {
        chain_id: PRACTICE_CHAIN_ID,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: 100_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Call(poisoner),
        value: U256::from(1),
        ..TxEip1559::default()
    };
    // Account 7 is none of the user's.
    let signed = |nonce| sign(7, foreign(nonce)).unwrap().inner().encoded_2718();
    let raw = (0..10_000).map(signed).find(|raw| lab.network.submit(raw).is_ok()).unwrap();
    let adopted = lab.wallet().adopt(&raw).unwrap();
    lab.wallet().deliver(adopted.hash).await.unwrap();
    lab.advance(2).await;
    assert_eq!(lab.status(adopted.hash).await.word, StatusWord::Included);
    let to = |who: Address| Intent::SendEther { to: who, amount: Amount::Exactly(U256::from(5)) };
    let unknown = |prepared: &Prepared| {
        said(prepared, 4).iter().any(|(level, text)| *level == Level::Caution && text.contains("never sent"))
    };
    assert!(unknown(&lab.prepared(to(poisoner)).await), "a stranger's payment made it known");
    let watched = Party { name: "Cold".to_owned(), address: poisoner, kind: PartyKind::Watched };
    lab.wallet().know(vec![watched]);
    let prepared = lab.prepared(to(poisoner)).await;
    assert!(unknown(&prepared), "looking at an address made it known");
    assert!(!prepared.review.sentence.contains("Cold"), "{}", prepared.review.sentence);
    // Nor is whom the one pays that is only looked at, or is a contact that nobody confirmed.
    let bob = |kind| Party { name: "Bob".to_owned(), address: who(7), kind };
    for kind in [PartyKind::Watched, PartyKind::Saved] {
        lab.wallet().know(vec![bob(kind)]);
        assert!(unknown(&lab.prepared(to(poisoner)).await), "{kind:?}: his payee became known");
    }
    // An own payment, made and proven, does.
    lab.sent(to(poisoner)).await;
    assert!(unknown(&lab.prepared(to(poisoner)).await), "one that only waits proves nothing");
    lab.advance(2).await;
    lab.wallet().refresh_open().await.unwrap();
    assert!(!unknown(&lab.prepared(to(poisoner)).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_far_ahead_does_not_pull_the_next_one_after_it() {
    let lab = Lab::start().await;
    let first = lab.prepared(pay(1, 10)).await;
    let next = first.review.tx.nonce();
    let far = SendRequest { nonce: Some(next + 50), ..SendRequest::new(who(0), pay(1, 11)) };
    let far = lab.wallet().prepare(&far).await.unwrap();
    lab.sign(&far, &[]).await;
    assert_eq!(lab.prepared(pay(1, 12)).await.review.tx.nonce(), next);
}

/// Signed, saved and not sent: what comes after it waits for it, and is told so.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_was_never_sent_is_named_by_the_one_that_waits_for_it() {
    let lab = Lab::start().await;
    let first = lab.prepared(pay(1, 10)).await;
    let hash = lab.sign(&first, &[]).await.hash;
    let second = lab.prepared(pay(1, 20)).await;
    let cautions = said(&second, 15);
    let text = "no endpoint has taken \"Send 1 ETH\" that has it";
    assert!(
        cautions.iter().any(|(level, said)| *level == Level::Caution && said.contains(text)),
        "{cautions:?}"
    );
    lab.wallet().deliver(hash).await.unwrap();
    let second = lab.prepared(pay(1, 20)).await;
    assert!(said(&second, 15).iter().all(|(level, _)| *level < Level::Caution), "{:?}", said(&second, 15));
}

/// What waits before it has its part of the balance.
#[tokio::test(flavor = "multi_thread")]
async fn the_balance_is_not_spent_twice() {
    let lab = Lab::start().await;
    let ether = U256::from(10).pow(U256::from(18));
    let balance = lab.wallet().prepare(&SendRequest::new(who(0), pay(1, 1))).await.unwrap();
    assert!(said(&balance, 17).is_empty());
    let most = |of: u64| Intent::SendEther { to: who(1), amount: Amount::Exactly(ether * U256::from(of)) };
    lab.sent(most(6_000)).await;
    let second = lab.prepared(most(6_000)).await;
    let found = said(&second, 17);
    assert!(
        matches!(found.as_slice(), [(Level::Caution, text)] if text.contains("what waits before it may take 6000.000001")),
        "{found:?}"
    );
    let all = lab.prepared(Intent::SendEther { to: who(1), amount: Amount::Max }).await;
    assert!(all.review.tx.value() < ether * U256::from(4_000), "{}", all.review.tx.value());
    assert!(said(&all, 17).is_empty(), "{:?}", said(&all, 17));
}
