//! What a transaction may not hide, through the wallet itself on proven state: ether inside a call, an item behind a coin's
//! call, a token that moves nothing, a payment beside a delegation.

use alloy::consensus::TxEip7702;
use alloy::eips::Encodable2718 as _;
use alloy::eips::eip7702::Authorization;
use alloy::primitives::{Address, Bytes, U256, b256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use lifeboat::app::signing::review::{Act, Gesture, Level, Review};
use lifeboat::app::signing::{Amount, Draft, Intent, StatusWord, Unsigned};
use lifeboat::app::{Noted, Replacement};
use lifeboat::devnet::PRACTICE_CHAIN_ID;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_WETH, sign};

use super::facts::said;
use super::{Lab, who};

const EVE: Address = Address::repeat_byte(0xee);

fn level(review: &Review, check: u8) -> Option<Level> {
    said(review, check).map(|(level, _)| level)
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_that_a_strangers_contract_takes_is_most_of_the_money() {
    let mut lab = Lab::start().await;
    let stranger = lab.deployed(&[0x00]).await;
    let held = lab.prepared(Intent::SendEther { to: who(1), amount: Amount::Max }).await.review.tx.value();
    let give =
        |to, value| Intent::Call { to: Some(to), value, data: Bytes::from_static(&[0x4e, 0x71, 0xd9, 0x2d]) };
    let most = lab.prepared(give(stranger, held - held / U256::from(100))).await.review;
    assert!(most.sentence.contains(" ETH of yours go with it."), "{}", most.sentence);
    let text = "This moves 98 % of this account's ETH to an address you do not own.";
    assert_eq!(said(&most, 13), Some((Level::Danger, text)));
    let little = lab.prepared(give(stranger, held / U256::from(100))).await.review;
    assert_eq!(level(&little, 13), None);
    assert!(little.sentence.contains(" ETH of yours go with it."), "{}", little.sentence);
    // The wrapper of the bundled book gives as much back by rules that are known.
    let wrap = Intent::Wrap { weth: PRACTICE_WETH, amount: Amount::Exactly(held - held / U256::from(100)) };
    assert_eq!(level(&lab.prepared(wrap).await.review, 13), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn item_0_is_given_away_and_not_taken_back() {
    let mut lab = Lab::start().await;
    let approval = b256!("8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925");
    // LOG4(0, 0, approval, caller, EVE, 0): what an ERC-721 writes for item 0.
    let code = [&[0x5f, 0x73], EVE.as_slice(), &[0x33, 0x7f], approval.as_slice(), &[0x5f, 0x5f, 0xa4, 0x00]]
        .concat();
    let items = lab.deployed(&code).await;
    let zero = |token| Intent::Approve { token, spender: EVE, amount: U256::ZERO };
    let given = lab.prepared(zero(items)).await.review;
    assert_eq!(given.act, Act::ApproveItem { collection: items, spender: EVE, id: U256::ZERO, sure: true });
    assert_eq!(level(&given, 8), Some(Level::Danger), "{given:?}");
    let back = lab.prepared(zero(PRACTICE_DOLLAR)).await.review;
    assert_eq!((back.act.spender(), level(&back, 8)), (None, None));
    assert_eq!(back.sentence, format!("You stop {EVE} from taking your PUSD."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_answers_no_is_no_clean_payment() {
    let mut lab = Lab::start().await;
    // One word of nothing to every question: no decimals behind the point, and "false" to a transfer.
    let silent = lab.deployed(&[0x60, 32, 0x5f, 0xf3]).await;
    let send = |token| Intent::SendToken { token, to: who(1), amount: Amount::Exactly(U256::from(5)) };
    let nothing = lab.prepared(send(silent)).await.review;
    assert_eq!(level(&nothing, 11), Some(Level::Danger), "{nothing:?}");
    assert_eq!(nothing.gesture(), Gesture::TypeThenHold);
    assert_eq!(level(&lab.prepared(send(PRACTICE_DOLLAR)).await.review, 11), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_with_a_payment_beside_it_is_blocked() {
    let lab = Lab::start().await;
    let nonce = match lab.prepared(Intent::Delegate { code: Address::ZERO }).await.review.tx {
        Unsigned::Eip7702 { tx, .. } => tx.nonce,
        other => panic!("{other:?}"),
    };
    let file = async |to, value| {
        let tx = TxEip7702 {
            chain_id: PRACTICE_CHAIN_ID,
            nonce,
            gas_limit: 100_000,
            max_fee_per_gas: 100_000_000_000,
            to,
            value,
            ..TxEip7702::default()
        };
        let own = Authorization {
            chain_id: U256::from(PRACTICE_CHAIN_ID),
            address: Address::ZERO,
            nonce: nonce + 1,
        };
        let draft = Draft::of(who(0), Unsigned::Eip7702 { tx, authorizations: vec![own] });
        lab.wallet().prepare_made(draft, Noted::default()).await.unwrap().review
    };
    let alone = file(who(0), U256::ZERO).await;
    assert_eq!((alone.act.clone(), level(&alone, 25)), (Act::Delegate { code: Address::ZERO }, None));
    let pays = file(EVE, U256::from(7)).await;
    assert_eq!(pays.act, Act::Pay { to: EVE, wei: U256::from(7) });
    assert_eq!((level(&pays, 25), pays.gesture()), (Some(Level::Block), Gesture::Blocked));
    assert_eq!(level(&pays, 4), Some(Level::Caution), "who is paid is looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlimited_approval_could_be_limited_to_what_there_is() {
    let lab = Lab::start().await;
    let approve = |amount| Intent::Approve { token: PRACTICE_DOLLAR, spender: PRACTICE_WETH, amount };
    let all = Intent::SendToken { token: PRACTICE_DOLLAR, to: who(1), amount: Amount::Max };
    let Act::Token { amount: held, .. } = lab.prepared(all).await.review.act else { panic!("no token") };
    assert_eq!(lab.prepared(approve(U256::MAX)).await.review.limit, Some(held));
    assert_eq!(lab.prepared(approve(held)).await.review.limit, None);
}

/// An account that runs code (EIP-7702) runs it in its cancellation too.
#[tokio::test(flavor = "multi_thread")]
async fn a_delegated_account_cancels_whether_its_code_agrees_or_not() {
    // SSTORE(0, 1): more gas than a plain transfer has. REVERT(0, 0): it takes nothing from anybody.
    for (code, fails) in [(&[0x60, 1, 0x5f, 0x55, 0x00][..], false), (&[0x5f, 0x5f, 0xfd][..], true)] {
        let mut lab = Lab::start().await;
        let runs = lab.deployed(code).await;
        delegated(&mut lab, runs).await;
        let old = lab.sent(super::pay(1, 10)).await;
        let cancel = lab.wallet().prepare_replacement(old, Replacement::Cancel).await.unwrap();
        assert!(cancel.review.tx.gas_limit() > 21_000);
        let expected = fails.then_some(Level::Caution);
        assert_eq!(level(&cancel.review, 11), expected, "{:?}", cancel.review.findings);
        let new = lab.replaced(old, Replacement::Cancel).await;
        lab.advance(2).await;
        let told = lab.status(new).await;
        let words = if fails { "Cancelled: it took the place of nonce" } else { "Result: success" };
        assert!(told.sentence.contains(words), "{}", told.sentence);
        assert_eq!(lab.status(old).await.word, StatusWord::Replaced);
    }
}

/// Lets account 0 run this code; account 2 pays for it.
async fn delegated(lab: &mut Lab, code: Address) {
    let nonce = lab.prepared(super::pay(1, 1)).await.review.tx.nonce();
    let own = Authorization { chain_id: U256::from(PRACTICE_CHAIN_ID), address: code, nonce };
    let signature = PrivateKeySigner::from_bytes(&PRACTICE_ACCOUNTS[0].key)
        .unwrap()
        .sign_hash_sync(&own.signature_hash())
        .unwrap();
    let tx = |nonce| TxEip7702 {
        chain_id: PRACTICE_CHAIN_ID,
        nonce,
        gas_limit: 200_000,
        max_fee_per_gas: 100_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: who(2),
        authorization_list: vec![own.clone().into_signed(signature)],
        ..TxEip7702::default()
    };
    let taken =
        (0..100).any(|nonce| lab.network.submit(&sign(2, tx(nonce)).unwrap().inner().encoded_2718()).is_ok());
    assert!(taken, "nobody took the delegation");
    lab.advance(2).await;
}
