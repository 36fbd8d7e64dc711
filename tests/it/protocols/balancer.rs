//! Balancer v2's own vault and weighted pool: shares are told by what leaving pays, and left in proportion, by the recovery
//! exit where its governors put the pool into that mode.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, FixedBytes, U256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::contracts::Erc20;
use lifeboat::protocols::balancer::Balancer;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::{Amount, Deployments, Found, Registry, WAD};

use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, all_work, leave, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    interface Weth { function deposit() external payable; }
    interface Factory {
        function create(
            string name, string symbol, address[] tokens, uint256[] normalizedWeights, address[] rateProviders,
            uint256 swapFeePercentage, address owner
        ) external returns (address);
    }
    struct JoinPoolRequest { address[] assets; uint256[] maxAmountsIn; bytes userData; bool fromInternalBalance; }
    interface VaultIn {
        function joinPool(bytes32 poolId, address sender, address recipient, JoinPoolRequest request) external payable;
        function getPoolTokens(bytes32 poolId) external view returns (address[] tokens, uint256[] balances, uint256 lastChangeBlock);
    }
    interface PoolIn {
        function getPoolId() external view returns (bytes32);
        function getActionId(bytes4 selector) external view returns (bytes32);
        function enableRecoveryMode() external;
    }
    interface AuthorizerIn { function grantRole(bytes32 role, address account) external; }
}

struct Own {
    vault: Address,
    authorizer: Address,
    pool: Address,
    id: B256,
    tokens: [Address; 2],
}

/// The vault with a pool of two tokens, one weighing four times the other, into which the lender and the user have paid.
async fn deploy(lab: &mut Lab) -> Own {
    let mut tokens = [lab.deploy("WETH9", &[]), lab.deploy("WETH9", &[])];
    tokens.sort();
    let authorizer = lab.deploy("balancer_Authorizer", &address(GOVERNOR).abi_encode());
    let (pause, buffer) = (U256::from(7_776_000), U256::from(2_592_000));
    let vault = lab.deploy("balancer_Vault", &(authorizer, tokens[0], pause, buffer).abi_encode_params());
    lab.mine();
    let half = WAD / U256::from(2);
    let fees =
        lab.deploy("balancer_ProtocolFeePercentagesProvider", &(vault, half, half).abi_encode_params());
    lab.mine();
    let arguments = (vault, fees, "1".to_owned(), "1".to_owned()).abi_encode_params();
    let factory = lab.deploy("balancer_WeightedPoolFactory", &arguments);
    lab.mine();
    let fifth = WAD / U256::from(5);
    let create = Factory::createCall {
        name: "Four fifths".to_owned(),
        symbol: "B-80-20".to_owned(),
        tokens: tokens.to_vec(),
        normalizedWeights: vec![WAD - fifth, fifth],
        rateProviders: vec![Address::ZERO; 2],
        swapFeePercentage: WAD / U256::from(300),
        owner: address(GOVERNOR),
    };
    let pool = lab.view(factory, &create).await;
    lab.send(GOVERNOR, factory, &create);
    lab.mine();
    let id = lab.view(pool, &PoolIn::getPoolIdCall {}).await;
    let own = Own { vault, authorizer, pool, id, tokens };
    // The first to join says the proportion; the other one joins with shares to match.
    join(lab, &own, (LENDER, 0, [units(800, 18), units(20, 18)]));
    join(lab, &own, (USER, 1, [units(80, 18), units(2, 18)]));
    own
}

/// Joins: kind 0 is the first of all, kind 1 gives exact amounts.
fn join(lab: &mut Lab, own: &Own, (who, kind, amounts): (usize, u64, [U256; 2])) {
    for (token, amount) in own.tokens.iter().zip(amounts) {
        lab.pay(who, *token, &Weth::depositCall {}, amount);
        lab.send(who, *token, &Erc20::approveCall { spender: own.vault, value: amount });
    }
    let user_data = match kind {
        0 => (U256::ZERO, amounts.to_vec()).abi_encode_params(),
        _ => (U256::ONE, amounts.to_vec(), U256::ZERO).abi_encode_params(),
    };
    let request = JoinPoolRequest {
        assets: own.tokens.to_vec(),
        maxAmountsIn: amounts.to_vec(),
        userData: user_data.into(),
        fromInternalBalance: false,
    };
    let (sender, recipient) = (address(who), address(who));
    lab.send(who, own.vault, &VaultIn::joinPoolCall { poolId: own.id, sender, recipient, request });
    lab.mine();
}

async fn recover(lab: &mut Lab, own: &Own) {
    let selector = FixedBytes(PoolIn::enableRecoveryModeCall::SELECTOR);
    let role = lab.view(own.pool, &PoolIn::getActionIdCall { selector }).await;
    let account = address(GOVERNOR);
    lab.send(GOVERNOR, own.authorizer, &AuthorizerIn::grantRoleCall { role, account });
    lab.mine();
    lab.send_call(GOVERNOR, own.pool, Bytes::from(PoolIn::enableRecoveryModeCall {}.abi_encode()));
    lab.mine();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_of_balancers_own_is_left_in_proportion_and_by_its_recovery_exit() {
    let wanted = ["balancer_Vault", "balancer_Authorizer", "balancer_WeightedPoolFactory", "WETH9"];
    let Some(artifacts) = Artifacts::with(&wanted) else { return };
    let mut lab = Lab::start(artifacts).await;
    let own = deploy(&mut lab).await;
    let bare = Registry::new(vec![Arc::new(Balancer { vault: own.vault, pools: Vec::new() })]);
    let named = vec![format!("balancer={}", own.pool).parse().unwrap()];
    let registry = bare.with(&Deployments::naming(None, named).unwrap());
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports)[0];
    // What the vault holds, by the user's part of the shares: the pool rounds down, by less than a millionth.
    let shares = found.rows[0].amount;
    let supply = lab.view(own.pool, &Erc20::totalSupplyCall {}).await;
    let held = lab.view(own.vault, &VaultIn::getPoolTokensCall { poolId: own.id }).await.balances;
    for (row, held) in found.rows.iter().skip(1).zip(held) {
        let part = held * shares / supply;
        assert!(row.amount <= part && part - row.amount < part / U256::from(1_000_000), "{row:?}: {part}");
    }
    let half = action(found, "exit").with_amount(Amount::Exactly(shares / U256::from(2)));
    let before = [own.tokens[0], own.tokens[1]];
    lab.act(USER, half.intents().unwrap()).await;
    for (token, whole) in before.into_iter().zip(found.rows.iter().skip(1)) {
        let got = lab.view(token, &Erc20::balanceOfCall { owner: address(USER) }).await;
        assert!(got.abs_diff(whole.amount / U256::from(2)) < U256::from(1_000_000), "{got}");
    }
    refuses_changed_code(&mut lab, &registry, "balancer").await;
    recover(&mut lab, &own).await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    let [before] = plan.before.as_slice() else { panic!("{:?}", plan.before) };
    assert!(matches!(&before.found, Found::Positions(all) if all[0].actions[0].kind == "recovery-exit"));
    leave(&mut lab, &registry, &plan).await;
    let left = lab.view(own.pool, &Erc20::balanceOfCall { owner: address(USER) }).await;
    assert_eq!(left, U256::ZERO);
}
