//! Hardware signers from the command line: the same words for a Ledger and a Trezor.

use alloy::primitives::{Address, Signature, hex};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use serde_json::json;

use super::lab::Lab;
use crate::support::fake_ledger::{self, FakeLedger};
use crate::support::fake_trezor::{FakeTrezor, Mood};

const SEVENTH: &str = "m/44'/60'/0'/0/7";

fn emulators(lab: &Lab, ledger: &FakeLedger, trezor: &FakeTrezor) {
    let settings = lab.settings();
    let both = format!("[emulators]\nledger = \"{}\"\ntrezor = \"{}\"\n", ledger.at, trezor.at);
    lab.write("settings.toml", &format!("{settings}\n{both}"));
}

fn signer(signature: &str, message: &str) -> Address {
    let bytes = hex::decode(signature.trim()).unwrap();
    Signature::from_raw(&bytes).unwrap().recover_address_from_msg(message).unwrap()
}

#[test]
fn an_account_of_a_trezor_is_kept_pays_and_signs() {
    let lab = Lab::start_behind(3, 4);
    let (ledger, trezor) = (FakeLedger::start(fake_ledger::Mood::Willing), FakeTrezor::start(Mood::Willing));
    emulators(&lab, &ledger, &trezor);
    let seven = PRACTICE_ACCOUNTS[7].address;
    let listed = lab.run(&["--json", "key", "device", "trezor", "--accounts", "8"]).done().json();
    let last = &listed["accounts"][7];
    let address: Address = last["address"].as_str().unwrap().parse().unwrap();
    assert_eq!((&last["path"], address), (&json!(SEVENTH), seven));
    let add = ["key", "device", "trezor", "--add", SEVENTH, "--name", "cold"];
    trezor.set(Mood::Declines);
    let refused = lab.run(&add);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("You declined on the Trezor. Nothing was sent."), "{}", refused.err);
    trezor.set(Mood::Willing);
    let added = lab.run(&add);
    assert_eq!(added.code, 0, "{added:?}");
    assert!(added.err.contains("Check that the same address is on the Trezor's screen"), "{}", added.err);
    assert!(added.out.starts_with(&format!("cold  Trezor  {SEVENTH}\n")), "{}", added.out);
    let keys = lab.run(&["key", "list"]).done().out;
    assert!(keys.contains(&format!("cold  Trezor  {SEVENTH}\n")), "{keys}");
    assert!(lab.run(&["accounts"]).done().out.contains("cold  Trezor\n"));

    let sent = lab.run(&["--json", "send", "practice-1", "1.5", "--from", "cold", "--yes", "--no-send"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.err.contains("Look at the Trezor's screen: compare"), "{}", sent.err);
    let from: Address = sent.json()["transaction"]["from"].as_str().unwrap().parse().unwrap();
    assert_eq!(from, seven, "recovered from what was signed");

    let message = lab.run(&["sign", "message", "ahoy", "--from", "cold", "--yes"]);
    assert_eq!((message.code, signer(&message.out, "ahoy")), (0, seven), "{message:?}");
    // Once, by an option, with whatever account the device has there.
    for option in ["--trezor", "--ledger"] {
        let message = lab.run(&["sign", "message", "ahoy", "--from", "practice-0", "--yes", option]);
        assert_eq!(
            (message.code, signer(&message.out, "ahoy")),
            (0, PRACTICE_ACCOUNTS[0].address),
            "{message:?}"
        );
    }
    let other = lab.run(&["sign", "message", "ahoy", "--from", "practice-1", "--yes", "--ledger"]);
    assert_eq!((other.code, other.out.as_str()), (2, ""));
    assert!(other.err.contains("This Ledger holds other keys: expected 0x7099"), "{}", other.err);
    let file = lab.path().join("out.json");
    let export = lab.run(&["key", "export", "cold", file.to_str().unwrap()]);
    assert_eq!(export.code, 2, "{export:?}");
    assert!(export.err.contains("is on the Trezor and never leaves it"), "{}", export.err);
    assert!(!file.exists());
}

#[test]
fn a_pin_that_is_wanted_here_needs_a_terminal_and_a_newer_protocol_is_named() {
    let lab = Lab::start(1);
    let (ledger, trezor) = (FakeLedger::start(fake_ledger::Mood::Willing), FakeTrezor::start(Mood::WantsPin));
    emulators(&lab, &ledger, &trezor);
    let asked = lab.run(&["key", "device", "trezor", "--accounts", "1"]);
    assert_eq!(asked.code, 2, "{asked:?}");
    assert!(asked.err.contains("    7 8 9\n    4 5 6\n    1 2 3"), "{}", asked.err);
    assert!(asked.err.contains("there is no terminal to ask at"), "{}", asked.err);
    trezor.set(Mood::SpeaksThp);
    let newer = lab.run(&["key", "device", "trezor", "--accounts", "1"]);
    assert_eq!(newer.code, 2, "{newer:?}");
    assert!(newer.err.contains("This Trezor speaks only a newer protocol (THP)"), "{}", newer.err);
}
