//! Prices: feeds fresh, stale and broken, rates, vaults, and pools as a second opinion.

use alloy::primitives::{Address, I256, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::chain::StateAt;
use lifeboat::devnet::execution::{PRACTICE_DOLLAR, PRACTICE_GOLD};
use lifeboat::protocols::prices::{Feed, Leg, ONE, Price, PriceBook, PricedAsset, Rate, prices};

use crate::support::deploy::Deployer;
use crate::support::practice::{Bench, NOW_MS, options};

sol! {
    interface Factory {
        function set(address a, address b, uint24 fee, address pool) external;
    }
}

/// The chain's time when the network starts.
const NOW: u64 = NOW_MS / 1_000;

struct Placed {
    feeds: Vec<Feed>,
    wrapped: Address,
    vault: Address,
    factory: Address,
}

/// ETH/USD at 3,000, PUSD/USD at 1, PGLD/ETH at 0.5; `OLD/USD` stale, `BAD/USD` below 0, `NEW/USD` from the future.
fn place(deployer: &mut Deployer<'_>) -> Placed {
    let mut feed = |pair: &str, token, decimals: u8, answer: i64, updated_at: u64| {
        let arguments = (U256::from(decimals), I256::try_from(answer).unwrap(), U256::from(updated_at));
        let address = deployer.create("Feed", &arguments.abi_encode_params());
        Feed { pair: pair.to_owned(), address, token, heartbeat: Some(3_600) }
    };
    let feeds = vec![
        feed("ETH/USD", None, 8, 300_000_000_000, NOW - 60),
        feed("PUSD/USD", Some(PRACTICE_DOLLAR), 8, 100_000_000, NOW - 60),
        feed("PGLD/ETH", Some(PRACTICE_GOLD), 18, 500_000_000_000_000_000, NOW - 60),
        feed("OLD/USD", None, 8, 100, NOW - 5_000),
        feed("BAD/USD", None, 8, -1, NOW - 60),
        feed("NEW/USD", None, 8, 100, NOW + 1_000_000),
    ];
    let wrapped = deployer.create("Wrapped", &(ONE * U256::from(12) / U256::from(10)).abi_encode());
    let vault = deployer.create("Vault", &PRACTICE_DOLLAR.abi_encode());
    let factory = deployer.create("PoolFactory", &[]);
    // Gold in dollars: 1.0001^73136 is about 1,500 one way, its inverse the other.
    let tick = if PRACTICE_GOLD < PRACTICE_DOLLAR { 73_136_i32 } else { -73_136 };
    for (fee, liquidity, tick) in
        [(500_u16, 10_u128.pow(20), tick), (3_000, 10_u128.pow(18), tick * 2), (10_000, 7, tick)]
    {
        let pool = deployer.create("Pool", &(tick, liquidity).abi_encode_params());
        let fee = alloy::primitives::aliases::U24::from(fee);
        deployer.send(factory, &Factory::setCall { a: PRACTICE_GOLD, b: PRACTICE_DOLLAR, fee, pool });
    }
    Placed { feeds, wrapped, vault, factory }
}

async fn stage() -> (Bench, StateAt, PriceBook, Placed) {
    let bench = Bench::start(&options()).await;
    let placed = place(&mut Deployer::new(&bench.network));
    bench.advance(8);
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let book = PriceBook {
        feeds: placed.feeds.clone(),
        rates: vec![Rate { token: placed.wrapped, function: "stEthPerToken()", of: PricedAsset::Ether }],
        weth: None,
        dollar: Some(PRACTICE_DOLLAR),
        pools: Some(placed.factory),
    };
    (bench, reader.state_at(heads.optimistic), book, placed)
}

fn usd(number: u64) -> U256 {
    ONE * U256::from(number)
}

fn best(price: &Price) -> U256 {
    price.best().unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_rates_and_vaults_lead_to_dollars() {
    let (_bench, state, book, placed) = stage().await;
    let assets = [
        PricedAsset::Ether,
        PricedAsset::Token(PRACTICE_GOLD),
        PricedAsset::Token(placed.wrapped),
        PricedAsset::Token(placed.vault),
        PricedAsset::Token(Address::repeat_byte(9)),
    ];
    let found = prices(&state, 1_337, &book, &assets, false).await.unwrap();
    assert_eq!(best(&found[0]), usd(3_000));
    assert_eq!(best(&found[1]), usd(1_500), "half of it");
    assert_eq!(best(&found[2]), usd(3_600), "1.2 of it");
    assert_eq!(best(&found[3]), usd(1), "an empty vault is worth what is put in");
    assert!(found[4].sources.is_empty() && found[4].best().is_none());
    let (way, _) = found[1].best().unwrap();
    let pairs: Vec<&str> = way
        .legs
        .iter()
        .map(|leg| if let Leg::Feed { pair, .. } = leg { pair.as_str() } else { "?" })
        .collect();
    assert_eq!(pairs, ["PGLD/ETH", "ETH/USD"]);
    let at = state.block_ref();
    assert_eq!((way.age_secs(), way.is_stale()), (Some(at.timestamp - (NOW - 60)), false));
    assert!(found.iter().all(|one| one.at == at));
    assert!(matches!(found[3].best().unwrap().0.legs[0], Leg::Vault { asset: PRACTICE_DOLLAR, .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_no_price_is_none() {
    let (_bench, state, book, _) = stage().await;
    let named = ["OLD", "BAD", "NEW"].map(|name| PricedAsset::Named(name.to_owned()));
    let found = prices(&state, 1_337, &book, &named, true).await.unwrap();
    let (stale, worth) = found[0].best().unwrap();
    assert!(stale.is_stale() && worth == ONE / U256::from(1_000_000), "{stale:?}");
    for (at, words) in [(1, "no price"), (2, "after this block")] {
        assert!(found[at].best().is_none());
        let why = found[at].sources[0].usd.as_ref().unwrap_err();
        assert!(why.contains(words), "{why}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deepest_pool_gives_a_second_opinion() {
    let (_bench, state, mut book, _) = stage().await;
    let gold = [PricedAsset::Token(PRACTICE_GOLD)];
    let found = prices(&state, 1_337, &book, &gold, true).await.unwrap();
    assert_eq!(found[0].sources.len(), 2, "{found:?}");
    let pool = &found[0].sources[1];
    assert!(pool.is_from_pool() && !found[0].best().unwrap().0.is_from_pool());
    let Leg::Pool { fee, mean, .. } = &pool.legs[0] else { panic!("{pool:?}") };
    assert_eq!((*fee, mean.window_secs), (500, 1_800), "the shallower one is left out");
    assert!(mean.liquidity > 9 * 10_u128.pow(19) && mean.liquidity < 11 * 10_u128.pow(19), "{mean:?}");
    let near = |found: U256, expected: u64| {
        let (low, high) = (
            usd(expected) * U256::from(99) / U256::from(100),
            usd(expected) * U256::from(101) / U256::from(100),
        );
        assert!(found > low && found < high, "{found}");
    };
    near(*pool.usd.as_ref().unwrap(), 1_500);
    // Without any feed of its own the pool is asked although nobody wants a second opinion.
    book.feeds.retain(|feed| feed.token != Some(PRACTICE_GOLD));
    let only = prices(&state, 1_337, &book, &gold, false).await.unwrap();
    near(best(&only[0]), 1_500);
    assert!(only[0].best().unwrap().0.is_from_pool());
    // A dollar that has no feed either: there is no way to the dollar.
    book.feeds.clear();
    assert!(prices(&state, 1_337, &book, &gold, true).await.unwrap()[0].sources.is_empty());
}
