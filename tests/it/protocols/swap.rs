//! A borrower who lacks what is owed: buys it at the real Uniswap, repays the real Aave, and ends with nothing left there.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolValue as _;
use async_trait::async_trait;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::aave_v3::AaveMarket;
use lifeboat::protocols::curve::{Coin, Pool};
use lifeboat::protocols::exit_plan::{ExitPlan, Step, StepOutcome, plan_exit};
use lifeboat::protocols::uniswap_v3::PositionManager;
use lifeboat::protocols::weth::Weth;
use lifeboat::protocols::{
    Action, Found, JointState, Offer, Position, Protocol, ProtocolError, Registry, Stage, Venue, WAD, Wish,
};

use super::aave_market::{Market, deploy as deploy_market};
use super::artifacts::Artifacts;
use super::exchange::{Exchange, NEEDED, deploy as deploy_exchange};
use super::exits::{carry_out, positions};
use super::lab::{LENDER, Lab, USER, address, units};
use super::stand_ins::stand_in;

struct Scene {
    lab: Lab,
    market: Market,
    exchange: Exchange,
}

/// A market and an exchange with a pool of WETH and USDC in which one WETH costs so many dollars.
async fn scene(dollars: u64) -> Option<Scene> {
    let mut lab = Lab::start(Artifacts::with(&NEEDED)?).await;
    let market = deploy_market(&mut lab).await;
    market.supply(&mut lab, LENDER, market.usdc, units(5_000_000, 6));
    let exchange = deploy_exchange(&mut lab, market.weth, vec![market.weth, market.usdc, market.wbtc]);
    let sides = [(market.weth, units(900, 18)), (market.usdc, units(900 * dollars, 6))];
    exchange.pool(&mut lab, &market, 500, sides);
    Some(Scene { lab, market, exchange })
}

impl Scene {
    /// The user borrows dollars on `collateral` and gives all of them away.
    fn borrow(&mut self, collateral: Address, amount: U256, dollars: u64) {
        let Self { lab, market, .. } = self;
        market.supply(lab, USER, collateral, amount);
        market.borrow(lab, USER, market.usdc, units(dollars, 6));
        let away = Erc20::transferCall { to: address(LENDER), value: units(dollars, 6) };
        lab.send(USER, market.usdc, &away);
        lab.mine();
    }

    fn registry(&self, more: Vec<Arc<dyn Protocol>>) -> Registry {
        let mut all: Vec<Arc<dyn Protocol>> = vec![Arc::new(self.market.deployment.clone())];
        all.extend(more);
        Registry::new(all)
    }

    async fn plan(&mut self, registry: &Registry) -> ExitPlan {
        let state = self.lab.state().await;
        let floor = WAD * U256::from(105) / U256::from(100);
        plan_exit(registry, &state, address(USER), floor).await.unwrap()
    }

    /// Sends every step; then nothing is left, and nothing of a right that was given to the exchange.
    async fn run(&mut self, registry: &Registry, plan: &ExitPlan) {
        let works = |step: &Step| matches!(step.outcome, StepOutcome::Works { .. });
        assert!(plan.steps.iter().all(works), "{:#?}", plan.steps);
        carry_out(&mut self.lab, plan).await;
        for report in self.lab.read(registry, USER).await {
            assert!(matches!(&report.found, Found::Positions(all) if all.is_empty()), "{report:?}");
        }
        let (owner, spender) = (address(USER), self.exchange.v3.router.unwrap());
        for token in [self.market.weth, self.market.usdc, self.market.wbtc] {
            let left = self.lab.view(token, &Erc20::allowanceCall { owner, spender }).await;
            assert_eq!(left, U256::ZERO, "a right to take {token} stays with the router");
        }
    }
}

fn brief(plan: &ExitPlan) -> String {
    format!("{:#?}\n{:#?}\n{:#?}", sentences(plan), plan.shortfalls, plan.left_out)
}

fn sentences(plan: &ExitPlan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.intent.sentence.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_buys_the_debt_and_the_position_ends_empty() {
    let Some(mut scene) = scene(3_410).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let registry = scene.registry(vec![Arc::new(scene.exchange.v3.clone())]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    let told = sentences(&plan);
    assert_eq!(told.len(), 4, "buy, approve, repay, withdraw: {told:#?}");
    assert!(told[0].starts_with("Buy 13") && told[0].contains("for at most 4."), "{told:#?}");
    assert!(told[0].ends_with("checked against Aave v3 Practice's own oracle"), "{told:#?}");
    assert_eq!(plan.steps[0].intent.value.to::<u128>() / 10_u128.pow(18), 4);
    let moves = plan.health_moves();
    let [moved] = moves.as_slice() else { panic!("{moves:?}") };
    let words = moved.words();
    assert!(words.starts_with("health factor 1.") && words.ends_with(" → no debt"), "{words}");
    scene.run(&registry, &plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_collateral_itself_buys_the_debt_turn_by_turn() {
    let Some(mut scene) = scene(3_410).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    // No wrapped ether is known to the exchange: the ether of the wallet cannot be sold.
    let v3 = PositionManager { weth: None, ..scene.exchange.v3.clone() };
    let registry = scene.registry(vec![Arc::new(v3)]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    let told = sentences(&plan);
    let count = |word: &str| told.iter().filter(|one| one.starts_with(word)).count();
    assert!(count("Withdraw") >= 2 && count("Sell") >= 1 && count("Buy") == 1, "{told:#?}");
    assert!(plan.steps.iter().all(|step| step.intent.value.is_zero()), "{told:#?}");
    for step in plan.steps.iter().filter(|step| step.stage == Stage::Repay) {
        let exact = step.intent.grants.iter().all(|one| one.amount < units(20_000, 18));
        assert!(exact, "no right beyond what is swapped or paid: {:?}", step.intent);
    }
    scene.run(&registry, &plan).await;
    let weth = Erc20::balanceOfCall { owner: address(USER) };
    let left = scene.lab.view(scene.market.weth, &weth).await;
    assert!(left > units(2_85, 16) && left < units(2_95, 16), "7 less what 13970 dollars cost: {left}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_beyond_the_oracles_is_not_offered() {
    let Some(mut scene) = scene(3_300).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let registry = scene.registry(vec![Arc::new(scene.exchange.v3.clone())]);
    let plan = scene.plan(&registry).await;
    let [short] = plan.shortfalls.as_slice() else { panic!("{}", brief(&plan)) };
    assert!(short.held.is_zero() && short.needed >= units(13_970, 6), "{short:?}");
    let why = plan.left_out.iter().find(|one| one.title == "Buy USDC").unwrap();
    assert!(why.why.contains("% more") && why.why.contains("than Aave v3 Practice's own oracle"), "{why:?}");
    assert!(
        !sentences(&plan).iter().any(|one| one.starts_with("Buy") || one.starts_with("Sell")),
        "{plan:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_oracle_knows_what_is_sold_the_older_exchange_must_agree() {
    let Some(mut scene) = scene(3_410).await else { return };
    // Ether is sold, and no position tells its price.
    scene.borrow(scene.market.wbtc, units(5, 7), 13_970);
    let alone = scene.registry(vec![Arc::new(scene.exchange.v3.clone())]);
    let plan = scene.plan(&alone).await;
    let why = plan.left_out.iter().find(|one| one.title == "Buy USDC").unwrap();
    assert!(why.why.contains("no second source on the chain confirms its price"), "{why:?}");
    assert_eq!(plan.shortfalls.len(), 1);
    let Scene { lab, market, exchange } = &mut scene;
    let sides = [(market.weth, units(300, 18)), (market.usdc, units(300 * 3_420, 6))];
    exchange.pair(lab, market, sides);
    let both: Vec<Arc<dyn Protocol>> = vec![Arc::new(exchange.v3.clone()), Arc::new(exchange.v2.clone())];
    let registry = scene.registry(both);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    assert!(sentences(&plan)[0].ends_with("checked against Uniswap v2"), "{:#?}", sentences(&plan));
    scene.run(&registry, &plan).await;
}

/// A pool of Curve's form in which one WETH costs so many dollars.
fn rate_pool(scene: &mut Scene, dollars: u64) -> Pool {
    let Scene { lab, market, .. } = scene;
    let rate = units(dollars, 6);
    let pool = stand_in(lab, "RatePool", &(market.weth, market.usdc, rate).abi_encode_params());
    let share = stand_in(lab, "Token", &"LP".to_owned().abi_encode());
    for (token, value) in [(market.weth, units(900, 18)), (market.usdc, units(900 * dollars, 6))] {
        market.fund(lab, LENDER, token, value);
        lab.send(LENDER, token, &Erc20::transferCall { to: pool, value });
    }
    lab.mine();
    let coin =
        |symbol: &str, token, decimals| Coin { symbol: symbol.to_owned(), token, decimals, par: false };
    let coins = vec![coin("WETH", market.weth, 18), coin("USDC", market.usdc, 6)];
    Pool { name: "rates".to_owned(), pool, share, gauge: None, coins }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_curve_pool_sells_what_is_owed_where_it_is_the_cheaper_one() {
    let Some(mut scene) = scene(3_380).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let Scene { lab, market, .. } = &mut scene;
    market.fund(lab, USER, market.weth, units(5, 18));
    let curve = rate_pool(&mut scene, 3_412);
    let registry = scene.registry(vec![Arc::new(scene.exchange.v3.clone()), Arc::new(curve.clone())]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    let told = sentences(&plan);
    let sold = told.iter().find(|one| one.starts_with("Sell 4.")).unwrap_or_else(|| panic!("{told:#?}"));
    assert!(sold.contains("on Curve rates; the price is checked against Aave"), "{told:#?}");
    scene.run(&registry, &plan).await;
    let allowance = Erc20::allowanceCall { owner: address(USER), spender: curve.pool };
    assert_eq!(scene.lab.view(scene.market.weth, &allowance).await, U256::ZERO);
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_is_wrapped_for_a_curve_pool_that_takes_only_what_stands_for_it() {
    let Some(mut scene) = scene(3_410).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let curve = rate_pool(&mut scene, 3_412);
    // Of an exchange that takes ether as it is nothing is known here.
    let weth: Arc<dyn Protocol> = Arc::new(Weth { token: scene.market.weth, code_hash: None });
    let registry = scene.registry(vec![Arc::new(curve.clone()), weth]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    let told = sentences(&plan);
    assert!(told[0].starts_with("Wrap 4.") && told[0].ends_with(" ETH to WETH"), "{told:#?}");
    let sold = told.iter().find(|one| one.starts_with("Sell 4.")).unwrap_or_else(|| panic!("{told:#?}"));
    assert!(sold.contains("WETH for at least 13"), "{told:#?}");
    assert!(sold.contains("on Curve rates; the price is checked against Aave"), "{told:#?}");
    scene.run(&registry, &plan).await;
    let allowance = Erc20::allowanceCall { owner: address(USER), spender: curve.pool };
    assert_eq!(scene.lab.view(scene.market.weth, &allowance).await, U256::ZERO);
}

/// A pool of Curve's form whose coin is ether itself, as the pools write it, in which one costs so many dollars.
fn ether_pool(scene: &mut Scene, dollars: u64) -> Pool {
    let Scene { lab, market, .. } = scene;
    let pool = stand_in(lab, "EtherPool", &(market.usdc, units(dollars, 6)).abi_encode_params());
    let share = stand_in(lab, "Token", &"LP".to_owned().abi_encode());
    let value = units(900 * dollars, 6);
    market.fund(lab, LENDER, market.usdc, value);
    lab.send(LENDER, market.usdc, &Erc20::transferCall { to: pool, value });
    lab.mine();
    lab.pay_plain(LENDER, pool, units(50, 18));
    lab.mine();
    let ether = "0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE";
    serde_json::from_value(serde_json::json!({
        "name": "ether", "pool": pool, "share": share,
        "coins": [
            {"symbol": "ETH", "token": ether, "decimals": 18},
            {"symbol": "USDC", "token": market.usdc, "decimals": 6},
        ],
    }))
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_curve_pool_of_ether_takes_ether_as_it_is_and_what_stands_for_it_unwrapped() {
    let Some(mut scene) = scene(3_410).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let pool: Arc<dyn Protocol> = Arc::new(ether_pool(&mut scene, 3_412));
    let weth: Arc<dyn Protocol> = Arc::new(Weth { token: scene.market.weth, code_hash: None });
    let registry = scene.registry(vec![pool, weth]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty(), "{}", brief(&plan));
    assert!(sentences(&plan)[0].starts_with("Sell 4."), "{}", brief(&plan));
    assert_eq!(plan.steps[0].intent.value.to::<u128>() / 10_u128.pow(18), 4);
    // With too little ether, and enough of what stands for it, that is unwrapped for the pool.
    let Scene { lab, market, .. } = &mut scene;
    market.fund(lab, USER, market.weth, units(5, 18));
    let there = lab.state().await.account(address(USER)).await.unwrap().value().balance;
    lab.pay_plain(USER, address(LENDER), there - units(4, 18));
    lab.mine();
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    let told = sentences(&plan);
    assert!(told[0].starts_with("Unwrap 4.") && told[1].starts_with("Sell 4."), "{told:#?}");
    assert_eq!(plan.steps[1].intent.value.to::<u128>() / 10_u128.pow(18), 4);
    scene.run(&registry, &plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_in_wrapped_ether_is_paid_with_ether_where_the_lender_takes_none() {
    let Some(mut scene) = scene(3_410).await else { return };
    let Scene { lab, market, .. } = &mut scene;
    market.supply(lab, LENDER, market.weth, units(50, 18));
    market.supply(lab, USER, market.usdc, units(20_000, 6));
    market.borrow(lab, USER, market.weth, units(2, 18));
    lab.send(USER, market.weth, &Erc20::transferCall { to: address(LENDER), value: units(2, 18) });
    lab.mine();
    // As it is at lenders without a gateway.
    let bare = AaveMarket { gateway: None, ..market.deployment.clone() };
    let weth = Weth { token: market.weth, code_hash: None };
    let registry = Registry::new(vec![Arc::new(bare), Arc::new(weth)]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty() && plan.left_out.is_empty(), "{}", brief(&plan));
    let told = sentences(&plan);
    assert!(told[0].starts_with("Wrap 2.") && told[2].starts_with("Repay"), "{told:#?}");
    // The debt grows until it is paid: what may go into that is not promised to the next step.
    carry_out(&mut scene.lab, &plan).await;
    let reports = scene.lab.read(&registry, USER).await;
    let left: Vec<_> = positions(&reports).into_iter().flat_map(|one| &one.rows).collect();
    assert!(left.iter().all(|row| row.asset.symbol == "WETH" && row.amount < units(3, 15)), "{left:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_curve_pool_that_asks_too_much_is_passed_over() {
    let Some(mut scene) = scene(3_410).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let Scene { lab, market, .. } = &mut scene;
    market.fund(lab, USER, market.weth, units(5, 18));
    let dear = rate_pool(&mut scene, 3_300);
    let registry = scene.registry(vec![Arc::new(scene.exchange.v3.clone()), Arc::new(dear.clone())]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty(), "{}", brief(&plan));
    assert!(sentences(&plan).iter().all(|one| !one.contains("Curve")), "{:#?}", sentences(&plan));
    // Where it is the only one, why it is not taken is said.
    let alone = scene.registry(vec![Arc::new(dear)]);
    let plan = scene.plan(&alone).await;
    let why = plan.left_out.iter().find(|one| one.title == "Buy USDC").unwrap();
    assert!(why.why.starts_with("Curve rates asks ") && why.why.contains("% more WETH"), "{why:?}");
}

/// An exchange whose offers cannot be read.
#[derive(Debug)]
struct Silent(Address);

#[async_trait]
impl Protocol for Silent {
    fn id(&self) -> &'static str {
        "silent"
    }
    fn name(&self) -> String {
        "The silent exchange".to_owned()
    }
    fn anchor(&self) -> Address {
        self.0
    }
    async fn positions(&self, _owner: Address, _state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        Ok(Vec::new())
    }
    fn actions(&self, _position: &Position) -> Vec<Action> {
        Vec::new()
    }
    fn venue(&self) -> Option<Arc<dyn Venue>> {
        Some(Arc::new(Self(self.0)))
    }
}

#[async_trait]
impl Venue for Silent {
    fn name(&self) -> String {
        "The silent exchange".to_owned()
    }
    fn wrapped_ether(&self) -> Option<Address> {
        None
    }
    async fn offer(&self, _wish: &Wish, _state: &JointState) -> Result<Option<Offer>, ProtocolError> {
        Err(ProtocolError::Inconsistent { detail: "a pool without a price".to_owned() })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_cannot_be_asked_is_named_and_the_other_one_sells() {
    let Some(mut scene) = scene(3_410).await else { return };
    scene.borrow(scene.market.weth, units(7, 18), 13_970);
    let silent: Arc<dyn Protocol> = Arc::new(Silent(scene.market.weth));
    let registry = scene.registry(vec![silent, Arc::new(scene.exchange.v3.clone())]);
    let plan = scene.plan(&registry).await;
    assert!(plan.shortfalls.is_empty(), "{}", brief(&plan));
    let [left] = plan.left_out.as_slice() else { panic!("{}", brief(&plan)) };
    assert_eq!((left.market.as_str(), left.title.as_str()), ("The silent exchange", "Buy USDC"));
    assert!(left.why.contains("a pool without a price"), "{left:?}");
    assert!(sentences(&plan)[0].starts_with("Buy 13"), "{}", brief(&plan));
    scene.run(&registry, &plan).await;
}
