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
        assert!(run.err.contains("Name one of these: "), "{run:?}");
    }
    let known = lab.run(&["positions", &owner, "--deployments", own, "--protocol", "weth", "--json"]).done();
    assert_eq!(known.json()["protocols"][0]["protocol"], "weth");
}

#[test]
fn several_accounts_are_told_of_each_under_its_address() {
    let lab = Lab::start(1);
    let [debtor, other] = [0, 2].map(|index: usize| PRACTICE_ACCOUNTS[index].address.to_checksum(None));
    let run = lab.run(&["positions", &debtor, &other]).done();
    let (first, second) = run.out.split_once(&format!("\n{other}\n")).unwrap();
    assert!(first.starts_with(&debtor) && first.contains("health factor"), "{}", run.out);
    assert!(second.contains("No positions found"), "{}", run.out);
    let json = lab.run(&["positions", &debtor, &other, "--json"]).done().json();
    assert_eq!(json["accounts"][1]["address"], other);
    let alone = lab.run(&["positions", &debtor, "--json"]).done().json();
    assert_eq!(json["accounts"][0]["worst"], alone["worst"]);
    let nobody = lab.run(&["positions"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (2, ""), "{nobody:?}");
}

#[test]
fn approvals_say_how_much_was_checked() {
    let lab = Lab::start(1);
    let owner = PRACTICE_ACCOUNTS[2].address.to_checksum(None);
    // Two tokens held, and the one bundled spender of the practice network.
    let bundled = lab.run(&["approvals", &owner]).done();
    assert!(bundled.out.contains("No approvals found in what was checked"), "{}", bundled.out);
    assert!(bundled.out.contains("Checked: 2 pairs"), "{}", bundled.out);
    let one = PRACTICE_ACCOUNTS[3].address.to_checksum(None);
    let more = lab.run(&["approvals", &owner, "--spender", &one]).done();
    assert!(more.out.contains("Checked: 4 pairs"), "{}", more.out);
    // Account 0 never took its approval of the practice market back.
    let debtor = PRACTICE_ACCOUNTS[0].address.to_checksum(None);
    let found = lab.run(&["approvals", &debtor]).done();
    assert!(found.out.contains("may take Unlimited   at risk now"), "{}", found.out);
}
