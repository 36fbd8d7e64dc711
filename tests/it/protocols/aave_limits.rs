//! The most that can be taken out, at a thousand states with moved prices: the last unit by the pool's own judgement.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::chain::StateAt;
use lifeboat::contracts::Erc20;
use lifeboat::execution::{AccountOverride, Call, CallBatch, Overrides};
use lifeboat::protocols::aave_v3::{most_withdrawable, what_if};
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::{Registry, RowKind, WAD};

use super::aave::{lab, only};
use super::aave_market::{Configurator, Market, MarketPool, deploy};
use super::artifacts::Artifacts;
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units, view};

sol! {
    interface Dropping { function dropReserve(address asset) external; }
    interface Scaled { function scaledBalanceOf(address user) external view returns (uint256); }
    interface Taking {
        function getReserveNormalizedIncome(address asset) external view returns (uint256);
        function withdraw(address asset, uint256 amount, address to) external returns (uint256);
    }
}

/// Whether the pool lets so much out at these prices, and its factor afterwards.
async fn after(
    state: &StateAt,
    market: &Market,
    prices: &[(Address, U256)],
    (asset, amount): (Address, U256),
) -> (bool, U256) {
    let user = address(USER);
    let slots: BTreeMap<U256, U256> = prices
        .iter()
        .map(|(asset, price)| (keccak256((*asset, U256::ZERO).abi_encode()).into(), *price))
        .collect();
    let accounts = BTreeMap::from([(market.oracle, AccountOverride { slots, ..AccountOverride::default() })]);
    let pool = market.deployment.pool;
    let take = Taking::withdrawCall { asset, amount, to: user }.abi_encode();
    let judge = MarketPool::getUserAccountDataCall { user }.abi_encode();
    let calls = vec![Call { from: user, ..Call::read(pool, take) }, Call::read(pool, judge)];
    let batch = CallBatch::reads(state.evm_env().unwrap(), calls).in_turn();
    let batch = batch.with_overrides(Overrides { accounts, ..Overrides::default() }).unwrap();
    let outcomes = state.run(batch).await.unwrap();
    let data = MarketPool::getUserAccountDataCall::abi_decode_returns(&outcomes[1].value().output).unwrap();
    (outcomes[0].value().is_success(), data.factor)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unit_more_is_refused_or_below_the_line_at_a_thousand_states() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.supply(&mut lab, USER, market.wbtc, units(2, 6));
    market.borrow(&mut lab, USER, market.usdc, units(11_111, 6));
    let mut random = fastrand::Rng::with_seed(61);
    let (mut states, mut parts) = (0, 0);
    for _ in 0..10 {
        market.borrow(&mut lab, USER, market.usdc, U256::from(random.u64(1..50_000_000)));
        lab.bench.advance(random.u64(1..5));
        let state = lab.state().await;
        let reports = registry.read(address(USER), &state).await.unwrap();
        let position = only(&reports).unwrap();
        let set = what_if(position).unwrap();
        for row in position.rows.iter().filter(|row| row.kind == RowKind::Collateral) {
            let token = row.view.as_ref().unwrap().to.unwrap();
            let index = set.assets.iter().position(|one| *one == row.asset).unwrap();
            let asset = row.asset.address;
            let scaled = view(&state, token, &Scaled::scaledBalanceOfCall { user: address(USER) }).await;
            let income = Taking::getReserveNormalizedIncomeCall { asset };
            let income = view(&state, market.deployment.pool, &income).await;
            for _ in 0..50 {
                let mut moved = set.holdings.clone();
                let mut prices = Vec::new();
                for (at, one) in set.assets.iter().enumerate() {
                    let now = set.holdings.holdings[at].price;
                    let price = now * U256::from(random.u64(6_000..16_000)) / U256::from(10_000);
                    moved = moved.with_price(at, price);
                    prices.push((one.address, price));
                }
                let floor = WAD / U256::from(1_000) * U256::from(random.u64(1_000..1_300));
                let most = most_withdrawable(&moved, index, (scaled, income), floor).unwrap();
                if !most.is_zero() {
                    let (works, factor) = after(&state, &market, &prices, (asset, most)).await;
                    assert!(works && factor >= floor, "{most} of {asset} at {prices:?}: {works} {factor}");
                }
                if most < row.amount {
                    let more = most + U256::from(1);
                    let (works, factor) = after(&state, &market, &prices, (asset, more)).await;
                    assert!(!works || factor < floor, "{more} of {asset} at {prices:?}: {factor}");
                    parts += usize::from(!most.is_zero());
                }
                states += 1;
            }
        }
    }
    assert!(states >= 1_000 && parts >= 200, "{states} states, {parts} with a part");
}

/// The pool lets nothing else out of a loan before what may no longer be borrowed against: the plan asked for the other one
/// first, was refused, and did not ask again.
#[tokio::test(flavor = "multi_thread")]
async fn what_no_longer_counts_for_loans_comes_out_first() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.weth, units(5, 18));
    market.supply(&mut lab, USER, market.usdc, units(2_000, 6));
    market.borrow(&mut lab, USER, market.wbtc, units(8, 6));
    let away = Erc20::transferCall { to: address(LENDER), value: units(8, 6) };
    lab.send(USER, market.wbtc, &away);
    let (ltv, threshold, bonus) = (U256::ZERO, U256::from(7_800), U256::from(10_500));
    let frozen = Configurator::configureReserveAsCollateralCall { asset: market.usdc, ltv, threshold, bonus };
    lab.send(GOVERNOR, market.configurator, &frozen);
    lab.mine();
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let position = only(&reports).unwrap();
    let withdrawal = |asset: Address| {
        position.actions.iter().find(|one| one.kind == "withdraw" && one.asset.address == asset).unwrap()
    };
    let note = withdrawal(market.weth).note.as_ref().unwrap();
    assert!(note.starts_with("While something is owed, none of it before all USDC"), "{note}");
    assert!(withdrawal(market.usdc).note.is_none(), "{:?}", withdrawal(market.usdc));
    let pool = market.deployment.pool;
    let take = Taking::withdrawCall { asset: market.weth, amount: U256::from(1), to: address(USER) };
    let one = Call { from: address(USER), ..Call::read(pool, take.abi_encode()) };
    assert!(!state.call(one).await.unwrap().value().is_success(), "the pool refuses a single unit of it");
    let floor = WAD * U256::from(105) / U256::from(100);
    let now = registry.take_now(position, floor);
    assert!(now.iter().all(|one| one.action.asset.address == market.usdc), "{now:?}");
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    let told: Vec<&str> = plan.steps.iter().map(|step| step.intent.sentence.as_str()).collect();
    assert!(plan.steps.iter().all(|step| step.outcome.why().is_none()), "{told:#?} {:#?}", plan.left_out);
    assert!(told[0].starts_with("Withdraw 2000") && told[1].contains("WETH"), "{told:#?}");
    for step in &plan.steps {
        lab.send_intent(USER, &step.intent);
        lab.mine();
    }
}

/// `getReservesList` closes the gap that a dropped reserve leaves; the bits of an account stay where they are.
#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_reserve_moves_the_list_and_no_position() {
    let Some(artifacts) = Artifacts::with(&["aave_Pool"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = deploy(&mut lab).await;
    market.supply(&mut lab, LENDER, market.weth, units(100, 18));
    lab.send(GOVERNOR, market.configurator, &Dropping::dropReserveCall { asset: market.usdc });
    market.supply(&mut lab, USER, market.wbtc, units(1, 8));
    market.borrow(&mut lab, USER, market.weth, units(5, 18));
    let registry = Registry::new(vec![std::sync::Arc::new(market.deployment.clone())]);
    let reports = lab.read(&registry, USER).await;
    let position = only(&reports).unwrap();
    let rows: Vec<_> = position.rows.iter().map(|row| (row.kind, row.asset.address)).collect();
    assert_eq!(rows, [(RowKind::Borrowed, market.weth), (RowKind::Collateral, market.wbtc)]);
    assert!(!position.health.as_ref().unwrap().liquidation.is_empty(), "{:?}", position.caveats);
}
