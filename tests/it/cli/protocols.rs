//! The commands about positions: what cannot be meant, and what is told where nothing is known.

use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::lab::Lab;

#[test]
fn a_protocol_that_is_not_known_is_bad_usage() {
    let lab = Lab::start(1);
    let owner = PRACTICE_ACCOUNTS[2].address.to_checksum(None);
    lab.write("own.json", r#"{"weth": [{"token": "0x5FbDB2315678afecb367f032d93F642f64180aa3"}]}"#);
    let own = lab.path().join("own.json");
    let own = own.to_str().unwrap();
    for command in ["positions", "exit-plan"] {
        let run = lab.run(&[command, &owner, "--deployments", own, "--protocol", "aeve"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains("No protocol called \"aeve\""), "{run:?}");
        assert!(run.err.contains("Name one of these: Wrapped ether"), "{run:?}");
    }
    let known = lab.run(&["positions", &owner, "--deployments", own, "--protocol", "weth", "--json"]).done();
    assert_eq!(known.json()["protocols"][0]["protocol"], "weth");
}

#[test]
fn approvals_without_a_spender_say_that_nothing_was_checked() {
    let lab = Lab::start(1);
    let owner = PRACTICE_ACCOUNTS[2].address.to_checksum(None);
    let none = lab.run(&["approvals", &owner]).done();
    assert!(none.out.contains("Nothing was checked"), "{}", none.out);
    assert!(none.out.contains("no spender is bundled for this network"), "{}", none.out);
    let one = PRACTICE_ACCOUNTS[3].address.to_checksum(None);
    let token = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    let some = lab.run(&["approvals", &owner, "--spender", &one, "--token", token]).done();
    assert!(some.out.contains("Checked: 2 pairs"), "{}", some.out);
}
