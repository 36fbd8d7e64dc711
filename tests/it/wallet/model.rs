//! The journal and its history against a small model, under random interleavings of everything that can happen, with
//! crashes that tear the last write.

use std::collections::BTreeMap;

use alloy::consensus::{SignableTransaction as _, TxEip1559, TxEnvelope};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{B256, Bytes, U256, keccak256};
use alloy::signers::SignerSync as _;
use alloy::signers::local::PrivateKeySigner;
use lifeboat::app::signing::{BlockMark, Entry, History, SendOutcome, State};
use lifeboat::storage::Journal;
use proptest::prelude::*;

/// What the model knows of a transaction.
#[derive(Debug, Clone, PartialEq)]
enum Model {
    Saved,
    Sent,
    Included(u64),
    Final(u64),
    Replaced,
    NonceUsed,
    Reorged(u64),
}

#[derive(Debug, Clone)]
enum Step {
    Sign,
    Send(usize),
    Include(usize, u64),
    Finalize(usize),
    Replace(usize, bool),
    Reorg(usize),
    /// The process dies while a record is being written: this share of it, in 256ths, reaches the disk.
    Crash(u8),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Sign),
        3 => (0..8_usize).prop_map(Step::Send),
        3 => (0..8_usize, 1..50_u64).prop_map(|(at, block)| Step::Include(at, block)),
        1 => (0..8_usize).prop_map(Step::Finalize),
        1 => (0..8_usize, any::<bool>()).prop_map(|(at, named)| Step::Replace(at, named)),
        2 => (0..8_usize).prop_map(Step::Reorg),
        2 => any::<u8>().prop_map(Step::Crash),
        1 => Just(Step::Restart),
    ]
}

fn signed(nonce: u64) -> Bytes {
    let key = PrivateKeySigner::from_slice(&[7; 32]).unwrap();
    let tx = TxEip1559 { chain_id: 1, nonce, value: U256::from(nonce), ..TxEip1559::default() };
    let signature = key.sign_hash_sync(&tx.signature_hash()).unwrap();
    TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into()
}

fn mark(number: u64) -> BlockMark {
    BlockMark { number, hash: B256::with_last_byte(number as u8) }
}

fn entry(raw: &Bytes, nonce: u64) -> Entry {
    Entry::Signed { raw: raw.clone(), at_ms: nonce, title: format!("tx {nonce}"), head: 1, payment: None }
}

fn of(state: &State) -> Model {
    match state {
        State::Saved => Model::Saved,
        State::Sent => Model::Sent,
        State::Included { block, is_final: false, .. } => Model::Included(block.number),
        State::Included { block, is_final: true, .. } => Model::Final(block.number),
        State::Replaced { .. } => Model::Replaced,
        State::NonceUsed { .. } => Model::NonceUsed,
        State::Reorged { block } => Model::Reorged(block.number),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_journal_never_forgets_and_shows_what_the_model_shows(steps in proptest::collection::vec(step(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Some(Journal::open(&path).unwrap().journal);
        let mut order: Vec<B256> = Vec::new();
        let mut model: BTreeMap<B256, Model> = BTreeMap::new();
        for step in steps {
            let hash = |at: usize| order.get(at % order.len().max(1)).copied();
            let change = match step {
                Step::Sign => {
                    let raw = signed(order.len() as u64);
                    order.push(keccak256(&raw));
                    Some((entry(&raw, order.len() as u64 - 1), order[order.len() - 1], Model::Saved))
                }
                Step::Send(at) => hash(at).map(|hash| {
                    let now = if model[&hash] == Model::Saved { Model::Sent } else { model[&hash].clone() };
                    let answers = vec![("node".to_owned(), SendOutcome::Accepted)];
                    (Entry::Sent { hash, at_ms: 1, answers }, hash, now)
                }),
                Step::Include(at, block) => hash(at).map(|hash| {
                    let (fee, reason) = (U256::ZERO, None);
                    let entry = Entry::Included { hash, at_ms: 1, block: mark(block), index: 0, success: true, fee, reason };
                    (entry, hash, Model::Included(block))
                }),
                Step::Finalize(at) => hash(at).map(|hash| {
                    let now = match model[&hash] {
                        Model::Included(block) | Model::Final(block) => Model::Final(block),
                        ref other => other.clone(),
                    };
                    (Entry::Final { hash, at_ms: 1 }, hash, now)
                }),
                Step::Replace(at, named) => hash(at).map(|hash| {
                    let by = named.then_some(B256::repeat_byte(0x77));
                    let now = if named { Model::Replaced } else { Model::NonceUsed };
                    (Entry::Replaced { hash, at_ms: 1, by, is_final: false }, hash, now)
                }),
                Step::Reorg(at) => hash(at).and_then(|hash| match model[&hash] {
                    Model::Included(block) => {
                        Some((Entry::Reorged { hash, at_ms: 1, block: mark(block) }, hash, Model::Reorged(block)))
                    }
                    _ => None,
                }),
                Step::Crash(share) => {
                    // What was not yet flushed was not acted upon: the model does not know of it.
                    let before = std::fs::metadata(&path).unwrap().len();
                    let raw = signed(1_000_000 + u64::from(share));
                    journal.as_mut().unwrap().append(&entry(&raw, 0).encode().unwrap()).unwrap();
                    drop(journal.take());
                    let whole = std::fs::read(&path).unwrap();
                    let added = whole.len() as u64 - before;
                    let kept = before + (added - 1) * u64::from(share) / 256;
                    std::fs::write(&path, &whole[..kept as usize]).unwrap();
                    None
                }
                Step::Restart => {
                    drop(journal.take());
                    None
                }
            };
            if journal.is_none() {
                let opened = Journal::open(&path).unwrap();
                journal = Some(opened.journal);
            }
            if let Some((entry, hash, now)) = change {
                journal.as_mut().unwrap().append(&entry.encode().unwrap()).unwrap();
                model.insert(hash, now);
            }
        }
        drop(journal);
        let history = History::of(&Journal::open(&path).unwrap().records);
        prop_assert_eq!(history.unreadable, 0);
        let shown: BTreeMap<B256, Model> =
            history.records().iter().map(|one| (one.signed.hash(), of(&one.state))).collect();
        prop_assert_eq!(shown, model);
        let nonces: Vec<u64> = history.records().iter().map(|one| one.signed.nonce()).collect();
        prop_assert_eq!(nonces, (0..order.len() as u64).collect::<Vec<_>>());
    }
}
