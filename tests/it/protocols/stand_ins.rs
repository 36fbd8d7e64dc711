//! Protocols whose bytecode is not published, by contracts that behave to a caller as theirs do (`solidity/StandIns.sol`).

use std::sync::Arc;

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::balancer::Balancer;
use lifeboat::protocols::eigenlayer::EigenLayer;
use lifeboat::protocols::etherfi::EtherFi;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::liquity_v2::Branch;
use lifeboat::protocols::{Amount, Danger, Deployments, Found, Registry, RowKind, WAD};

use super::aave_market::Mintable;
use super::artifacts::{Artifacts, ours};
use super::changed::refuses_changed_code;
use super::exits::{action, all_work, carry_out, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    interface RequestsIn { function finalizeTo(uint256 id) external; }
    interface BranchIn {
        function openTrove(address owner, uint256 index, uint256 debt, uint256 amount) external returns (uint256);
        function provide(address who, uint256 amount, uint256 gain, uint256 stashed) external;
        function setPrice(uint256 value) external;
        function shutDown() external;
    }
    interface DelegationIn { function deposit(uint256 shares) external; }
    interface BalancerPoolIn { function setRecovery(bool on) external; }
}

/// Puts a stand-in on the chain.
pub(super) fn stand_in(lab: &mut Lab, name: &str, arguments: &[u8]) -> Address {
    lab.create(name, [ours(name).as_slice(), arguments].concat())
}

async fn lab() -> Lab {
    Lab::start(Artifacts::none()).await
}

async fn held(lab: &mut Lab, token: Address) -> U256 {
    lab.view(token, &Erc20::balanceOfCall { owner: address(USER) }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ether_fi_is_asked_back_claimed_or_redeemed_at_once_for_a_fee() {
    let mut lab = lab().await;
    let eeth = stand_in(&mut lab, "EEth", &[]);
    let weeth = stand_in(&mut lab, "WeEth", &eeth.abi_encode());
    let requests = stand_in(&mut lab, "Requests", &[]);
    let pool = stand_in(&mut lab, "EtherFiPool", &(eeth, requests).abi_encode_params());
    let adapter = stand_in(&mut lab, "EtherFiAdapter", &(weeth, requests).abi_encode_params());
    let redemption = stand_in(&mut lab, "Redemption", &(eeth, weeth).abi_encode_params());
    lab.send(GOVERNOR, eeth, &Mintable::mintCall { to: address(USER), amount: units(11, 18) });
    lab.send(GOVERNOR, weeth, &Mintable::mintCall { to: address(USER), amount: units(10, 18) });
    lab.pay_plain(GOVERNOR, redemption, units(12, 18));
    lab.pay_plain(GOVERNOR, requests, units(30, 18));
    lab.mine();
    let mut fi = EtherFi { eeth, weeth, pool, requests, redemption, adapter, request_ids: Vec::new() };
    let registry = |fi: &EtherFi| Registry::new(vec![Arc::new(fi.clone())]);
    let reports = lab.read(&registry(&fi), USER).await;
    let found = positions(&reports)[0];
    assert_eq!(found.rows[1].worth.as_ref().unwrap().amount, units(11, 18));
    // 11 eETH for 10.89 ETH at once; there are 12.
    let note = action(found, "redeem").note.clone().unwrap();
    assert!(note.contains("10.89 ETH") && note.contains("fee is 0.11 ETH"), "{note}");
    lab.act(USER, action(found, "redeem").intents().unwrap()).await;
    assert_eq!(held(&mut lab, eeth).await, U256::ZERO);
    // Now there is too little ether for the rest.
    let reports = lab.read(&registry(&fi), USER).await;
    let dry = action(positions(&reports)[0], "redeem-wrapped");
    assert!(dry.blocked.as_ref().unwrap().contains("does not redeem that much"), "{dry:?}");
    let half = action(positions(&reports)[0], "request-wrapped").with_amount(Amount::Exactly(units(5, 18)));
    lab.act(USER, half.intents().unwrap()).await;
    // A request whose number is not known is still told of.
    let reports = lab.read(&registry(&fi), USER).await;
    let unseen = positions(&reports)[0];
    assert!(unseen.caveats.iter().any(|one| one.contains("not named: 1.")), "{:?}", unseen.caveats);
    let named = ["etherfi=1", "etherfi=9"].map(|one| one.parse().unwrap()).to_vec();
    let looked = registry(&fi).with(&Deployments::naming(None, named).unwrap());
    let by_name = lab.read(&looked, USER).await;
    fi.request_ids = vec![U256::from(1), U256::from(9)];
    let reports = lab.read(&registry(&fi), USER).await;
    assert_eq!(positions(&by_name)[0].rows.len(), positions(&reports)[0].rows.len());
    let waiting = positions(&reports)[0].rows.iter().find(|row| row.kind == RowKind::Waiting).unwrap();
    assert_eq!(waiting.amount, units(5, 18) * U256::from(11) / U256::from(10));
    lab.send(GOVERNOR, requests, &RequestsIn::finalizeToCall { id: U256::from(1) });
    lab.mine();
    refuses_changed_code(&mut lab, &registry(&fi), "etherfi").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry(&fi), &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 3, "claim, approve, ask for the rest: {:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    let reports = lab.read(&registry(&fi), USER).await;
    let rest = &positions(&reports)[0].rows;
    assert!(rest.len() == 1 && rest[0].amount == U256::from(1), "one request, not named: {rest:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trove_is_found_by_its_number_and_closed_and_what_is_set_aside_is_claimed() {
    let mut lab = lab().await;
    let bold = stand_in(&mut lab, "Token", &"BOLD".to_owned().abi_encode());
    let collateral = stand_in(&mut lab, "Token", &"WETH".to_owned().abi_encode());
    let all = stand_in(&mut lab, "Branch", &(bold, collateral).abi_encode_params());
    let open = |owner: usize, index: U256, debt: u64| BranchIn::openTroveCall {
        owner: address(owner),
        index,
        debt: units(debt, 18),
        amount: units(10, 18),
    };
    // One by the user's own hand, one through somebody who opens for others, one with a number that nobody guesses.
    let zapper = address(LENDER);
    let hashed = U256::from_be_bytes(keccak256((address(USER), U256::from(2)).abi_encode()).0);
    lab.send(USER, all, &open(USER, U256::from(3), 11_000));
    lab.send(LENDER, all, &open(USER, hashed, 5_000));
    lab.send(USER, all, &open(USER, U256::from(77), 2_000));
    let (amount, gain) = (units(500, 18), units(1, 18));
    let who = address(USER);
    lab.send(GOVERNOR, all, &BranchIn::provideCall { who, amount, gain, stashed: units(2, 18) });
    // Somebody whose deposit was used up: only what was set aside is left.
    let who = address(LENDER);
    let stashed = units(3, 18);
    lab.send(GOVERNOR, all, &BranchIn::provideCall { who, amount: U256::ZERO, gain: U256::ZERO, stashed });
    lab.send(GOVERNOR, bold, &Mintable::mintCall { to: address(USER), amount: units(100, 18) });
    lab.mine();
    let branch = Branch {
        name: "Liquity v2 WETH".to_owned(),
        collateral,
        bold,
        trove_manager: all,
        nft: all,
        borrower_operations: all,
        stability_pool: all,
        price_feed: all,
        zappers: vec![zapper],
        trove_ids: Vec::new(),
    };
    let registry = |one: &Branch| Registry::new(vec![Arc::new(one.clone())]);
    let reports = lab.read(&registry(&branch), USER).await;
    let found = positions(&reports);
    assert_eq!(found.len(), 3, "two troves and the deposit: {found:#?}");
    let told = found[0].caveats.iter().any(|one| one.contains("not found: 1."));
    assert!(told, "{:?}", found[0].caveats);
    let health = found.iter().find_map(|one| one.health.as_ref().filter(|one| one.debt == units(11_000, 18)));
    assert_eq!(health.unwrap().liquidation[0].at, units(1_210, 18));
    lab.send(GOVERNOR, all, &BranchIn::setPriceCall { value: units(1_209, 18) });
    lab.send(GOVERNOR, all, &BranchIn::shutDownCall {});
    lab.mine();
    let third = U256::from_be_bytes(keccak256((address(USER), address(USER), U256::from(77)).abi_encode()).0);
    let branch = Branch { trove_ids: vec![third], ..branch };
    let reports = lab.read(&registry(&branch), USER).await;
    let worst = positions(&reports).iter().map(|one| one.danger()).max();
    assert_eq!(worst, Some(Danger::Liquidatable));
    assert!(positions(&reports)[0].caveats.iter().any(|one| one.contains("shut down")));
    // The BOLD that was borrowed is still there, and the deposit pays the interest that is counted in.
    refuses_changed_code(&mut lab, &registry(&branch), "liquity-v2").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry(&branch), &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 4, "{:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry(&branch), USER).await).is_empty());
    assert_eq!(held(&mut lab, collateral).await, units(33, 18));
    let reports = lab.read(&registry(&branch), LENDER).await;
    let claim = action(positions(&reports)[0], "claim");
    lab.act(LENDER, claim.intents().unwrap()).await;
    assert!(positions(&lab.read(&registry(&branch), LENDER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restaked_is_queued_waits_and_is_taken() {
    let mut lab = lab().await;
    let token = stand_in(&mut lab, "Token", &"stETH".to_owned().abi_encode());
    let strategy = stand_in(&mut lab, "Strategy", &token.abi_encode());
    let delegation = stand_in(&mut lab, "Delegation", &strategy.abi_encode());
    lab.send(GOVERNOR, token, &Mintable::mintCall { to: strategy, amount: units(100, 18) });
    lab.send(USER, delegation, &DelegationIn::depositCall { shares: units(10, 18) });
    lab.mine();
    let registry = Registry::new(vec![Arc::new(EigenLayer { delegation })]);
    let reports = lab.read(&registry, USER).await;
    let restaked = positions(&reports)[0];
    // Ten shares of two tokens each, a tenth slashed.
    assert_eq!((restaked.rows[0].amount, restaked.rows[0].kind), (units(18, 18), RowKind::Supplied));
    refuses_changed_code(&mut lab, &registry, "eigenlayer").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    let queued = plan.steps.iter().filter(|step| step.intent.sentence.starts_with("Queue")).count();
    assert_eq!(queued, 1, "{:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    let reports = lab.read(&registry, USER).await;
    let waiting = positions(&reports)[0];
    assert_eq!((waiting.rows[0].amount, waiting.rows[0].kind), (units(18, 18), RowKind::Waiting));
    assert!(action(waiting, "complete").blocked.as_ref().unwrap().contains("long enough"));
    lab.bench.advance(6);
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
    assert_eq!(held(&mut lab, token).await, units(18, 18));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_balancer_pool_is_left_in_proportion_and_by_the_recovery_exit_when_it_is_in_that_mode() {
    let mut lab = lab().await;
    let pool = stand_in(&mut lab, "BalancerPool", &[]);
    let tokens = ["BAL", "WETH"].map(|name| stand_in(&mut lab, "Token", &name.to_owned().abi_encode()));
    let vault = stand_in(&mut lab, "BalancerVault", &(pool, tokens[0], tokens[1]).abi_encode_params());
    for (token, to, amount) in [
        (tokens[0], vault, 800),
        (tokens[1], vault, 20),
        (pool, address(GOVERNOR), 75),
        (pool, address(USER), 25),
    ] {
        lab.send(GOVERNOR, token, &Mintable::mintCall { to, amount: units(amount, 18) });
    }
    lab.mine();
    let bare = Registry::new(vec![Arc::new(Balancer { vault, pools: Vec::new() })]);
    let reports = lab.read(&bare, USER).await;
    assert!(reports[0].name.contains("no pool named"), "nothing was looked at: {reports:?}");
    let named = vec![format!("balancer={pool}").parse().unwrap()];
    let registry = bare.with(&Deployments::naming(None, named).unwrap());
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports)[0];
    let paid: Vec<U256> = found.rows.iter().skip(1).map(|row| row.amount).collect();
    assert_eq!(paid, [units(200, 18), units(5, 18)]);
    let part = action(found, "exit").with_amount(Amount::Exactly(units(5, 18)));
    lab.act(USER, part.intents().unwrap()).await;
    assert_eq!(held(&mut lab, tokens[0]).await, units(40, 18));
    lab.send(GOVERNOR, pool, &BalancerPoolIn::setRecoveryCall { on: true });
    lab.mine();
    refuses_changed_code(&mut lab, &registry, "balancer").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert!(
        plan.before.iter().all(
            |one| matches!(&one.found, Found::Positions(all) if all[0].actions[0].kind == "recovery-exit")
        )
    );
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
    assert_eq!(held(&mut lab, tokens[1]).await, units(5, 18));
}
