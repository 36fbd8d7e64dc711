//! Compound v3: our numbers against the market's own, and the way out to an empty position.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::primitives::{Address, B256, U256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::contracts::Erc20;
use lifeboat::execution::{AccountOverride, Call, CallBatch, Overrides};
use lifeboat::protocols::compound_v3::{CometMarket, loan};
use lifeboat::protocols::exit_plan::{StepOutcome, plan_exit};
use lifeboat::protocols::{Found, Position, Registry, Report, RowKind, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::leave;
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units, view};

sol! {
    struct ExtConfiguration { bytes32 name32; bytes32 symbol32; }
    struct AssetConfig {
        address asset;
        address priceFeed;
        uint8 decimals;
        uint64 borrowCollateralFactor;
        uint64 liquidateCollateralFactor;
        uint64 liquidationFactor;
        uint128 supplyCap;
    }
    struct Configuration {
        address governor;
        address pauseGuardian;
        address baseToken;
        address baseTokenPriceFeed;
        address extensionDelegate;
        uint64 supplyKink;
        uint64 supplyPerYearInterestRateSlopeLow;
        uint64 supplyPerYearInterestRateSlopeHigh;
        uint64 supplyPerYearInterestRateBase;
        uint64 borrowKink;
        uint64 borrowPerYearInterestRateSlopeLow;
        uint64 borrowPerYearInterestRateSlopeHigh;
        uint64 borrowPerYearInterestRateBase;
        uint64 storeFrontPriceFactor;
        uint64 trackingIndexScale;
        uint64 baseTrackingSupplySpeed;
        uint64 baseTrackingBorrowSpeed;
        uint104 baseMinForRewards;
        uint104 baseBorrowMin;
        uint104 targetReserves;
        AssetConfig[] assetConfigs;
    }
    interface Market {
        function initializeStorage() external;
        function supply(address asset, uint256 amount) external;
        function withdraw(address asset, uint256 amount) external;
        function accrueAccount(address account) external;
        function isLiquidatable(address account) external view returns (bool);
        function isBorrowCollateralized(address account) external view returns (bool);
        function pause(bool supply, bool transfer, bool withdraw, bool absorb, bool buy) external;
    }
    interface Feed {
        function setRoundData(uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound) external;
    }
}

struct Comet {
    comet: Address,
    usdc: Address,
    gold: Address,
    feed: Address,
    registry: Registry,
}

async fn deploy(lab: &mut Lab) -> Comet {
    let governor = address(GOVERNOR);
    let mintable = |name: &str, decimals: u8| (name, name, U256::from(decimals)).abi_encode_params();
    let usdc = lab.deploy("aave_MintableERC20", &mintable("USDC", 6));
    let gold = lab.deploy("aave_MintableERC20", &mintable("GOLD", 18));
    let feed = |lab: &mut Lab, price: u64| {
        lab.deploy("comet_SimplePriceFeed", &(U256::from(price), U256::from(8)).abi_encode_params())
    };
    let (base_feed, gold_feed) = (feed(lab, 1_0000_0000), feed(lab, 3_412_24000000));
    let names = ExtConfiguration { name32: B256::repeat_byte(0x41), symbol32: B256::repeat_byte(0x41) };
    let ext = lab.deploy("comet_CometExt", &names.abi_encode());
    let part = |percent: u64| 10_000_000_000_000_000 * percent;
    let asset = AssetConfig {
        asset: gold,
        priceFeed: gold_feed,
        decimals: 18,
        borrowCollateralFactor: part(80),
        liquidateCollateralFactor: part(85),
        liquidationFactor: part(93),
        supplyCap: u128::MAX / 2,
    };
    let configuration = Configuration {
        governor,
        pauseGuardian: governor,
        baseToken: usdc,
        baseTokenPriceFeed: base_feed,
        extensionDelegate: ext,
        supplyKink: part(80),
        supplyPerYearInterestRateSlopeLow: part(3),
        supplyPerYearInterestRateSlopeHigh: part(40),
        supplyPerYearInterestRateBase: 0,
        borrowKink: part(80),
        borrowPerYearInterestRateSlopeLow: part(4),
        borrowPerYearInterestRateSlopeHigh: part(25),
        borrowPerYearInterestRateBase: part(1),
        storeFrontPriceFactor: part(50),
        trackingIndexScale: 1_000_000_000_000_000,
        baseTrackingSupplySpeed: 0,
        baseTrackingBorrowSpeed: 0,
        baseMinForRewards: alloy::primitives::aliases::U104::from(1_000_000_u64),
        baseBorrowMin: alloy::primitives::aliases::U104::from(100_000_000_u64),
        targetReserves: alloy::primitives::aliases::U104::from(1_000_000_000_u64),
        assetConfigs: vec![asset],
    };
    let comet = lab.deploy("comet_Comet", &configuration.abi_encode());
    lab.mine();
    lab.send(GOVERNOR, comet, &Market::initializeStorageCall {});
    // Reserves, from which lenders are paid what so few borrowers do not earn.
    lab.send(GOVERNOR, usdc, &Mintable::mintCall { to: comet, amount: units(1_000, 6) });
    lab.mine();
    let market = CometMarket { name: "Compound v3 USDC".to_owned(), comet, rewards: None };
    Comet { comet, usdc, gold, feed: gold_feed, registry: Registry::new(vec![Arc::new(market)]) }
}

impl Comet {
    fn supply(&self, lab: &mut Lab, who: usize, asset: Address, amount: U256) {
        lab.send(GOVERNOR, asset, &Mintable::mintCall { to: address(who), amount });
        lab.send(who, asset, &Mintable::approveCall { spender: self.comet, amount });
        lab.mine();
        lab.send(who, self.comet, &Market::supplyCall { asset, amount });
        lab.mine();
    }
}

fn only(reports: &[Report]) -> Option<&Position> {
    match &reports[0].found {
        Found::Positions(all) => all.first(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comet_loan_is_read_judged_and_left() {
    let mut lab = Lab::start(Artifacts::or_ours(&["comet_Comet", "aave_MintableERC20"])).await;
    let comet = deploy(&mut lab).await;
    comet.supply(&mut lab, LENDER, comet.usdc, units(1_000_000, 6));
    assert!(only(&lab.read(&comet.registry, USER).await).is_none());
    comet.supply(&mut lab, USER, comet.gold, units(7, 18));
    lab.send(USER, comet.comet, &Market::withdrawCall { asset: comet.usdc, amount: units(13_970, 6) });
    lab.mine();
    let mut random = fastrand::Rng::with_seed(8);
    let mut states = 0;
    for _ in 0..60 {
        // A price near the line, set on the chain by the feed's own function.
        let price = random.i64(2_000_0000_0000..2_700_0000_0000);
        let answer = alloy::primitives::I256::try_from(price).unwrap();
        let zero = U256::ZERO;
        let round = alloy::primitives::aliases::U80::ZERO;
        let set = Feed::setRoundDataCall {
            roundId: round,
            answer,
            startedAt: zero,
            updatedAt: zero,
            answeredInRound: round,
        };
        lab.send(GOVERNOR, comet.feed, &set);
        lab.mine();
        let state = lab.state().await;
        let reports = comet.registry.read(address(USER), &state).await.unwrap();
        let position = only(&reports).unwrap();
        let health = position.health.as_ref().unwrap();
        let account = address(USER);
        let liquidatable = view(&state, comet.comet, &Market::isLiquidatableCall { account }).await;
        assert_eq!(health.factor.unwrap() < WAD, liquidatable, "{:?} at {price}", health.factor_text());
        let stands = view(&state, comet.comet, &Market::isBorrowCollateralizedCall { account }).await;
        assert_eq!(loan(position).unwrap().may_stand(), stands);
        for row in &position.rows {
            let outcome = state.call(row.view.clone().unwrap()).await.unwrap();
            assert_eq!(U256::from_be_slice(&outcome.value().output), row.amount, "{row:?}");
        }
        states += 1;
    }
    assert_eq!(states, 60);
    moved_prices(&mut lab, &comet, &mut random).await;
    let mend = Feed::setRoundDataCall {
        roundId: Default::default(),
        answer: alloy::primitives::I256::try_from(3_412_24000000_i64).unwrap(),
        startedAt: U256::ZERO,
        updatedAt: U256::ZERO,
        answeredInRound: Default::default(),
    };
    lab.send(GOVERNOR, comet.feed, &mend);
    lab.mine();
    // Paused: said, and not offered.
    let pause =
        |on| Market::pauseCall { supply: false, transfer: false, withdraw: on, absorb: false, buy: false };
    lab.send(GOVERNOR, comet.comet, &pause(true));
    lab.mine();
    let reports = lab.read(&comet.registry, USER).await;
    let take =
        only(&reports).unwrap().actions.iter().find(|one| one.kind == "withdraw-collateral").unwrap().clone();
    assert!(take.intents().is_err() && take.blocked.is_some(), "{take:?}");
    lab.send(GOVERNOR, comet.comet, &pause(false));
    // Interest has grown beyond what was borrowed: a little more is needed.
    lab.send(GOVERNOR, comet.usdc, &Mintable::mintCall { to: address(USER), amount: units(50, 6) });
    lab.mine();
    refuses_changed_code(&mut lab, &comet.registry, "compound-v3").await;
    let state = lab.state().await;
    let floor = WAD * U256::from(105) / U256::from(100);
    let plan = plan_exit(&comet.registry, &state, address(USER), floor).await.unwrap();
    assert!(plan.shortfalls.is_empty(), "{:#?}", plan.shortfalls);
    assert!(
        plan.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Works { .. })),
        "{:#?}",
        plan.steps
    );
    assert!(plan.take_now.len() == 1 && plan.take_now[0].ends_at >= floor, "{:#?}", plan.take_now);
    leave(&mut lab, &comet.registry, &plan).await;
    let gold = lab.view(comet.gold, &Erc20::balanceOfCall { owner: address(USER) }).await;
    assert_eq!(gold, units(7, 18));
    // A lender leaves by the same market.
    let reports = lab.read(&comet.registry, LENDER).await;
    let position = only(&reports).unwrap();
    assert_eq!(position.rows[0].kind, RowKind::Supplied);
    lab.act(LENDER, position.actions[0].intents().unwrap()).await;
    assert!(only(&lab.read(&comet.registry, LENDER).await).is_none());
}

/// A thousand prices that the feed does not have: what the market would say of the loan, and the last unit it would let go.
async fn moved_prices(lab: &mut Lab, comet: &Comet, random: &mut fastrand::Rng) {
    // The market judges a withdrawal of collateral by the interest of its last accrual, ours by that of now.
    lab.send(USER, comet.comet, &Market::accrueAccountCall { account: address(USER) });
    lab.mine();
    let state = lab.state().await;
    let reports = comet.registry.read(address(USER), &state).await.unwrap();
    let position = only(&reports).unwrap();
    let now = loan(position).unwrap();
    let account = address(USER);
    for _ in 0..1_000 {
        let price = U256::from(random.u64(1_800_0000_0000..6_000_0000_0000));
        let moved = now.with_price(0, price);
        let ask = async |take: Option<U256>| {
            let view = Call::read(comet.comet, Market::isLiquidatableCall { account }.abi_encode());
            let amount = take.unwrap_or_default();
            let take = Market::withdrawCall { asset: comet.gold, amount }.abi_encode();
            let calls = vec![view, Call { from: account, ..Call::read(comet.comet, take) }];
            let slots = BTreeMap::from([(U256::from(1), price)]);
            let accounts =
                BTreeMap::from([(comet.feed, AccountOverride { slots, ..AccountOverride::default() })]);
            let batch = CallBatch::reads(state.evm_env().unwrap(), calls);
            let batch = batch.with_overrides(Overrides { accounts, ..Overrides::default() }).unwrap();
            let outcomes = state.run(batch).await.unwrap();
            let liquidatable = !U256::from_be_slice(&outcomes[0].value().output).is_zero();
            (liquidatable, outcomes[1].value().is_success())
        };
        let most = moved.most_withdrawable(0, WAD);
        let (liquidatable, works) = ask(Some(most)).await;
        assert_eq!(moved.health_factor().unwrap() < WAD, liquidatable, "at {price}");
        assert!(most.is_zero() || works, "{most} at {price}");
        let (_, more) = ask(Some(most + U256::from(1))).await;
        assert!(!more, "one more than {most} at {price}");
    }
}

/// A feed that answers 0 took the whole market with it: the debt and the way to pay it back were not shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_feed_that_refuses_hides_neither_the_debt_nor_the_way_to_pay_it() {
    let mut lab = Lab::start(Artifacts::or_ours(&["comet_Comet", "aave_MintableERC20"])).await;
    let comet = deploy(&mut lab).await;
    comet.supply(&mut lab, LENDER, comet.usdc, units(1_000_000, 6));
    comet.supply(&mut lab, USER, comet.gold, units(7, 18));
    lab.send(USER, comet.comet, &Market::withdrawCall { asset: comet.usdc, amount: units(13_970, 6) });
    lab.mine();
    let refuse = Feed::setRoundDataCall {
        roundId: Default::default(),
        answer: alloy::primitives::I256::ZERO,
        startedAt: U256::ZERO,
        updatedAt: U256::ZERO,
        answeredInRound: Default::default(),
    };
    lab.send(GOVERNOR, comet.feed, &refuse);
    lab.send(GOVERNOR, comet.usdc, &Mintable::mintCall { to: address(USER), amount: units(50, 6) });
    lab.mine();
    let reports = lab.read(&comet.registry, USER).await;
    let position = only(&reports).unwrap();
    assert!(position.health.is_none(), "{:?}", position.health);
    assert!(position.caveats.iter().any(|one| one.contains("no price for GOLD")), "{:?}", position.caveats);
    let worth = |kind| position.rows.iter().find(|row| row.kind == kind).unwrap().worth.is_some();
    assert!(worth(RowKind::Borrowed) && !worth(RowKind::Collateral), "{:?}", position.rows);
    let take = position.actions.iter().find(|one| one.kind == "withdraw-collateral").unwrap();
    assert!(take.note.as_ref().unwrap().contains("only once the debt is repaid"), "{take:?}");
    assert!(comet.registry.take_now(position, WAD).is_empty());
    let state = lab.state().await;
    let plan = plan_exit(&comet.registry, &state, address(USER), WAD).await.unwrap();
    leave(&mut lab, &comet.registry, &plan).await;
}
