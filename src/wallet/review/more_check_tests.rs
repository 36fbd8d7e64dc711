//! Checks of protocols, delegations, devices and approval; typed data by its own examples.

use alloy::consensus::{TxEip1559, TxEip7702};
use alloy::eips::eip7702::Authorization;
use alloy::primitives::{Address, U256};

use super::check_tests::{quiet, text, with};
use super::fixture::*;
use super::*;
use crate::wallet::{ReviewId, Unsigned};

#[test]
fn r20_r21_r23_protocols() {
    let health = |after| {
        with(quiet(), |input| {
            input.health = Some(HealthFact {
                protocol: "Aave".to_owned(),
                after: Some(after),
                most: "2.07 WETH".to_owned(),
            });
        })
    };
    assert_eq!(said(&health(150), 20), None);
    text(&health(149), 20, Level::Caution, "Health factor ends at 1.49.");
    text(&health(111), 20, Level::Danger, "Health factor ends at 1.11.");
    text(
        &health(97),
        20,
        Level::Block,
        "Aave will refuse: it would end at 0.97. Most you can take: 2.07 WETH.",
    );
    let paid_back = HealthFact { protocol: "Aave".to_owned(), after: None, most: "nothing".to_owned() };
    let paid_back = with(quiet(), |input| input.health = Some(paid_back));
    let told = paid_back.findings.iter().any(|one| one.text == "Aave: nothing is owed there any more.");
    assert!(told && said(&paid_back, 20).is_none(), "{:?}", paid_back.findings);
    let swap = |fact| with(quiet(), |input| input.swap = Some(fact));
    let below = swap(SwapFact::Below { tenths: 28 });
    text(&below, 21, Level::Caution, "You accept as little as 2.8 % below the oracle price.");
    let above = swap(SwapFact::Above { tenths: 28 });
    text(&above, 21, Level::Caution, "You accept to pay as much as 2.8 % above the oracle price.");
    text(&swap(SwapFact::NoMinimum), 21, Level::Danger, "No minimum: you could receive nothing.");
    let open = swap(SwapFact::NoMaximum);
    text(&open, 21, Level::Danger, "No maximum: it may take everything of yours that it can reach.");
    assert!(said(&review(quiet()), 21).is_none());
    let safe = with(quiet(), |input| input.safe = Some(SafeChange::Threshold { from: 2, to: 1 }));
    text(&safe, 23, Level::Danger, "This changes who controls the Safe: threshold 2 → 1");
    assert!(said(&review(quiet()), 20).is_none() && said(&review(quiet()), 23).is_none());
}

#[test]
fn r22_a_swapped_clipboard() {
    let copied = |address| {
        with(quiet(), |input| {
            input.clipboard = Some(ClipboardFact { name: "Alice".to_owned(), address, secs_ago: 12 });
        })
    };
    text(
        &copied(ME),
        22,
        Level::Danger,
        "You copied Alice's address here 12 s ago, but pasted a different one. A program may have swapped it.",
    );
    assert_eq!(said(&copied(ALICE), 22), None);
}

#[test]
fn r25_delegations() {
    let delegate = |code, chain_id: u64, bundled| {
        let tx = TxEip7702 {
            chain_id: 1,
            nonce: 211,
            gas_limit: 60_000,
            max_fee_per_gas: 3 * GWEI,
            to: ME,
            ..TxEip7702::default()
        };
        let one = Authorization { chain_id: U256::from(chain_id), address: code, nonce: 212 };
        review_with(Unsigned::Eip7702 { tx, authorizations: vec![one] }, |input| {
            input.delegate_is_bundled = bundled;
        })
    };
    let given = delegate(USDC, 1, true);
    text(&given, 25, Level::Danger, &format!("This gives the code at {USDC} full control of your account."));
    assert_eq!(given.gesture(), Gesture::TypeThenHold);
    assert_eq!(delegate(USDC, 0, true).gesture(), Gesture::Blocked);
    assert_eq!(delegate(USDC, 1, false).gesture(), Gesture::Blocked);
    assert_eq!(said(&delegate(Address::ZERO, 1, false), 25), None);
}

#[test]
fn r26_r27_r28() {
    let refuted = with(quiet(), |input| input.standing = Standing::Refuted);
    text(
        &refuted,
        26,
        Level::Block,
        "A value this depends on failed verification. Signing is off until another endpoint proves it.",
    );
    let changed =
        with(quiet(), |input| input.changed = Some("you now receive 1.48 WETH, was 1.50".to_owned()));
    text(&changed, 27, Level::Caution, "Changed since you opened this: you now receive 1.48 WETH, was 1.50.");
    let device = |shows_only_hash| {
        with(quiet(), |input| input.device = Some(DeviceFact { name: "Ledger".to_owned(), shows_only_hash }))
    };
    text(
        &device(true),
        28,
        Level::Caution,
        "Your Ledger will show only a hash; compare it with the one here.",
    );
    assert_eq!(said(&device(false), 28), None);
}

#[test]
fn approval_asks_for_what_the_worst_finding_asks_for() {
    let stranger = pay(Address::repeat_byte(0x33), ether(1));
    let one = review(stranger);
    let clicked = Answers::default();
    let held = Answers { held: true, facts: Vec::new() };
    assert!(matches!(one.approve(one.id(), &clicked), Err(ApproveError::NotHeld { .. })));
    assert!(one.approve(one.id(), &held).is_ok());
    let other = ReviewId(Default::default());
    assert_eq!(one.approve(other, &held).err(), Some(ApproveError::OtherReview));
    let quiet = review(quiet());
    assert_eq!(quiet.approve(quiet.id(), &clicked).unwrap().id(), quiet.id());
    let blocked = review(TxEip1559 { nonce: 1, ..pay(ALICE, ether(1)) });
    assert!(matches!(blocked.approve(blocked.id(), &held), Err(ApproveError::Blocked { .. })));
}

#[test]
fn typed_data_permits_and_strangers() {
    let book = crate::contracts::AbiBook::new();
    let effects = effects();
    let given = input(&book, &effects);
    let spender = Address::repeat_byte(7);
    let permit = |chain: u64, value: &str| {
        format!(
            r#"{{"types":{{"EIP712Domain":[{{"name":"name","type":"string"}},{{"name":"chainId","type":"uint256"}},{{"name":"verifyingContract","type":"address"}}],
            "Permit":[{{"name":"owner","type":"address"}},{{"name":"spender","type":"address"}},{{"name":"value","type":"uint256"}},{{"name":"nonce","type":"uint256"}},{{"name":"deadline","type":"uint256"}}]}},
            "primaryType":"Permit","domain":{{"name":"USD Coin","chainId":{chain},"verifyingContract":"{USDC}"}},
            "message":{{"owner":"{ME}","spender":"{spender}","value":"{value}","nonce":0,"deadline":1999999999}}}}"#
        )
    };
    let unlimited = TypedDataReview::new(&permit(1, &U256::MAX.to_string()), &given).unwrap();
    assert_eq!(
        unlimited.findings[0].text,
        format!(
            "A signature alone lets {spender} take your USDC until 2033. It costs no gas and cannot be seen in Activity."
        )
    );
    assert!(unlimited.findings[0].fact.as_ref().unwrap().accepts("UNLIMITED"));
    let some = TypedDataReview::new(&permit(1, "5000000"), &given).unwrap();
    assert!(some.findings[0].text.contains("take 5 USDC of yours until 2033"));
    assert!(some.findings[0].fact.as_ref().unwrap().accepts("2033"));
    assert_eq!(TypedDataReview::new(&permit(137, "1"), &given).unwrap().gesture(), Gesture::Blocked);
    let strange =
        permit(1, "1").replace("\"deadline\",\"type\":\"uint256\"", "\"deadline\",\"type\":\"uint64\"");
    let strange = TypedDataReview::new(&strange, &given).unwrap();
    assert!(strange.findings.iter().any(|one| one.check == CheckId(10)));
    assert_eq!(TypedDataReview::new(&"[".repeat(10_000), &given), Err(TypedDataError::TooLarge));
    assert!(matches!(TypedDataReview::new("{}", &given), Err(TypedDataError::Malformed { .. })));
}

/// The example of EIP-712, with the hashes and the signature that it prints.
#[test]
fn the_example_of_eip_712() {
    let key = crate::wallet::keys::PrivateKey::of_bytes(alloy::primitives::keccak256("cow").as_slice())
        .ok()
        .unwrap();
    let json = r#"{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},{"name":"chainId","type":"uint256"},{"name":"verifyingContract","type":"address"}],
        "Person":[{"name":"name","type":"string"},{"name":"wallet","type":"address"}],
        "Mail":[{"name":"from","type":"Person"},{"name":"to","type":"Person"},{"name":"contents","type":"string"}]},
        "primaryType":"Mail","domain":{"name":"Ether Mail","version":"1","chainId":1,"verifyingContract":"0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
        "message":{"from":{"name":"Cow","wallet":"0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},"to":{"name":"Bob","wallet":"0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},"contents":"Hello, Bob!"}}"#;
    let book = crate::contracts::AbiBook::new();
    let effects = effects();
    let given = ReviewInput { from: key.address(), ..input(&book, &effects) };
    let review = TypedDataReview::new(json, &given).unwrap();
    assert_eq!(
        review.domain_hash.replace(' ', ""),
        "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"
    );
    assert_eq!(
        review.message_hash.replace(' ', ""),
        "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"
    );
    assert_eq!(
        review.id().0.to_string(),
        "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"
    );
    let answers = Answers { held: true, facts: vec!["BLIND".to_owned()] };
    let signature = review.approve(review.id(), &answers).unwrap().sign_message(&key).unwrap();
    assert_eq!(
        alloy::primitives::hex::encode(signature.as_bytes()),
        "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c"
    );
}
