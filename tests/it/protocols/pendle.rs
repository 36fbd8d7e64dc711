//! Pendle's own tokens and router: a principal token waits, expires and is redeemed. The wrapper is a stand-in.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::pendle::Principal;
use lifeboat::protocols::{Registry, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::exits::{action, all_work, carry_out, positions};
use super::lab::{GOVERNOR, Lab, USER, address, units};
use super::stand_ins::stand_in;

sol! {
    struct SelectorsToFacet { address facet; bytes4[] selectors; }
    struct Swap { uint8 swapType; address extRouter; bytes extCalldata; bool needScale; }
    struct Output { address tokenOut; uint256 minTokenOut; address tokenRedeemSy; address pendleSwap; Swap swapData; }
    interface RouterIn {
        function setSelectorToFacets(SelectorsToFacet[] all) external;
        function redeemPyToToken(address receiver, address YT, uint256 netPyIn, Output output) external returns (uint256, uint256);
    }
    interface PtIn { function initialize(address yt) external; }
    interface YtIn { function mintPY(address pt, address yt) external returns (uint256); }
    interface WrapperIn { function setRate(uint256 rate) external; }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_principal_token_is_redeemed_once_it_has_expired() {
    let Some(artifacts) = Artifacts::with(&["pendle_PendleYieldToken", "pendle_PendleRouterV4"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let expiry = U256::from(lab.state().await.block_ref().timestamp + 1_200);
    let inner = stand_in(&mut lab, "Token", &"sUSDe".to_owned().abi_encode());
    let wrapper = stand_in(&mut lab, "Wrapper", &inner.abi_encode());
    let (name, decimals) = ("PT sUSDe".to_owned(), U256::from(18));
    let arguments = (wrapper, name.clone(), name.clone(), decimals, expiry).abi_encode_params();
    let pt = lab.deploy("pendle_PendlePrincipalToken", &arguments);
    let arguments = (wrapper, pt, name.clone(), name, decimals, expiry, false).abi_encode_params();
    let yt = lab.deploy("pendle_PendleYieldToken", &arguments);
    let storage = lab.deploy("pendle_ActionStorageV4", &[]);
    let router = lab.deploy("pendle_PendleRouterV4", &(address(GOVERNOR), storage).abi_encode_params());
    let facet = lab.deploy("pendle_ActionMiscV3", &[]);
    lab.mine();
    let user = address(USER);
    lab.send(GOVERNOR, pt, &PtIn::initializeCall { yt });
    lab.send(GOVERNOR, wrapper, &Mintable::mintCall { to: yt, amount: units(1_000, 18) });
    lab.send(GOVERNOR, inner, &Mintable::mintCall { to: wrapper, amount: units(1_500, 18) });
    lab.send(GOVERNOR, yt, &YtIn::mintPYCall { pt: user, yt: user });
    lab.mine();
    let principal = Principal { name: "PT-sUSDe".to_owned(), pt, router };
    let registry = Registry::new(vec![Arc::new(principal)]);
    let reports = lab.read(&registry, USER).await;
    let early = positions(&reports)[0];
    assert_eq!(early.rows[0].amount, units(1_000, 18));
    assert!(early.rows[0].note.as_ref().unwrap().contains("expires in 1 days"), "{:?}", early.rows);
    assert!(action(early, "redeem").blocked.as_ref().unwrap().contains("not expired"));
    lab.bench.advance(110);
    lab.send(GOVERNOR, wrapper, &WrapperIn::setRateCall { rate: units(125, 16) });
    lab.mine();
    // The router does not know the function yet: that is said, and nothing is offered.
    let reports = lab.read(&registry, USER).await;
    let guarded = action(positions(&reports)[0], "redeem");
    assert!(guarded.blocked.as_ref().unwrap().contains("was changed"), "{guarded:?}");
    let selectors = vec![RouterIn::redeemPyToTokenCall::SELECTOR.into()];
    let set = RouterIn::setSelectorToFacetsCall { all: vec![SelectorsToFacet { facet, selectors }] };
    lab.send(GOVERNOR, router, &set);
    lab.mine();
    let state = lab.state().await;
    let reports = registry.read(user, &state).await.unwrap();
    let found = positions(&reports)[0];
    // One of principal is one of the asset: 1000 / 1.25 shares, each worth 1.25 of the token.
    let worth = found.rows[0].worth.as_ref().unwrap();
    assert_eq!((worth.amount, worth.unit.as_str()), (units(1_000, 18), "sUSDe"));
    let plan = plan_exit(&registry, &state, user, WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 2, "approve, redeem: {:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
    let got = lab.view(inner, &Erc20::balanceOfCall { owner: user }).await;
    assert_eq!(got, units(1_000, 18));
    assert_ne!(router, Address::ZERO);
}
