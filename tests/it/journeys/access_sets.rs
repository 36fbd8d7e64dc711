//! What calls read is remembered between runs: a repeated read needs one round trip, and a wrong memory costs time alone.

use std::sync::{Arc, Mutex};

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::SolCall as _;
use lifeboat::chain::{AccessRecord, AccessStore, CodeCache, Heads, Learned, Reader};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::execution::{Call, CallOutcome, Proven};

use crate::support::practice::{Bench, options};

/// What a disk would hold.
#[derive(Debug, Default)]
struct Shelf {
    learned: Mutex<Learned>,
    codes: Mutex<Vec<(B256, Bytes)>>,
}

impl AccessStore for Shelf {
    fn load(&self) -> Learned {
        self.learned.lock().unwrap().clone()
    }
    fn save(&self, learned: Learned) {
        *self.learned.lock().unwrap() = learned;
    }
}

impl CodeCache for Shelf {
    fn load(&self, hash: B256) -> Option<Bytes> {
        let codes = self.codes.lock().unwrap();
        codes.iter().find(|(kept, _)| *kept == hash).map(|(_, code)| code.clone())
    }
    fn save(&self, hash: B256, code: &Bytes) {
        self.codes.lock().unwrap().push((hash, code.clone()));
    }
}

fn balance_of(index: usize) -> Call {
    let owner = PRACTICE_ACCOUNTS[index].address;
    Call::read(PRACTICE_DOLLAR, Erc20::balanceOfCall { owner }.abi_encode())
}

/// A new process as far as the light client can tell: empty caches, this shelf.
fn next_run(bench: &Bench, shelf: &Arc<Shelf>) -> Reader {
    Reader::new(bench.edges.clone()).with_code_cache(shelf.clone()).with_access_store(shelf.clone())
}

/// Runs the call, and says in how many requests.
async fn run(bench: &Bench, reader: &Reader, heads: &Heads, call: Call) -> (Proven<CallOutcome>, u64) {
    let before = bench.pool.traffic().requests;
    let outcome = reader.state_at(heads.optimistic.clone()).call(call).await.unwrap();
    (outcome, bench.pool.traffic().requests - before)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_read_in_a_new_run_needs_one_request() {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    let (_, heads) = bench.heads(&syncer).await;
    let shelf = Arc::new(Shelf::default());
    let first = next_run(&bench, &shelf);
    let (outcome, cold) = run(&bench, &first, &heads, balance_of(0)).await;
    assert!(cold > 1, "{cold}");
    first.keep_access_sets();
    let second = next_run(&bench, &shelf);
    assert_eq!(run(&bench, &second, &heads, balance_of(0)).await, (outcome, 1));
    // Another owner's balance: what every such call reads comes first, the owner's own slot after it.
    let (other, requests) = run(&bench, &second, &heads, balance_of(1)).await;
    assert!(other.value().is_success() && requests <= 2, "{requests}");
    // Many calls as one teach each of them.
    let state = second.state_at(heads.optimistic.clone());
    let many = state.calls((2..6).map(balance_of).collect()).await.unwrap();
    second.keep_access_sets();
    let third = next_run(&bench, &shelf);
    assert_eq!(run(&bench, &third, &heads, balance_of(4)).await, (many[2].clone(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_memory_costs_time_and_never_truth() {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let (honest, _) = run(&bench, &reader, &heads, balance_of(0)).await;
    let input = balance_of(0).input;
    let exact = Some((Address::ZERO, alloy::primitives::keccak256(&input)));
    let selector = Erc20::balanceOfCall::SELECTOR.into();
    let nonsense: Vec<(Address, Vec<U256>)> = (0..40)
        .map(|n| (Address::repeat_byte(n), (0..20).map(|slot| U256::MAX - U256::from(slot)).collect()))
        .collect();
    for accounts in [Vec::new(), nonsense, vec![(PRACTICE_DOLLAR, vec![U256::MAX; 3_000])]] {
        let (contract, input_length) = (PRACTICE_DOLLAR, input.len());
        let set = AccessRecord { contract, selector, input_length, exact, accounts };
        let shape = AccessRecord { exact: None, ..set.clone() };
        let codes = vec![(PRACTICE_DOLLAR, B256::repeat_byte(0xee))];
        let shelf = Arc::new(Shelf::default());
        shelf.save_learned(Learned { sets: vec![set, shape], codes });
        let poisoned = next_run(&bench, &shelf);
        let (outcome, _) = run(&bench, &poisoned, &heads, balance_of(0)).await;
        assert_eq!(outcome, honest);
        // What the call really read has taken the place of the lie.
        poisoned.keep_access_sets();
        let healed = next_run(&bench, &shelf);
        assert_eq!(run(&bench, &healed, &heads, balance_of(0)).await, (honest.clone(), 1));
    }
    assert!(bench.pool.evidence().is_empty(), "no endpoint is blamed for it");
}

impl Shelf {
    fn save_learned(&self, learned: Learned) {
        AccessStore::save(self, learned);
    }
}
