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
fn what_is_named_by_hand_is_looked_up_and_what_names_nothing_is_bad_usage() {
    let lab = Lab::start(1);
    let debtor = PRACTICE_ACCOUNTS[0].address.to_checksum(None);
    for command in ["positions", "exit-plan"] {
        let run = lab.run(&[command, &debtor, "--id", "12345"]);
        assert!(run.code == 2 && run.err.contains("PROTOCOL=ID"), "{run:?}");
        // Nothing of that protocol is on this network.
        let run = lab.run(&[command, &debtor, "--id", "uniswap-v4=12345"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains("No protocol here takes uniswap-v4=12345"), "{run:?}");
    }
    let manager = PRACTICE_ACCOUNTS[2].address.to_checksum(None);
    lab.write(
        "own.json",
        &format!(r#"{{"uniswap-v4": [{{"name": "Uniswap v4", "manager": "{manager}"}}]}}"#),
    );
    let own = lab.path().join("own.json");
    let own = own.to_str().unwrap();
    let ids = ["--id", "uniswap-v4=12345", "--id", "uniswap-v4=0x2a"];
    let run = [&["positions", &debtor, "--deployments", own, "--json"], ids.as_slice()].concat();
    let known = lab.run(&run).done().json();
    let read =
        known["protocols"].as_array().unwrap().iter().find(|one| one["protocol"] == "uniswap-v4").unwrap();
    assert_eq!(read["state"], "not-on-this-chain", "{read}");
}

#[test]
fn what_is_named_by_hand_is_kept_for_the_next_run_until_it_is_removed() {
    let lab = Lab::start(1);
    let debtor = PRACTICE_ACCOUNTS[0].address.to_checksum(None);
    let manager = PRACTICE_ACCOUNTS[2].address.to_checksum(None);
    let own = format!(r#"{{"uniswap-v4": [{{"name": "Uniswap v4", "manager": "{manager}"}}]}}"#);
    lab.write("own.json", &own);
    let own = lab.path().join("own.json");
    let own = own.to_str().unwrap();
    let listed = |lab: &Lab| lab.run(&["named", "--json"]).done().json()["named"].clone();
    assert!(lab.run(&["named"]).done().out.starts_with("Nothing is named by hand"));
    // For the run alone, then kept.
    let positions = ["positions", &debtor, "--deployments", own, "--id", "uniswap-v4=0x2a"];
    lab.run(&positions).done();
    assert_eq!(listed(&lab), serde_json::json!([]));
    let alone = lab.run(&["positions", &debtor, "--keep"]);
    assert!(alone.code == 2 && alone.err.contains("--id"), "{alone:?}");
    let kept = lab.run(&[&positions[..], &["--keep"]].concat());
    assert_eq!((kept.code, kept.err.as_str()), (0, "Kept: uniswap-v4=42\n"), "{kept:?}");
    assert_eq!(listed(&lab), serde_json::json!([{"protocol": "uniswap-v4", "id": "42"}]));
    lab.run(&positions[..4]).done();
    // Without the deployments nothing takes it: that is said, and the rest is read.
    let without = lab.run(&["positions", &debtor]);
    assert_eq!(without.code, 0, "{without:?}");
    assert_eq!(without.err, "Kept, but no protocol here takes it: uniswap-v4=42\n");
    let wrong = lab.run(&["named", "add", "weth=7"]);
    assert!(wrong.code == 2 && wrong.err.contains("No protocol here takes weth=7"), "{wrong:?}");
    assert!(lab.run(&["named", "remove", "uniswap-v4=42"]).done().out.starts_with("Nothing"));
    let again = lab.run(&["named", "remove", "uniswap-v4=42"]);
    assert!(again.code == 2 && again.err.contains("is not among what was named by hand"), "{again:?}");
    // A damaged list is told, kept aside, and takes nothing else with it.
    lab.write("custom/named.json", "{");
    let damaged = lab.run(&["named"]);
    assert_eq!(damaged.code, 0, "{damaged:?}");
    assert!(damaged.err.contains("the list of what was named by hand could not be used"), "{damaged:?}");
    let aside = lab.path().join("custom/named.json.set-aside-1");
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "{");
    lab.run(&["named"]).done();
}

#[test]
fn a_plan_that_pays_everything_back_says_that_no_debt_is_left() {
    let lab = Lab::start(1);
    let debtor = PRACTICE_ACCOUNTS[0].address.to_checksum(None);
    let run = lab.run(&["exit-plan", &debtor]).done();
    let line = run
        .out
        .lines()
        .find(|line| line.contains("health factor 1."))
        .unwrap_or_else(|| panic!("{}", run.out));
    assert!(line.ends_with(" → no debt"), "{line}");
    // Amounts are read, not counted: nobody is shown 18 digits in a sentence.
    let long =
        |word: &str| word.split_once('.').is_some_and(|(_, digits)| digits.trim_end_matches(',').len() > 6);
    let steps = run.out.lines().filter(|line| line.contains(". Practice") || line.contains("wallet:"));
    for line in steps {
        assert!(
            !line.split(' ').any(|word| word.starts_with(|one: char| one.is_ascii_digit()) && long(word)),
            "{line}"
        );
    }
    let json = lab.run(&["exit-plan", &debtor, "--json"]).done().json();
    let moved = &json["plan"]["value"]["health_factors"][0];
    assert!(moved["after_wad"].is_null() && moved["before_wad"].is_string(), "{json}");
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
