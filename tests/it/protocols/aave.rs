//! Aave v3: our numbers against the pool's own, over random states, and every way out to an empty position.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::chain::StateAt;
use lifeboat::execution::{AccountOverride, Call, Overrides};
use lifeboat::protocols::exit_plan::{Step, StepOutcome, plan_exit};
use lifeboat::protocols::{
    Amount, Danger, Found, Position, Protocol as _, Registry, Report, RowKind, Stage, WAD,
};

use super::aave_market::{Configurator, Market, MarketPool, deploy};
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::leave;
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

pub(super) async fn lab() -> Option<(Lab, Market, Registry)> {
    let mut lab = Lab::start(Artifacts::with(&["aave_Pool"])?).await;
    let market = deploy(&mut lab).await;
    market.supply(&mut lab, LENDER, market.usdc, units(5_000_000, 6));
    market.supply(&mut lab, LENDER, market.wbtc, units(50, 8));
    market.supply(&mut lab, LENDER, market.weth, units(100, 18));
    let registry = Registry::new(vec![Arc::new(market.deployment.clone())]);
    Some((lab, market, registry))
}

pub(super) fn only(reports: &[Report]) -> Option<&Position> {
    assert_eq!(reports.len(), 1);
    match &reports[0].found {
        Found::Positions(all) => all.first(),
        other => panic!("{other:?}"),
    }
}

async fn data(state: &StateAt, market: &Market) -> MarketPool::getUserAccountDataReturn {
    let call = MarketPool::getUserAccountDataCall { user: address(USER) };
    super::lab::view(state, market.deployment.pool, &call).await
}

/// The pool's factor if the oracle gave these prices.
async fn factor_with(state: &StateAt, market: &Market, prices: &[(Address, U256)]) -> U256 {
    let slots: BTreeMap<U256, U256> = prices
        .iter()
        .map(|(asset, price)| (keccak256((*asset, U256::ZERO).abi_encode()).into(), *price))
        .collect();
    let accounts = BTreeMap::from([(market.oracle, AccountOverride { slots, ..AccountOverride::default() })]);
    let call = MarketPool::getUserAccountDataCall { user: address(USER) };
    let call = Call::read(market.deployment.pool, call.abi_encode());
    let outcome = state.call_with(call, Overrides { accounts, ..Overrides::default() }).await.unwrap();
    MarketPool::getUserAccountDataCall::abi_decode_returns(&outcome.value().output).unwrap().factor
}

#[tokio::test(flavor = "multi_thread")]
async fn a_borrowers_position_is_the_pools_own_and_ends_empty() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    assert!(only(&lab.read(&registry, USER).await).is_none(), "nothing yet");
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.supply(&mut lab, USER, market.wbtc, units(1, 7));
    market.borrow(&mut lab, USER, market.usdc, units(13_970, 6));
    market.borrow(&mut lab, USER, market.weth, units(1, 17));
    lab.bench.advance(40);
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let position = only(&reports).unwrap().clone();
    let pool = data(&state, &market).await;
    let health = position.health.clone().unwrap();
    assert_eq!(health.factor, Some(pool.factor));
    assert_eq!(
        (health.collateral, health.debt, health.threshold_bps),
        (pool.collateral, pool.debt, pool.threshold)
    );
    assert_eq!(position.danger(), Danger::Ok, "{:?}", health.factor_text());
    assert_eq!(position.rows.iter().filter(|row| row.kind == RowKind::Borrowed).count(), 2);
    for row in &position.rows {
        let outcome = state.call(row.view.clone().unwrap()).await.unwrap();
        assert_eq!(U256::from_be_slice(&outcome.value().output), row.amount, "{row:?}");
    }
    // Leave: the short 0.1 WETH debt from the supply, the dollars from the wallet, then everything out.
    market.fund(&mut lab, USER, market.usdc, units(1_000, 6));
    let step = async |lab: &mut Lab, kind: &str, symbol: &str| {
        let reports = lab.read(&registry, USER).await;
        let position = only(&reports).unwrap();
        let actions = &position.actions;
        let action = actions.iter().find(|one| one.kind == kind && one.asset.symbol == symbol);
        let action = action.unwrap_or_else(|| panic!("{kind} {symbol}: {actions:#?}"));
        let intents = action.intents().unwrap();
        lab.act(USER, intents).await;
    };
    step(&mut lab, "repay-from-supply", "WETH").await;
    step(&mut lab, "repay", "USDC").await;
    step(&mut lab, "withdraw", "WBTC").await;
    step(&mut lab, "withdraw-ether", "WETH").await;
    assert!(only(&lab.read(&registry, USER).await).is_none(), "nothing is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_ways_out_and_parts_of_them() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.wbtc, units(1, 8));
    market.borrow(&mut lab, USER, market.weth, units(5, 18));
    let reports = lab.read(&registry, USER).await;
    let actions = &only(&reports).unwrap().actions;
    let repay = actions.iter().find(|one| one.kind == "repay-ether").unwrap();
    let part = repay.with_amount(Amount::Exactly(units(2, 18)));
    lab.act(USER, part.intents().unwrap()).await;
    let reports = lab.read(&registry, USER).await;
    let debt = only(&reports).unwrap().rows.iter().find(|row| row.kind == RowKind::Borrowed).unwrap().amount;
    assert!(debt > units(3, 18) && debt < units(3_001, 15), "{debt}");
    let too_much = repay.with_amount(Amount::Exactly(units(6, 18)));
    assert!(too_much.intents().is_err());
    lab.act(USER, repay.intents().unwrap()).await; // all, although the debt is smaller now
    let reports = lab.read(&registry, USER).await;
    let actions = &only(&reports).unwrap().actions;
    let withdraw = actions.iter().find(|one| one.kind == "withdraw").unwrap();
    lab.act(USER, withdraw.intents().unwrap()).await;
    assert!(only(&lab.read(&registry, USER).await).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_states_agree_to_the_last_integer() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    let mut random = fastrand::Rng::with_seed(6);
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.supply(&mut lab, USER, market.wbtc, units(12_345, 4));
    market.supply(&mut lab, USER, market.usdc, units(777, 6));
    market.borrow(&mut lab, USER, market.usdc, units(9_000, 6));
    let mut states = 0;
    for round in 0..10 {
        // Interest runs and the balances move between rounds.
        market.borrow(&mut lab, USER, market.weth, U256::from(random.u64(1..100_000_000_000_000_000)));
        lab.bench.advance(random.u64(1..5));
        let state = lab.state().await;
        let reports = registry.read(address(USER), &state).await.unwrap();
        let position = only(&reports).unwrap();
        let health = position.health.as_ref().unwrap();
        assert_eq!(health.factor, Some(data(&state, &market).await.factor));
        // Each price of liquidation is the pool's own line.
        assert!(!health.liquidation.is_empty(), "{:?}", position.caveats);
        for line in &health.liquidation {
            let one = U256::from(1);
            let beyond = if line.falling { line.at - one } else { line.at + one };
            assert!(factor_with(&state, &market, &[(line.asset.address, line.at)]).await >= WAD, "{line:?}");
            assert!(factor_with(&state, &market, &[(line.asset.address, beyond)]).await < WAD, "{line:?}");
            states += 2;
        }
        // Random prices: the formula that the lines come from gives the pool's own integer.
        let set = lifeboat::protocols::aave_v3::what_if(position).unwrap();
        for _ in 0..100 {
            let prices: Vec<(Address, U256)> = set
                .assets
                .iter()
                .map(|asset| (asset.address, U256::from(random.u64(1_000..20_000_000_000_000))))
                .collect();
            let mut moved = set.holdings.clone();
            for (index, (_, price)) in prices.iter().enumerate() {
                moved = moved.with_price(index, *price);
            }
            assert_eq!(
                moved.health_factor(),
                Some(factor_with(&state, &market, &prices).await),
                "{prices:?}"
            );
            states += 1;
        }
        println!("round {round}: {states} states");
    }
    assert!(states >= 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_most_that_can_be_taken_is_the_last_unit() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.supply(&mut lab, USER, market.wbtc, units(2, 6));
    market.borrow(&mut lab, USER, market.usdc, units(11_111, 6));
    lab.bench.advance(30);
    let mut random = fastrand::Rng::with_seed(7);
    let mut checked = 0;
    for _ in 0..12 {
        market.borrow(&mut lab, USER, market.usdc, U256::from(random.u64(1..50_000_000)));
        let state = lab.state().await;
        let reports = registry.read(address(USER), &state).await.unwrap();
        let position = only(&reports).unwrap();
        let floor = WAD / U256::from(100) * U256::from(random.u64(100..130));
        for take in registry.take_now(position, floor) {
            let Amount::Exactly(most) = take.action.amount else { panic!("{take:?}") };
            let after = async |units: U256| {
                let action = take.action.with_amount(Amount::Exactly(units));
                let intent = action.intents().unwrap().remove(0);
                let batch = lifeboat::execution::CallBatch::reads(
                    state.evm_env().unwrap(),
                    vec![
                        intent.as_call(address(USER)),
                        Call { from: address(USER), ..take.judge.clone().unwrap().0 },
                    ],
                );
                let outcomes = state.run(batch.in_turn()).await.unwrap();
                let output = &outcomes[1].value().output;
                (outcomes[0].value().is_success(), U256::from_be_slice(&output[5 * 32..6 * 32]))
            };
            let (works, factor) = after(most).await;
            assert!(works && factor >= floor, "{} at {factor}", take.action.title);
            if most < take.action.all {
                let (works, factor) = after(most + U256::from(1)).await;
                assert!(!works || factor < floor, "{} and one more: {factor}", take.action.title);
            }
            checked += 1;
        }
    }
    assert!(checked >= 20, "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_frozen_or_dry_is_said_and_not_offered() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.supply(&mut lab, USER, market.usdc, units(1_000, 6));
    let freeze = Configurator::setReserveFreezeCall { asset: market.usdc, frozen: true };
    lab.send(GOVERNOR, market.configurator, &freeze);
    let pause = Configurator::setReservePauseCall { asset: market.weth, paused: true };
    lab.send(GOVERNOR, market.configurator, &pause);
    lab.mine();
    let reports = lab.read(&registry, USER).await;
    let position = only(&reports).unwrap();
    assert!(position.caveats.iter().any(|one| one.starts_with("WETH is paused")), "{:?}", position.caveats);
    assert!(position.caveats.iter().any(|one| one.starts_with("USDC is frozen")), "{:?}", position.caveats);
    for action in &position.actions {
        let stopped = action.asset.symbol == "WETH";
        assert_eq!(action.blocked.is_some(), stopped, "{action:?}");
        assert_eq!(action.intents().is_err(), stopped);
    }
    // Everything that was lent: nothing can be paid out, and that is said.
    let unpause = Configurator::setReservePauseCall { asset: market.weth, paused: false };
    lab.send(GOVERNOR, market.configurator, &unpause);
    lab.mine();
    market.supply(&mut lab, LENDER, market.wbtc, units(50, 8));
    market.borrow(&mut lab, LENDER, market.weth, units(107, 18));
    let reports = lab.read(&registry, USER).await;
    let position = only(&reports).unwrap();
    let actions = &position.actions;
    let withdraw = actions.iter().find(|one| one.kind == "withdraw" && one.asset.symbol == "WETH").unwrap();
    assert!(withdraw.blocked.as_ref().unwrap().contains("nothing to pay out"), "{withdraw:?}");
    assert!(position.caveats.iter().any(|one| one.contains("the rest is lent")));
}

#[tokio::test(flavor = "multi_thread")]
async fn e_mode_counts_as_the_pool_counts_it() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    let category = Configurator::setEModeCategoryCall {
        id: 1,
        ltv: 9_000,
        threshold: 9_300,
        bonus: 10_100,
        oracle: Address::ZERO,
        label: "one price".to_owned(),
    };
    lab.send(GOVERNOR, market.configurator, &category);
    for asset in [market.weth, market.wbtc] {
        lab.send(GOVERNOR, market.configurator, &Configurator::setAssetEModeCategoryCall { asset, id: 1 });
    }
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.supply(&mut lab, USER, market.usdc, units(2_000, 6));
    lab.send(USER, market.deployment.pool, &MarketPool::setUserEModeCall { id: 1 });
    lab.mine();
    market.borrow(&mut lab, USER, market.wbtc, units(1, 7));
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let position = only(&reports).unwrap();
    let health = position.health.as_ref().unwrap();
    assert_eq!(health.factor, Some(data(&state, &market).await.factor));
    assert!(!health.liquidation.is_empty(), "the formula fits in e-mode too: {:?}", position.caveats);
    assert!(position.caveats.iter().any(|one| one.contains("e-mode 1")));
    assert!(market.deployment.name().contains("Practice"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exit_plan_is_what_then_happens() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.borrow(&mut lab, USER, market.usdc, units(13_970, 6));
    // 13 970 borrowed are in the wallet; give some away so that it is short.
    let away = lifeboat::contracts::Erc20::transferCall { to: address(LENDER), value: units(1_570, 6) };
    lab.send(USER, market.usdc, &away);
    lab.mine();
    let floor = WAD * U256::from(105) / U256::from(100);
    let registry = Registry::new(registry.protocols().iter().cloned().chain([weth(&market)]).collect());
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    assert_eq!(plan.shortfalls.len(), 1, "{plan:#?}");
    let short = &plan.shortfalls[0];
    assert_eq!(short.held, units(12_400, 6));
    assert!(short.missing() >= units(1_570, 6) && short.missing() < units(1_573, 6), "{}", short.words());
    let take = &plan.take_now[0];
    assert!(take.ends_at >= floor, "{take:?}");
    // All of it waits for the debt: the most that keeps the line is taken, and what the rest waits for is said in words.
    let works = |step: &Step| matches!(step.outcome, StepOutcome::Works { .. });
    assert!(plan.steps.iter().all(works), "{:#?}", plan.steps);
    let part = plan.steps.iter().find(|step| step.stage == Stage::Withdraw).unwrap();
    assert!(part.intent.sentence.starts_with("Withdraw "), "{part:?}");
    let [left] = plan.left_out.as_slice() else { panic!("{:#?}", plan.left_out) };
    assert!(left.why.contains("repay first") && left.why.contains("error 35"), "{left:?}");
    let end = only(&plan.after[..1]).unwrap().health.clone().unwrap();
    assert!(end.factor.unwrap() >= floor && end.factor.unwrap() < floor + WAD / U256::from(1_000), "{end:?}");
    // With just what is missing the plan leads to nothing left, and so do its transactions, although the debt grows.
    let missing = short.missing();
    market.fund(&mut lab, USER, market.usdc, missing);
    let clear =
        lifeboat::contracts::Erc20::approveCall { spender: market.deployment.pool, value: U256::ZERO };
    lab.send(USER, market.usdc, &clear);
    lab.mine();
    refuses_changed_code(&mut lab, &registry, "aave-v3").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{plan:#?}");
    let titles: Vec<&str> = plan.steps.iter().map(|step| step.intent.sentence.as_str()).collect();
    assert_eq!(titles.len(), 4, "approve, repay, withdraw, unwrap: {titles:#?}");
    assert!(
        plan.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Works { .. })),
        "{:#?}",
        plan.steps
    );
    assert!(plan.total_gas > 400_000);
    let gained = plan.wallet.iter().find(|one| one.asset.is_ether()).unwrap();
    assert!(gained.after - gained.before >= units(7, 18), "{gained:?}");
    leave(&mut lab, &registry, &plan).await;
}

/// What the wallet held was enough for the debt at the head and no longer for the one of the next block: the plan paid all
/// of it, and the payment failed once its approval was spent.
#[tokio::test(flavor = "multi_thread")]
async fn a_wallet_that_holds_just_the_debt_is_short_of_its_interest() {
    let Some((mut lab, market, registry)) = lab().await else { return };
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.borrow(&mut lab, USER, market.usdc, units(13_970, 6));
    lab.bench.advance(30);
    let floor = WAD * U256::from(105) / U256::from(100);
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let rows = &only(&reports).unwrap().rows;
    let debt = rows.iter().find(|row| row.kind == RowKind::Borrowed).unwrap().amount;
    // Now there is just the debt of that block.
    market.fund(&mut lab, USER, market.usdc, debt - units(13_970, 6));
    let clear =
        lifeboat::contracts::Erc20::approveCall { spender: market.deployment.pool, value: U256::ZERO };
    lab.send(USER, market.usdc, &clear);
    lab.mine();
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    let [short] = plan.shortfalls.as_slice() else { panic!("{plan:#?}") };
    assert_eq!((short.held, plan.holds[&market.usdc]), (debt, debt), "{}", short.words());
    let owed = only(&plan.after).unwrap().rows.iter().any(|row| row.kind == RowKind::Borrowed);
    assert!(owed, "nothing later counts on a debt that is gone: {:#?}", plan.after);
    let missing = short.missing();
    market.fund(&mut lab, USER, market.usdc, missing);
    lab.send(USER, market.usdc, &clear);
    lab.mine();
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    leave(&mut lab, &registry, &plan).await;
}

fn weth(market: &Market) -> Arc<dyn lifeboat::protocols::Protocol> {
    Arc::new(lifeboat::protocols::weth::Weth { token: market.weth, code_hash: None })
}
