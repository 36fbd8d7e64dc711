//! Liquity v1: a trove, the stability pool and the stake against the contracts' own numbers, and the way out.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::liquity_v1::LiquityV1;
use lifeboat::protocols::{Danger, Registry, RowKind, WAD};

use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, all_work, carry_out, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    interface Wire1 { function setAddresses(address a) external; }
    interface Wire2 { function setAddresses(address a, address b) external; }
    interface Wire3 { function setAddresses(address a, address b, address c) external; }
    interface Wire4 { function setAddresses(address a, address b, address c, address d) external; }
    interface Wire5 { function setAddresses(address a, address b, address c, address d, address e) external; }
    interface Wire7 { function setAddresses(address a, address b, address c, address d, address e, address f, address g) external; }
    interface Wire10 { function setAddresses(address a, address b, address c, address d, address e, address f, address g, address h, address i, address j) external; }
    interface Wire11 { function setAddresses(address a, address b, address c, address d, address e, address f, address g, address h, address i, address j, address k) external; }
    interface Sorted { function setParams(uint256 size, address troveManager, address borrowerOperations) external; }
    interface Factory { function setLQTYTokenAddress(address lqty) external; }
    interface Price { function setPrice(uint256 price) external returns (bool); function getPrice() external view returns (uint256); }
    interface Troves {
        function openTrove(uint256 maxFee, uint256 LUSDAmount, address upper, address lower) external payable;
        function getCurrentICR(address borrower, uint256 price) external view returns (uint256);
        function getEntireDebtAndColl(address borrower) external view returns (uint256 debt, uint256 coll, uint256 a, uint256 b);
        function liquidate(address borrower) external;
    }
    interface Pool {
        function provideToSP(uint256 amount, address tag) external;
        function getDepositorETHGain(address depositor) external view returns (uint256);
        function getCompoundedLUSDDeposit(address depositor) external view returns (uint256);
    }
}

pub(super) async fn deploy(lab: &mut Lab) -> LiquityV1 {
    let new = |lab: &mut Lab, name: &str| lab.deploy(&format!("liquity_{name}"), &[]);
    let price_feed = new(lab, "PriceFeedTestnet");
    let sorted = new(lab, "SortedTroves");
    let trove_manager = new(lab, "TroveManager");
    let active = new(lab, "ActivePool");
    let stability_pool = new(lab, "StabilityPool");
    let gas = new(lab, "GasPool");
    let default = new(lab, "DefaultPool");
    let surplus = new(lab, "CollSurplusPool");
    let borrower_operations = new(lab, "BorrowerOperations");
    let staking = new(lab, "LQTYStaking");
    let issuance = new(lab, "CommunityIssuance");
    let factory = new(lab, "LockupContractFactory");
    lab.mine();
    let lusd = lab.deploy(
        "liquity_LUSDToken",
        &(trove_manager, stability_pool, borrower_operations).abi_encode_params(),
    );
    let governor = address(GOVERNOR);
    // The bounty goes to the user: LQTY to stake.
    let lqty = lab.deploy(
        "liquity_LQTYToken",
        &(issuance, staking, factory, address(USER), governor, governor).abi_encode_params(),
    );
    lab.mine();
    let [tm, bo, sp] = [trove_manager, borrower_operations, stability_pool];
    let size = U256::from(1_000_000);
    lab.send(GOVERNOR, sorted, &Sorted::setParamsCall { size, troveManager: tm, borrowerOperations: bo });
    lab.send(GOVERNOR, factory, &Factory::setLQTYTokenAddressCall { lqty });
    #[rustfmt::skip]
    let wire = Wire11::setAddressesCall { a: bo, b: active, c: default, d: sp, e: gas, f: surplus, g: price_feed, h: lusd, i: sorted, j: lqty, k: staking };
    lab.send(GOVERNOR, tm, &wire);
    #[rustfmt::skip]
    let wire = Wire10::setAddressesCall { a: tm, b: active, c: default, d: sp, e: gas, f: surplus, g: price_feed, h: sorted, i: lusd, j: staking };
    lab.send(GOVERNOR, bo, &wire);
    let wire =
        Wire7::setAddressesCall { a: bo, b: tm, c: active, d: lusd, e: sorted, f: price_feed, g: issuance };
    lab.send(GOVERNOR, sp, &wire);
    lab.send(GOVERNOR, active, &Wire4::setAddressesCall { a: bo, b: tm, c: sp, d: default });
    lab.send(GOVERNOR, default, &Wire2::setAddressesCall { a: tm, b: active });
    lab.send(GOVERNOR, surplus, &Wire3::setAddressesCall { a: bo, b: tm, c: active });
    lab.send(GOVERNOR, staking, &Wire5::setAddressesCall { a: lqty, b: lusd, c: tm, d: bo, e: active });
    lab.send(GOVERNOR, issuance, &Wire2::setAddressesCall { a: lqty, b: sp });
    lab.send(GOVERNOR, price_feed, &Price::setPriceCall { price: units(2_000, 18) });
    lab.mine();
    LiquityV1 { trove_manager, borrower_operations, stability_pool, staking, price_feed, surplus, lusd, lqty }
}

pub(super) fn open(lab: &mut Lab, liquity: &LiquityV1, who: usize, (ether, lusd): (U256, U256)) {
    let (upper, lower) = (address(who), address(who));
    let call = Troves::openTroveCall { maxFee: WAD, LUSDAmount: lusd, upper, lower };
    lab.pay(who, liquity.borrower_operations, &call, ether);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trove_and_a_deposit_are_told_as_liquity_has_them_and_left_empty() {
    let Some(artifacts) = Artifacts::with(&["liquity_TroveManager", "liquity_LQTYToken"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let liquity = deploy(&mut lab).await;
    open(&mut lab, &liquity, LENDER, (units(80, 18), units(40_000, 18)));
    open(&mut lab, &liquity, USER, (units(10, 18), units(9_000, 18)));
    // One that will be liquidated against the user's deposit.
    open(&mut lab, &liquity, 3, (units(3, 18), units(3_000, 18)));
    lab.mine();
    let deposit = Pool::provideToSPCall { amount: units(4_000, 18), tag: Address::ZERO };
    lab.send(USER, liquity.stability_pool, &deposit);
    // Another deposit: this release of Liquity lets nobody empty the pool.
    let deposit = Pool::provideToSPCall { amount: units(8_000, 18), tag: Address::ZERO };
    lab.send(LENDER, liquity.stability_pool, &deposit);
    lab.send(USER, liquity.staking, &Stake::stakeCall { amount: units(100, 18) });
    lab.send(GOVERNOR, liquity.price_feed, &Price::setPriceCall { price: units(1_100, 18) });
    lab.send(GOVERNOR, liquity.trove_manager, &Troves::liquidateCall { borrower: address(3) });
    lab.send(LENDER, liquity.lusd, &Erc20::transferCall { to: address(USER), value: units(9_000, 18) });
    lab.mine();
    let registry = Registry::new(vec![Arc::new(liquity)]);
    for price in [1_100_u64, 1_010, 1_999, 2_500] {
        lab.send(GOVERNOR, liquity.price_feed, &Price::setPriceCall { price: units(price, 18) });
        lab.mine();
        let state = lab.state().await;
        let reports = registry.read(address(USER), &state).await.unwrap();
        let found = positions(&reports)[0];
        let health = found.health.as_ref().unwrap();
        let (borrower, price) = (address(USER), units(price, 18));
        let icr = Troves::getCurrentICRCall { borrower, price };
        let icr = super::lab::view(&state, liquity.trove_manager, &icr).await;
        let least = U256::from(10_000) * WAD / health.threshold_bps;
        let said = found.caveats.join(" ");
        assert!(said.contains("All troves together stand at") && said.contains("returns LUSD"), "{said}");
        assert_eq!(
            said.contains("This one stands at"),
            icr < WAD * U256::from(150) / U256::from(100),
            "{said}"
        );
        assert_eq!(health.danger() == Danger::Liquidatable, icr < WAD * U256::from(110) / U256::from(100));
        assert!(health.factor.unwrap().abs_diff(icr * WAD / least) < WAD / U256::from(1_000));
        let of = Troves::getEntireDebtAndCollCall { borrower };
        let of = super::lab::view(&state, liquity.trove_manager, &of).await;
        let row = |kind, note: &str| {
            let found = found.rows.iter().find(|row| {
                row.kind == kind
                    && (note.is_empty() || row.note.as_ref().is_some_and(|said| said.contains(note)))
            });
            found.unwrap_or_else(|| panic!("{kind:?} {note}: {found:#?}")).amount
        };
        assert_eq!((row(RowKind::Borrowed, ""), row(RowKind::Collateral, "")), (of.debt, of.coll));
        let depositor = borrower;
        let pool = liquity.stability_pool;
        let gain = super::lab::view(&state, pool, &Pool::getDepositorETHGainCall { depositor }).await;
        let left = super::lab::view(&state, pool, &Pool::getCompoundedLUSDDepositCall { depositor }).await;
        assert_eq!(row(RowKind::Claimable, "from the stability pool"), gain);
        assert_eq!(row(RowKind::Supplied, "in the stability pool"), left);
        assert!(!gain.is_zero() && left < units(4_000, 18));
    }
    refuses_changed_code(&mut lab, &registry, "liquity-v1").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 3, "leave the pool, unstake, close: {:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}

sol! {
    interface Stake { function stake(uint256 amount) external; }
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_mode_is_said_and_no_trove_is_offered_to_be_closed() {
    let Some(artifacts) = Artifacts::with(&["liquity_TroveManager", "liquity_LQTYToken"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let liquity = deploy(&mut lab).await;
    open(&mut lab, &liquity, LENDER, (units(10, 18), units(9_000, 18)));
    open(&mut lab, &liquity, USER, (units(10, 18), units(9_000, 18)));
    lab.mine();
    lab.send(GOVERNOR, liquity.price_feed, &Price::setPriceCall { price: units(1_250, 18) });
    lab.mine();
    let registry = Registry::new(vec![Arc::new(liquity)]);
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports)[0];
    assert!(found.caveats.iter().any(|one| one.contains("recovery mode")), "{:?}", found.caveats);
    assert!(action(found, "repay").blocked.as_ref().is_some_and(|why| why.contains("recovery mode")));
    assert_eq!(found.danger(), Danger::Liquidatable, "below 150 % in recovery mode");
}
