//! Checks R01 to R28 through the wallet itself: each fires on a case built for it on the practice chain and is silent on its
//! neighbour. R09, R13, R17, R20 and R28 of transactions stand in `facts.rs` and `protocols/reviews.rs`, R24 in `messages.rs`.

use std::sync::atomic::Ordering;

use alloy::consensus::TxEip1559;
use alloy::primitives::{Address, Bytes, TxKind, U256};
use lifeboat::app::signing::review::{ClipboardFact, Gesture, Level, Review};
use lifeboat::app::signing::{Amount, Draft, Intent, Unsigned};
use lifeboat::app::{FeeChoice, Noted, Prepared, SendRequest};
use lifeboat::devnet::execution::{PRACTICE_DOLLAR, PRACTICE_GOLD, PRACTICE_MARKET, PRACTICE_WETH};

use super::facts::said;
use super::{Lab, ether, pay, who};

const STRANGER: Address = Address::repeat_byte(0x5a);

fn to(address: Address, tenths: u64) -> Intent {
    Intent::SendEther { to: address, amount: ether(tenths) }
}

fn token(token: Address, to: Address) -> Intent {
    Intent::SendToken { token, to, amount: Amount::Exactly(U256::from(7)) }
}

fn call(to: Address, data: &[u8]) -> Intent {
    Intent::Call { to: Some(to), value: U256::ZERO, data: Bytes::copy_from_slice(data) }
}

fn level(review: &Review, check: u8) -> Option<Level> {
    said(review, check).map(|(level, _)| level)
}

async fn asked(lab: &Lab, intent: Intent, change: impl FnOnce(&mut SendRequest)) -> Prepared {
    let mut request = SendRequest::new(who(0), intent);
    change(&mut request);
    lab.wallet().prepare(&request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r01_a_transaction_of_another_chain() {
    let lab = Lab::start().await;
    let made = |chain_id| {
        let tx = TxEip1559 { chain_id, gas_limit: 21_000, to: TxKind::Call(who(1)), ..TxEip1559::default() };
        Draft::of(who(0), Unsigned::Eip1559(tx))
    };
    let review =
        async |chain_id| lab.wallet().prepare_made(made(chain_id), Noted::default()).await.unwrap().review;
    let other = review(137).await;
    let (level, text) = said(&other, 1).unwrap();
    assert_eq!((level, other.gesture()), (Level::Block, Gesture::Blocked));
    assert!(text.starts_with("This transaction is for chain 137. Lifeboat is verified on"), "{text}");
    assert_eq!(said(&review(lab.network.spec().chain_id).await, 1).unwrap().0, Level::Passed);
}

#[tokio::test(flavor = "multi_thread")]
async fn r02_to_r06_who_receives() {
    let lab = Lab::start().await;
    let whole = who(1).to_checksum(None);
    let typed =
        async |text: &str| asked(&lab, pay(1, 1), |one| one.typed = Some(text.to_owned())).await.review;
    assert_eq!(level(&typed(&whole).await, 2), None);
    assert_eq!(level(&typed(&whole.to_lowercase()).await, 2), Some(Level::Note));
    assert_eq!(level(&typed(&whole.replace('C', "c")).await, 2), Some(Level::Block));
    // Three digits of an own account at each end, and nothing else of it.
    let mut alike = [0x5a; 20];
    alike[..2].copy_from_slice(&who(1)[..2]);
    alike[18..].copy_from_slice(&who(1)[18..]);
    let alike = lab.prepared(to(Address::from(alike), 1)).await.review;
    assert!(said(&alike, 3).unwrap().1.starts_with("This address imitates \"practice-1\"."), "{alike:?}");
    let stranger = lab.prepared(to(STRANGER, 1)).await.review;
    assert_eq!(level(&stranger, 3), None);
    assert_eq!(level(&stranger, 4), Some(Level::Caution));
    assert_eq!(level(&stranger, 6), Some(Level::Note), "nothing was ever there");
    let own = lab.prepared(pay(1, 1)).await.review;
    assert_eq!((level(&own, 4), level(&own, 5), level(&own, 6)), (Some(Level::Passed), None, None));
    // A token that is sent to a token, its own or another, is gone.
    for (sent, at) in [(PRACTICE_DOLLAR, PRACTICE_DOLLAR), (PRACTICE_GOLD, PRACTICE_DOLLAR)] {
        let lost = lab.prepared(token(sent, at)).await.review;
        assert_eq!(level(&lost, 5), Some(Level::Danger), "{lost:?}");
    }
    let contract = lab.prepared(token(PRACTICE_DOLLAR, PRACTICE_MARKET)).await.review;
    assert_eq!(said(&contract, 5), Some((Level::Caution, "The recipient is a contract.")));
    let wrapped = lab.prepared(to(PRACTICE_WETH, 1)).await.review;
    assert_eq!(level(&wrapped, 5), Some(Level::Caution), "what is wrapped is not lost: {wrapped:?}");
}

/// Code that says, in a token's words, that the caller lets `spender` take 5 of it.
fn giver(spender: Address) -> Vec<u8> {
    let approval =
        alloy::primitives::b256!("8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925");
    let head: &[u8] = &[0x60, 5, 0x5f, 0x52, 0x73];
    // MSTORE(0, 5); LOG3(0, 32, approval, caller, spender)
    [head, spender.as_slice(), &[0x33, 0x7f], approval.as_slice(), &[0x60, 32, 0x5f, 0xa3, 0x00]].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn r07_r08_and_r10_what_is_given_and_what_cannot_be_read() {
    let mut lab = Lab::start().await;
    let approve = |spender, amount| Intent::Approve { token: PRACTICE_DOLLAR, spender, amount };
    let all = lab.prepared(approve(who(3), U256::MAX)).await.review;
    assert_eq!((level(&all, 7), level(&all, 8)), (Some(Level::Danger), Some(Level::Danger)));
    let some = lab.prepared(approve(PRACTICE_MARKET, U256::from(5))).await.review;
    assert_eq!((level(&some, 7), level(&some, 8)), (None, None));
    let back = lab.prepared(approve(who(3), U256::ZERO)).await.review;
    assert_eq!(level(&back, 8), None, "what is taken back is given to nobody");
    let (person, app) = (lab.deployed(&giver(who(3))).await, lab.deployed(&giver(PRACTICE_MARKET)).await);
    let inside = lab.prepared(call(person, &[1, 2, 3, 4])).await.review;
    assert_eq!(level(&inside, 8), Some(Level::Danger), "given inside a call: {inside:?}");
    let inside = lab.prepared(call(app, &[1, 2, 3, 4])).await.review;
    assert_eq!((level(&inside, 8), level(&inside, 10)), (None, Some(Level::Danger)));
    assert_eq!((level(&some, 10), level(&lab.prepared(pay(1, 1)).await.review, 10)), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn r11_r12_and_r14_the_run_and_the_state_under_it() {
    let lab = Lab::start().await;
    let amount = Amount::Exactly(U256::from(1) << 200_usize);
    let fails = lab.prepared(Intent::SendToken { token: PRACTICE_DOLLAR, to: who(1), amount }).await.review;
    assert_eq!(level(&fails, 11), Some(Level::Danger), "{fails:?}");
    let skipped = asked(&lab, pay(1, 1), |one| one.skip_simulation = true).await.review;
    assert_eq!(level(&skipped, 12), Some(Level::Danger));
    let quiet = lab.prepared(pay(1, 1)).await.review;
    assert_eq!((level(&quiet, 11), level(&quiet, 12)), (None, None));
    assert_eq!(level(&quiet, 14), Some(Level::Passed));
    lab.clock.0.fetch_add(3 * 60_000, Ordering::Relaxed);
    assert_eq!(level(&lab.prepared(pay(1, 1)).await.review, 14), Some(Level::Caution));
    lab.clock.0.fetch_add(14 * 60_000, Ordering::Relaxed);
    let old = lab.prepared(pay(1, 1)).await.review;
    let text = "The chain state is 17 min old. Prices and debts have moved.";
    assert_eq!(said(&old, 14), Some((Level::Danger, text)));
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_r18_and_r19_by_the_journal_and_the_balance() {
    let lab = Lab::start().await;
    let first = lab.prepared(pay(1, 10)).await;
    let nonce = first.review.tx.nonce();
    assert_eq!((level(&first.review, 15), level(&first.review, 19)), (Some(Level::Passed), None));
    lab.sign(&first, &[]).await;
    let at = async |nonce, intent| asked(&lab, intent, |one| one.nonce = Some(nonce)).await.review;
    let again = at(nonce, pay(2, 3)).await;
    assert!(
        again.findings.iter().any(|one| one.text == "Replaces your pending \"Send 1 ETH\"."),
        "{again:?}"
    );
    assert_eq!(level(&at(nonce + 3, pay(2, 3)).await, 15), Some(Level::Caution));
    if let Some(used) = nonce.checked_sub(1) {
        assert_eq!(level(&at(used, pay(2, 3)).await, 15), Some(Level::Block));
    }
    let twice = lab.prepared(pay(1, 10)).await.review;
    let (found, text) = said(&twice, 19).unwrap();
    assert_eq!(found, Level::Caution);
    assert!(
        text.starts_with("You sent the same amount to this address ") && text.ends_with(", waiting)."),
        "{text}"
    );
    assert_eq!(level(&lab.prepared(pay(1, 11)).await.review, 19), None);
    let last = Intent::SendEther { to: who(1), amount: Amount::Max };
    assert_eq!(level(&lab.prepared(last).await.review, 18), Some(Level::Note));
    assert_eq!(level(&twice, 18), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn r16_fees_against_the_proven_base_fee() {
    let lab = Lab::start().await;
    let quote = lab.prepared(pay(1, 1)).await.fees;
    let usual = u128::from(quote.base_fee) + quote.normal().tip;
    let paying = async |max_fee: u128| {
        let fees = FeeChoice::Custom { max_fee, tip: 1.min(max_fee) };
        let review = asked(&lab, pay(1, 1), |one| one.fees = fees).await.review;
        said(&review, 16).map(|(level, text)| (level, text.to_owned())).unwrap()
    };
    assert_eq!(paying(usual * 2).await.0, Level::Passed);
    assert_eq!(paying(usual * 5).await.0, Level::Caution);
    assert_eq!(paying(usual * 20).await.0, Level::Danger);
    let below = paying(u128::from(quote.base_fee) - 1).await;
    assert_eq!(below, (Level::Caution, "Below the base fee: it will wait.".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn r22_another_address_was_pasted_than_copied() {
    let lab = Lab::start().await;
    let copied = async |address| {
        let fact = ClipboardFact { name: "Bob".to_owned(), address, secs_ago: 12 };
        asked(&lab, pay(1, 1), |one| one.clipboard = Some(fact)).await
    };
    let swapped = copied(who(2)).await;
    assert_eq!(level(&swapped.review, 22), Some(Level::Danger));
    let again = lab.wallet().prepare_again(&swapped).await.unwrap();
    assert_eq!(level(&again.review, 22), Some(Level::Danger), "every later reading knows it");
    assert_eq!(level(&copied(who(1)).await.review, 22), None);
}
