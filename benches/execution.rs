//! Proving execution data: a captured mainnet block and the practice chain's own proofs. Without the captured data only
//! the latter run.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, Bytes, U256};
use criterion::{Criterion, criterion_group, criterion_main};
use lifeboat::consensus::wire::{Body, ForkHint, decode_bootstrap, decode_optimistic_update};
use lifeboat::consensus::{Mainnet, Store};
use lifeboat::execution::{ProvenHeader, StorageAnswer, verify_account, verify_receipts, verify_storage};
use lifeboat::networks::mainnet;
use serde_json::Value;

fn json(path: &Path) -> Value {
    let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    value.get("result").cloned().unwrap_or(value)
}

fn nodes(value: &Value) -> Vec<Bytes> {
    value.as_array().unwrap().iter().map(|node| node.as_str().unwrap().parse().unwrap()).collect()
}

fn number(value: &Value) -> U256 {
    U256::from_str_radix(value.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

fn execution(c: &mut Criterion) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/mainnet");
    if !root.is_dir() {
        eprintln!("SKIPPED: {} is absent", root.display());
        return;
    }
    let call = root.join("replay/electra-call-22432262");
    let logs = root.join("replay/electra-getLogs-22432102");
    let header = proven(&root, &call);
    let block = json(&call.join("execution_header.json"));
    let head = store(&root, &call).head();
    c.bench_function("header hashed from raw RLP", |b| {
        b.iter(|| black_box(ProvenHeader::from_rlp(header.raw_rlp(), &head).unwrap()));
    });
    c.bench_function("header rebuilt from JSON and hashed", |b| {
        b.iter(|| black_box(ProvenHeader::from_json(&block, &head).unwrap()));
    });
    let who: Address = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48".parse().unwrap();
    let proof = json(&call.join("eth_getProof_0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48.json"));
    let list = nodes(&proof["accountProof"]);
    c.bench_function(&format!("account proof ({} nodes)", list.len()), |b| {
        b.iter(|| black_box(verify_account(&header, who, &list).unwrap()));
    });
    let account = verify_account(&header, who, &list).unwrap();
    let one: Vec<StorageAnswer> = proof["storageProof"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slot| StorageAnswer {
            key: number(&slot["key"]),
            value: number(&slot["value"]),
            nodes: nodes(&slot["proof"]),
        })
        .collect();
    // Three real slots of the deepest contract there is, verified 34 and 33 times: the work of a 100-slot proof.
    c.bench_function("100 storage proofs of a large contract", |b| {
        b.iter(|| {
            for step in 0..100 {
                let answer = &one[step % one.len()];
                black_box(verify_storage(&account, &[answer.key], std::slice::from_ref(answer)).unwrap());
            }
        });
    });
    let receipts = json(&logs.join("eth_getBlockReceipts.json"));
    let receipts = receipts.as_array().unwrap();
    let block = proven(&root, &logs);
    c.bench_function(&format!("receipts root of a block of {}", receipts.len()), |b| {
        b.iter(|| black_box(verify_receipts(&block, receipts).unwrap()));
    });
}

fn store(root: &Path, replay: &Path) -> Store<Mainnet> {
    let spec = mainnet();
    let bytes = std::fs::read(root.join("light-client/electra/bootstrap_11649056.ssz")).unwrap();
    let bootstrap = decode_bootstrap::<Mainnet>(Body::Ssz(&bytes), ForkHint::default(), &spec).unwrap();
    let trusted = bootstrap.header.beacon.root();
    let mut store = Store::bootstrap(trusted, bootstrap, &spec).unwrap();
    let bytes = std::fs::read(replay.join("optimistic_update.ssz")).unwrap();
    let update = decode_optimistic_update::<Mainnet>(Body::Ssz(&bytes), ForkHint::default(), &spec).unwrap();
    store.process(&update, u64::MAX, &spec).unwrap();
    store
}

fn proven(root: &Path, replay: &Path) -> ProvenHeader {
    let head = store(root, replay).head();
    ProvenHeader::from_json(&json(&replay.join("execution_header.json")), &head)
        .expect("the captured header hashes")
}

criterion_group!(benches, execution);
criterion_main!(benches);
