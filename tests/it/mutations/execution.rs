//! Mutants of headers, account and storage proofs, code, transactions and receipts.

use std::path::Path;

use alloy::primitives::{Address, Bytes};
use lifeboat::execution::{
    ProvenHeader, StorageAnswer, verify_account, verify_code, verify_raw_transactions, verify_receipts,
    verify_storage,
};
use serde_json::Value;

use super::Tally;
use super::bend::{Dice, bend, bend_list};
use crate::proofs::captured::{json, scenarios};
use crate::proofs::execution::{files, nodes, number, proven_block, result};

pub(super) fn run(fixtures: &Path, tally: &Tally) {
    let mut foreign: Vec<Bytes> = Vec::new();
    for (dir, scenario) in scenarios(fixtures) {
        let header_file = dir.join("execution_header.json");
        let Some(block) = proven_block(&dir, &scenario).filter(|_| header_file.is_file()) else { continue };
        let header = ProvenHeader::from_json(&result(&json(&header_file)), &block).unwrap();
        bend(header.raw_rlp(), 6_000, |bytes| {
            tally.judge("header", ProvenHeader::from_rlp(bytes, &block), &header);
        });
        for (name, proof) in files(&dir, "eth_getProof_") {
            let who: Address = name.trim_start_matches("eth_getProof_").parse().unwrap();
            state(&header, who, &proof, &foreign, tally);
            foreign = nodes(&proof["accountProof"]);
        }
        codes(&dir, &header, tally);
        lists(&dir, &header, tally);
    }
}

fn state(header: &ProvenHeader, who: Address, proof: &Value, foreign: &[Bytes], tally: &Tally) {
    let list = nodes(&proof["accountProof"]);
    let honest = verify_account(header, who, &list).unwrap();
    bend_list(&list, foreign, 4_300, |bent| {
        tally.judge("account", verify_account(header, who, bent), &honest);
    });
    for one in proof["storageProof"].as_array().unwrap() {
        let (key, value) = (number(&one["key"]), number(&one["value"]));
        let answer = |nodes: &[Bytes]| [StorageAnswer { key, value, nodes: nodes.to_vec() }];
        let list = nodes(&one["proof"]);
        let honest_slot = verify_storage(&honest, &[key], &answer(&list)).unwrap();
        bend_list(&list, foreign, 2_000, |bent| {
            tally.judge("slot", verify_storage(&honest, &[key], &answer(bent)), &honest_slot);
        });
    }
}

fn codes(dir: &Path, header: &ProvenHeader, tally: &Tally) {
    for (name, code) in files(dir, "eth_getCode_") {
        let who: Address = name.trim_start_matches("eth_getCode_").parse().unwrap();
        let proof = result(&json(
            &dir.join(format!("eth_getProof_{}.json", name.trim_start_matches("eth_getCode_"))),
        ));
        let account = verify_account(header, who, &nodes(&proof["accountProof"])).unwrap();
        let code: Bytes = code.as_str().unwrap().parse().unwrap();
        let honest = verify_code(&account, code.clone()).unwrap();
        bend(&code, 2_000, |bytes| {
            tally.judge("code", verify_code(&account, Bytes::copy_from_slice(bytes)), &honest);
        });
    }
}

/// Lists cost a whole trie each, so fewer mutants, spread over all their elements.
fn lists(dir: &Path, header: &ProvenHeader, tally: &Tally) {
    let mut dice = Dice(7);
    let file = dir.join("raw_transactions.json");
    if file.is_file() {
        let raw = nodes(&json(&file));
        let honest = verify_raw_transactions(header, &raw).unwrap();
        for _ in 0..40 {
            let at = dice.below(raw.len());
            let mut bent = raw.clone();
            let mut bytes = raw[at].to_vec();
            let bit = dice.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            bent[at] = bytes.into();
            tally.judge("transactions", verify_raw_transactions(header, &bent), &honest);
        }
    }
    for (_, list) in files(dir, "eth_getBlockReceipts") {
        let list = list.as_array().unwrap().clone();
        let honest = verify_receipts(header, &list).unwrap();
        for step in 0..60 {
            let at = dice.below(list.len());
            let mut bent = list.clone();
            match step % 5 {
                0 => drop(bent.remove(at)),
                1 => bent.swap(at, (at + 1) % list.len()),
                2 => bent[at]["cumulativeGasUsed"] = "0x1".into(),
                3 => {
                    bent[at]["status"] = if list[at]["status"] == "0x1" { "0x0".into() } else { "0x1".into() }
                }
                _ => bent[at]["logs"] = Value::Array(Vec::new()),
            }
            tally.judge("receipts", verify_receipts(header, &bent), &honest);
        }
    }
}
