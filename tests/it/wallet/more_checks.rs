//! The checks about swaps, Safes, delegations, refuted state, what changes while it is read, and deadlines.

use alloy::primitives::{Address, Bytes, U256, b256};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use lifeboat::app::signing::Intent;
use lifeboat::app::signing::review::{Answers, Finding, Gesture, Level, Review};
use lifeboat::app::{DeviceKind, MessageView, ToSign, Unlock};
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_DOLLAR, PRACTICE_GOLD, PRACTICE_MARKET};
use lifeboat::devnet::http::Fault;

use super::facts::said;
use super::messages::permit_until;
use super::{Lab, pay, who};

sol! {
    function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline);
    function swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline);
    function changeThreshold(uint256 threshold);
    function swapOwner(address prevOwner, address oldOwner, address newOwner);
}

const EVE: Address = Address::repeat_byte(0xee);

fn call(to: Address, data: Vec<u8>) -> Intent {
    Intent::Call { to: Some(to), value: U256::ZERO, data: Bytes::from(data) }
}

fn level(review: &Review, check: u8) -> Option<Level> {
    said(review, check).map(|(level, _)| level)
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_swap_without_a_limit_in_either_direction() {
    let mut lab = Lab::start().await;
    let router = lab.deployed(&[0x00]).await;
    let path = || vec![PRACTICE_DOLLAR, PRACTICE_GOLD];
    let (to, deadline) = (who(0), U256::MAX);
    let sells = |least: u64| {
        let (amount, least) = (U256::from(100), U256::from(least));
        call(
            router,
            swapExactTokensForTokensCall {
                amountIn: amount,
                amountOutMin: least,
                path: path(),
                to,
                deadline,
            }
            .abi_encode(),
        )
    };
    let buys = |most: U256| {
        let amount = U256::from(100);
        call(
            router,
            swapTokensForExactTokensCall { amountOut: amount, amountInMax: most, path: path(), to, deadline }
                .abi_encode(),
        )
    };
    let bare = lab.prepared(sells(0)).await.review;
    assert_eq!(said(&bare, 21), Some((Level::Danger, "No minimum: you could receive nothing.")));
    let open = lab.prepared(buys(U256::MAX)).await.review;
    let text = "No maximum: it may take everything of yours that it can reach.";
    assert_eq!(said(&open, 21), Some((Level::Danger, text)));
    assert_eq!(level(&lab.prepared(sells(99)).await.review, 21), None);
    assert_eq!(level(&lab.prepared(buys(U256::from(101))).await.review, 21), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn r23_names_the_number_of_signatures_before_and_after() {
    let mut lab = Lab::start().await;
    // Slot 4, where a Safe keeps it, is 2; every call is taken.
    let safe = lab.deployed_with(&[0x60, 2, 0x60, 4, 0x55], &[0x00]).await;
    let set = |to: u64| call(safe, changeThresholdCall { threshold: U256::from(to) }.abi_encode());
    let fewer = lab.prepared(set(1)).await.review;
    assert_eq!(
        said(&fewer, 23),
        Some((Level::Danger, "This changes who controls the Safe: threshold 2 → 1"))
    );
    let danger = fewer.findings.iter().find(|one| one.check.0 == 23).unwrap();
    assert!(danger.fact.as_ref().unwrap().accepts("1") && !danger.fact.as_ref().unwrap().accepts("2"));
    assert_eq!(level(&lab.prepared(set(2)).await.review, 23), None, "it stays what it is");
    let swap = swapOwnerCall { prevOwner: who(1), oldOwner: who(2), newOwner: EVE }.abi_encode();
    let swap = lab.prepared(call(safe, swap)).await.review;
    assert_eq!(
        said(&swap, 23),
        Some((Level::Danger, "This changes who controls the Safe: an owner is swapped"))
    );
    assert_eq!(level(&lab.prepared(pay(1, 1)).await.review, 23), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_a_delegation_to_what_is_not_shipped() {
    let lab = Lab::start().await;
    let given = lab.prepared(Intent::Delegate { code: PRACTICE_DOLLAR }).await.review;
    assert_eq!((level(&given, 25), given.gesture()), (Some(Level::Block), Gesture::Blocked));
    assert_eq!(level(&lab.prepared(Intent::Delegate { code: Address::ZERO }).await.review, 25), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_what_every_endpoint_lies_about_blocks_what_is_open() {
    let mut lab = Lab::start().await;
    let open = lab.prepared(pay(1, 1)).await;
    let json = permit_until(PRACTICE_DOLLAR, PRACTICE_MARKET, 1_999_999_999);
    let typed = lab.wallet().prepare_to_sign(who(0), ToSign::TypedData(json), None).await.unwrap();
    let is_worse = |one: &Finding| one.check.0 == 26 && one.level > Level::Passed;
    lab.advance(1).await;
    let still = lab.wallet().prepare_again(&open).await.unwrap();
    assert!(!still.review.findings.iter().any(is_worse), "{still:?}");
    assert!(!lab.wallet().prepare_to_sign_again(&typed).await.unwrap().findings().iter().any(is_worse));
    lab.advance(1).await;
    lab.lie(Fault::Lying { lie: ExecutionLie::BalancePlusOne });
    let refuted = lab.wallet().prepare_again(&open).await.unwrap();
    assert_eq!(
        (level(&refuted.review, 26), refuted.review.gesture()),
        (Some(Level::Block), Gesture::Blocked)
    );
    let answers = Answers { held: true, facts: Vec::new() };
    let signed = lab.wallet().sign(open.review.id(), &answers, Unlock::Practice).await;
    assert!(signed.unwrap_err().what.starts_with("Blocked: A value this depends on failed verification."));
    let refuted = lab.wallet().prepare_to_sign_again(&typed).await.unwrap();
    assert_eq!(refuted.gesture(), Gesture::Blocked, "{refuted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_what_changes_while_it_is_read() {
    let mut lab = Lab::start().await;
    // LOG3 of a token: the caller loses as many units as the block has a number.
    let transfer = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
    let head: &[u8] = &[0x43, 0x5f, 0x52, 0x73];
    let code =
        [head, EVE.as_slice(), &[0x33, 0x7f], transfer.as_slice(), &[0x60, 32, 0x5f, 0xa3, 0x00]].concat();
    let taker = lab.deployed(&code).await;
    let open = lab.prepared(call(taker, vec![1, 2, 3, 4])).await;
    let still = lab.prepared(pay(1, 1)).await;
    assert_eq!(level(&open.review, 27), None);
    lab.advance(2).await;
    let again = lab.wallet().prepare_again(&open).await.unwrap();
    let text = "Changed since you opened this: it now moves other amounts.";
    assert_eq!(said(&again.review, 27), Some((Level::Caution, text)));
    assert_eq!(level(&lab.wallet().prepare_again(&still).await.unwrap().review, 27), None);
}

fn found(view: &MessageView, check: u8) -> Option<&Finding> {
    view.findings().iter().find(|one| one.check.0 == check && one.level > Level::Passed)
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_data_is_held_against_the_chain_at_every_head() {
    let mut lab = Lab::start().await;
    let ends = lab.wallet().prepare_to_sign(who(0), ToSign::Text("now".to_owned()), None).await.unwrap();
    assert!(!ends.rests_on_state());
    let now_secs = lab.network.spec().slot_start_ms(lab.network.head_slot()) / 1_000;
    let json = permit_until(PRACTICE_DOLLAR, PRACTICE_MARKET, now_secs + 20);
    let wanted = ToSign::TypedData(json);
    let open = lab.wallet().prepare_to_sign(who(0), wanted.clone(), None).await.unwrap();
    let over = "Its time was over on 20";
    let is_over = |one: &MessageView| one.findings().iter().any(|found| found.text.starts_with(over));
    assert!(!is_over(&open) && found(&open, 14).is_none() && found(&open, 28).is_none(), "{open:?}");
    lab.advance(4).await;
    let again = lab.wallet().prepare_to_sign_again(&open).await.unwrap();
    assert!(is_over(&again), "{:?}", again.findings());
    assert_eq!((again.id(), again.reading), (open.id(), 2));
    // On a Ledger typed data is two hashes; on a Trezor it is read field by field.
    let on = async |kind| lab.wallet().prepare_to_sign(who(0), wanted.clone(), Some(kind)).await.unwrap();
    assert!(found(&on(DeviceKind::Ledger).await, 28).is_some());
    assert!(found(&on(DeviceKind::Trezor).await, 28).is_none());
    // The state grows old while nobody signs.
    lab.clock.0.fetch_add(17 * 60_000, std::sync::atomic::Ordering::Relaxed);
    let old = lab.wallet().prepare_to_sign_again(&again).await.unwrap();
    assert_eq!(found(&old, 14).map(|one| one.level), Some(Level::Danger));
}
