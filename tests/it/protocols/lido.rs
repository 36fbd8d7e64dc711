//! Lido's own wrapper and withdrawal queue: unwrapped, asked for, paid out, and claimed while the queue is paused.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::lido::Lido;
use lifeboat::protocols::{Amount, Registry, RowKind, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, all_work, carry_out, positions};
use super::lab::{GOVERNOR, Lab, USER, address, units};

sol! {
    interface StEthIn { function reward(uint256 amount) external; }
    interface WrapperIn { function wrap(uint256 amount) external returns (uint256); }
    interface QueueIn {
        function initialize(address admin) external;
        function grantRole(bytes32 role, address account) external;
        function resume() external;
        function pauseFor(uint256 duration) external;
        function finalize(uint256 lastRequestId, uint256 maxShareRate) external payable;
        function getLastRequestId() external view returns (uint256);
    }
}

/// Lido on the lab's chain. The user holds 1,001 stETH and 2 wstETH, each of which is worth 1.1 stETH.
async fn deploy() -> Option<(Lab, Lido)> {
    let names = ["lido_WstETH", "lido_WithdrawalQueueERC721", "lido_StEth", "oz_ERC1967Proxy"];
    let mut lab = Lab::start(Artifacts::with(&names)?).await;
    let steth = lab.deploy("lido_StEth", &[]);
    let wsteth = lab.deploy("lido_WstETH", &steth.abi_encode());
    let arguments = (wsteth, "Withdrawal".to_owned(), "unstETH".to_owned()).abi_encode_params();
    let queue = lab.deploy("lido_WithdrawalQueueERC721", &arguments);
    let begin = Bytes::from(QueueIn::initializeCall { admin: address(GOVERNOR) }.abi_encode());
    let queue = lab.deploy("oz_ERC1967Proxy", &(queue, begin).abi_encode_params());
    for role in ["RESUME_ROLE", "PAUSE_ROLE", "FINALIZE_ROLE"] {
        let (role, account): (B256, Address) = (keccak256(role), address(GOVERNOR));
        lab.send(GOVERNOR, queue, &QueueIn::grantRoleCall { role, account });
    }
    lab.send(GOVERNOR, queue, &QueueIn::resumeCall {});
    lab.send(GOVERNOR, steth, &Mintable::mintCall { to: address(USER), amount: units(2, 18) });
    lab.mine();
    lab.send(USER, steth, &Erc20::approveCall { spender: wsteth, value: units(2, 18) });
    lab.send(USER, wsteth, &WrapperIn::wrapCall { amount: units(2, 18) });
    lab.mine();
    lab.send(GOVERNOR, steth, &StEthIn::rewardCall { amount: units(2, 17) });
    lab.mine();
    lab.send(GOVERNOR, steth, &Mintable::mintCall { to: address(USER), amount: units(1_001, 18) });
    lab.mine();
    Some((lab, Lido { steth, wsteth, queue }))
}

async fn held(lab: &mut Lab, token: Address) -> U256 {
    lab.view(token, &Erc20::balanceOfCall { owner: address(USER) }).await
}

/// Within two wei a step: shares are rounded.
fn about(one: U256, other: U256) -> bool {
    one.abs_diff(other) <= U256::from(4)
}

#[tokio::test(flavor = "multi_thread")]
async fn staked_ether_is_unwrapped_asked_for_and_claimed() {
    let Some((mut lab, lido)) = deploy().await else { return };
    let registry = Registry::new(vec![Arc::new(lido)]);
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports)[0];
    assert!(about(found.rows[0].amount, units(1_001, 18)), "{:?}", found.rows);
    assert!(about(found.rows[1].worth.as_ref().unwrap().amount, units(22, 17)), "{:?}", found.rows);
    // One of two is unwrapped.
    let half = action(found, "unwrap").with_amount(Amount::Exactly(units(1, 18)));
    lab.act(USER, half.intents().unwrap()).await;
    assert_eq!(held(&mut lab, lido.wsteth).await, units(1, 18));
    assert!(about(held(&mut lab, lido.steth).await, units(10_021, 17)));
    // The plan asks for the rest: more than one request takes is asked for in two.
    refuses_changed_code(&mut lab, &registry, "lido").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    carry_out(&mut lab, &plan).await;
    assert_eq!(held(&mut lab, lido.wsteth).await, U256::ZERO);
    assert!(held(&mut lab, lido.steth).await <= U256::from(4));
    assert_eq!(lab.view(lido.queue, &QueueIn::getLastRequestIdCall {}).await, U256::from(3));
    let reports = lab.read(&registry, USER).await;
    let waiting = positions(&reports)[0].rows.iter().filter(|row| row.kind == RowKind::Waiting);
    let (count, sum) = waiting.fold((0, U256::ZERO), |(count, sum), row| (count + 1, sum + row.amount));
    assert!(count == 3 && about(sum, units(10_032, 17)), "{count} requests of {sum}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_claimed_while_the_queue_is_paused() {
    let Some((mut lab, lido)) = deploy().await else { return };
    let registry = Registry::new(vec![Arc::new(lido)]);
    let reports = lab.read(&registry, USER).await;
    lab.act(USER, action(positions(&reports)[0], "request-wrapped").intents().unwrap()).await;
    // Paid out at a lower rate than asked for: 1 stETH a share and not 1.1, as after a slashing.
    let finalize = QueueIn::finalizeCall { lastRequestId: U256::from(1), maxShareRate: units(1, 27) };
    lab.pay(GOVERNOR, lido.queue, &finalize, units(2, 18));
    lab.mine();
    lab.send(GOVERNOR, lido.queue, &QueueIn::pauseForCall { duration: U256::MAX });
    lab.mine();
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports)[0];
    let due = found.rows.iter().find(|row| row.kind == RowKind::Claimable).unwrap().amount;
    assert!(about(due, units(2, 18)), "{due}");
    assert!(action(found, "request").blocked.as_ref().unwrap().contains("paused"));
    assert!(found.caveats.iter().any(|one| one.contains("can still be claimed")), "{:?}", found.caveats);
    // The queue's own rule: a pause stops requests, not claims.
    let ether = |state: lifeboat::chain::StateAt| async move {
        state.account(address(USER)).await.unwrap().value().balance
    };
    let before = ether(lab.state().await).await;
    lab.act(USER, action(found, "claim").intents().unwrap()).await;
    let after = ether(lab.state().await).await;
    assert!(after - before > due - units(1, 16) && after - before <= due, "{before} {after}");
    let reports = lab.read(&registry, USER).await;
    assert!(positions(&reports)[0].rows.iter().all(|row| row.kind == RowKind::Held));
}
