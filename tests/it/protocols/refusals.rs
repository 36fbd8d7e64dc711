//! What is not offered as safe, and the words for it: a price that is old, an oracle that refuses, code that was exchanged.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::weth::Weth;
use lifeboat::protocols::{Danger, Found, Registry, WAD};

use super::aave_market::{Ether, Market, Mintable, Provider, USDC_PRICE, WBTC_PRICE, WETH_PRICE, deploy};
use super::artifacts::Artifacts;
use super::exits::{action, leave, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};
use super::morpho;

sol! {
    interface PoolView {
        function ADDRESSES_PROVIDER() external view returns (address);
    }
}

/// Creation code of a contract whose code is `runtime`.
fn creation(runtime: &[u8]) -> Vec<u8> {
    let length = u8::try_from(runtime.len()).unwrap();
    // CODECOPY of what follows these 11 bytes, and RETURN of it.
    let head = [0x60, length, 0x80, 0x60, 0x0b, 0x5f, 0x39, 0x5f, 0xf3, 0x00, 0x00];
    [head.as_slice(), runtime].concat()
}

/// A feed that answers every question with (price, price, time, time, price): so it reads as `latestAnswer()` and as
/// `latestRoundData()`.
fn feed(lab: &mut Lab, price: u64, told: u64) -> Address {
    let mut code = Vec::new();
    for (word, at) in [(price, 0), (price, 32), (told, 64), (told, 96), (price, 128)] {
        code.push(0x67);
        code.extend(word.to_be_bytes());
        code.extend([0x60, at, 0x52]); // MSTORE
    }
    code.extend([0x60, 160, 0x5f, 0xf3]); // RETURN
    lab.create("a feed", creation(&code))
}

/// Feeds of which that of WETH was told so many seconds ago.
async fn feeds(lab: &mut Lab, age_secs: u64) -> [Address; 3] {
    let now = lab.state().await.block_ref().timestamp;
    [feed(lab, WETH_PRICE, now - age_secs), feed(lab, USDC_PRICE, now - 60), feed(lab, WBTC_PRICE, now - 60)]
}

/// Puts Aave's own oracle over feeds of WETH, USDC and WBTC into the market.
pub(super) async fn real_oracle(lab: &mut Lab, market: &Market, feeds: [Address; 3]) {
    let provider = lab.view(market.deployment.pool, &PoolView::ADDRESSES_PROVIDERCall {}).await;
    let assets = vec![market.weth, market.usdc, market.wbtc];
    let unit = U256::from(100_000_000);
    let arguments =
        (provider, assets, feeds.to_vec(), Address::ZERO, Address::ZERO, unit).abi_encode_params();
    let oracle = lab.deploy("aave_AaveOracle", &arguments);
    lab.send(GOVERNOR, provider, &Provider::setPriceOracleCall { oracle });
    lab.mine();
}

pub(super) async fn loan(lab: &mut Lab) -> Market {
    let market = deploy(lab).await;
    market.supply(lab, LENDER, market.usdc, units(1_000_000, 6));
    market.supply(lab, USER, market.weth, units(10, 18));
    market.borrow(lab, USER, market.usdc, units(10_000, 6));
    market
}

#[tokio::test(flavor = "multi_thread")]
async fn by_an_old_price_nothing_is_offered_as_safe_and_the_way_out_stays_open() {
    let Some(artifacts) = Artifacts::with(&["aave_Pool", "aave_AaveOracle"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = loan(&mut lab).await;
    let registry = Registry::new(vec![Arc::new(market.deployment.clone())]);
    let floor = WAD * U256::from(105) / U256::from(100);
    let told = feeds(&mut lab, 3_600).await;
    real_oracle(&mut lab, &market, told).await;
    let state = lab.state().await;
    let fresh = registry.read(address(USER), &state).await.unwrap();
    let fresh = positions(&fresh)[0].clone();
    assert_eq!(fresh.health.as_ref().unwrap().price_age.old, None, "an hour is no fault");
    assert!(!registry.take_now(&fresh, floor).is_empty());

    let told = feeds(&mut lab, 3 * 86_400).await;
    real_oracle(&mut lab, &market, told).await;
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let old = positions(&reports)[0];
    assert!(old.health.as_ref().unwrap().factor.unwrap() > WAD, "it is still told");
    assert!(
        old.caveats[0].starts_with("The price of WETH that this market goes by is 3 d old"),
        "{:?}",
        old.caveats
    );
    assert!(registry.take_now(old, floor).is_empty());
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    assert!(plan.take_now.is_empty(), "{:#?}", plan.take_now);
    // What needs no price is offered: everything is paid back and taken out.
    market.fund(&mut lab, USER, market.usdc, units(100, 6));
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    leave(&mut lab, &registry, &plan).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_was_exchanged_behind_a_proxy_is_said_beside_the_others_and_nothing_is_offered() {
    let Some(artifacts) = Artifacts::with(&["aave_Pool"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = loan(&mut lab).await;
    let provider = lab.view(market.deployment.pool, &PoolView::ADDRESSES_PROVIDERCall {}).await;
    // Wrapped ether takes every call: the proxy says that it was upgraded, and no question is answered any more.
    lab.send(GOVERNOR, provider, &Provider::setPoolImplCall { implementation: market.weth });
    lab.pay(USER, market.weth, &Ether::depositCall {}, units(2, 18));
    lab.mine();
    let weth = Weth { token: market.weth, code_hash: None };
    let registry = Registry::new(vec![Arc::new(market.deployment.clone()), Arc::new(weth)]);
    let reports = lab.read(&registry, USER).await;
    let Found::Failed(error) = &reports[0].found else { panic!("{:#?}", reports[0]) };
    let reason = lifeboat::app::Reason::from(&**error);
    assert!(reason.means.contains("it was changed, or is another one"), "{reason}");
    assert!(matches!(&reports[1].found, Found::Positions(held) if held.len() == 1), "{:#?}", reports[1]);
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    let of_aave = plan.steps.iter().filter(|step| step.market.contains("Aave")).count();
    assert_eq!((of_aave, plan.steps.len()), (0, 1), "only what can be read is left: {:#?}", plan.steps);
}

/// An oracle whose price anybody sets with 36 bytes of calldata; at a price of 0 it reverts, as one does that has none.
const SETTABLE: [u8; 30] = [
    0x36, 0x60, 0x24, 0x14, 0x60, 0x17, 0x57, // CALLDATASIZE == 36: go on at 0x17
    0x5f, 0x54, 0x80, 0x60, 0x10, 0x57, 0x5f, 0x5f, 0xfd, // SLOAD; not 0: go on at 0x10; REVERT
    0x5b, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3, // 0x10: MSTORE, RETURN
    0x5b, 0x60, 0x04, 0x35, 0x5f, 0x55, 0x00, // 0x17: SSTORE
];

#[tokio::test(flavor = "multi_thread")]
async fn without_a_price_there_is_no_factor_and_the_way_out_pays_first() {
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let oracle = lab.create("an oracle", creation(&SETTABLE));
    lab.send(GOVERNOR, oracle, &morpho::OracleMock::setPriceCall { price: morpho::price() });
    let blue = morpho::deploy_over(&mut lab, oracle).await;
    blue.borrowed(&mut lab, (units(7, 18), units(1_000, 6))).await;
    let reports = lab.read(&blue.registry, USER).await;
    assert!(positions(&reports)[0].health.as_ref().unwrap().factor.unwrap() > WAD);
    lab.send(GOVERNOR, oracle, &morpho::OracleMock::setPriceCall { price: U256::ZERO });
    lab.send(GOVERNOR, blue.usdc, &Mintable::mintCall { to: address(USER), amount: units(10, 6) });
    lab.mine();
    let reports = lab.read(&blue.registry, USER).await;
    let position = positions(&reports)[0];
    assert_eq!(position.danger(), Danger::Unknown, "a debt that cannot be weighed is not said to be none");
    assert!(position.health.is_none(), "no price is no factor of 0: {:?}", position.health);
    assert!(position.caveats.iter().any(|one| one == "The market's oracle gives no price now."));
    let note = action(position, "withdraw-collateral").note.clone().unwrap();
    assert!(note.contains("comes out only once the debt is repaid"), "{note}");
    let state = lab.state().await;
    let plan = plan_exit(&blue.registry, &state, address(USER), WAD).await.unwrap();
    assert!(plan.take_now.is_empty(), "{:#?}", plan.take_now);
    leave(&mut lab, &blue.registry, &plan).await;
}
