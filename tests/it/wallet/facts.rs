//! Facts that checks need and nobody types: the code called, the share that leaves, where a name led, who else has the
//! head, and what the device shows.

use alloy::consensus::TxEip1559;
use alloy::eips::Encodable2718 as _;
use alloy::primitives::{Address, TxKind, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use lifeboat::app::signing::review::{CheckId, DeviceFact, Gesture, Level, Review};
use lifeboat::app::signing::{Amount, Intent};
use lifeboat::app::{EndpointKind, Noted, SendRequest};
use lifeboat::devnet::execution::{PRACTICE_DOLLAR, PRACTICE_GOLD, sign};
use lifeboat::devnet::{PRACTICE_CHAIN_ID, PracticeNetwork};

use super::{Lab, ether, pay, who};
use crate::support::deploy::{Deployer, Ens, node};
use crate::support::practice::{endpoints, options};

sol! {
    interface Resolver {
        function setAddr(bytes32 node, address a) external;
    }
}

pub(super) fn said(review: &Review, check: u8) -> Option<(Level, &str)> {
    let found = review.findings.iter().find(|one| one.check == CheckId(check))?;
    Some((found.level, found.text.as_str()))
}

fn token(token: Address, to: usize, amount: Amount) -> Intent {
    Intent::SendToken { token, to: who(to), amount }
}

fn one() -> Amount {
    Amount::Exactly(U256::from(1))
}

#[tokio::test(flavor = "multi_thread")]
async fn r09_compares_the_code_with_the_bundle_or_with_what_was_called_before() {
    let lab = Lab::start().await;
    let bundled = lab.prepared(token(PRACTICE_DOLLAR, 1, one())).await.review;
    assert_eq!(said(&bundled, 9), Some((Level::Passed, "Code matches bundled Practice Dollar")));
    let gold = || Intent::Approve { token: PRACTICE_GOLD, spender: PRACTICE_DOLLAR, amount: U256::from(1) };
    let first = lab.prepared(gold()).await;
    assert_eq!(said(&first.review, 9), None, "a listed token without a bundled hash is no concern");
    lab.sign(&first, &[]).await;
    let again = lab.prepared(gold()).await.review;
    assert_eq!(said(&again, 9), None, "the same code as last time");
    // The memory names another hash, as if the code had been replaced since.
    let path = lab.folder.path().join("noted.json");
    let mut notes: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    notes["code"][0]["code_hash"] = format!("0x{:064x}", 1).into();
    std::fs::write(&path, notes.to_string()).unwrap();
    let changed = lab.prepared(gold()).await.review;
    let (level, text) = said(&changed, 9).unwrap();
    assert_eq!(level, Level::Danger);
    assert!(text.starts_with("The code is not the one you last called, on 20"), "{text}");
    // A forged memory makes nobody known (THREATS T54): a stranger stays one, and a contract never called stays that.
    let stranger = Address::repeat_byte(0x5a);
    let code = serde_json::json!({"chain_id": PRACTICE_CHAIN_ID, "address": stranger, "code_hash": U256::from(1), "at_ms": 1});
    let name = serde_json::json!({"chain_id": PRACTICE_CHAIN_ID, "name": "bob.eth", "address": stranger, "at_ms": 1});
    let forged = serde_json::json!({"version": 1, "code": [code], "names": [name]});
    std::fs::write(&path, forged.to_string()).unwrap();
    let pays = Intent::SendEther { to: stranger, amount: ether(1) };
    let named = Noted { name: Some("bob.eth".to_owned()), ..Noted::default() };
    let request = SendRequest { noted: named, ..SendRequest::new(who(0), pays) };
    let review = lab.wallet().prepare(&request).await.unwrap().review;
    let never = "You have never sent to this address from this computer.";
    assert_eq!(said(&review, 4), Some((Level::Caution, never)));
    // A memory that cannot be read is set aside and never stops a review.
    std::fs::write(&path, "{").unwrap();
    assert_eq!(said(&lab.prepared(gold()).await.review, 9), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn r13_counts_tokens_too() {
    let lab = Lab::start().await;
    let all = lab.prepared(token(PRACTICE_DOLLAR, 1, Amount::Max)).await.review;
    // Account 1 is the wallet's own here: the same to a stranger is a danger.
    assert_eq!(said(&all, 13), None);
    let stranger = Address::repeat_byte(0x77);
    let send = |amount| Intent::SendToken { token: PRACTICE_DOLLAR, to: stranger, amount };
    let all = lab.prepared(send(Amount::Max)).await.review;
    let text = "This moves 100 % of this account's PUSD to an address you do not own.";
    assert_eq!(said(&all, 13), Some((Level::Danger, text)));
    assert_eq!(said(&lab.prepared(send(one())).await.review, 13), None);
    let most = Intent::SendEther { to: stranger, amount: Amount::Max };
    let text = "This moves 99 % of this account's ETH to an address you do not own.";
    assert_eq!(said(&lab.prepared(most).await.review, 13), Some((Level::Danger, text)));
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_balance_the_designed_words_and_no_others() {
    let lab = Lab::start().await;
    let review = lab.prepared(pay(1, 200_000_000)).await.review;
    let (level, text) = said(&review, 17).unwrap();
    assert_eq!((level, review.gesture()), (Level::Block, Gesture::Blocked));
    assert!(text.starts_with("Needs 20000000.000") && text.ends_with(" (verified)."), "{text}");
    assert_eq!((said(&review, 12), said(&review, 11)), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn r28_says_what_a_device_cannot_show() {
    let lab = Lab::start().await;
    let noted = || {
        let device = Some(DeviceFact { name: "Ledger".to_owned(), shows_only_hash: false });
        Noted { device, ..Noted::default() }
    };
    let plain = SendRequest { noted: noted(), ..SendRequest::new(who(0), pay(1, 1)) };
    assert_eq!(said(&lab.wallet().prepare(&plain).await.unwrap().review, 28), None);
    let call = SendRequest { noted: noted(), ..SendRequest::new(who(0), token(PRACTICE_DOLLAR, 1, one())) };
    let text = "Your Ledger will show only a hash; compare it with the one here.";
    let prepared = lab.wallet().prepare(&call).await.unwrap();
    assert_eq!(said(&prepared.review, 28), Some((Level::Caution, text)));
    let again = lab.wallet().prepare_again(&prepared).await.unwrap();
    assert!(said(&again.review, 28).is_some(), "every later reading knows it");
}

/// THREATS T07: a danger, or much ether, is held against what others have at the head.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_witness_is_asked_before_much_can_be_lost() {
    let lab = Lab::start().await;
    assert_eq!(said(&lab.prepared(pay(1, 10)).await.review, 26), None, "a small payment asks nobody");
    let much = lab.prepared(pay(1, 100)).await.review;
    assert_eq!(said(&much, 26), Some((Level::Passed, "3 other sources have the same head")));
    let unlimited = Intent::Approve { token: PRACTICE_DOLLAR, spender: PRACTICE_GOLD, amount: U256::MAX };
    assert!(said(&lab.prepared(unlimited).await.review, 26).is_some(), "a danger asks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_others_do_not_have_is_not_signed_on() {
    let forged = PracticeNetwork::start(&options()).await.unwrap();
    let real = PracticeNetwork::start(&options()).await.unwrap();
    // The same genesis, keys and history; then the committee signs another chain beside the real one.
    forged.reorg(5);
    forged.advance(45).unwrap();
    real.advance(40).unwrap();
    let mut all = endpoints(&forged);
    all.extend(endpoints(&real).into_iter().filter(|one| one.kind == EndpointKind::Execution));
    let lab = Lab::with(forged, tempfile::tempdir().unwrap(), all, None).await;
    assert_eq!(said(&lab.prepared(pay(1, 10)).await.review, 26), None);
    let review = lab.prepared(pay(1, 100)).await.review;
    let (level, text) = said(&review, 26).unwrap();
    assert_eq!((level, review.gesture()), (Level::Block, Gesture::Blocked));
    assert!(text.contains("has another block at the head's number. Wait until it is settled."), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_lead_to_addresses_and_one_that_moved_is_a_danger() {
    let network = PracticeNetwork::start(&options()).await.unwrap();
    let ens = Ens::deploy(&mut Deployer::new(&network));
    network.advance(8).unwrap();
    let all = endpoints(&network);
    let mut lab = Lab::with(network, tempfile::tempdir().unwrap(), all, Some(ens.registry)).await;
    let wallet = lab.wallet();
    let alice = wallet.recipient("Alice.ETH").await.unwrap();
    assert_eq!((alice.address, alice.name.as_deref()), (who(2), Some("alice.eth")));
    assert!(alice.at.is_some() && !alice.was_digits);
    for (text, what) in [
        ("bare.eth", "The name bare.eth leads to no address (proven)."),
        ("nobody.eth", "The name nobody.eth is registered by nobody (proven)."),
        (
            "off.eth",
            "The name off.eth is kept on web servers, off the chain: what they say cannot be proven, so they were not asked.",
        ),
    ] {
        let reason = wallet.recipient(text).await.unwrap_err();
        assert!(reason.proven_no && reason.what == what, "{reason}");
    }
    assert!(wallet.recipient("nobody").await.unwrap_err().misuse);
    assert_eq!(wallet.recipient("practice-3").await.unwrap().address, who(3));
    let by_name = |address| {
        let intent = Intent::SendEther { to: address, amount: ether(1) };
        let noted = Noted { name: Some("alice.eth".to_owned()), ..Noted::default() };
        SendRequest { noted, ..SendRequest::new(who(0), intent) }
    };
    let first = wallet.prepare(&by_name(alice.address)).await.unwrap();
    assert_eq!(first.review.gesture(), Gesture::Click, "{:?}", first.review.findings);
    lab.sign(&first, &[]).await;
    // The owner of the name lets it lead elsewhere.
    let data = Resolver::setAddrCall { node: node("alice.eth"), a: who(4) }.abi_encode();
    let own = |nonce| {
        let tx = TxEip1559 {
            chain_id: PRACTICE_CHAIN_ID,
            nonce,
            gas_limit: 500_000,
            max_fee_per_gas: 100_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to: TxKind::Call(ens.resolver),
            input: data.clone().into(),
            ..TxEip1559::default()
        };
        lab.network.submit(&sign(1, tx).unwrap().inner().encoded_2718()).ok()
    };
    (0..100).find_map(own).unwrap();
    lab.advance(3).await;
    let moved = lab.wallet().recipient("alice.eth").await.unwrap();
    assert_eq!(moved.address, who(4));
    let review = lab.wallet().prepare(&by_name(moved.address)).await.unwrap().review;
    let (level, text) = said(&review, 4).unwrap();
    assert_eq!(level, Level::Danger);
    assert!(text.starts_with("alice.eth now points to another address than on 20"), "{text}");
}
