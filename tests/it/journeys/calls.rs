//! Contract calls on proven state: the result, what it cost in round trips, reverts and gas.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use lifeboat::chain::StateAt;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::execution::{Call, CallStatus, GasEstimate};

use crate::support::practice::{Bench, options};

async fn bench() -> (Bench, StateAt) {
    let bench = Bench::start(&options()).await;
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    (bench, reader.state_at(heads.optimistic))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_agrees_with_the_slot_and_is_free_the_second_time() {
    let (bench, state) = bench().await;
    let call = Call::read(PRACTICE_DOLLAR, Erc20::totalSupplyCall {}.abi_encode());
    let outcome = state.call(call.clone()).await.unwrap();
    assert_eq!(outcome.value().status, CallStatus::Success);
    assert_eq!(outcome.at(), state.block_ref());
    let slot = state.storage(PRACTICE_DOLLAR, &[U256::from(2)]).await.unwrap();
    assert!(!slot[0].value().is_zero());
    assert_eq!(U256::from_be_slice(&outcome.value().output), *slot[0].value());
    let before = bench.pool.traffic().requests;
    assert_eq!(state.call(call).await.unwrap(), outcome);
    assert_eq!(bench.pool.traffic().requests, before, "all of it is known");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revert_is_an_outcome_and_gas_is_searched() {
    let (_bench, state) = bench().await;
    let (from, to) = (PRACTICE_ACCOUNTS[0].address, Address::repeat_byte(0x77));
    let transfer = |value| Erc20::transferCall { to, value }.abi_encode();
    let call = Call { from, ..Call::read(PRACTICE_DOLLAR, transfer(U256::MAX)) };
    let refused = state.call(call.clone()).await.unwrap();
    assert_eq!(refused.value().status, CallStatus::Revert);
    assert_eq!(refused.value().output[..4], [0x08, 0xc3, 0x79, 0xa0], "Error(string)");
    assert!(matches!(state.estimate_gas(call).await.unwrap().value(), GasEstimate::Fails(_)));
    let call = Call { from, ..Call::read(PRACTICE_DOLLAR, transfer(U256::ZERO)) };
    let estimate = state.estimate_gas(call.clone()).await.unwrap();
    let GasEstimate::Needs(gas) = *estimate.value() else { panic!("{estimate:?}") };
    assert!(state.call(Call { gas_limit: Some(gas), ..call.clone() }).await.unwrap().value().is_success());
    let less = state.call(Call { gas_limit: Some(gas - 1), ..call }).await.unwrap();
    assert!(!less.value().is_success(), "{less:?}");
}
