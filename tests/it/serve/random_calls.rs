//! A few hundred random calls: the same outcome as the node's own, reverts included.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall as _;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD};
use lifeboat::serve::Options;
use serde_json::json;

use super::lab::Lab;

#[tokio::test(flavor = "multi_thread")]
async fn calls_agree_with_the_node() {
    let lab = Lab::start(Options::default()).await;
    let head = lab.head().await;
    let mut random = fastrand::Rng::with_seed(20_260_101);
    let (mut succeeded, mut reverted) = (0, 0);
    for round in 0..150 {
        let mut account = || match random.u8(0..4) {
            0 => Address::from_slice(&std::iter::repeat_with(|| random.u8(..)).take(20).collect::<Vec<_>>()),
            _ => PRACTICE_ACCOUNTS[random.usize(0..PRACTICE_ACCOUNTS.len())].address,
        };
        let (from, to, other) = (account(), account(), account());
        let value = match random.u8(0..3) {
            0 => U256::MAX,
            1 => U256::from(random.u64(..)),
            _ => U256::from(random.u8(..)),
        };
        let length = random.usize(0..80);
        let data: Bytes = match random.u8(0..6) {
            0 => Erc20::totalSupplyCall {}.abi_encode(),
            1 => Erc20::balanceOfCall { owner: to }.abi_encode(),
            2 => Erc20::transferCall { to, value }.abi_encode(),
            3 => Erc20::approveCall { spender: to, value }.abi_encode(),
            4 => Erc20::transferFromCall { from: other, to, value }.abi_encode(),
            _ => std::iter::repeat_with(|| random.u8(..)).take(length).collect(),
        }
        .into();
        let contract = [PRACTICE_DOLLAR, PRACTICE_GOLD, other][random.usize(0..3)];
        let at = format!("{:#x}", head - random.u64(0..3));
        for method in ["eth_call", "eth_estimateGas"] {
            let params = json!([{"from": from, "to": contract, "data": data}, at]);
            let (ours, own) = (lab.reply(method, &params).await, lab.node(method, &params).await);
            assert_eq!(ours["result"], own["result"], "{round} {method} {params}\n{ours}\n{own}");
            assert_eq!(
                ours["error"]["data"], own["error"]["data"],
                "{round} {method} {params}\n{ours}\n{own}"
            );
            if ours.get("error").is_some() {
                reverted += 1;
            } else {
                succeeded += 1;
            }
        }
    }
    assert!(succeeded > 50 && reverted > 50, "{succeeded} {reverted}");
}
