//! Good runs, whole outputs: text for people, JSON for programs, each compared with the network's own answer.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use alloy::primitives::{Address, U256, utils::format_ether};
use alloy::sol_types::SolCall as _;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use serde_json::{Value, json};

use super::lab::{Lab, lifeboat, submit, transaction};

fn quantity(value: &Value) -> U256 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn status_in_words() {
    let lab = Lab::start(1);
    let run = lab.run(&["status"]).done();
    let (number, hash) = lab.head();
    let (root, slot) = lab.network.finalized();
    let final_number = number + slot + 1 - lab.network.head_slot();
    let expected = format!(
        "Network      custom (chain 7777777)
State        verified, following the head
Head         slot {} · block {number} · signed by 512 of 512 · _ s old
             {hash}
Finalized    slot {slot} · block {final_number} · your checkpoint itself · _ s old
             {}
Checkpoint   {root} · User, started from it · _ s old
Lag          none
Traffic      _ requests, _ B down, _ B up
Endpoints
  beacon     BEACON1 · healthy · _ ms · carried by practice-north
  execution  EXECUTION1 · healthy · _ ms · carried by practice-north
",
        lab.network.head_slot() - 1,
        lab.block_hash(final_number),
    );
    assert_eq!(lab.masked(&run.out), expected);
    // The next run goes on from what this one kept: no checkpoint is given, no bootstrap is asked for.
    let again = lab.resume(&["status"]).done();
    assert!(again.out.contains("User, continued from the last run"), "{}", again.out);
}

#[test]
fn status_in_json() {
    let lab = Lab::start(1);
    let status = lab.run(&["--json", "status"]).done().json();
    let (number, hash) = lab.head();
    assert_eq!(status["state"], "following");
    assert_eq!(status["error"], Value::Null);
    assert_eq!(status["chain_id"], 7_777_777);
    let head = &status["head"];
    assert_eq!((&head["block_number"], &head["proof"]), (&json!(number), &json!("head")));
    assert_eq!(head["block_hash"], hash.to_string());
    assert_eq!((&head["participants"], &head["committee_size"]), (&json!(512), &json!(512)));
    assert_eq!(status["finalized"]["proof"], "final");
    assert_eq!(status["checkpoint"]["root"], lab.checkpoint());
    assert_eq!(
        (&status["checkpoint"]["origin"], &status["checkpoint"]["resumed"]),
        (&json!("user"), &json!(false))
    );
    assert!(status["checkpoint"]["age_seconds"].as_u64().unwrap() < 3_600);
    let states: Vec<_> = status["endpoints"].as_array().unwrap().iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["healthy", "healthy"]);
}

#[test]
fn balances() {
    let lab = Lab::start(3);
    let (number, hash) = lab.head();
    let rich = PRACTICE_ACCOUNTS[6].address;
    let absent = Address::repeat_byte(0xab);
    let own = quantity(&lab.rpc("eth_getBalance", &json!([rich, format!("{number:#x}")])));
    assert!(own > U256::ZERO);
    // Lower case is an address without a checksum; the answer shows the checksummed form.
    let run = lab.run(&["balance", &rich.to_string().to_lowercase(), &absent.to_checksum(None)]).done();
    let proven = format!("  proven at block {number} (head, not yet final), _ s old, {hash}\n");
    let expected = format!(
        "{rich}  {} ETH\n{proven}{absent}  0 ETH (this account does not exist; that is proven)\n{proven}",
        format_ether(own).trim_end_matches('0').trim_end_matches('.')
    );
    assert_eq!(lab.masked(&run.out), expected);
    let json = lab.run(&["--json", "balance", &rich.to_string(), &absent.to_string()]).done().json();
    let timestamp =
        quantity(&lab.rpc("eth_getBlockByNumber", &json!([format!("{number:#x}"), false]))["timestamp"]);
    let block = json!({"number": number, "hash": hash, "timestamp": timestamp.to::<u64>()});
    let first = json!({"value": own.to_string(), "proof": "head", "block": block});
    assert_eq!(json["balances"][0]["balance_wei"], first);
    assert_eq!(json["balances"][0]["address"], rich.to_string());
    assert_eq!(json["balances"][1]["balance_wei"], json!({"value": "0", "proof": "head", "block": block}));
    assert_eq!(json["balances"][1]["exists"]["value"], false);
    // At the final block, with the older value and the firmer word.
    let finalized = lab.run(&["--json", "--at", "finalized", "balance", &rich.to_string()]).done().json();
    let value = &finalized["balances"][0]["balance_wei"];
    let at = value["block"]["number"].as_u64().unwrap();
    let then = quantity(&lab.rpc("eth_getBalance", &json!([rich, format!("{at:#x}")])));
    assert_eq!((&value["proof"], &value["value"]), (&json!("final"), &json!(then.to_string())));
    assert!(at < number);
}

#[test]
fn accounts_and_slots() {
    let lab = Lab::start(3);
    let (number, _) = lab.head();
    let tag = format!("{number:#x}");
    let dollar = PRACTICE_DOLLAR.to_string();
    let account = lab.run(&["--json", "account", &dollar]).done().json();
    let code = lab.rpc("eth_getCode", &json!([dollar, tag]));
    assert_eq!(account["code_size"]["value"], (code.as_str().unwrap().len() - 2) / 2);
    assert_eq!(account["nonce"]["value"], 1);
    let text = lab.run(&["account", &dollar]).done().out;
    assert!(text.contains("bytes, hash verified") && text.contains("Exists       yes"), "{text}");
    // The total supply of the token, by its slot; then a slot that nobody ever wrote.
    let slot = lab.run(&["--json", "storage", &dollar, "0x2"]).done().json();
    let own = lab.rpc("eth_getStorageAt", &json!([dollar, "0x2", tag]));
    assert_eq!((&slot["storage"]["value"], &slot["storage"]["proof"]), (&own, &json!("head")));
    assert_eq!((&slot["address"], &slot["slot"]), (&json!(dollar), &json!(format!("{:#066x}", 2))));
    let empty = lab.run(&["storage", &dollar, "123456789"]).done();
    assert!(empty.out.contains(&format!("Value        0x{}\n", "0".repeat(64))), "{}", empty.out);
    assert!(empty.out.contains("Decimal      0 (never written or cleared; proven)"), "{}", empty.out);
}

#[test]
fn blocks() {
    let lab = Lab::start(3);
    let (number, hash) = lab.head();
    for word in ["latest".to_owned(), number.to_string(), format!("{number:#x}"), hash.to_string()] {
        let block = lab.run(&["--json", "block", &word]).done().json();
        assert_eq!(
            (&block["block"]["value"]["hash"], &block["block"]["proof"]),
            (&json!(hash), &json!("head"))
        );
        let own = lab.rpc("eth_getBlockByHash", &json!([hash, false]));
        assert_eq!(block["block"]["value"]["transactions"], own["transactions"]);
        assert_eq!(block["block"]["value"]["state_root"], own["stateRoot"]);
    }
    let finalized = lab.run(&["--json", "block", "finalized"]).done().json();
    assert_eq!(finalized["block"]["proof"], "final");
    // Older than the final block: proven through the history contract, and final too.
    let at = finalized["block"]["value"]["number"].as_u64().unwrap() - 7;
    let older = lab.run(&["--json", "block", &at.to_string()]).done().json();
    assert_eq!(older["block"]["value"]["hash"], lab.block_hash(at).to_string());
    assert_eq!(older["block"]["proof"], "final");
    // Beyond the head: a proven no.
    let beyond = lab.run(&["block", "999999"]);
    assert_eq!((beyond.code, beyond.out.as_str()), (1, ""));
    assert!(
        beyond.err.starts_with(&format!("Block 999999 is beyond the verified head {number}.\n")),
        "{}",
        beyond.err
    );
    let unknown = lab.run(&["block", &format!("0x{}", "11".repeat(32))]);
    assert_eq!((unknown.code, unknown.out.as_str()), (3, ""));
    assert!(unknown.err.contains("that is no proof that it does not exist"), "{}", unknown.err);
}

#[test]
fn a_block_that_the_chain_left_is_a_proven_no() {
    let mut left = Default::default();
    let lab = Lab::start_with(3, |network| {
        left = network.execution().read().unwrap().head().hash();
        network.reorg(2);
    });
    let run = lab.run(&["block", &left.to_string()]);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:?}");
    assert!(
        run.err.starts_with(&format!("Block {left} is not part of the verified chain.\n")),
        "{}",
        run.err
    );
    assert_eq!(lab.run(&["--json", "block", &left.to_string()]).json()["error"]["proven_no"], true);
}

#[test]
fn transactions() {
    let too_much = Erc20::transferCall { to: Address::ZERO, value: U256::MAX }.abi_encode();
    let landed = transaction(0, 30, PRACTICE_ACCOUNTS[1].address, Default::default());
    let reverted = transaction(0, 31, PRACTICE_DOLLAR, too_much.into());
    let lab = Lab::start_with(3, |network| {
        let nonce_known = submit(network, &landed) != submit(network, &reverted);
        assert!(nonce_known);
    });
    let hash = landed.hash().to_string();
    let own = lab.rpc("eth_getTransactionReceipt", &json!([hash]));
    let run = lab.run(&["--json", "tx", &hash]).done().json();
    let value = &run["transaction"]["value"];
    assert_eq!((&run["state"], &run["hash"]), (&json!("included"), &json!(hash)));
    assert_eq!((&value["success"], &value["from"]), (&json!(true), &own["from"]));
    assert_eq!(value["gas_used"], quantity(&own["gasUsed"]).to::<u64>());
    assert_eq!(value["effective_gas_price"], quantity(&own["effectiveGasPrice"]).to_string());
    assert_eq!(run["transaction"]["block"]["hash"], own["blockHash"]);
    let text = lab.run(&["tx", &hash]).done().out;
    assert!(text.starts_with("Result       succeeded\n"), "{text}");
    // A proven failure is an answer, and a "no".
    let failed = lab.run(&["tx", &reverted.hash().to_string()]);
    assert_eq!((failed.code, failed.err.as_str()), (1, ""), "{failed:?}");
    assert!(failed.out.starts_with("Result       FAILED (reverted)"), "{}", failed.out);
    // Waiting in a pool, and not known to anybody: neither can be proven, and the words say so.
    let waiting = transaction(0, 32, PRACTICE_ACCOUNTS[1].address, Default::default());
    submit(&lab.network, &waiting);
    let pending = lab.run(&["--json", "tx", &waiting.hash().to_string()]);
    assert_eq!((pending.code, pending.err.as_str()), (3, ""));
    let pending = pending.json();
    assert_eq!((&pending["state"], &pending["proof"]), (&json!("pending"), &json!("unverified")));
    assert_eq!(pending["seen_by"].as_array().unwrap().len(), 3);
    let unknown = lab.run(&["tx", &format!("0x{}", "22".repeat(32))]);
    assert_eq!((unknown.code, unknown.err.as_str()), (3, ""));
    let head = lab.head().0;
    let words = format!(
        "Not known to any of the 3 endpoints that answered, up to block {head}.\n\
         That is no proof that it does not exist: it may never have been sent, or be known elsewhere.\n"
    );
    assert_eq!(unknown.out, words);
}

#[test]
fn endpoints_and_what_is_left_without_each_carrier() {
    let lab = Lab::start(3);
    let run = lab.run(&["endpoints"]).done();
    let text = lab.masked(&run.out);
    assert!(text.starts_with("beacon     BEACON1 · works · carried by practice-north\n"), "{text}");
    assert!(text.contains("proofs            at the head\n"), "{text}");
    assert!(text.contains("3 beacon and 3 execution endpoints work.\n"), "{text}");
    assert!(text.contains("without practice-south you keep 2 of 3 beacon and 2 of 3 execution\n"), "{text}");
    let json = lab.run(&["--json", "endpoints"]).done().json();
    let works = json["endpoints"].as_array().unwrap().iter().filter(|one| one["works"] == true).count();
    assert_eq!(works, 6);
}

#[test]
fn checkpoints_compared() {
    let lab = Lab::start(3);
    let (root, slot) = lab.network.finalized();
    // No checkpoint is needed to compare checkpoints.
    let run = lab.resume(&["checkpoint", "compare"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains(&format!("3 of 3 say slot {slot}: {root}\n")), "{}", run.out);
    assert!(run.out.contains("Unverified"), "{}", run.out);
    let json = lab.resume(&["--json", "checkpoint", "compare"]).json();
    assert_eq!(json["agreement"], json!([{"slot": slot, "root": root, "count": 3}]));
    assert_eq!(json["proof"], "unverified");
}

#[test]
fn the_practice_network_needs_nothing() {
    let run = lifeboat(&["--network", "practice", "--json", "status"]).done().json();
    assert_eq!((&run["network"], &run["state"]), (&json!("practice"), &json!("following")));
    let who = PRACTICE_ACCOUNTS[0].address.to_string();
    let balance = lifeboat(&["--network", "practice", "balance", &who]).done();
    assert!(balance.out.starts_with(&format!("{who}  ")), "{}", balance.out);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_not_fatal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "mine").unwrap();
    let run = lifeboat(&["--network", "practice", "--data-dir", file.to_str().unwrap(), "status"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("cannot be written: nothing of this run will be kept"), "{}", run.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn another_lifeboat_uses_the_practice_network_in_the_foreground() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
        .args(["practice", "--slot-seconds", "2"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    while !said.last().is_some_and(|line: &String| line.starts_with("forks.fulu")) {
        said.push(lines.next().unwrap().unwrap());
    }
    let checkpoint = said.iter().find_map(|line| line.strip_prefix("checkpoint")).unwrap().trim().to_owned();
    let settings =
        said.iter().skip_while(|line| !line.starts_with('[')).cloned().collect::<Vec<_>>().join("\n");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), settings).unwrap();
    let path = folder.path().to_str().unwrap();
    let run = lifeboat(&["--network", "custom", "--data-dir", path, "--checkpoint", &checkpoint, "status"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(run.done().out.contains("verified, following the head"));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
        .args(["--network", "practice", "--json", "block"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    assert_eq!((child.wait().unwrap().code(), words.as_str()), (Some(0), ""));
}
