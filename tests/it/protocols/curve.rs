//! Curve's 3pool and a reward pool of Convex: shares, minimums, and the way out.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::convex::ConvexPool;
use lifeboat::protocols::curve::{Coin, Pool};
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::{
    Asset, IntentError, JointState, Protocol as _, Registry, RowKind, WAD, Want, Wish, less_slippage,
};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, all_work, carry_out, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    interface ShareIn { function set_minter(address minter) external; }
    interface SwapIn {
        function add_liquidity(uint256[3] amounts, uint256 min_mint) external;
        function exchange(int128 i, int128 j, uint256 dx, uint256 min_dy) external;
        function balances(uint256 i) external view returns (uint256);
        function get_virtual_price() external view returns (uint256);
        function kill_me() external;
    }
    interface Rewards {
        function stake(uint256 amount) external returns (bool);
        function earned(address account) external view returns (uint256);
    }
    interface OperatorIn { function queue(address pool, uint256 amount) external; }
}

struct Curve {
    pool: Pool,
    tokens: [Address; 3],
}

async fn deploy(lab: &mut Lab) -> Curve {
    let coins = [("DAI", 18_u8), ("USDC", 6), ("USDT", 6)];
    let tokens = coins.map(|(symbol, decimals)| {
        lab.deploy("aave_MintableERC20", &(symbol, symbol, U256::from(decimals)).abi_encode_params())
    });
    let share_args = ("Curve.fi DAI/USDC/USDT", "3Crv", U256::from(18), U256::ZERO).abi_encode_params();
    let share = lab.deploy("curve_CurveTokenV2", &share_args);
    let fee = U256::from(4_000_000);
    let arguments = (address(GOVERNOR), tokens, share, U256::from(2_000), fee, U256::ZERO);
    let swap = lab.deploy("curve_StableSwap3Pool", &arguments.abi_encode_params());
    lab.send(GOVERNOR, share, &ShareIn::set_minterCall { minter: swap });
    for who in [LENDER, USER] {
        for (token, (_, decimals)) in tokens.into_iter().zip(coins) {
            let amount = units(1_000_000, decimals);
            lab.send(GOVERNOR, token, &Mintable::mintCall { to: address(who), amount });
            lab.send(who, token, &Mintable::approveCall { spender: swap, amount });
        }
    }
    lab.mine();
    let coin = |((symbol, decimals), token): ((&str, u8), Address)| Coin {
        symbol: symbol.to_owned(),
        token,
        decimals,
        par: true,
    };
    let coins = coins.into_iter().zip(tokens).map(coin).collect();
    let pool = Pool { name: "3pool".to_owned(), pool: swap, share, gauge: None, coins };
    Curve { pool, tokens }
}

impl Curve {
    fn add(&self, lab: &mut Lab, who: usize, [dai, usdc, usdt]: [u64; 3]) {
        let amounts = [units(dai, 18), units(usdc, 6), units(usdt, 6)];
        lab.send(who, self.pool.pool, &SwapIn::add_liquidityCall { amounts, min_mint: U256::ZERO });
        lab.mine();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_left_in_proportion_or_as_one_coin_with_minimums() {
    let Some(artifacts) = Artifacts::with(&["curve_StableSwap3Pool", "aave_MintableERC20"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let curve = deploy(&mut lab).await;
    curve.add(&mut lab, LENDER, [100_000, 100_000, 100_000]);
    curve.add(&mut lab, USER, [1_000, 2_000, 500]);
    let registry = Registry::new(vec![Arc::new(curve.pool.clone())]);
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let found = positions(&reports)[0];
    let held = found.rows[0].amount;
    let total = super::lab::view(&state, curve.pool.share, &Erc20::totalSupplyCall {}).await;
    for (index, row) in found.rows.iter().filter(|row| row.kind == RowKind::Supplied).enumerate() {
        let call = SwapIn::balancesCall { i: U256::from(index) };
        let there = super::lab::view(&state, curve.pool.pool, &call).await;
        assert_eq!(row.amount, there * held / total, "{}", row.asset.symbol);
    }
    // As one coin: no less than half a percent below the quote, which is fair here.
    let one = action(found, "remove-as-1");
    assert!(one.blocked.is_none() && one.stage.is_none(), "{one:?}");
    let part = one.with_amount(lifeboat::protocols::Amount::Exactly(held / U256::from(2)));
    let before = lab.view(curve.tokens[1], &Erc20::balanceOfCall { owner: address(USER) }).await;
    lab.act(USER, part.intents().unwrap()).await;
    let after = lab.view(curve.tokens[1], &Erc20::balanceOfCall { owner: address(USER) }).await;
    let price = lab.view(curve.pool.pool, &SwapIn::get_virtual_priceCall {}).await;
    let fair = held / U256::from(2) * price / WAD / units(1, 12);
    assert!((after - before).abs_diff(fair) < fair / U256::from(500), "{} for {fair}", after - before);
    // Somebody empties the pool of USDC: as USDC it is no longer offered, in proportion it is.
    let exchange = SwapIn::exchangeCall { i: 0, j: 1, dx: units(300_000, 18), min_dy: U256::ZERO };
    lab.send(LENDER, curve.pool.pool, &exchange);
    lab.mine();
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let unfair = action(positions(&reports)[0], "remove-as-1");
    assert!(unfair.blocked.as_ref().is_some_and(|why| why.contains("out of balance")), "{unfair:?}");
    assert!(matches!(unfair.intents(), Err(IntentError::Blocked { .. })));
    // A pool that was stopped still pays in proportion.
    lab.send(GOVERNOR, curve.pool.pool, &SwapIn::kill_meCall {});
    lab.mine();
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 1);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_at_convex_come_back_and_the_pool_is_left_with_all_of_them() {
    let wanted = ["curve_StableSwap3Pool", "convex_BaseRewardPool", "aave_MintableERC20"];
    let Some(artifacts) = Artifacts::with(&wanted) else { return };
    let mut lab = Lab::start(artifacts).await;
    let curve = deploy(&mut lab).await;
    curve.add(&mut lab, LENDER, [100_000, 100_000, 100_000]);
    curve.add(&mut lab, USER, [1_000, 1_000, 1_000]);
    let share = curve.pool.share;
    let crv = lab.deploy("aave_MintableERC20", &("CRV", "CRV", U256::from(18)).abi_encode_params());
    // What is staked is a receipt; the operator keeps the shares behind it.
    let receipt =
        lab.deploy("aave_MintableERC20", &("cvx3Crv", "cvx3Crv", U256::from(18)).abi_encode_params());
    let operator = lab.deploy("convex_Operator", &share.abi_encode());
    let governor = address(GOVERNOR);
    let arguments = (U256::from(9), receipt, crv, operator, governor).abi_encode_params();
    let rewards = lab.deploy("convex_BaseRewardPool", &arguments);
    let kept = units(1_000, 18);
    lab.send(USER, share, &Erc20::transferCall { to: operator, value: kept });
    lab.send(GOVERNOR, receipt, &Mintable::mintCall { to: address(USER), amount: kept });
    lab.send(USER, receipt, &Mintable::approveCall { spender: rewards, amount: kept });
    lab.send(GOVERNOR, crv, &Mintable::mintCall { to: rewards, amount: units(1_000, 18) });
    lab.mine();
    lab.send(USER, rewards, &Rewards::stakeCall { amount: kept });
    lab.send(GOVERNOR, operator, &OperatorIn::queueCall { pool: rewards, amount: units(1_000, 18) });
    lab.mine();
    lab.bench.advance(10);
    let convex = ConvexPool { name: "3pool".to_owned(), rewards, share, crv };
    let registry = Registry::new(vec![Arc::new(curve.pool.clone()), Arc::new(convex)]);
    refuses_changed_code(&mut lab, &registry, "convex").await;
    refuses_changed_code(&mut lab, &registry, "curve").await;
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let found = positions(&reports);
    let earned = super::lab::view(&state, rewards, &Rewards::earnedCall { account: address(USER) }).await;
    let claimable = found[1].rows.iter().find(|row| row.kind == RowKind::Claimable).unwrap();
    assert!(claimable.amount == earned && !earned.is_zero());
    assert_eq!(found[1].rows[0].amount, kept);
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 2, "back from Convex, then out of the pool: {:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_sells_one_coin_for_another_by_its_own_quote() {
    let Some(artifacts) = Artifacts::with(&["curve_StableSwap3Pool", "aave_MintableERC20"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let curve = deploy(&mut lab).await;
    // Out of balance, so that the price is not 1.
    curve.add(&mut lab, LENDER, [50_000, 90_000, 70_000]);
    let [dai, usdc, _] = curve.tokens;
    let venue = curve.pool.venue().unwrap();
    let wish = |want| Wish {
        owner: address(USER),
        sell: Asset::token(usdc, "USDC", 6),
        buy: Asset::token(dai, "DAI", 18),
        want,
    };
    for want in [Want::Get(units(5_000, 18)), Want::Give(units(5_000, 6))] {
        let state = lab.state().await;
        let offer = venue.offer(&wish(want), &JointState::alone(state)).await.unwrap().unwrap();
        match want {
            Want::Get(amount) => {
                assert!(offer.least == amount && less_slippage(offer.gets) >= amount, "{offer:?}");
                let most = amount * U256::from(101) / U256::from(100);
                assert!(offer.gets <= most, "not much more is bought than wanted: {offer:?}");
            }
            Want::Give(amount) => {
                assert_eq!((offer.pays, offer.least), (amount, less_slippage(offer.gets)));
            }
        }
        let held = Erc20::balanceOfCall { owner: address(USER) };
        let (before, gave) = (lab.view(dai, &held).await, lab.view(usdc, &held).await);
        let intent = offer.intent.clone().unwrap();
        assert!(intent.sentence.ends_with("on Curve 3pool"), "{}", intent.sentence);
        lab.act(USER, vec![intent]).await;
        let (after, left) = (lab.view(dai, &held).await, lab.view(usdc, &held).await);
        assert_eq!((after - before, gave - left), (offer.gets, offer.pays), "as it was quoted");
    }
    let other = Wish { buy: Asset::token(curve.pool.share, "3Crv", 18), ..wish(Want::Give(units(1, 6))) };
    let state = JointState::alone(lab.state().await);
    assert_eq!(venue.offer(&other, &state).await.unwrap(), None, "no coin of the pool");
    let too_much = wish(Want::Get(units(60_000, 18)));
    assert_eq!(venue.offer(&too_much, &state).await.unwrap(), None, "more than there is");
}
