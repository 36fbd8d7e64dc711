//! Every command on the practice network that the binary carries.

use serde_json::Value;

use super::lifeboat;

const RICH: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const TOKEN: &str = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

fn json(arguments: &[&str]) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<&str> = ["--network", "practice", "--json"].iter().chain(arguments).copied().collect();
    let run = lifeboat(folder.path(), &all);
    assert_eq!(run.stderr, "", "{arguments:?}");
    (run.code, serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stdout)))
}

/// Each chain value says how it is known and at which block.
fn is_proven(value: &Value) {
    assert!(matches!(value["proof"].as_str(), Some("head" | "final")), "{value}");
    assert_eq!(value["block"]["hash"].as_str().unwrap().len(), 66, "{value}");
    assert!(value["block"]["number"].as_u64().unwrap() > 0, "{value}");
}

#[test]
fn status_for_people_and_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let run = lifeboat(folder.path(), &["--network", "practice", "status"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for word in [
        "Network    practice",
        "Head       slot",
        "signed by 512 of 512",
        "Finalized",
        "Checkpoint",
        "healthy",
        "practice-north",
    ] {
        assert!(run.stdout.contains(word), "{word} is missing:\n{}", run.stdout);
    }
    let (code, value) = json(&["status"]);
    assert_eq!((code, value["head"]["participants"].as_u64()), (0, Some(512)));
    assert_eq!(value["endpoints"].as_array().unwrap().len(), 6);
    assert_eq!(value["finalized"]["proof"], "final");
}

#[test]
fn balances_accounts_storage_and_blocks() {
    let (code, value) = json(&["balance", RICH, "0x00000000000000000000000000000000000000ab"]);
    assert_eq!(code, 0);
    let balances = value["balances"].as_array().unwrap();
    is_proven(&balances[0]["balance_wei"]);
    assert!(balances[0]["balance_wei"]["value"].as_str().unwrap().parse::<u128>().unwrap() > 0);
    assert_eq!(balances[1]["exists"]["value"], false);
    let (_, value) = json(&["account", TOKEN]);
    is_proven(&value["code_size"]);
    assert!(value["code_size"]["value"].as_u64().unwrap() > 100);
    let (_, value) = json(&["storage", TOKEN, "2"]);
    is_proven(&value["storage"]);
    let (_, value) = json(&["--at", "finalized", "balance", RICH]);
    assert_eq!(value["balances"][0]["balance_wei"]["proof"], "final");
    let (_, latest) = json(&["block"]);
    is_proven(&latest["block"]);
    let (_, finalized) = json(&["block", "finalized"]);
    assert_eq!(finalized["block"]["proof"], "final");
    let (_, first) = json(&["block", "2"]);
    assert_eq!(
        (first["block"]["value"]["number"].as_u64(), &first["block"]["proof"]),
        (Some(2), &Value::from("final"))
    );
}

#[test]
fn proven_no_and_not_known_have_their_own_exit_codes() {
    let (code, value) = json(&["tx", &format!("0x{}", "11".repeat(32))]);
    assert_eq!((code, value["state"].as_str()), (3, Some("unknown")));
    let folder = tempfile::tempdir().unwrap();
    let run = lifeboat(folder.path(), &["--network", "practice", "block", "99999999"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.contains("beyond the verified head"), "{}", run.stderr);
}

#[test]
fn endpoints_and_checkpoint_sources() {
    let (code, value) = json(&["endpoints"]);
    assert_eq!(code, 0);
    let first = &value["endpoints"].as_array().unwrap()[0];
    assert!(first["findings"].as_array().unwrap().iter().all(|finding| finding["ok"] == true), "{first}");
    let (code, value) = json(&["checkpoint", "compare"]);
    assert_eq!((code, value["proof"].as_str()), (0, Some("unverified")));
    assert_eq!(value["sources"].as_array().unwrap().len(), 3);
}
