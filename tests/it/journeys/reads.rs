//! Checkpoint to proven balance, storage, code, blocks and receipts.

use std::sync::PoisonError;

use alloy::primitives::{Address, B256, U256};
use lifeboat::chain::{BlockQuery, ReadError, Reader, TransactionStatus};
use lifeboat::consensus::Finality;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};

use crate::support::practice::{Bench, edges, endpoints, options, patient_pool};

#[tokio::test(flavor = "multi_thread")]
async fn a_balance_from_the_checkpoint() {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    assert_eq!(
        syncer.head().slot(),
        bench.network.head_slot() - 1,
        "the newest signed block is the head's parent"
    );
    assert_eq!(syncer.head().participants(), 512);
    let (reader, heads) = bench.heads(&syncer).await;
    let state = reader.state_at(heads.optimistic.clone());
    let absent = Address::repeat_byte(0xab);
    let who: Vec<Address> = PRACTICE_ACCOUNTS.iter().map(|one| one.address).chain([absent]).collect();
    let before = bench.pool.traffic().requests;
    let accounts = state.accounts(&who).await.unwrap();
    assert_eq!(bench.pool.traffic().requests - before, 1, "all accounts in one round trip");
    assert!(accounts[0].value().exists && accounts[0].value().balance > U256::ZERO);
    assert_eq!(accounts[0].value().nonce, 30);
    assert!(!accounts[10].value().exists, "absence is proven");
    assert_eq!(accounts[0].at(), heads.optimistic.block_ref());
    // The same question again costs nothing.
    state.accounts(&who).await.unwrap();
    assert_eq!(bench.pool.traffic().requests - before, 1);
    let code = state.code(PRACTICE_DOLLAR).await.unwrap();
    assert!(code.value().len() > 500);
    assert!(state.code(absent).await.unwrap().value().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn unchanged_slots_are_not_asked_for_again() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let slots: Vec<U256> = (0..5).map(U256::from).collect();
    let first = reader.state_at(heads.optimistic).storage(PRACTICE_DOLLAR, &slots).await.unwrap();
    assert!(first[2].value() > &U256::ZERO, "an ERC-20's total supply is slot 2");
    bench.advance(1);
    syncer.follow().await.unwrap();
    let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
    let second = reader.state_at(heads.optimistic.clone()).storage(PRACTICE_DOLLAR, &slots).await.unwrap();
    assert_eq!(second[2].value(), first[2].value());
    assert_eq!(second[2].at().number, heads.optimistic.number(), "known values carry the new block");
}

#[tokio::test(flavor = "multi_thread")]
async fn slots_under_a_root_that_keeps_changing_come_in_one_request() {
    let bench = Bench::start(&options()).await;
    let mut syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let slots: Vec<U256> = (0..5).map(U256::from).collect();
    reader.state_at(heads.optimistic.clone()).storage(PRACTICE_DOLLAR, &slots).await.unwrap();
    let mut root =
        reader.state_at(heads.optimistic).account(PRACTICE_DOLLAR).await.unwrap().value().storage_root;
    let mut requests = Vec::new();
    for _ in 0..3 {
        bench.advance(1);
        syncer.follow().await.unwrap();
        let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
        let before = bench.pool.traffic().requests;
        let state = reader.state_at(heads.optimistic);
        state.storage(PRACTICE_DOLLAR, &slots).await.unwrap();
        requests.push(bench.pool.traffic().requests - before);
        let moved = state.account(PRACTICE_DOLLAR).await.unwrap().value().storage_root;
        assert_ne!(moved, root, "somebody is paid in every block");
        root = moved;
    }
    assert_eq!(requests, [2, 1, 1], "the first change comes as a surprise");
}

fn own_hash(bench: &Bench, number: u64) -> B256 {
    let own = bench.network.execution().read().unwrap_or_else(PoisonError::into_inner);
    own.block_by_number(number).unwrap().hash()
}

#[tokio::test(flavor = "multi_thread")]
async fn older_blocks_are_proven_by_the_history_contract() {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let final_number = heads.finalized.number();
    for (number, finality) in [
        (heads.optimistic.number() - 1, Finality::Optimistic),
        (final_number + 1, Finality::Optimistic),
        (final_number, Finality::Final),
        (final_number - 5, Finality::Final),
    ] {
        let header = reader.block(&heads, BlockQuery::Number(number)).await.unwrap();
        assert_eq!((header.number(), header.finality()), (number, finality));
        assert_eq!(own_hash(&bench, number), header.hash());
        let by_hash = reader.block(&heads, BlockQuery::Hash(header.hash())).await.unwrap();
        assert_eq!(by_hash.block_ref(), header.block_ref());
    }
    let beyond = reader.block(&heads, BlockQuery::Number(heads.optimistic.number() + 5)).await;
    assert!(matches!(beyond, Err(ReadError::BeyondHead { .. })));
    let unknown = reader.block(&heads, BlockQuery::Hash(B256::repeat_byte(9))).await;
    assert!(matches!(unknown, Err(ReadError::Source { .. })), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_and_its_receipt() {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let (hash, block) = {
        let own = bench.network.execution().read().unwrap_or_else(PoisonError::into_inner);
        let block = own.block_by_number(heads.optimistic.number()).unwrap();
        (*block.transactions[1].tx_hash(), block)
    };
    let TransactionStatus::Included { outcome, header } =
        reader.transaction(&heads, hash, None).await.unwrap()
    else {
        panic!("not included");
    };
    assert_eq!(header.hash(), block.hash());
    let outcome = outcome.into_value();
    assert_eq!((outcome.index, outcome.hash()), (1, hash));
    assert_eq!(outcome.transaction.sender, block.transactions[1].signer());
    assert_eq!(outcome.success, Some(true));
    assert!(outcome.gas_used >= 21_000 && outcome.effective_gas_price > 0);
    let unknown = reader.transaction(&heads, B256::repeat_byte(7), None).await.unwrap();
    assert!(
        matches!(unknown, TransactionStatus::Unknown { ref asked, .. } if asked.len() == 3),
        "{unknown:?}"
    );
}

/// The head of a while ago becomes final, and what is walked over is asked about under both labels: its bytes are here.
#[tokio::test(flavor = "multi_thread")]
async fn a_header_is_asked_for_once() {
    let bench = Bench::start(&options()).await;
    let pool = patient_pool(&bench.edges.spec, endpoints(&bench.network));
    let edges = edges(bench.edges.spec.clone(), &pool, &bench.clock);
    let (reader, mut syncer) = (Reader::new(edges), bench.synced().await.unwrap());
    let mut became_final = 0;
    // What became final before the start was never a head here: three epochs pass first.
    for slot in 0..5 * 32 {
        let last = syncer.finalized();
        bench.advance(1);
        syncer.follow().await.unwrap();
        let before = pool.traffic().requests;
        let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
        assert_eq!(heads.finalized.finality(), Finality::Final);
        for newest in [&heads.optimistic, &heads.finalized] {
            let run = reader.back_from(newest, 3).await.unwrap();
            assert!(slot < 3 || run.iter().all(|header| header.finality() == newest.finality()));
        }
        let asked = pool.traffic().requests - before;
        if slot >= 4 * 32 {
            assert!(asked <= 1, "{asked} requests at slot {slot}");
            became_final += u32::from(syncer.finalized() != last);
        }
    }
    assert!(became_final > 0);
}
