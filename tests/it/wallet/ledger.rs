//! A Ledger, by its own commands: it signs what was reviewed, or nothing is kept.

use alloy::primitives::{Bytes, Signature, U256};
use lifeboat::app::signing::keys::DerivationPath;
use lifeboat::app::signing::review::Answers;
use lifeboat::app::signing::{Intent, StatusWord, TxType};
use lifeboat::app::{
    AccountKind, Cancel, Device, DeviceKind, DevicePorts, Patience, Reason, SendRequest, ToSign,
    TransactionView,
};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::trezor::TYPED;
use super::{Lab, pay, who};
use crate::support::fake_ledger::{FakeLedger, Mood};

fn ports(fake: &FakeLedger) -> DevicePorts {
    let patience = Patience { first_ms: 60_000, person_ms: 60_000 };
    DevicePorts { ledger: Some(fake.at), patience, ..DevicePorts::default() }
}

fn at(index: u32) -> Device {
    Device { kind: DeviceKind::Ledger, path: DerivationPath::standard(index) }
}

fn yes() -> Answers {
    Answers { held: true, facts: ["FAIL", "BLIND", "CONTROL"].map(str::to_owned).to_vec() }
}

async fn signed(lab: &Lab, request: &SendRequest) -> Result<TransactionView, Reason> {
    let prepared = lab.wallet().prepare(request).await.unwrap();
    lab.wallet().sign_on_device((prepared.review.id(), &yes()), &at(0), &Cancel::new()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_signs_is_included() {
    let mut lab = Lab::start().await;
    let fake = FakeLedger::start(Mood::Willing);
    lab.wallet().use_device_ports(ports(&fake));
    let mut hashes = Vec::new();
    for kind in [TxType::Legacy, TxType::Eip2930, TxType::Eip1559] {
        for data in [0, 100, 700] {
            // Calls of some lengths: the last part of one must not look like the end of an older form.
            let data = Bytes::from(vec![0xcd; data]);
            let intent = Intent::Call { to: Some(who(1)), value: U256::from(5), data };
            let view = signed(&lab, &SendRequest { kind, ..SendRequest::new(who(0), intent) }).await.unwrap();
            assert_eq!(view.from, who(0));
            lab.wallet().deliver(view.hash).await.unwrap();
            hashes.push(view.hash);
        }
    }
    lab.advance(2).await;
    for hash in hashes {
        assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    }
    let typed = TYPED.replace("\"CHAIN\"", &lab.network.spec().chain_id.to_string());
    let wallet = lab.wallet();
    let message =
        wallet.prepare_to_sign(who(0), ToSign::Text("Hello, lifeboat".to_owned()), None).await.unwrap();
    let data = wallet.prepare_to_sign(who(0), ToSign::TypedData(typed.clone()), None).await.unwrap();
    for id in [message.id(), data.id()] {
        let made = wallet.sign_message_on_device((id, &yes()), &at(0), &Cancel::new()).await.unwrap();
        assert_eq!(
            Signature::try_from(&made.signature[..]).unwrap().recover_address_from_prehash(&id.0).ok(),
            Some(who(0))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_has_its_words_and_nothing_is_kept() {
    let lab = Lab::start().await;
    for (mood, words) in [
        (Mood::Refuses(0x6985), "You declined on the Ledger. Nothing was sent."),
        (Mood::Refuses(0x6a80), "The Ledger refused contract data."),
        (Mood::Answers(0x5515), "Unlock your Ledger with its PIN."),
        (Mood::Answers(0x6511), "Open the Ethereum app on the Ledger."),
        (Mood::Answers(0x6f42), "The Ledger answered: status 6f42."),
        (Mood::OtherKeys, "This Ledger holds other keys: expected 0xf39F"),
        (Mood::SignsWithAnother, "The Ledger's signature is not of 0xf39F"),
        (Mood::Dies, "The Ledger was unplugged"),
    ] {
        let fake = FakeLedger::start(mood);
        lab.wallet().use_device_ports(ports(&fake));
        let refused = signed(&lab, &SendRequest::new(who(0), pay(1, 10))).await.unwrap_err();
        assert!(refused.what.starts_with(words), "{mood:?}: {refused}");
        let was_asked = fake.heard.lock().unwrap().iter().any(|(ins, _)| *ins == 0x04);
        let early = matches!(mood, Mood::OtherKeys | Mood::Answers(_));
        assert_eq!(was_asked, !early, "{mood:?}");
    }
    let gone = FakeLedger::start(Mood::Willing);
    lab.wallet().use_device_ports(ports(&gone));
    drop(gone);
    let refused = signed(&lab, &SendRequest::new(who(0), pay(1, 10))).await.unwrap_err();
    assert!(refused.what.starts_with("Ledger not found. Plug it in; close other wallet apps"), "{refused}");

    let fake = FakeLedger::start(Mood::Silent);
    let patience = Patience { first_ms: 60_000, person_ms: 300 };
    lab.wallet().use_device_ports(DevicePorts { patience, ..ports(&fake) });
    let refused = signed(&lab, &SendRequest::new(who(0), pay(1, 10))).await.unwrap_err();
    assert!(refused.what.starts_with("The Ledger did not answer"), "{refused}");
    assert!(lab.wallet().activity().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_ledger_live_is_kept_once_confirmed_on_the_device() {
    let lab = Lab::start().await;
    let fake = FakeLedger::start(Mood::Willing);
    lab.wallet().use_device_ports(ports(&fake));
    let device = Device { kind: DeviceKind::Ledger, path: DerivationPath::ledger_live(1) };
    let added = lab.wallet().add_device(&device, ("Cold", None), &Cancel::new()).await.unwrap();
    assert_eq!(added.kind, AccountKind::Device(DeviceKind::Ledger));
    assert_eq!(added.path.as_deref(), Some("m/44'/60'/1'/0/0"));
    assert!(PRACTICE_ACCOUNTS.iter().all(|one| one.address != added.address));
    let heard = fake.heard.lock().unwrap().clone();
    assert_eq!(
        heard.last(),
        Some(&(0x02, 0x01)),
        "the last command shows the address and wants it confirmed"
    );
}
