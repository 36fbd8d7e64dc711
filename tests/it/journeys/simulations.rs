//! What a transaction would do, told before it is sent: everything it does, and nothing it does not.

use std::collections::BTreeMap;

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::eips::eip7702::Authorization;
use alloy::primitives::{Address, TxKind, U256, bytes};
use alloy::signers::{SignerSync as _, local::PrivateKeySigner};
use alloy::sol_types::SolCall as _;
use lifeboat::chain::{ReadError, Reader, StateAt, Syncer, TransactionStatus};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, sign};
use lifeboat::execution::{
    AccountOverride, Allowance, Approval, Asset, BalanceChange, Call, CallError, CallStatus, Checks,
    DelegationChange, Overrides, Transfer,
};

use crate::support::practice::{Bench, options};

const ALICE: Address = PRACTICE_ACCOUNTS[0].address;
const BOB: Address = PRACTICE_ACCOUNTS[1].address;
const STRANGER: Address = Address::repeat_byte(0x77);
const TIP: u128 = 1_000_000_000;

async fn bench() -> (Bench, Syncer, Reader, StateAt) {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let state = reader.state_at(heads.optimistic);
    (bench, syncer, reader, state)
}

fn pay(amount: u64) -> Call {
    pay_all(U256::from(amount))
}

fn pay_all(value: U256) -> Call {
    let input = Erc20::transferCall { to: STRANGER, value }.abi_encode();
    Call { from: ALICE, ..Call::read(PRACTICE_DOLLAR, input) }
}

fn dollars(from: Address, to: Address, amount: u64) -> Transfer {
    Transfer { asset: Asset::Erc20 { token: PRACTICE_DOLLAR }, from, to, amount: U256::from(amount) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_simulated_is_what_happens() {
    let (bench, mut syncer, reader, before) = bench().await;
    let nonce = before.account(ALICE).await.unwrap().value().nonce;
    let call = Call {
        gas_price: 100_000_000_000,
        priority_fee: Some(TIP),
        nonce: Some(nonce),
        gas_limit: Some(90_000),
        ..pay(250)
    };
    let sent = TxEip1559 {
        chain_id: bench.network.spec().chain_id,
        nonce,
        gas_limit: 90_000,
        max_fee_per_gas: call.gas_price,
        max_priority_fee_per_gas: TIP,
        to: TxKind::Call(PRACTICE_DOLLAR),
        value: U256::ZERO,
        input: call.input.clone(),
        ..TxEip1559::default()
    };
    let hash = bench.network.submit(&sign(0, sent).unwrap().inner().encoded_2718()).unwrap();
    bench.advance(3);
    syncer.follow().await.unwrap();
    let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
    let status = reader.transaction(&heads, hash, None).await.unwrap();
    let TransactionStatus::Included { outcome, header } = status else { panic!("{status:?}") };
    // The state it ran on is its parent's: nothing else of Alice's moved between.
    let block = header.fields();
    let overrides = Overrides {
        base_fee: block.base_fee_per_gas,
        number: Some(U256::from(block.number)),
        timestamp: Some(U256::from(block.timestamp)),
        ..Overrides::default()
    };
    let simulated = before.simulate_with(vec![call], overrides, Checks::Transaction).await.unwrap();
    let simulated = simulated.into_iter().next().unwrap();
    assert_eq!(simulated.at(), before.block_ref());
    let simulated = simulated.into_value();
    assert_eq!(simulated.outcome.status, CallStatus::Success);
    assert_eq!(simulated.outcome.gas_used, outcome.value().gas_used);
    let logs: Vec<_> = outcome.value().logs.iter().map(|log| log.log.clone()).collect();
    assert_eq!(simulated.outcome.logs, logs);
    assert_eq!(simulated.transfers, [dollars(ALICE, STRANGER, 250)]);
    assert_eq!(
        simulated.fee,
        U256::from(outcome.value().effective_gas_price) * U256::from(outcome.value().gas_used)
    );
    let after = reader.state_at(header.clone());
    let own = simulated.balances.iter().find(|change| change.account == ALICE).unwrap();
    assert_eq!(own.before - own.after, simulated.fee);
    assert_eq!(own.after, after.account(ALICE).await.unwrap().value().balance);
    assert_eq!(simulated.slots.len(), 2, "two balances: {:?}", simulated.slots);
    for change in &simulated.slots {
        let slot = after.storage(change.account, &[change.slot]).await.unwrap();
        assert_eq!(*slot[0].value(), change.after);
    }
    assert_eq!(simulated.calls.calls.len(), 1);
    assert_eq!(simulated.calls.calls[0].input, pay(250).input);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_a_plan_sees_the_former() {
    let (_bench, _syncer, _reader, state) = bench().await;
    let (seven, three) = (U256::from(7), U256::from(3));
    let approve = Erc20::approveCall { spender: BOB, value: seven }.abi_encode();
    let approve = Call { from: ALICE, ..Call::read(PRACTICE_DOLLAR, approve) };
    let take = Erc20::transferFromCall { from: ALICE, to: STRANGER, value: three }.abi_encode();
    let take = Call { from: BOB, ..Call::read(PRACTICE_DOLLAR, take) };
    let alone = state.simulate(take.clone(), Overrides::default()).await.unwrap().into_value();
    assert_eq!(alone.outcome.status, CallStatus::Revert, "nothing is allowed yet");
    assert!(alone.transfers.is_empty() && alone.outcome.logs.is_empty() && alone.slots.is_empty());
    let plan = vec![approve, take.clone(), take.clone(), take];
    let steps = state.simulate_sequence(plan).await.unwrap();
    assert!(steps.iter().all(|step| step.at() == state.block_ref()));
    let allowance = Allowance::Erc20 { amount: seven };
    assert_eq!(
        steps[0].value().approvals,
        [Approval { token: PRACTICE_DOLLAR, owner: ALICE, spender: BOB, allowance }]
    );
    for step in &steps[1..3] {
        assert_eq!(step.value().transfers, [dollars(ALICE, STRANGER, 3)]);
    }
    assert_eq!(steps[3].value().outcome.status, CallStatus::Revert, "1 of 7 is left");
    // Nothing of it is remembered as the chain's.
    let read = Erc20::allowanceCall { owner: ALICE, spender: BOB }.abi_encode();
    let left = state.call(Call::read(PRACTICE_DOLLAR, read)).await.unwrap();
    assert_eq!(U256::from_be_slice(&left.value().output), U256::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_and_creations_with_code_that_is_not_there_yet() {
    let (_bench, _syncer, _reader, state) = bench().await;
    let before = state.account(ALICE).await.unwrap().into_value().balance;
    // CREATE of an empty contract with half of what came, then SELFDESTRUCT to the caller.
    let code = bytes!("5f5f60023404f05033ff");
    let at = Address::repeat_byte(0x99);
    let account = AccountOverride { code: Some(code), ..AccountOverride::default() };
    let overrides = Overrides { accounts: BTreeMap::from([(at, account)]), ..Overrides::default() };
    let call = Call { from: ALICE, to: Some(at), value: U256::from(10), ..Call::default() };
    let simulated = state.simulate(call, overrides).await.unwrap().into_value();
    let made = at.create(0);
    assert_eq!(simulated.created, [made]);
    let ether =
        |from, to, amount: u64| Transfer { asset: Asset::Ether, from, to, amount: U256::from(amount) };
    assert_eq!(simulated.transfers, [ether(ALICE, at, 10), ether(at, made, 5), ether(at, ALICE, 5)]);
    let mut expected = [
        BalanceChange { account: ALICE, before, after: before - U256::from(5) },
        BalanceChange { account: made, before: U256::ZERO, after: U256::from(5) },
    ];
    expected.sort_by_key(|change| change.account);
    assert_eq!(simulated.balances, expected, "no fee: the call is unchecked");
    assert!(simulated.destroyed.is_empty(), "the contract was there before (EIP-6780)");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_is_told_also_where_the_call_fails() {
    let (bench, _syncer, _reader, state) = bench().await;
    let nonce = state.account(BOB).await.unwrap().value().nonce;
    let chain_id = U256::from(bench.network.spec().chain_id);
    let authorization = Authorization { chain_id, address: PRACTICE_DOLLAR, nonce };
    let signer = PrivateKeySigner::from_bytes(&PRACTICE_ACCOUNTS[1].key).unwrap();
    let signature = signer.sign_hash_sync(&authorization.signature_hash()).unwrap();
    let authorizations = vec![authorization.into_signed(signature)];
    let delegation = DelegationChange { account: BOB, before: None, after: Some(PRACTICE_DOLLAR) };
    for (call, status) in [(pay(1), CallStatus::Success), (pay_all(U256::MAX), CallStatus::Revert)] {
        let call = Call { authorizations: authorizations.clone(), ..call };
        let simulated = state.simulate(call, Overrides::default()).await.unwrap().into_value();
        assert_eq!(simulated.outcome.status, status);
        assert_eq!(simulated.delegations, [delegation]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_no_block_takes_is_refused_by_name() {
    let (_bench, _syncer, _reader, state) = bench().await;
    let nonce = state.account(ALICE).await.unwrap().value().nonce;
    let good = Call {
        gas_price: 100_000_000_000,
        priority_fee: Some(TIP),
        nonce: Some(nonce),
        gas_limit: Some(90_000),
        ..pay(1)
    };
    let next = Call { nonce: Some(nonce + 1), ..good.clone() };
    let run = |calls| state.simulate_with(calls, Overrides::default(), Checks::Transaction);
    assert_eq!(run(vec![good.clone(), next.clone()]).await.unwrap().len(), 2);
    let poor = Address::repeat_byte(0x55);
    for (calls, words) in [
        (vec![next.clone()], "nonce"),
        (vec![good.clone(), good.clone()], "transaction 2 of 2: nonce"),
        (vec![Call { gas_price: 1, priority_fee: None, ..good.clone() }], "gas price"),
        (vec![Call { from: poor, nonce: Some(0), ..good.clone() }], "lack of funds"),
        (vec![Call { gas_limit: Some(20_000), ..good.clone() }], "gas"),
        (vec![Call { gas_limit: Some(100_000_000), ..good.clone() }], "gas limit"),
        (vec![Call { from: PRACTICE_DOLLAR, nonce: None, ..good.clone() }], "deployed code"),
    ] {
        let refused = run(calls).await;
        let Err(ReadError::Call(CallError::Invalid { detail })) = refused else {
            panic!("{words}: {refused:?}")
        };
        assert!(detail.contains(words), "{words}: {detail}");
    }
    // The same unchecked is an outcome.
    let calls = vec![Call { from: poor, ..next }];
    assert_eq!(state.simulate_sequence(calls).await.unwrap()[0].value().outcome.status, CallStatus::Revert);
}
