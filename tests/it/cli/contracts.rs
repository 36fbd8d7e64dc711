//! The commands about contracts as a user types them: words, JSON, exit codes, and bad input.

use alloy::primitives::Address;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};

use super::lab::{Lab, Run, lifeboat};
use crate::support::deploy::{Deployer, Ens};

/// A practice network with ENS, which settings name.
fn lab() -> Lab {
    let mut ens = None;
    let lab = Lab::start_with(1, |network| ens = Some(Ens::deploy(&mut Deployer::new(network))));
    let settings = lab.settings();
    let registry = ens.unwrap().registry;
    lab.write(
        "settings.toml",
        &settings.replace("[custom]\n", &format!("[custom]\nens_registry = \"{registry}\"\n")),
    );
    lab
}

fn text(who: Address) -> String {
    who.to_checksum(None)
}

/// One failure: its exit code, one sentence of what happened, and nothing on standard output.
fn refused(run: &Run, code: i32, words: &str) {
    assert_eq!(run.code, code, "{run:?}");
    assert!(run.out.is_empty(), "{run:?}");
    assert!(run.err.contains(words), "{run:?}");
}

#[test]
fn calls_and_what_is_known_of_contracts() {
    let lab = lab();
    let (token, owner) = (text(PRACTICE_DOLLAR), text(PRACTICE_ACCOUNTS[2].address));
    let by_name = lab.run(&["call", &token, "balanceOf", &owner]).done();
    assert!(by_name.out.contains("2000000000000000000000  (uint256)"), "{}", by_name.out);
    assert!(by_name.out.contains("the bundled ABI (erc20)") && by_name.out.contains("proven at block"));
    let json = lab.run(&["call", &token, "balanceOf(address)(uint256)", &owner, "--json"]).done().json();
    assert_eq!(json["result"]["value"]["values"][0]["value"], "2000000000000000000000");
    assert_eq!((&json["result"]["proof"], &json["abi"]["from"]), (&"head".into(), &"signature".into()));
    // A name stands for an address, and what it stood for is said beside the answer.
    let named = lab.run(&["call", &token, "transfer", &owner, "1", "--from", "alice.eth"]);
    assert_eq!(named.code, 0, "{named:?}");
    assert!(named.err.starts_with(&format!("alice.eth is {owner} (proven at block")), "{}", named.err);
    assert!(named.out.contains("nothing was sent"), "{}", named.out);
    let poor = lab.run(&["call", &token, "transfer", &owner, "1", "--from", &text(Address::repeat_byte(1))]);
    assert_eq!((poor.code, poor.err.as_str()), (1, ""), "{poor:?}");
    assert!(poor.out.contains("reverted: \"ERC20: transfer amount exceeds balance\""), "{}", poor.out);
    refused(&lab.run(&["call", &token, "balanceOf"]), 2, "takes 1 argument(s), 0 given");
    refused(&lab.run(&["call", &token, "nothing"]), 2, "has no function `nothing`");
    refused(&lab.run(&["call", &token, "balanceOf", "0x12"]), 2, "is not an address");
    refused(&lab.run(&["call", &owner, "decimals()(uint8)"]), 1, "There is no contract at");
    refused(&lab.run(&["call", &token, "decimals", "--block", "9999999"]), 1, "beyond the verified head");
    lab.write("bad.json", "{");
    let file = lab.path().join("bad.json");
    let file = file.to_str().unwrap();
    refused(&lab.run(&["call", &token, "decimals", "--abi", file]), 2, "this is not JSON");
    refused(&lab.run(&["call", &token, "decimals", "--abi", "/no/such/file"]), 2, "cannot be used as an ABI");
    let about = lab.run(&["abi", &token]).done();
    assert!(about.out.contains("0xa9059cbb  transfer(address,uint256)(bool)"), "{}", about.out);
    assert!(about.out.contains("2580 bytes, hash 0x"), "{}", about.out);
    let nobody = lab.run(&["abi", &owner, "--json"]).done().json();
    assert_eq!(
        (&nobody["code_size"]["value"], &nobody["proxy"]["value"]["kind"]),
        (&0.into(), &"no-code".into())
    );
}

#[test]
fn names_tokens_logs_and_gas() {
    let lab = lab();
    let (token, owner) = (text(PRACTICE_DOLLAR), text(PRACTICE_ACCOUNTS[2].address));
    let forward = lab.run(&["resolve", "Alice.eth"]).done();
    assert!(forward.out.contains(&owner) && forward.out.contains("owner can change this"), "{}", forward.out);
    assert_eq!(lab.run(&["resolve", &owner, "--json"]).done().json()["name"]["value"], "alice.eth");
    assert_eq!(lab.run(&["resolve", "nobody.eth"]).code, 1);
    let off = lab.run(&["resolve", "off.eth"]);
    assert_eq!((off.code, off.err.as_str()), (3, ""), "{off:?}");
    assert!(off.out.contains("with gateway.example") && off.out.contains("was not asked"), "{}", off.out);
    assert!(!off.out.contains('\u{202e}'));
    let unconfirmed = lab.run(&["resolve", &text(PRACTICE_ACCOUNTS[3].address)]);
    assert!(unconfirmed.code == 1 && unconfirmed.out.contains("NOT CONFIRMED"), "{unconfirmed:?}");
    assert!(lab.run(&["resolve", "a..eth"]).code == 2);
    refused(
        &lab.run(&["balance", "nobody.eth"]),
        1,
        "The name nobody.eth does not lead to an address here: none, nobody has set it up (proven)",
    );
    refused(&lab.run(&["balance", "off.eth"]), 3, "not on the chain");
    let balance = lab.run(&["balance", "alice.eth"]);
    assert!(balance.code == 0 && balance.out.starts_with(&format!("{owner}  10000 ETH")), "{balance:?}");
    let tokens = lab.run(&["tokens", &owner]).done();
    assert!(tokens.out.contains("  2000 PUSD\n  2 PGLD\n"), "{}", tokens.out);
    assert!(tokens.out.contains("Others may exist."), "{}", tokens.out);
    let json = lab.run(&["tokens", "alice.eth", "--token", &token, "--json"]).json();
    assert_eq!(json["owners"][0]["tokens"][0]["balance"]["value"], "2000000000000000000000");
    assert_eq!(json["tokens"][0]["decimals"]["value"], 18);
    let none = lab.run(&["tokens", &owner, "--token", &owner]).done();
    assert!(none.out.contains("—  ") && none.out.contains("1 not read"), "{}", none.out);
    assert!(lab.run(&["tokens", "--about", &token]).done().out.contains("Practice Dollar"));
    refused(&lab.run(&["price", "ETH"]), 2, "No price feeds are bundled");
    let logs =
        lab.run(&["logs", &token, "--event", "Transfer(address,address,uint256)", "--json"]).done().json();
    let first = &logs["logs"][0];
    assert_eq!(
        (&first["proof"], &first["value"]["decoded"]["log"]["name"]),
        (&"head".into(), &"Transfer".into())
    );
    let backwards = ["logs", "--from-block", "9", "--to-block", "8"];
    refused(&lab.run(&backwards), 2, "behind the last one");
    // Nobody has to be asked to see that, and nobody is.
    let nowhere = ["--execution", "http://127.0.0.1:1", "--beacon", "http://127.0.0.1:1"];
    refused(&lab.run(&[&backwards[..], &nowhere].concat()), 2, "behind the last one");
    let gas = lab.run(&["gas", "--from", &owner, "--to", "alice.eth", "--value", "1", "--json"]);
    assert_eq!(gas.json()["gas"]["value"]["needs"], 21_000);
    assert!(lab.run(&["gas"]).done().json_is_text());
    let fees = lab.run(&["gas", "--history", "3", "--json"]).json();
    assert_eq!(fees["base_fees"]["value"].as_array().unwrap().len(), 3);
}

impl Run {
    /// The three speeds stand there in words.
    fn json_is_text(&self) -> bool {
        ["Slow", "Usual", "Fast", "proven at block"].iter().all(|word| self.out.contains(word))
    }
}

#[test]
fn bytes_are_decoded_without_asking_anybody() {
    let to = "0000000000000000000000000000000000000000000000000000000000000077";
    let data = format!("0xa9059cbb{to}{:064x}", 5);
    // No network is opened: endpoints that do not exist are no trouble.
    let nowhere = ["--beacon", "http://127.0.0.1:1", "--execution", "http://127.0.0.1:1"];
    let guess = lifeboat(&[&nowhere[..], &["decode", &data]].concat()).done();
    assert!(guess.out.contains("amount: 5) (a guess by its four bytes)"), "{}", guess.out);
    let sure = lifeboat(&["decode", &data, "--to", "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"]).done();
    assert!(sure.out.contains("(USDC): transfer(") && !sure.out.contains("guess"), "{}", sure.out);
    let revert = lifeboat(&[
        "decode",
        "0x4e487b710000000000000000000000000000000000000000000000000000000000000011",
        "--revert",
    ]);
    assert_eq!(revert.done().out, "panicked: arithmetic overflow or underflow (code 0x11)\n");
    let unknown = lifeboat(&["decode", "0xdeadbeef", "--json"]);
    assert_eq!((unknown.code, &unknown.json()["call"]["kind"]), (1, &"raw".into()));
    refused(&lifeboat(&["decode", "0xabc"]), 2, "These are no bytes");
    refused(&lifeboat(&["decode", "abcd"]), 2, "must begin with 0x");
}
