//! Captured blocks and proofs that no light-client data stands beside: only inside this room can a header be taken as
//! proven, so these tests live here. They read the shared fixtures and say so where those are absent.

use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256, Bytes, U256};
use serde_json::Value;

use super::*;
use crate::consensus::Finality;
use crate::execution::{
    Account, AccountClaim, Proven, ProvenAncestor, StorageAnswer, StorageSlot, verify_account, verify_code,
    verify_receipts, verify_storage, verify_transactions,
};

fn fixtures() -> Option<PathBuf> {
    let own = std::env::var_os("LIFEBOAT_FIXTURES").map(PathBuf::from);
    let path = own.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"));
    assert!(path.is_dir() || std::env::var_os("CI").is_none(), "CI must have {}", path.display());
    path.is_dir().then_some(path)
}

fn json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    value.get("result").cloned().unwrap_or(value)
}

fn root(value: &Value) -> B256 {
    value.as_str().unwrap().parse().unwrap()
}

fn number(value: &Value) -> U256 {
    U256::from_str_radix(value.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

fn nodes(value: &Value) -> Vec<Bytes> {
    value.as_array().unwrap().iter().map(|node| node.as_str().unwrap().parse().unwrap()).collect()
}

fn with_roots(state_root: B256, receipts_root: B256) -> ProvenHeader {
    let mut fields = decode(&HEADER).unwrap();
    fields.state_root = state_root;
    fields.receipts_root = receipts_root;
    ProvenHeader { fields, hash: B256::ZERO, raw: Bytes::new(), finality: Finality::Final }
}

/// Any well-formed header, to be given the roots of a case.
static HEADER: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
    let header = alloy::consensus::Header::default();
    alloy::rlp::encode(&header)
});

#[test]
fn blocks_of_every_fork_and_a_walk_across_prague() {
    let Some(fixtures) = fixtures() else { return };
    let mut walk: Vec<ProvenHeader> = Vec::new();
    let mut count = 0;
    for folder in ["forks", "prague-walk"] {
        let dir = fixtures.join("mainnet/blocks").join(folder);
        let mut files: Vec<_> =
            std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
        files.sort();
        for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        {
            let block = json(path);
            let hash = root(&block["hash"]);
            let header = ProvenHeader::of_json(&block, hash, Finality::Final)
                .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(ProvenHeader::of_hash(header.raw_rlp(), hash, Finality::Final).unwrap(), header);
            let transactions =
                verify_transactions(&header, &block).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            assert_eq!(transactions.value().len(), block["transactions"].as_array().unwrap().len());
            if folder == "prague-walk" {
                walk.push(header);
            }
            count += 1;
        }
    }
    for pair in walk.windows(2) {
        let ancestor = ProvenAncestor::parent_of(&pair[1]).unwrap();
        assert_eq!((ancestor.hash(), ancestor.number()), (pair[0].hash(), pair[0].number()));
    }
    assert!(count > 10 || std::env::var_os("LIFEBOAT_FIXTURES").is_some(), "{count} blocks");
}

/// Everything an `eth_getProof` answer claims, held against the question.
fn check_proof(
    state_root: B256,
    who: Address,
    keys: &[U256],
    proof: &Value,
) -> Result<Vec<Proven<StorageSlot>>, ProofError> {
    let header = with_roots(state_root, B256::ZERO);
    let account: Proven<Account> = verify_account(&header, who, &nodes(&proof["accountProof"]))?;
    let claim = AccountClaim {
        nonce: u64::try_from(number(&proof["nonce"])).unwrap(),
        balance: number(&proof["balance"]),
        code_hash: root(&proof["codeHash"]),
        storage_root: root(&proof["storageHash"]),
    };
    claim.check(&account)?;
    let answers: Vec<StorageAnswer> = proof["storageProof"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| StorageAnswer {
            key: number(&one["key"]),
            value: number(&one["value"]),
            nodes: nodes(&one["proof"]),
        })
        .collect();
    verify_storage(&account, keys, &answers)
}

/// JSON-pointer operations on the whole file.
fn patched(path: &Path, patch: &Value) -> Value {
    let mut value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for step in patch.as_array().unwrap() {
        let (op, path) = (step["op"].as_str().unwrap(), step["path"].as_str().unwrap());
        let (parent, last) = path.rsplit_once('/').unwrap();
        match (value.pointer_mut(parent).unwrap(), op) {
            (Value::Array(list), "remove") => drop(list.remove(last.parse().unwrap())),
            (Value::Object(map), "remove") => drop(map.remove(last)),
            (Value::Array(list), _) => list[last.parse::<usize>().unwrap()] = step["value"].clone(),
            (Value::Object(map), _) => drop(map.insert(last.to_owned(), step["value"].clone())),
            _ => panic!("{path}"),
        }
    }
    value.get("result").cloned().unwrap_or(value)
}

fn is_named(reason: &str, error: &ProofError) -> bool {
    match error {
        ProofError::AccountClaim { field, .. } => {
            reason.to_lowercase().contains(&field.replace(' ', "").replace("storageroot", "storagehash"))
                || reason.contains("absent")
        }
        ProofError::SlotValue { .. } => reason.contains("value") || reason.contains("swapped"),
        ProofError::SlotMissing { .. } => reason.contains("not answered"),
        ProofError::NodeMissing { .. } => {
            ["node", "empty storage proof", "another block", "cut proof", "swapped"]
                .iter()
                .any(|word| reason.contains(word))
        }
        ProofError::BadNode { .. } => reason.contains("node"),
        ProofError::ListRoot { list: "receipts", .. } => {
            ["status", "gas", "log", "receipt"].iter().any(|word| reason.contains(word))
        }
        ProofError::ListRoot { .. } => reason.contains("transactions"),
        ProofError::BadEntry { .. } | ProofError::UnknownType { .. } => reason.contains("type"),
        ProofError::HeaderHash { .. } => reason.contains("header"),
        ProofError::CodeHash { .. } => reason.contains("code"),
        _ => false,
    }
}

#[test]
fn altered_execution_data_is_refused_by_name_or_changes_nothing() {
    let Some(fixtures) = fixtures() else { return };
    let file = fixtures.join("negative/execution.json");
    if !file.is_file() {
        return;
    }
    for case in json(&file).as_array().unwrap() {
        let (id, reason) = (case["id"].as_str().unwrap(), case["reason"].as_str().unwrap());
        let base = fixtures.join(case["base"].as_str().unwrap());
        let value = patched(&base, &case["patch"]);
        let refused = match case["kind"].as_str().unwrap() {
            "getProof" => {
                let keys: Vec<U256> = case["keys"].as_array().unwrap().iter().map(number).collect();
                let (state, who) =
                    (root(&case["state_root"]), case["address"].as_str().unwrap().parse().unwrap());
                let answer = check_proof(state, who, &keys, &value);
                // Nodes are an unordered set, and an address in a reply is ignored: then the answer must be the same.
                if reason.contains("out of order") || reason.contains("about another address") {
                    assert_eq!(
                        answer.unwrap(),
                        check_proof(state, who, &keys, &json(&base)).unwrap(),
                        "{id}"
                    );
                    continue;
                }
                answer.map(drop)
            }
            "receipts" => {
                let header = with_roots(B256::ZERO, root(&case["receipts_root"]));
                verify_receipts(&header, value.as_array().unwrap()).map(drop)
            }
            "block" => ProvenHeader::of_json(&value, root(&case["block_hash"]), Finality::Final)
                .and_then(|header| verify_transactions(&header, &value).map(drop)),
            "code" => {
                let account = Account {
                    address: Address::ZERO,
                    exists: true,
                    nonce: 0,
                    balance: U256::ZERO,
                    storage_root: B256::ZERO,
                    code_hash: root(&case["code_hash"]),
                };
                let at = with_roots(B256::ZERO, B256::ZERO).block_ref();
                verify_code(&Proven::new(account, at), value.as_str().unwrap().parse().unwrap()).map(drop)
            }
            other => panic!("{id}: unknown kind {other}"),
        };
        match refused {
            Ok(()) => panic!("{id} was accepted: {reason}"),
            Err(error) => assert!(is_named(reason, &error), "{id}: {reason:?} was refused as {error}"),
        }
    }
}
