//! Texts and typed data, signed through the wallet's loop as the window does it; and the second witness at a signature
//! (THREATS T07).

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::{Address, Bytes, Signature, U256};
use lifeboat::app::signing::Intent;
use lifeboat::app::signing::review::Answers;
use lifeboat::app::{
    Command, EndpointConfig, EndpointKind, Outcome, Reason, SignedMessage, Snapshot, ToSign, Unlock,
    WalletCommand,
};
use lifeboat::devnet::execution::PRACTICE_DOLLAR;
use lifeboat::devnet::{PRACTICE_CHAIN_ID, PracticeNetwork};

use super::{Lab, who};
use crate::support::practice::{endpoints, options};

/// A permit on the practice chain that ends at this second.
pub(super) fn permit_until(contract: Address, spender: Address, second: u64) -> String {
    permit(PRACTICE_CHAIN_ID, contract, spender).replace("1999999999", &second.to_string())
}

fn permit(chain: u64, contract: Address, spender: Address) -> String {
    format!(
        r#"{{"types":{{"EIP712Domain":[{{"name":"name","type":"string"}},{{"name":"chainId","type":"uint256"}},{{"name":"verifyingContract","type":"address"}}],"Permit":[{{"name":"owner","type":"address"}},{{"name":"spender","type":"address"}},{{"name":"value","type":"uint256"}},{{"name":"nonce","type":"uint256"}},{{"name":"deadline","type":"uint256"}}]}},"primaryType":"Permit","domain":{{"name":"Practice","chainId":{chain},"verifyingContract":"{contract}"}},"message":{{"owner":"{}","spender":"{spender}","value":"{}","nonce":0,"deadline":1999999999}}}}"#,
        who(0),
        U256::MAX
    )
}

/// Sends an order and waits for its end.
pub(super) async fn ordered(lab: &mut Lab, order: WalletCommand) -> (Arc<Snapshot>, Result<Outcome, Reason>) {
    let before = lab.handle.snapshot().wallet.ended.as_ref().map_or(0, |one| one.number);
    lab.handle.send(Command::Wallet(order)).unwrap();
    let ended = |now: &Snapshot| now.wallet.ended.as_ref().is_some_and(|one| one.number > before);
    let now = tokio::time::timeout(Duration::from_secs(60), lab.handle.wait_until(ended)).await;
    let now = now.expect("in time").expect("the core runs");
    let outcome = now.wallet.ended.clone().unwrap().outcome;
    (now, outcome)
}

async fn signed(lab: &mut Lab, wanted: ToSign, facts: &[&str]) -> Arc<SignedMessage> {
    let (now, outcome) = ordered(lab, WalletCommand::ReviewMessage { from: who(0), wanted }).await;
    assert_eq!(outcome, Ok(Outcome::Reviewed));
    let review = now.wallet.message.as_ref().unwrap().id();
    let answers = Answers { held: true, facts: facts.iter().map(|one| (*one).to_owned()).collect() };
    let sign = WalletCommand::Sign { review, answers, then: Default::default() };
    let (now, outcome) = ordered(lab, sign).await;
    let Ok(Outcome::SignedMessage(done)) = outcome else { panic!("{outcome:?}") };
    assert!(now.wallet.message.is_none() && now.wallet.history.is_empty(), "it stands in no journal");
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_and_a_permit_are_signed_by_their_own_account() {
    let mut lab = Lab::start().await;
    let text = signed(&mut lab, ToSign::Text("Hello World".to_owned()), &[]).await;
    // The hash that ethers prints for this text.
    let known = "0xa1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2";
    assert_eq!(text.signing_hash.to_string(), known);
    let recovered = |one: &SignedMessage| {
        Signature::from_raw(&one.signature).unwrap().recover_address_from_prehash(&one.signing_hash).unwrap()
    };
    assert_eq!(recovered(&text), who(0));
    let json = permit(PRACTICE_CHAIN_ID, PRACTICE_DOLLAR, PRACTICE_DOLLAR);
    let typed = signed(&mut lab, ToSign::TypedData(json), &["UNLIMITED"]).await;
    assert_eq!(recovered(&typed), who(0));
    let blind = signed(&mut lab, ToSign::Bytes(Bytes::from(vec![0xab; 32])), &["BLIND"]).await;
    assert_eq!(recovered(&blind), who(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_typed_data_is_said_and_nothing_is_signed() {
    let mut lab = Lab::start().await;
    let review = |json: &str| WalletCommand::ReviewMessage {
        from: who(0),
        wanted: ToSign::TypedData(json.to_owned()),
    };
    let (_, bad) = ordered(&mut lab, review("{\"primaryType\":")).await;
    let reason = bad.unwrap_err();
    assert!(reason.what.starts_with("This is no EIP-712 typed data"), "{reason}");
    let texts = |now: &Snapshot| -> Vec<(u8, String)> {
        let open = now.wallet.message.as_ref().unwrap();
        open.findings().iter().map(|one| (one.check.0, one.text.clone())).collect()
    };
    // Another chain: blocked, and the core refuses whatever is answered.
    let (now, _) = ordered(&mut lab, review(&permit(1, PRACTICE_DOLLAR, who(3)))).await;
    assert!(texts(&now)[0].1.starts_with("This signature is for chain 1. Lifeboat is verified on"));
    let open = now.wallet.message.clone().unwrap();
    let answers = Answers { held: true, facts: vec!["UNLIMITED".to_owned(), "WALLET".to_owned()] };
    let sign = WalletCommand::Sign { review: open.id(), answers, then: Default::default() };
    let (_, refused) = ordered(&mut lab, sign).await;
    assert!(refused.unwrap_err().what.starts_with("Blocked:"));
    // A person's wallet as spender, and an address without a contract as the one that checks the signature.
    let (now, _) = ordered(&mut lab, review(&permit(PRACTICE_CHAIN_ID, who(3), who(4)))).await;
    let all = texts(&now);
    let says = |check, part: &str| all.iter().any(|(id, text)| *id == check && text.contains(part));
    assert!(
        says(8, "The spender is a person's wallet") && says(9, "There is no contract at the address"),
        "{all:?}"
    );
    let (now, _) =
        ordered(&mut lab, review(&permit(PRACTICE_CHAIN_ID, PRACTICE_DOLLAR, PRACTICE_DOLLAR))).await;
    let all = texts(&now);
    assert!(!all.iter().any(|(id, text)| *id == 8 || text.contains("no contract at the address")), "{all:?}");
    assert!(all.iter().any(|(id, _)| *id == 26), "others were asked for the head: {all:?}");
}

/// A committee that signs another chain between review and signature is noticed at the signature; one that goes on with
/// the same chain is not in the way.
#[tokio::test(flavor = "multi_thread")]
async fn others_are_asked_again_where_the_head_moved_since_the_review() {
    let real = PracticeNetwork::start(&options()).await.unwrap();
    let network = PracticeNetwork::start(&options()).await.unwrap();
    let mut all = endpoints(&network);
    all.extend(
        endpoints(&real).into_iter().filter(|one: &EndpointConfig| one.kind == EndpointKind::Execution),
    );
    let mut lab = Lab::with(network, tempfile::tempdir().unwrap(), all, None).await;
    let blind =
        || Intent::Call { to: Some(who(3)), value: U256::from(1), data: Bytes::from(vec![1, 2, 3, 4]) };
    let answers = Answers { held: true, facts: vec!["BLIND".to_owned()] };

    let calm = lab.prepared(blind()).await;
    assert!(calm.witnessed.is_some(), "{:?}", calm.review.findings);
    real.advance(1).unwrap();
    lab.advance(1).await;
    let id = calm.review.id();
    lab.wallet().sign(id, &answers, Unlock::Practice).await.unwrap();

    let open = lab.prepared(blind()).await;
    let agreed =
        |one: &lifeboat::app::signing::review::Finding| one.check.0 == 26 && one.text.contains("same head");
    assert!(open.review.findings.iter().any(agreed), "{:?}", open.review.findings);
    real.advance(3).unwrap();
    lab.network.reorg(1);
    lab.advance(3).await;
    let refused = lab.wallet().sign(open.review.id(), &answers, Unlock::Practice).await.unwrap_err();
    assert!(
        refused.what.starts_with("Others were asked about the head once more before the signature."),
        "{refused}"
    );
    assert!(refused.what.contains("has another block"), "{refused}");
    assert_eq!(lab.wallet().activity().unwrap().len(), 1, "nothing was signed");
    // What is no danger asks nobody, then as now.
    let plain = lab.prepared(super::pay(3, 1)).await;
    assert_eq!(plain.witnessed, None);
    lab.wallet().sign(plain.review.id(), &answers, Unlock::Practice).await.unwrap();
}
