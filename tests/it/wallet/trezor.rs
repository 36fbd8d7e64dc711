//! A Trezor, by its own protocol: it signs what was reviewed, or nothing is kept.

use std::time::Duration;

use alloy::primitives::{Bytes, Signature, U256};
use lifeboat::app::signing::keys::{DerivationPath, Secret};
use lifeboat::app::signing::review::{Answers, Level};
use lifeboat::app::signing::{Amount, Intent, StatusWord, TxType};
use lifeboat::app::{
    AccountKind, Cancel, Command, Device, DeviceKind, DevicePorts, Handed, Outcome, Patience, Reason,
    SendRequest, ToSign, TransactionView, WalletCommand,
};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use trezor_client::protos::MessageType;

use super::{Lab, pay, who};
use crate::support::fake_trezor::{FakeTrezor, Mood};
use crate::support::fake_trezor_session::PLACES;

/// A busy machine may let the fake wait; nothing here is measured in time.
const PATIENT: Patience = Patience { first_ms: 60_000, person_ms: 60_000 };

/// EIP-712 as wallets are asked for it: nested structures, arrays of both kinds, negative and short numbers.
pub(super) const TYPED: &str = r#"{
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "version", "type": "string"}, {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}],
        "Person": [{"name": "name", "type": "string"}, {"name": "wallets", "type": "address[]"}, {"name": "mark", "type": "bytes4"}],
        "Mail": [{"name": "from", "type": "Person"}, {"name": "to", "type": "Person[2]"}, {"name": "change", "type": "int16"}, {"name": "urgent", "type": "bool"}, {"name": "body", "type": "bytes"}, {"name": "more", "type": "uint8[][2]"}]
    },
    "primaryType": "Mail",
    "domain": {"name": "Ether Mail", "version": "1", "chainId": "CHAIN", "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"},
    "message": {
        "from": {"name": "Cow", "wallets": ["0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"], "mark": "0x01020304"},
        "to": [{"name": "Bob", "wallets": [], "mark": "0xffffffff"}, {"name": "Ü", "wallets": ["0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB", "0xB0B0b0b0b0b0B000000000000000000000000000"], "mark": "0x00000000"}],
        "change": -2, "urgent": true, "body": "0x00ff", "more": [[1, 2, 3], []]
    }
}"#;

fn at(index: u32) -> Device {
    Device { kind: DeviceKind::Trezor, path: DerivationPath::standard(index) }
}

fn yes() -> Answers {
    Answers { held: true, facts: ["FAIL", "BLIND", "CONTROL"].map(str::to_owned).to_vec() }
}

async fn lab(mood: Mood) -> (Lab, FakeTrezor) {
    let (lab, fake) = (Lab::start().await, FakeTrezor::start(mood));
    lab.wallet().use_device_ports(DevicePorts {
        trezor: Some(fake.at),
        patience: PATIENT,
        ..DevicePorts::default()
    });
    (lab, fake)
}

async fn signed(lab: &Lab, request: &SendRequest) -> Result<TransactionView, Reason> {
    let prepared = lab.wallet().prepare(request).await.unwrap();
    lab.wallet().sign_on_device((prepared.review.id(), &yes()), &at(0), &Cancel::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_signs_is_included_and_what_it_cannot_is_said() {
    let (mut lab, _fake) = lab(Mood::Willing).await;
    let long = Intent::Call { to: Some(who(1)), value: U256::from(7), data: Bytes::from(vec![0xab; 2_500]) };
    let token =
        Intent::SendToken { token: PRACTICE_DOLLAR, to: who(2), amount: Amount::Exactly(U256::from(5)) };
    let mut hashes = Vec::new();
    for (kind, intent) in [
        (TxType::Legacy, pay(1, 10)),
        (TxType::Eip1559, pay(1, 20)),
        (TxType::Eip1559, token),
        (TxType::Eip1559, long),
    ] {
        let request = SendRequest { kind, ..SendRequest::new(who(0), intent) };
        let view = signed(&lab, &request).await.unwrap();
        assert_eq!(view.from, who(0));
        lab.wallet().deliver(view.hash).await.unwrap();
        hashes.push(view.hash);
    }
    lab.advance(2).await;
    for hash in hashes {
        assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    }
    let kept = lab.wallet().activity().unwrap().len();
    let old = SendRequest { kind: TxType::Eip2930, ..SendRequest::new(who(0), pay(1, 1)) };
    let refused = signed(&lab, &old).await.unwrap_err();
    assert!(
        refused.what.starts_with("A transaction of type 1 (EIP-2930): a Trezor does not sign that"),
        "{refused}"
    );
    let end = SendRequest::new(who(0), Intent::Delegate { code: alloy::primitives::Address::ZERO });
    let refused = signed(&lab, &end).await.unwrap_err();
    assert!(refused.what.starts_with("A delegation (EIP-7702)"), "{refused}");
    assert_eq!(lab.wallet().activity().unwrap().len(), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_has_its_words_and_nothing_is_kept() {
    let (lab, fake) = lab(Mood::Willing).await;
    for (mood, words) in [
        (Mood::Declines, "You declined on the Trezor. Nothing was sent."),
        (Mood::OtherKeys, "This Trezor holds other keys: expected 0xf39F"),
        (Mood::SignsWithAnother, "The Trezor's signature is not of 0xf39F"),
        (Mood::SignsMore, "The Trezor's signature is not of 0xf39F"),
        (Mood::AsksForTooMuch, "What came from the Trezor is not its protocol: it asked for data"),
        (Mood::Confused, "What came from the Trezor is not its protocol: an answer to something else"),
        (Mood::SpeaksThp, "This Trezor speaks only a newer protocol (THP), as the Safe 7 does."),
        (Mood::NotSetUp, "There is no wallet on this Trezor yet"),
        (Mood::Dies, "The Trezor was unplugged"),
    ] {
        let fake = if mood == Mood::Dies { &fake } else { &FakeTrezor::start(mood) };
        fake.set(mood);
        lab.wallet().use_device_ports(DevicePorts {
            trezor: Some(fake.at),
            patience: PATIENT,
            ..DevicePorts::default()
        });
        let refused = signed(&lab, &SendRequest::new(who(0), pay(1, 10))).await.unwrap_err();
        assert!(refused.what.starts_with(words), "{mood:?}: {refused}");
        let was_asked = fake.heard().contains(&MessageType::MessageType_EthereumSignTxEIP1559);
        let early = matches!(mood, Mood::OtherKeys | Mood::SpeaksThp | Mood::NotSetUp);
        assert_eq!(was_asked, !early, "{mood:?}");
    }
    // The one that died took its port with it.
    let refused = signed(&lab, &SendRequest::new(who(0), pay(1, 10))).await.unwrap_err();
    assert!(refused.what.starts_with("Trezor not found. Plug it in; close other wallet apps"), "{refused}");
    assert!(lab.wallet().activity().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_silent_or_whose_person_is_away_is_left() {
    let (lab, fake) = lab(Mood::Silent).await;
    let short = Patience { first_ms: 2_000, person_ms: 2_000 };
    lab.wallet().use_device_ports(DevicePorts {
        trezor: Some(fake.at),
        patience: short,
        ..DevicePorts::default()
    });
    let refused = signed(&lab, &SendRequest::new(who(0), pay(1, 10))).await.unwrap_err();
    assert!(refused.what.starts_with("The Trezor did not answer"), "{refused}");

    let away = FakeTrezor::start(Mood::PersonIsAway);
    let endless = Patience { first_ms: 60_000, person_ms: u64::MAX };
    lab.wallet().use_device_ports(DevicePorts {
        trezor: Some(away.at),
        patience: endless,
        ..DevicePorts::default()
    });
    let prepared = lab.prepared(pay(1, 10)).await;
    let (wallet, cancel, id) = (lab.wallet(), Cancel::new(), prepared.review.id());
    let stop = cancel.clone();
    let waits = tokio::spawn(async move { wallet.sign_on_device((id, &yes()), &at(0), &stop).await });
    let heard = |kind| away.heard().contains(&kind);
    until(|| heard(MessageType::MessageType_ButtonAck)).await;
    assert!(!waits.is_finished());
    cancel.stop();
    let refused = waits.await.unwrap().unwrap_err();
    assert!(refused.what.starts_with("You stopped waiting for the Trezor"), "{refused}");
    until(|| heard(MessageType::MessageType_Cancel)).await;
    assert!(lab.wallet().activity().unwrap().is_empty());
    // The review still stands, and the same device may sign it after all.
    away.set(Mood::Willing);
    let view = lab.wallet().sign_on_device((id, &yes()), &at(0), &Cancel::new()).await.unwrap();
    assert_eq!(view.from, who(0));
}

pub(super) async fn until(done: impl Fn() -> bool) {
    for _ in 0..6_000 {
        if done() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it never came to that");
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_and_typed_data_recover_to_the_account() {
    let (lab, fake) = lab(Mood::Willing).await;
    let wallet = lab.wallet();
    let typed = TYPED.replace("\"CHAIN\"", &lab.network.spec().chain_id.to_string());
    for mood in [Mood::Willing, Mood::FirstModel, Mood::WantsPassphrase] {
        fake.set(mood);
        let message =
            wallet.prepare_to_sign(who(0), ToSign::Text("Hello, lifeboat".to_owned()), None).await.unwrap();
        let data = wallet.prepare_to_sign(who(0), ToSign::TypedData(typed.clone()), None).await.unwrap();
        for id in [message.id(), data.id()] {
            let made = wallet.sign_message_on_device((id, &yes()), &at(0), &Cancel::new()).await.unwrap();
            assert_eq!(
                Signature::try_from(&made.signature[..]).unwrap().recover_address_from_prehash(&id.0).ok(),
                Some(who(0)),
                "{mood:?}"
            );
        }
    }
    assert!(fake.heard().contains(&MessageType::MessageType_EthereumSignTypedData));
    assert!(fake.heard().contains(&MessageType::MessageType_EthereumSignTypedHash), "the first model");
    fake.set(Mood::SignsWithAnother);
    let data = wallet.prepare_to_sign(who(0), ToSign::TypedData(typed.clone()), None).await.unwrap();
    let refused =
        wallet.sign_message_on_device((data.id(), &yes()), &at(0), &Cancel::new()).await.unwrap_err();
    assert!(refused.what.starts_with("The Trezor's signature is not of"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_kept_once_its_address_was_confirmed_on_the_device() {
    let (lab, fake) = lab(Mood::Willing).await;
    let (wallet, seven) = (lab.wallet(), PRACTICE_ACCOUNTS[7].address);
    let paths: Vec<DerivationPath> = [7, 8].map(DerivationPath::standard).to_vec();
    let found = wallet.device_addresses(DeviceKind::Trezor, paths, &Cancel::new()).await.unwrap();
    assert_eq!(found.iter().map(|(_, one)| *one).collect::<Vec<_>>(), [seven, PRACTICE_ACCOUNTS[8].address]);

    fake.set(Mood::Declines);
    let refused = wallet.add_device(&at(7), ("Cold", Some(seven)), &Cancel::new()).await.unwrap_err();
    assert!(refused.what.starts_with("You declined on the Trezor"), "{refused}");
    fake.set(Mood::OtherKeys);
    let refused = wallet.add_device(&at(7), ("Cold", Some(seven)), &Cancel::new()).await.unwrap_err();
    assert!(refused.what.starts_with("This Trezor holds other keys"), "{refused}");
    assert!(wallet.accounts().unwrap().iter().all(|one| one.address != seven));

    fake.set(Mood::Willing);
    wallet.watch("Seven", seven).unwrap();
    wallet.add_device(&at(7), ("Cold", Some(seven)), &Cancel::new()).await.unwrap();
    let twice = wallet.add_device(&at(7), ("Colder", Some(seven)), &Cancel::new()).await.unwrap_err();
    assert!(twice.what.starts_with("There is already an account"), "{twice}");

    let lab = lab.restart().await;
    lab.wallet().use_device_ports(DevicePorts {
        trezor: Some(fake.at),
        patience: PATIENT,
        ..DevicePorts::default()
    });
    let cold = lab.wallet().account("cold").unwrap();
    assert_eq!((cold.kind, cold.address), (AccountKind::Device(DeviceKind::Trezor), seven));
    let device = cold.device().unwrap();
    assert_eq!(device, at(7));
    // A call that the device cannot read is a caution of its own (R28), because the account is on a device.
    let call = Intent::SendToken { token: PRACTICE_DOLLAR, to: who(2), amount: Amount::Exactly(U256::ZERO) };
    let prepared = lab.wallet().prepare(&SendRequest::new(seven, call)).await.unwrap();
    let blind = prepared.review.concerns().find(|one| one.check.to_string() == "R28").unwrap();
    assert_eq!(
        (blind.level, blind.text.as_str()),
        (Level::Caution, "Your Trezor will show only a hash; compare it with the one here.")
    );
    let prepared = lab.wallet().prepare(&SendRequest::new(seven, pay(1, 10))).await.unwrap();
    let view =
        lab.wallet().sign_on_device((prepared.review.id(), &yes()), &device, &Cancel::new()).await.unwrap();
    assert_eq!(view.from, seven);
}

/// The first model: the places of the PIN are handed over, from wherever they come.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_model_takes_its_pin_by_places() {
    let (mut lab, fake) = lab(Mood::WantsPin).await;
    let secret = |text: &str| Secret::of_text(text.to_owned());
    let path = || vec![DerivationPath::standard(0)];
    let read = |cancel: &Cancel| {
        let (wallet, cancel) = (lab.wallet(), cancel.clone());
        tokio::spawn(async move { wallet.device_addresses(DeviceKind::Trezor, path(), &cancel).await })
    };
    let right = Cancel::new();
    let reading = read(&right);
    until(|| right.pin_pad().is_open()).await;
    assert!(!right.pin_pad().give(secret("15a3")), "those are no places");
    assert!(right.pin_pad().give(secret(PLACES)));
    assert_eq!(reading.await.unwrap().unwrap()[0].1, who(0));
    let wrong = Cancel::new();
    let reading = read(&wrong);
    until(|| wrong.pin_pad().is_open()).await;
    assert!(wrong.pin_pad().give(secret("1")));
    let refused = reading.await.unwrap().unwrap_err();
    assert_eq!(refused.what, "That was not the Trezor's PIN.");
    assert!(refused.means.contains("erases itself after sixteen"), "{refused}");
    let left = Cancel::new();
    let reading = read(&left);
    until(|| left.pin_pad().is_open()).await;
    left.stop();
    assert!(reading.await.unwrap().unwrap_err().what.starts_with("You stopped waiting for the Trezor"));
    // It shows no question any more.
    until(|| fake.heard().contains(&MessageType::MessageType_Cancel)).await;
    // The same through the wallet's loop, as the window does it.
    let order = WalletCommand::ReadDevice { kind: DeviceKind::Trezor, paths: path() };
    lab.handle.send(Command::Wallet(order)).unwrap();
    let asked = lab.handle.wait_until(|now| now.wallet.pin_wanted);
    assert!(tokio::time::timeout(Duration::from_secs(60), asked).await.unwrap().is_some());
    let order = WalletCommand::DevicePin(Handed::new(secret(PLACES)));
    lab.handle.send(Command::Wallet(order)).unwrap();
    let ended = lab.handle.wait_until(|now| now.wallet.ended.is_some());
    let ended = tokio::time::timeout(Duration::from_secs(60), ended).await.unwrap().unwrap();
    let outcome = ended.wallet.ended.clone().unwrap().outcome;
    assert!(matches!(outcome, Ok(Outcome::DeviceAccounts(_, found)) if found[0].1 == who(0)));
    assert!(!ended.wallet.pin_wanted);
}
