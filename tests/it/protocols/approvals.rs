//! Allowances of real tokens, inside the real Permit2, and of a collection; each taken back.

use alloy::primitives::aliases::{U48, U160};
use alloy::primitives::{Address, U256};
use alloy::sol;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_DOLLAR, PRACTICE_GOLD};
use lifeboat::protocols::approvals::{ApprovalKind, ApprovalsQuestion, approvals};

use super::artifacts::Artifacts;
use super::lab::{LENDER, Lab, USER, address, units};
use crate::support::exit_journey::Journey;

sol! {
    interface Permit2 {
        function approve(address token, address spender, uint160 amount, uint48 expiration) external;
    }
    interface Collection {
        function setApprovalForAll(address operator, bool approved) external;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_right_is_found_measured_and_taken_back() {
    let Some(artifacts) = Artifacts::with(&["permit2_Permit2", "univ3_NFPM", "WETH9"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let permit2 = lab.deploy("permit2_Permit2", &[]);
    let weth = lab.deploy("WETH9", &[]);
    let arguments = [weth, weth, weth].map(|one| one.into_word().0).concat();
    let collection = lab.deploy("univ3_NFPM", &arguments);
    lab.mine();
    let (router, person) = (weth, address(LENDER));
    let allow = |spender, value| Erc20::approveCall { spender, value };
    lab.send(USER, PRACTICE_DOLLAR, &allow(permit2, U256::MAX));
    lab.send(USER, PRACTICE_DOLLAR, &allow(person, units(250, 18)));
    lab.send(USER, PRACTICE_GOLD, &allow(router, units(999, 18)));
    let far = U48::from(4_000_000_000_u64);
    let inner = |token, amount: U256, until| Permit2::approveCall {
        token,
        spender: router,
        amount: U160::from(amount),
        expiration: until,
    };
    lab.send(USER, permit2, &inner(PRACTICE_DOLLAR, units(40, 18), far));
    lab.send(USER, permit2, &inner(PRACTICE_GOLD, units(1, 18), U48::from(1)));
    lab.send(USER, collection, &Collection::setApprovalForAllCall { operator: router, approved: true });
    lab.mine();
    let nothing = Address::repeat_byte(0x44);
    let question = ApprovalsQuestion {
        held: vec![PRACTICE_DOLLAR, nothing],
        tokens: vec![PRACTICE_GOLD],
        spenders: vec![router, person, permit2, nothing],
        collections: vec![collection],
        permit2: Some(permit2),
    };
    let state = lab.state().await;
    let all = approvals(&state, address(USER), &question).await.unwrap();
    assert!(all.unread.is_empty(), "{:?}", all.unread);
    // The four that were named, and the practice network's bundled one.
    assert_eq!(all.checked, 2 * 5 + 5);
    assert!(all.coverage().ends_with("Others may exist."));
    let find = |token, spender, kind: fn(ApprovalKind) -> bool| {
        let hit = all
            .found
            .iter()
            .find(|one| one.asset.address == token && one.spender == spender && kind(one.kind));
        hit.unwrap_or_else(|| panic!("{token} {spender}: {:#?}", all.found)).clone()
    };
    let plain = |kind| kind == ApprovalKind::Token;
    let whole = find(PRACTICE_DOLLAR, permit2, plain);
    assert_eq!((whole.at_risk, whole.may_take().as_str()), (units(1_000, 18), "Unlimited"));
    let part = find(PRACTICE_DOLLAR, person, plain);
    assert_eq!((part.at_risk, part.to_wallet), (units(250, 18), true));
    let gold = find(PRACTICE_GOLD, router, plain);
    assert_eq!(gold.at_risk, units(1, 18), "no more than is there");
    let inside = |kind| matches!(kind, ApprovalKind::Permit2 { .. });
    assert_eq!(find(PRACTICE_DOLLAR, router, inside).at_risk, units(40, 18));
    assert_eq!(find(PRACTICE_GOLD, router, inside).at_risk, U256::ZERO, "it has ended");
    assert!(find(collection, router, |kind| kind == ApprovalKind::Operator).is_unlimited());
    assert_eq!(all.found.len(), 6, "{:#?}", all.found);
    assert!(all.found[0].is_unlimited() && !all.found[0].at_risk.is_zero(), "the worst comes first");
    let limited = part.limit(units(10, 18)).unwrap();
    let mut journey = Journey::start(&lab, None).await;
    journey.carry(&lab, USER, &limited).await;
    for one in all.found.iter().filter(|one| one.spender != person) {
        journey.carry(&lab, USER, &one.revoke()).await;
    }
    journey.end(&mut lab).await;
    let state = lab.state().await;
    let left = approvals(&state, address(USER), &question).await.unwrap().found;
    // Permit2's expired right has no amount left either.
    assert_eq!(left.len(), 1, "{left:#?}");
    assert_eq!((left[0].spender, left[0].amount), (person, units(10, 18)));
}
