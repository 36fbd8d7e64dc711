//! How old the prices are that a loan goes by: told where it is proven, and said where it cannot be.

use std::sync::Arc;

use alloy::primitives::{Address, B256, I256, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::protocols::liquity_v1::LiquityV1;
use lifeboat::protocols::{Health, PriceAge, Registry, Report, WAD};

use super::artifacts::Artifacts;
use super::exits::positions;
use super::lab::{GOVERNOR, LENDER, Lab, USER, units};
use super::refusals::{loan, real_oracle};
use super::stand_ins::stand_in;
use super::{aave_market, liquity, maker, morpho};

sol! {
    interface FeedIn { function set(int256 answer, uint256 told) external; }
    interface OracleIn { function bend(uint256 parts) external; }
    interface OsmIn {
        function poke() external;
        function step(uint16 ts) external;
        function kiss(address a) external;
    }
    interface ValueIn { function poke(bytes32 one) external; }
    interface SpotIn {
        function file(bytes32 ilk, bytes32 what, address pip) external;
        function poke(bytes32 ilk) external;
    }
    interface AggregatorIn {
        function setPrice(int256 price) external;
        function setPrevPrice(int256 price) external;
        function setUpdateTime(uint256 time) external;
        function setLatestRoundId(uint80 id) external;
        function setPrevRoundId(uint80 id) external;
    }
    interface FeedWire { function setAddresses(address aggregator, address tellor) external; }
}

async fn health(lab: &mut Lab, registry: &Registry) -> Health {
    let reports = lab.read(registry, USER).await;
    positions(&reports)[0].health.clone().unwrap()
}

fn is_old(age: &PriceAge, symbol: &str) -> bool {
    age.old.as_ref().is_some_and(|said| said.starts_with(&format!("The price of {symbol} ")))
}

fn is_unproven(age: &PriceAge, symbols: &str) -> bool {
    let wanted = format!("The age of these prices cannot be proven: {symbols}.");
    age.unproven.as_ref().is_some_and(|said| said.starts_with(&wanted))
}

async fn now(lab: &mut Lab) -> u64 {
    lab.state().await.block_ref().timestamp
}

#[tokio::test(flavor = "multi_thread")]
async fn morphos_own_oracle_tells_the_age_of_its_feeds() {
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let price = I256::try_from(3_412_24000000_u64).unwrap();
    let told = U256::from(now(&mut lab).await - 60);
    let feed = stand_in(&mut lab, "Feed", &(price, told).abi_encode_params());
    let oracle = stand_in(&mut lab, "MorphoOracle", &feed.abi_encode());
    let blue = morpho::deploy_over(&mut lab, oracle).await;
    blue.borrowed(&mut lab, (units(7, 18), units(1_000, 6))).await;
    let fresh = health(&mut lab, &blue.registry).await;
    assert_eq!(fresh.price_age, PriceAge::default());
    let told = told - U256::from(3 * 86_400);
    lab.send(GOVERNOR, feed, &FeedIn::setCall { answer: price, told });
    lab.mine();
    let reports = lab.read(&blue.registry, USER).await;
    let old = positions(&reports)[0];
    assert!(is_old(&old.health.as_ref().unwrap().price_age, "GOLD"), "{:?}", old.health);
    assert!(old.caveats[0].contains("is 3 d old"), "{:?}", old.caveats);
    assert!(blue.registry.take_now(old, WAD).is_empty(), "nothing is offered as safe by it");
    // An oracle of another kind says nothing of its age.
    let mut lab = Lab::start(Artifacts::with(&[]).unwrap()).await;
    let blue = morpho::deploy(&mut lab).await;
    blue.borrowed(&mut lab, (units(7, 18), units(1_000, 6))).await;
    let other = health(&mut lab, &blue.registry).await;
    assert!(is_unproven(&other.price_age, "GOLD") && other.price_age.old.is_none(), "{other:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_market_price_is_computed_again_from_the_feed_and_the_vault_that_its_oracle_names() {
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let told = U256::from(now(&mut lab).await - 60);
    let price = I256::try_from(3_412_24000000_u64).unwrap();
    let feed = stand_in(&mut lab, "Feed", &(price, told).abi_encode_params());
    let token = stand_in(&mut lab, "Token", &"GOLD".to_owned().abi_encode());
    let vault = stand_in(&mut lab, "RateVault", &token.abi_encode());
    let oracle = stand_in(&mut lab, "MorphoOracleV2", &(feed, vault).abi_encode_params());
    let blue = morpho::deploy_over(&mut lab, oracle).await;
    blue.borrowed(&mut lab, (units(7, 18), units(1_000, 6))).await;
    let caveats = |reports: &[Report]| positions(reports)[0].caveats.clone();
    assert_eq!(
        caveats(&lab.read(&blue.registry, USER).await),
        Vec::<String>::new(),
        "the same to the last digit"
    );
    lab.send(GOVERNOR, oracle, &OracleIn::bendCall { parts: U256::from(50) });
    lab.mine();
    let said = caveats(&lab.read(&blue.registry, USER).await);
    let [said] = said.as_slice() else { panic!("{said:?}") };
    // 3412.24 dollars and a tenth, and a twentieth on top of it.
    assert!(said.contains("oracle says 3941.1372 USDC for 1 GOLD"), "{said}");
    assert!(said.contains("computed from the feeds that it names it is 3753.464 USDC now"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_capped_price_is_its_feed_and_one_that_names_none_is_said_to_be_of_no_known_age() {
    let Some(artifacts) = Artifacts::with(&["aave_Pool", "aave_AaveOracle"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = loan(&mut lab).await;
    let registry = Registry::new(vec![Arc::new(market.deployment.clone())]);
    let at = now(&mut lab).await;
    let answer = |price: u64| I256::try_from(price).unwrap();
    for (age, is_now_old) in [(3_600, false), (3 * 86_400, true)] {
        let told = U256::from(at - age);
        let arguments = (answer(aave_market::WETH_PRICE), told).abi_encode_params();
        let feed = stand_in(&mut lab, "Feed", &arguments);
        let capped = stand_in(&mut lab, "CappedFeed", &feed.abi_encode());
        let mute = stand_in(&mut lab, "MuteFeed", &answer(aave_market::USDC_PRICE).abi_encode());
        real_oracle(&mut lab, &market, [capped, mute, capped]).await;
        let age = health(&mut lab, &registry).await.price_age;
        assert_eq!(is_old(&age, "WETH"), is_now_old, "{age:?}");
        assert!(is_unproven(&age, "USDC"), "{age:?}");
    }
}

/// A delayed price over a source that says 3000, passed on twice.
async fn passed_on(lab: &mut Lab, spot: Address, hops: [u16; 3]) -> Address {
    let source = lab.deploy("maker_DSValue", &[]);
    let osm = lab.deploy("maker_OSM", &source.abi_encode());
    lab.send(GOVERNOR, source, &ValueIn::pokeCall { one: B256::from(units(3_000, 18)) });
    lab.mine();
    let [first, second, last] = hops;
    for ts in [first, second] {
        lab.send(GOVERNOR, osm, &OsmIn::stepCall { ts });
        lab.send(GOVERNOR, osm, &OsmIn::pokeCall {});
        lab.mine();
        lab.bench.advance(2);
    }
    lab.send(GOVERNOR, osm, &OsmIn::stepCall { ts: last });
    lab.send(GOVERNOR, osm, &OsmIn::kissCall { a: spot });
    lab.mine();
    osm
}

#[tokio::test(flavor = "multi_thread")]
async fn makers_price_is_as_old_as_when_it_was_passed_on_where_it_is_that_one() {
    let wanted = ["maker_Vat", "maker_DssCdpManager", "maker_OSM", "maker_DSValue", "WETH9"];
    let Some(artifacts) = Artifacts::with(&wanted) else { return };
    let mut lab = Lab::start(artifacts).await;
    let all = maker::deploy(&mut lab).await;
    all.open(&mut lab, USER, 1, (units(10, 18), units(9_000, 18))).await;
    let (registry, spot, ilk) = (all.registry(), all.contracts.spot, all.ilk);
    let age = health(&mut lab, &registry).await.price_age;
    assert!(is_unproven(&age, "WETH"), "the price has no source: {age:?}");
    // 3000 by 150 % is the 2000 that the core was given.
    let fresh = passed_on(&mut lab, spot, [12, 12, 12]).await;
    // First it is held to hours of 60000 seconds, then of 45600, then it says that it is later still: that is old.
    let old = passed_on(&mut lab, spot, [60_000, 45_600, 65_535]).await;
    for (pip, is_now_old) in [(fresh, false), (old, true)] {
        lab.send(GOVERNOR, spot, &SpotIn::fileCall { ilk, what: maker::name("pip"), pip });
        lab.send(GOVERNOR, spot, &SpotIn::pokeCall { ilk });
        lab.mine();
        let age = health(&mut lab, &registry).await.price_age;
        assert!(is_old(&age, "WETH") == is_now_old && age.unproven.is_none(), "{age:?}");
    }
    // The core has another price than the one passed on.
    let (what, data) = (maker::name("spot"), maker::ray() * U256::from(1_900));
    lab.send(GOVERNOR, all.contracts.vat, &maker::FileIlk::fileCall { ilk, what, data });
    lab.mine();
    let age = health(&mut lab, &registry).await.price_age;
    assert!(is_unproven(&age, "WETH") && age.old.is_none(), "{age:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn liquitys_price_is_as_old_as_its_feed_where_it_is_that_ones() {
    let wanted = ["liquity_TroveManager", "liquity_LQTYToken", "liquity_PriceFeed", "liquity_MockAggregator"];
    let Some(artifacts) = Artifacts::with(&wanted) else { return };
    let mut lab = Lab::start(artifacts).await;
    let all = liquity::deploy(&mut lab).await;
    liquity::open(&mut lab, &all, LENDER, (units(80, 18), units(40_000, 18)));
    liquity::open(&mut lab, &all, USER, (units(10, 18), units(9_000, 18)));
    let price_feed = lab.deploy("liquity_PriceFeed", &[]);
    let aggregator = lab.deploy("liquity_MockAggregator", &[]);
    let tellor = lab.deploy("liquity_MockTellor", &[]);
    let caller = lab.deploy("liquity_TellorCaller", &tellor.abi_encode());
    lab.mine();
    let at = now(&mut lab).await;
    let price = |dollars: u64| I256::try_from(dollars * 100_000_000).unwrap();
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setLatestRoundIdCall { id: 3_u8.try_into().unwrap() });
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setPrevRoundIdCall { id: 2_u8.try_into().unwrap() });
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setPriceCall { price: price(2_000) });
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setPrevPriceCall { price: price(2_000) });
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setUpdateTimeCall { time: U256::from(at - 60) });
    lab.mine();
    lab.send(GOVERNOR, price_feed, &FeedWire::setAddressesCall { aggregator, tellor: caller });
    lab.mine();
    let by_hand = Registry::new(vec![Arc::new(all)]);
    let age = health(&mut lab, &by_hand).await.price_age;
    assert!(is_unproven(&age, "ETH"), "a price that names no feed: {age:?}");
    let registry = Registry::new(vec![Arc::new(LiquityV1 { price_feed, ..all })]);
    assert_eq!(health(&mut lab, &registry).await.price_age, PriceAge::default());
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setUpdateTimeCall { time: U256::from(at - 2 * 86_400) });
    lab.mine();
    let age = health(&mut lab, &registry).await.price_age;
    assert!(is_old(&age, "ETH"), "the last good price is the same as the late one: {age:?}");
    // The feed that is late says something else than the price in use.
    lab.send(GOVERNOR, aggregator, &AggregatorIn::setPriceCall { price: price(1_900) });
    lab.mine();
    let age = health(&mut lab, &registry).await.price_age;
    assert!(is_unproven(&age, "ETH") && age.old.is_none(), "{age:?}");
}
