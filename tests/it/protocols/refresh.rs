//! What a daily refresh costs: 5 accounts, 30 tokens, 6 protocols, from endpoints 100 ms away. Prints its figures:
//! `LIFEBOAT_ARTIFACTS=FOLDER cargo test --test it refresh -- --nocapture`.

use std::sync::Arc;
use std::time::Instant;

use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::chain::{Reader, StateAt};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::http::Fault;
use lifeboat::execution::Call;
use lifeboat::protocols::weth::Weth;
use lifeboat::protocols::{Found, Protocol, Registry};
use lifeboat::sources::HttpPool;

use super::artifacts::Artifacts;
use super::exchange::{NEEDED, deploy as deploy_exchange};
use super::lab::{LENDER, Lab, USER, address, units};
use super::{aave_market, morpho};
use crate::support::practice::{edges, endpoints, patient_pool};

const ROUND_MS: u64 = 100;
const REQUESTS_A_SECOND: f64 = 5.0;

/// Everything a day's look at five accounts asks; `true` where all of it was read.
async fn refresh(state: &StateAt, registry: &Registry, tokens: &[alloy::primitives::Address]) -> bool {
    let owners: Vec<_> = (0..5).map(address).collect();
    let positions = registry.read_many(&owners, state);
    let balance = |token, owner| Call::read(token, Erc20::balanceOfCall { owner }.abi_encode());
    let calls = owners.iter().flat_map(|owner| tokens.iter().map(|token| balance(*token, *owner))).collect();
    let (positions, balances) = futures::future::join(positions, state.calls(calls)).await;
    let read = positions.unwrap().into_iter().flatten();
    let all = read.filter(|report| matches!(report.found, Found::Positions(_))).count();
    all == 5 * registry.protocols().len() && balances.unwrap().len() == 150
}

/// Runs `work`, prints what it cost and gives back its requests.
async fn cost(what: &str, pool: &HttpPool, work: impl Future<Output = bool>) -> u64 {
    let (before, started) = (pool.traffic(), Instant::now());
    assert!(work.await, "{what}: something was not read");
    let (took, after) = (started.elapsed().as_secs_f64(), pool.traffic());
    let requests = after.requests - before.requests;
    println!(
        "{what:<24} at most {:>4.1} rounds of {ROUND_MS} ms, {requests:>3} requests, {:>7} bytes down, {:>6} up: {:.1} s at 5 requests a second",
        took * 1_000.0 / ROUND_MS as f64,
        after.bytes_down - before.bytes_down,
        after.bytes_up - before.bytes_up,
        took.max(requests as f64 / REQUESTS_A_SECOND),
    );
    requests
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_refresh_of_five_accounts_stays_within_its_requests() {
    let names = [&NEEDED[..], &["morpho_Morpho", "oz_ERC4626"]].concat();
    let Some(artifacts) = Artifacts::with(&names) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = aave_market::deploy(&mut lab).await;
    let exchange = deploy_exchange(&mut lab, market.weth, vec![market.weth, market.usdc, market.wbtc]);
    let blue = morpho::deploy(&mut lab).await;
    exchange.pair(&mut lab, &market, [(market.weth, units(3, 18)), (market.usdc, units(10_000, 6))]);
    market.supply(&mut lab, LENDER, market.usdc, units(100_000, 6));
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.borrow(&mut lab, USER, market.usdc, units(9_000, 6));
    let mintable = ("T", "T", alloy::primitives::U256::from(18)).abi_encode_params();
    let tokens: Vec<_> = (0..30).map(|_| lab.deploy("aave_MintableERC20", &mintable)).collect();
    lab.mine();
    let mut all: Vec<Arc<dyn Protocol>> = vec![
        Arc::new(Weth { token: market.weth, code_hash: None }),
        Arc::new(market.deployment.clone()),
        Arc::new(exchange.v2.clone()),
        Arc::new(exchange.v3.clone()),
    ];
    all.extend(blue.registry.protocols().iter().cloned());
    let registry = Registry::new(all);
    assert_eq!(registry.protocols().len(), 6);
    let pool = patient_pool(&lab.bench.edges.spec, endpoints(&lab.bench.network));
    let reader = Reader::new(edges(lab.bench.edges.spec.clone(), &pool, &lab.bench.clock));
    let far = Fault::Slow { millis: ROUND_MS };
    let state = reader.state_at(Arc::clone(lab.state().await.header()));
    let slow = |lab: &Lab, fault: &Fault<_>| {
        lab.bench.network.execution_endpoints().iter().for_each(|one| one.faults().set(*fault));
    };
    slow(&lab, &far);
    let cold = cost("nothing known", &pool, refresh(&state, &registry, &tokens)).await;
    slow(&lab, &Fault::Healthy);
    lab.bench.advance(1);
    let state = reader.state_at(Arc::clone(lab.state().await.header()));
    slow(&lab, &far);
    let same = cost("next block, unchanged", &pool, refresh(&state, &registry, &tokens)).await;
    assert!(cold <= 75, "15 s at 5 requests a second: {cold} requests");
    assert!(same <= 15, "3 s at 5 requests a second: {same} requests");
}
