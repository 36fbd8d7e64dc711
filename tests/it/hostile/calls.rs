//! Contract calls through bent answers and against hostile contracts: the right outcome or a named refusal, in bounded time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, Bytes, TxKind, U256, bytes};
use alloy::sol_types::SolCall as _;
use lifeboat::chain::{ChainEdges, ReadError, Reader, StateAt, Syncer};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD, sign};
use lifeboat::devnet::http::Fault;
use lifeboat::execution::{Call, CallError, CallOutcome, CallStatus, Proven};

use super::patient;
use crate::support::bent_source::BentSource;
use crate::support::practice::{Bench, options};

/// The practice network and its verified head.
async fn started() -> (Bench, Syncer) {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    (bench, syncer)
}

/// State at the head with empty caches, through endpoints whose answers are bent like this.
async fn through(bench: &Bench, syncer: &Syncer, bend: impl FnOnce(&mut BentSource)) -> StateAt {
    let mut source = BentSource::new(patient(bench));
    bend(&mut source);
    let (_, heads) = bench.heads(syncer).await;
    let edges = ChainEdges { execution: Arc::new(source), ..bench.edges.clone() };
    Reader::new(edges).state_at(heads.optimistic)
}

fn balances() -> Vec<Call> {
    let of = |token, index: usize| {
        let owner = PRACTICE_ACCOUNTS[index].address;
        Call::read(token, Erc20::balanceOfCall { owner }.abi_encode())
    };
    vec![of(PRACTICE_DOLLAR, 0), of(PRACTICE_GOLD, 1), of(PRACTICE_DOLLAR, 2)]
}

async fn honest(bench: &Bench, syncer: &Syncer, calls: Vec<Call>) -> Vec<Proven<CallOutcome>> {
    through(bench, syncer, |_| {}).await.calls(calls).await.unwrap()
}

/// Puts a contract on the chain and makes its block the verified head.
async fn deploy(bench: &Bench, syncer: &mut Syncer, creation: Bytes) -> Address {
    let from = PRACTICE_ACCOUNTS[0].address;
    let (_, heads) = bench.heads(syncer).await;
    let state = Reader::new(bench.edges.clone()).state_at(heads.optimistic);
    let nonce = state.account(from).await.unwrap().value().nonce;
    let tx = TxEip1559 {
        chain_id: bench.network.spec().chain_id,
        nonce,
        gas_limit: 10_000_000,
        max_fee_per_gas: 100_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Create,
        input: creation,
        ..TxEip1559::default()
    };
    bench.network.submit(&sign(0, tx).unwrap().inner().encoded_2718()).unwrap();
    bench.advance(2);
    syncer.follow().await.unwrap();
    from.create(nonce)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_hint_costs_time_and_never_truth() {
    let (bench, syncer) = started().await;
    let call = balances().remove(0);
    let truth = honest(&bench, &syncer, vec![call.clone()]).await;
    let many = |n: u64| (0..n).map(U256::from).collect::<Vec<_>>();
    let hints = [
        Vec::new(),
        vec![(PRACTICE_GOLD, many(20))],
        vec![(PRACTICE_DOLLAR, vec![U256::MAX, U256::MAX, U256::ZERO])],
        (0..200).map(|n| (Address::repeat_byte(n), Vec::new())).collect(),
        vec![(PRACTICE_DOLLAR, many(100_000))],
        vec![(Address::ZERO, many(3)), (Address::with_last_byte(1), many(3)), (PRACTICE_DOLLAR, many(3))],
    ];
    for hint in hints {
        let named = hint.len();
        let state = through(&bench, &syncer, |source| {
            source.hint = Box::new(move |sent| *sent = hint.clone());
        })
        .await;
        let started = Instant::now();
        assert_eq!(state.call(call.clone()).await.unwrap(), truth[0], "{named}");
        assert!(started.elapsed() < Duration::from_secs(20), "{named}: {:?}", started.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_and_missing_answers_end_in_no_outcome() {
    let (bench, syncer) = started().await;
    let swapped = through(&bench, &syncer, |source| {
        source.proofs = Box::new(|proofs| proofs.reverse());
    })
    .await;
    let refused = swapped.calls(balances()).await;
    assert!(matches!(&refused, Err(ReadError::AllRefused { refused }) if !refused.is_empty()), "{refused:?}");
    let missing = through(&bench, &syncer, |source| {
        source.proofs = Box::new(|proofs| {
            proofs.pop();
        });
    })
    .await;
    assert!(matches!(missing.calls(balances()).await, Err(ReadError::AllRefused { .. })));
    let slotless = through(&bench, &syncer, |source| {
        source.proofs = Box::new(|proofs| proofs.iter_mut().for_each(|proof| proof.storage.clear()));
    })
    .await;
    let refused = slotless.calls(balances()).await;
    assert!(matches!(refused, Err(ReadError::AllRefused { .. })), "{refused:?}");
    // Slots of one contract under the name of the other, each with its true proof.
    let crossed = through(&bench, &syncer, |source| {
        source.proofs = Box::new(|proofs| {
            if let [first, second, ..] = proofs.as_mut_slice() {
                std::mem::swap(&mut first.storage, &mut second.storage);
            }
        });
    })
    .await;
    assert!(matches!(crossed.calls(balances()).await, Err(ReadError::AllRefused { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_storage_needs_no_slots() {
    // Some nodes (EthereumJS) leave out every slot of such an account: nothing is hidden by that.
    let (bench, syncer) = started().await;
    let state = through(&bench, &syncer, |source| {
        source.proofs = Box::new(|proofs| proofs.iter_mut().for_each(|proof| proof.storage.clear()));
    })
    .await;
    let slots = [U256::ZERO, U256::MAX];
    for bare in [PRACTICE_ACCOUNTS[0].address, Address::repeat_byte(0x31)] {
        let values = state.storage(bare, &slots).await.unwrap();
        assert!(values.iter().all(|value| value.value().is_zero()));
        let proof = state.proof(bare, &slots).await.unwrap();
        assert!(proof.slots.len() == 2 && proof.slots.iter().all(|slot| slot.nodes.is_empty()));
    }
    let refused = state.storage(PRACTICE_DOLLAR, &slots).await;
    assert!(matches!(refused, Err(ReadError::AllRefused { .. })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn code_of_another_contract_never_runs() {
    let (bench, syncer) = started().await;
    let truth = honest(&bench, &syncer, balances()).await;
    for one_of_them in [true, false] {
        let state = through(&bench, &syncer, |source| {
            source.codes = Box::new(move |codes| {
                codes.reverse();
                if one_of_them && let Some(first) = codes.first_mut() {
                    *first = bytes!("600160005260206000f3"); // returns 1, whatever is asked
                }
            });
        })
        .await;
        match state.calls(balances()).await {
            Ok(outcomes) => assert_eq!(outcomes, truth),
            Err(ReadError::AllRefused { refused }) => {
                assert!(refused.iter().all(|one| one.rule.contains("code")), "{refused:?}");
            }
            Err(ReadError::Source { refused, .. }) => assert!(!refused.is_empty()),
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_survive_each_lie_of_one_endpoint() {
    let (bench, syncer) = started().await;
    let truth = honest(&bench, &syncer, balances()).await;
    let liar = &bench.network.execution_endpoints()[0];
    for lie in ExecutionLie::ALL {
        liar.faults().set(Fault::Lying { lie: *lie });
        let state = through(&bench, &syncer, |_| {}).await;
        assert_eq!(state.calls(balances()).await.unwrap(), truth, "{}", lie.name());
        let simulated = state.simulate_sequence(balances()).await.unwrap();
        let outputs: Vec<_> = simulated.iter().map(|one| one.value().outcome.output.clone()).collect();
        let expected: Vec<_> = truth.iter().map(|one| one.value().output.clone()).collect();
        assert_eq!(outputs, expected, "{}", lie.name());
    }
}

/// Creation code of a contract with this code.
fn creation(runtime: &[u8]) -> Bytes {
    let length = u8::try_from(runtime.len()).unwrap();
    [&[0x60, length, 0x60, 0x0a, 0x5f, 0x39, 0x60, length, 0x5f, 0xf3], runtime].concat().into()
}

/// Creation code that fills slot n with n + 1 for each n below 100, of a contract that goes from slot to slot so until
/// one is empty, and returns which.
fn chain_of_slots() -> Bytes {
    let fill = bytes!("5f5b806001018082559050806064116001576016601c5f3960165ff3");
    let follow = bytes!("5f5b80548015600e5790506001565b505f5260205ff3");
    [fill, follow].concat().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_that_depend_on_reads_end_in_an_answer_or_a_named_refusal() {
    let (bench, mut syncer) = started().await;
    let chain = deploy(&bench, &mut syncer, chain_of_slots()).await;
    let call = Call::read(chain, Bytes::new());
    // Without a hint each slot costs a round: more than a real contract ever needs.
    let unhinted = through(&bench, &syncer, |_| {}).await;
    let refused = unhinted.call(call).await;
    assert!(
        matches!(refused, Err(ReadError::Call(CallError::TooMuch { what, limit: 64 })) if what.contains("rounds")),
        "{refused:?}"
    );
    // With one it is a read like any other. (A call without calldata is not worth a hint.)
    let call = Call::read(chain, bytes!("00"));
    let outcome = through(&bench, &syncer, |_| {}).await.call(call).await.unwrap();
    assert_eq!(U256::from_be_slice(&outcome.value().output), U256::from(100));
    // One that walks over all addresses there are is not followed.
    let walk = deploy(&bench, &mut syncer, creation(&bytes!("5f5b80315061010101600156"))).await;
    let state = through(&bench, &syncer, |source| source.hint = Box::new(Vec::clear)).await;
    let before = bench.pool.traffic().requests;
    let refused = state.call(Call::read(walk, bytes!("00"))).await;
    assert!(
        matches!(refused, Err(ReadError::Call(CallError::TooMuch { what, .. })) if what.contains("state")),
        "{refused:?}"
    );
    assert!(bench.pool.traffic().requests - before < 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_go_off_in_bounded_time() {
    let (bench, mut syncer) = started().await;
    // Until the gas is gone; 10 MB of return data; itself, and itself, and itself; a tenth of a MB of logs, again and again.
    let forever = deploy(&bench, &mut syncer, creation(&bytes!("5b5f56"))).await;
    let large = deploy(&bench, &mut syncer, creation(&bytes!("62a000005ff3"))).await;
    let itself = deploy(&bench, &mut syncer, creation(&bytes!("5f5f5f5f5f305af15f5ff3"))).await;
    let logs = deploy(&bench, &mut syncer, creation(&bytes!("5b6201a0005fa05f56"))).await;
    let state = through(&bench, &syncer, |_| {}).await;
    let started = Instant::now();
    for (bomb, ends) in [
        (forever, CallStatus::Halt("out of gas".to_owned())),
        (large, CallStatus::Halt("out of gas".to_owned())),
        (itself, CallStatus::Success),
        (logs, CallStatus::Halt("out of gas".to_owned())),
    ] {
        let call = Call::read(bomb, Bytes::new());
        assert_eq!(state.call(call.clone()).await.unwrap().value().status, ends);
        let simulated = state.simulate_sequence(vec![call.clone()]).await.unwrap();
        assert_eq!(simulated[0].value().outcome.status, ends);
        assert!(simulated[0].value().outcome.logs.is_empty());
        state.estimate_gas(call).await.unwrap();
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}
