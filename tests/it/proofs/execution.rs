//! Every replay, beacon root to value: trusted root, updates, head, header by hash, then whatever was recorded.

use std::path::Path;

use alloy::primitives::{Address, Bytes, U256};
use lifeboat::consensus::{Mainnet, ProvenBlock, Store};
use lifeboat::execution::{
    AccountClaim, ProofError, ProvenHeader, StorageAnswer, verify_account, verify_code,
    verify_raw_transactions, verify_receipts, verify_storage, verify_transactions,
};
use lifeboat::networks::mainnet;
use serde_json::{Value, json};

use super::captured::{bootstrap, json, object, root, scenarios, update, updates};
use super::fixtures;

/// The head (or finalized block) that the scenario is about.
pub(crate) fn proven_block(dir: &Path, scenario: &Value) -> Option<ProvenBlock> {
    let spec = mainnet();
    let light_client = scenario.get("light_client").filter(|one| one["bootstrap"].is_string())?;
    let path = |value: &Value| dir.join(value.as_str().unwrap());
    let trusted = root(&light_client["trusted_block_root"]);
    let start = bootstrap(&object(&path(&light_client["bootstrap"])), &spec).unwrap();
    let mut store: Store<Mainnet> = Store::bootstrap(trusted, start, &spec).unwrap();
    let wanted: Option<Vec<u64>> = light_client["update_periods"]
        .as_array()
        .map(|list| list.iter().map(|one| one.as_u64().unwrap()).collect());
    for file in light_client["updates"].as_array().unwrap() {
        for raw in updates(&path(file)) {
            let update = update("update", &raw, &spec).unwrap();
            let period = spec.period_at(update.attested_slot());
            if wanted.as_ref().is_none_or(|wanted| wanted.contains(&period)) {
                store.process(&update, update.signature_slot(), &spec).unwrap();
            }
        }
    }
    if let Some(file) = light_client.get("finality_update").filter(|one| one.is_string()) {
        let update = update("finality_update", &object(&path(file)), &spec).unwrap();
        store.process(&update, update.signature_slot(), &spec).unwrap();
        return Some(store.finalized());
    }
    for extension in ["ssz", "json"] {
        let raw = object(&dir.join(format!("optimistic_update.{extension}")));
        let update = update("optimistic_update", &raw, &spec).unwrap();
        // A year-long gap between bootstrap and head is not crossed here; such scenarios are proof tests only.
        store.clone().process(&update, update.signature_slot(), &spec).ok()?;
        store.process(&update, update.signature_slot(), &spec).ok();
    }
    Some(store.head())
}

#[test]
fn every_replay_from_its_beacon_root_to_its_value() {
    let Some(fixtures) = fixtures() else { return };
    let (mut run, mut skipped) = (0, Vec::new());
    for (dir, scenario) in scenarios(&fixtures) {
        let name = scenario["name"].as_str().unwrap().to_owned();
        let header_file =
            ["execution_header.json", "eth_getBlockByNumber_full.json"].map(|file| dir.join(file));
        let header_json = header_file.iter().find(|path| path.is_file()).map(|path| result(&json(path)));
        let (Some(block), Some(header_json)) = (proven_block(&dir, &scenario), header_json) else {
            skipped.push(name);
            continue;
        };
        assert_eq!(block.block_hash(), root(&scenario["head"]["execution_block_hash"]), "{name}");
        let header = ProvenHeader::from_json(&header_json, &block).unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut twin = header_json.clone();
        twin["timestamp"] = json!("0x1");
        assert!(
            matches!(ProvenHeader::from_json(&twin, &block), Err(ProofError::HeaderHash { .. })),
            "{name}"
        );
        check_state(&dir, &scenario, &header);
        check_lists(&dir, &scenario, &header, &header_json);
        run += 1;
    }
    println!("{run} replays, not run for want of a light-client start or a header: {skipped:?}");
    assert!(skipped.len() <= 3 || std::env::var_os("LIFEBOAT_FIXTURES").is_some(), "{skipped:?}");
}

/// A JSON-RPC envelope's result, or the bare value.
pub(crate) fn result(value: &Value) -> Value {
    value.get("result").cloned().unwrap_or_else(|| value.clone())
}

pub(crate) fn files(dir: &Path, prefix: &str) -> Vec<(String, Value)> {
    let mut found: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .flatten()
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .filter(|(name, _)| name.starts_with(prefix) && name.ends_with(".json"))
        .map(|(name, path)| (name.trim_end_matches(".json").to_owned(), result(&json(&path))))
        .collect();
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found
}

pub(crate) fn nodes(value: &Value) -> Vec<Bytes> {
    value.as_array().unwrap().iter().map(|node| node.as_str().unwrap().parse().unwrap()).collect()
}

pub(crate) fn number(value: &Value) -> U256 {
    U256::from_str_radix(value.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

fn check_state(dir: &Path, scenario: &Value, header: &ProvenHeader) {
    let (method, expected) = (scenario["request"]["method"].as_str().unwrap(), &scenario["expected_result"]);
    for (name, proof) in files(dir, "eth_getProof_") {
        let address: Address = name.trim_start_matches("eth_getProof_").parse().unwrap();
        let account = verify_account(header, address, &nodes(&proof["accountProof"])).unwrap();
        let claim = AccountClaim {
            nonce: u64::try_from(number(&proof["nonce"])).unwrap(),
            balance: number(&proof["balance"]),
            code_hash: root(&proof["codeHash"]),
            storage_root: root(&proof["storageHash"]),
        };
        claim.check(&account).unwrap();
        let more = AccountClaim { balance: claim.balance + U256::from(1), ..claim };
        assert!(matches!(more.check(&account), Err(ProofError::AccountClaim { field: "balance", .. })));
        let other = verify_account(header, Address::repeat_byte(0x5a), &nodes(&proof["accountProof"]));
        assert!(!other.is_ok_and(|other| other.value().exists), "another address took this proof");
        let answers: Vec<StorageAnswer> = proof["storageProof"]
            .as_array()
            .unwrap()
            .iter()
            .map(|slot| StorageAnswer {
                key: number(&slot["key"]),
                value: number(&slot["value"]),
                nodes: nodes(&slot["proof"]),
            })
            .collect();
        let keys: Vec<U256> = answers.iter().map(|answer| answer.key).collect();
        let slots = verify_storage(&account, &keys, &answers).unwrap();
        if let Some(first) = answers.first() {
            let mut bent = answers.clone();
            bent[0].value = first.value + U256::from(1);
            assert!(matches!(verify_storage(&account, &keys, &bent), Err(ProofError::SlotValue { .. })));
            assert!(matches!(
                verify_storage(&account, &keys, &answers[1..]),
                Err(ProofError::SlotMissing { .. })
            ));
        }
        for (_, code) in files(dir, &format!("eth_getCode_{}", name.trim_start_matches("eth_getProof_"))) {
            let code: Bytes = code.as_str().unwrap().parse().unwrap();
            verify_code(&account, code.clone()).unwrap();
            let mut bent = code.to_vec();
            bent[0] ^= 1;
            assert!(matches!(verify_code(&account, bent.into()), Err(ProofError::CodeHash { .. })));
        }
        match method {
            "eth_getBalance" => assert_eq!(account.value().balance, number(expected)),
            "eth_getTransactionCount" => assert_eq!(U256::from(account.value().nonce), number(expected)),
            "eth_getStorageAt" => assert!(slots.iter().any(|slot| slot.value().value == number(expected))),
            "eth_getProof" if expected.is_object() => {
                assert_eq!(account.value().balance, number(&expected["balance"]));
                assert_eq!(account.value().code_hash, root(&expected["codeHash"]));
            }
            _ => {}
        }
    }
    if method == "eth_blockNumber" {
        assert_eq!(U256::from(header.number()), number(expected));
    }
}

fn check_lists(dir: &Path, scenario: &Value, header: &ProvenHeader, header_json: &Value) {
    let (method, expected) = (scenario["request"]["method"].as_str().unwrap(), &scenario["expected_result"]);
    if dir.join("raw_transactions.json").is_file() {
        let raw = nodes(&json(&dir.join("raw_transactions.json")));
        let transactions = verify_raw_transactions(header, &raw).unwrap();
        assert!(matches!(verify_raw_transactions(header, &raw[1..]), Err(ProofError::ListRoot { .. })));
        let hash = scenario["request"]["params"][0].as_str().unwrap_or_default();
        if method == "eth_getTransactionByHash" || method == "eth_getTransactionReceipt" {
            let found = transactions
                .value()
                .iter()
                .find(|one| one.hash.to_string() == hash)
                .expect("the transaction");
            assert_eq!(
                found.sender.to_string().to_lowercase(),
                expected["from"].as_str().unwrap().to_lowercase()
            );
        }
    }
    if header_json["transactions"].get(0).is_some_and(Value::is_object) {
        assert!(!verify_transactions(header, header_json).unwrap().value().is_empty());
        let mut twin = header_json.clone();
        twin["transactions"].as_array_mut().unwrap().swap(0, 1);
        assert!(matches!(verify_transactions(header, &twin), Err(ProofError::ListRoot { .. })));
    }
    for (_, list) in files(dir, "eth_getBlockReceipts") {
        let list = list.as_array().unwrap();
        let receipts = verify_receipts(header, list).unwrap();
        let mut twin = list.clone();
        twin.pop();
        assert!(matches!(verify_receipts(header, &twin), Err(ProofError::ListRoot { .. })));
        if method == "eth_getLogs" {
            let addresses: Vec<Address> =
                scenario["request"]["params"][0]["address"].as_array().unwrap().iter().map(address).collect();
            let proven = receipts.value().iter().flat_map(|one| &one.logs);
            let ours: Vec<_> = proven.filter(|log| addresses.contains(&log.address)).collect();
            let theirs = expected.as_array().unwrap();
            let matching = theirs.iter().filter(|log| {
                let data: Bytes = log["data"].as_str().unwrap().parse().unwrap();
                ours.iter().any(|own| own.data.data == data && own.address == address(&log["address"]))
            });
            assert_eq!(matching.count(), theirs.len(), "a recorded log is not in a proven receipt");
        }
    }
}

fn address(value: &Value) -> Address {
    value.as_str().unwrap().parse().unwrap()
}
