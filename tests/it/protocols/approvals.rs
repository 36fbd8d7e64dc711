//! Allowances of real tokens, inside the real Permit2, and of a collection; each taken back.

use alloy::hex;
use alloy::primitives::aliases::{U48, U160};
use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_DOLLAR, PRACTICE_GOLD};
use lifeboat::protocols::approvals::{ApprovalKind, ApprovalsQuestion, approvals};

use super::artifacts::Artifacts;
use super::lab::{LENDER, Lab, USER, address, units};
use super::stand_ins::stand_in;
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
        ..ApprovalsQuestion::default()
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
    assert_eq!((whole.at_risk, whole.may_take().as_str()), (Some(units(1_000, 18)), "Unlimited"));
    let part = find(PRACTICE_DOLLAR, person, plain);
    assert_eq!((part.at_risk, part.to_wallet), (Some(units(250, 18)), true));
    let gold = find(PRACTICE_GOLD, router, plain);
    assert_eq!(gold.at_risk, Some(units(1, 18)), "no more than is there");
    let inside = |kind| matches!(kind, ApprovalKind::Permit2 { .. });
    assert_eq!(find(PRACTICE_DOLLAR, router, inside).at_risk, Some(units(40, 18)));
    assert_eq!(find(PRACTICE_GOLD, router, inside).at_risk, Some(U256::ZERO), "it has ended");
    assert!(find(collection, router, |kind| kind == ApprovalKind::Operator).is_unlimited());
    assert_eq!(all.found.len(), 6, "{:#?}", all.found);
    assert!(all.found[0].is_unlimited() && !all.found[0].is_idle(), "the worst comes first");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_told_is_neither_nothing_nor_left_out() {
    let Some(artifacts) = Artifacts::with(&["permit2_Permit2", "univ3_NFPM", "WETH9"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let permit2 = lab.deploy("permit2_Permit2", &[]);
    let router = lab.deploy("WETH9", &[]);
    let arguments = [router, router, router].map(|one| one.into_word().0).concat();
    let unheld = lab.deploy("univ3_NFPM", &arguments);
    let sulk = stand_in(&mut lab, "Sulk", &permit2.abi_encode());
    let items = stand_in(&mut lab, "Items", &[]);
    // It reverts on everything.
    let mute = lab.create("a mute token", hex!("625f5ffd5f526003601df3").to_vec());
    lab.mine();
    let (amount, expiration) = (U160::from(7), U48::from(4_000_000_000_u64));
    let inner = Permit2::approveCall { token: sulk, spender: router, amount, expiration };
    lab.send(USER, permit2, &inner);
    lab.send(USER, items, &Collection::setApprovalForAllCall { operator: router, approved: true });
    lab.send(USER, unheld, &Collection::setApprovalForAllCall { operator: router, approved: true });
    let idle = Erc20::approveCall { spender: router, value: U256::from(1) };
    lab.send(USER, PRACTICE_GOLD, &idle);
    lab.mine();
    let nothing = Address::repeat_byte(0x44);
    let question = ApprovalsQuestion {
        held: vec![nothing, mute, sulk],
        tokens: vec![PRACTICE_GOLD],
        spenders: vec![router],
        held_collections: vec![nothing, unheld],
        collections: vec![items],
        permit2: Some(permit2),
    };
    let state = lab.state().await;
    let all = approvals(&state, address(USER), &question).await.unwrap();
    let of = |token: Address| all.found.iter().position(|one| one.asset.address == token);
    let operator = &all.found[of(items).unwrap()];
    assert_eq!((operator.kind, operator.balance, operator.at_risk), (ApprovalKind::Operator, None, None));
    assert!(operator.is_unlimited() && !operator.is_idle());
    assert_eq!(of(items), Some(0), "what nobody can count is no harmless right: {:#?}", all.found);
    let inside = &all.found[of(sulk).unwrap()];
    assert_eq!((inside.amount, inside.at_risk), (U256::from(7), None), "Permit2's own right was not told");
    assert_eq!(of(unheld), None, "of a bundled collection nothing is held");
    assert_eq!(all.collections, 1);
    assert!(all.coverage().contains("collectibles among them: 1 "), "{}", all.coverage());
    let unread: Vec<&str> = all.unread.iter().map(|(what, _)| what.as_str()).collect();
    let mute = mute.to_checksum(None);
    assert_eq!(unread, [mute.as_str(), "Permit2's right to SULK"], "{:?}", all.unread);
}
