//! Morpho Blue and a vault of the standard form: our numbers against the contracts' own, and the way out.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::execution::{AccountOverride, Call, CallBatch, Overrides};
use lifeboat::protocols::erc4626::Vault;
use lifeboat::protocols::exit_plan::{StepOutcome, plan_exit};
use lifeboat::protocols::morpho_blue::{KnownMarket, MorphoBlue, Pair};
use lifeboat::protocols::{Deployments, Found, Position, Registry, Report, RowKind, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::leave;
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    #[derive(Debug)]
    struct Params { address loanToken; address collateralToken; address oracle; address irm; uint256 lltv; }
    interface Core {
        function enableIrm(address irm) external;
        function enableLltv(uint256 lltv) external;
        function setFee(Params params, uint256 fee) external;
        function setFeeRecipient(address recipient) external;
        function createMarket(Params params) external;
        function supply(Params params, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256, uint256);
        function supplyCollateral(Params params, uint256 assets, address onBehalf, bytes data) external;
        function borrow(Params params, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256, uint256);
        function withdrawCollateral(Params params, uint256 assets, address onBehalf, address receiver) external;
        function accrueInterest(Params params) external;
        function liquidate(Params params, address borrower, uint256 seized, uint256 repaid, bytes data) external returns (uint256, uint256);
        function market(bytes32 id) external view returns (uint128 supplyAssets, uint128 supplyShares, uint128 borrowAssets, uint128 borrowShares, uint128 lastUpdate, uint128 fee);
    }
    interface OracleMock { function setPrice(uint256 price) external; }
    interface VaultIn { function deposit(uint256 assets, address receiver) external returns (uint256); function maxWithdraw(address owner) external view returns (uint256); }
}

fn positions(reports: &[Report]) -> Vec<&Position> {
    let found = reports.iter().flat_map(|report| match &report.found {
        Found::Positions(all) => all.as_slice(),
        other => panic!("{other:?}"),
    });
    found.collect()
}

pub(super) struct Blue {
    pub(super) morpho: Address,
    oracle: Address,
    pub(super) usdc: Address,
    gold: Address,
    pub(super) params: Params,
    pub(super) id: B256,
    pub(super) registry: Registry,
}

pub(super) async fn deploy(lab: &mut Lab) -> Blue {
    let oracle = lab.deploy("morpho_OracleMock", &[]);
    lab.send(GOVERNOR, oracle, &OracleMock::setPriceCall { price: price() });
    deploy_over(lab, oracle).await
}

/// Dollars of 6 decimals for gold of 18: 36 + 6 − 18 digits.
pub(super) fn price() -> U256 {
    U256::from(3_412_240_000_u64) * U256::from(10).pow(U256::from(18))
}

/// The same with an oracle of one's own choice.
pub(super) async fn deploy_over(lab: &mut Lab, oracle: Address) -> Blue {
    let governor = address(GOVERNOR);
    let mintable = |name: &str, decimals: u8| (name, name, U256::from(decimals)).abi_encode_params();
    let usdc = lab.deploy("aave_MintableERC20", &mintable("USDC", 6));
    let gold = lab.deploy("aave_MintableERC20", &mintable("GOLD", 18));
    let morpho = lab.deploy("morpho_Morpho", &governor.abi_encode());
    let irm = lab.deploy("morpho_IrmMock", &[]);
    let vault = lab.deploy("oz_ERC4626", &usdc.abi_encode());
    let lltv = WAD * U256::from(86) / U256::from(100);
    let params = Params { loanToken: usdc, collateralToken: gold, oracle, irm, lltv };
    lab.send(GOVERNOR, morpho, &Core::enableIrmCall { irm });
    lab.send(GOVERNOR, morpho, &Core::enableLltvCall { lltv });
    lab.send(GOVERNOR, morpho, &Core::setFeeRecipientCall { recipient: governor });
    lab.mine();
    lab.send(GOVERNOR, morpho, &Core::createMarketCall { params: params.clone() });
    lab.send(GOVERNOR, morpho, &Core::setFeeCall { params: params.clone(), fee: WAD / U256::from(10) });
    lab.mine();
    let id = keccak256(params.abi_encode());
    let known = KnownMarket { name: "GOLD/USDC".to_owned(), id };
    let blue = MorphoBlue { morpho, markets: vec![known] };
    let vault = Vault { name: "Test vault".to_owned(), vault, no_max: false };
    let registry = Registry::new(vec![Arc::new(blue), Arc::new(vault)]);
    Blue { morpho, oracle, usdc, gold, params, id, registry }
}

impl Blue {
    /// The user owes so many dollars on so much gold, out of what the lender lends.
    pub(super) async fn borrowed(&self, lab: &mut Lab, (gold, dollars): (U256, U256)) {
        let (params, none) = (self.params.clone(), Bytes::new());
        self.fund(lab, LENDER, self.usdc, self.morpho, units(100_000, 6));
        let supply = Core::supplyCall {
            params: params.clone(),
            assets: units(100_000, 6),
            shares: U256::ZERO,
            onBehalf: address(LENDER),
            data: none.clone(),
        };
        lab.send(LENDER, self.morpho, &supply);
        self.fund(lab, USER, self.gold, self.morpho, gold);
        let pledge = Core::supplyCollateralCall {
            params: params.clone(),
            assets: gold,
            onBehalf: address(USER),
            data: none,
        };
        lab.send(USER, self.morpho, &pledge);
        lab.mine();
        let borrow = Core::borrowCall {
            params,
            assets: dollars,
            shares: U256::ZERO,
            onBehalf: address(USER),
            receiver: address(USER),
        };
        lab.send(USER, self.morpho, &borrow);
        lab.mine();
    }

    fn fund(&self, lab: &mut Lab, who: usize, token: Address, spender: Address, amount: U256) {
        lab.send(GOVERNOR, token, &Mintable::mintCall { to: address(who), amount });
        lab.send(who, token, &Mintable::approveCall { spender, amount });
        lab.mine();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_morpho_loan_accrues_as_the_contract_does_and_ends_empty() {
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let blue = deploy(&mut lab).await;
    let (params, none) = (blue.params.clone(), Bytes::new());
    blue.fund(&mut lab, LENDER, blue.usdc, blue.morpho, units(1_000_000, 6));
    let supply = Core::supplyCall {
        params: params.clone(),
        assets: units(100_000, 6),
        shares: U256::ZERO,
        onBehalf: address(LENDER),
        data: none.clone(),
    };
    lab.send(LENDER, blue.morpho, &supply);
    blue.fund(&mut lab, USER, blue.gold, blue.morpho, units(7, 18));
    let pledge = Core::supplyCollateralCall {
        params: params.clone(),
        assets: units(7, 18),
        onBehalf: address(USER),
        data: none.clone(),
    };
    lab.send(USER, blue.morpho, &pledge);
    lab.mine();
    let borrow = |assets| Core::borrowCall {
        params: params.clone(),
        assets,
        shares: U256::ZERO,
        onBehalf: address(USER),
        receiver: address(USER),
    };
    lab.send(USER, blue.morpho, &borrow(units(13_970, 6)));
    lab.mine();
    let mut random = fastrand::Rng::with_seed(9);
    let fair = U256::from(3_412_240_000_u64) * U256::from(10).pow(U256::from(18));
    for _ in 0..40 {
        // Only a healthy loan may grow.
        lab.send(GOVERNOR, blue.oracle, &OracleMock::setPriceCall { price: fair });
        lab.mine();
        let assets = U256::from(random.u64(1..20_000_000));
        lab.send(USER, blue.morpho, &borrow(assets));
        lab.mine();
        lab.bench.advance(random.u64(1..20));
        let price = U256::from(random.u64(2_100_000_000..3_000_000_000)) * U256::from(10).pow(U256::from(18));
        lab.send(GOVERNOR, blue.oracle, &OracleMock::setPriceCall { price });
        lab.mine();
        let state = lab.state().await;
        let reports = blue.registry.read(address(USER), &state).await.unwrap();
        let position = positions(&reports)[0];
        // The contract's own accrual, run at this very block, tells what is owed.
        let call = |input: Vec<u8>| Call { from: address(USER), ..Call::read(blue.morpho, input) };
        let accrue = call(Core::accrueInterestCall { params: params.clone() }.abi_encode());
        let market = call(Core::marketCall { id: blue.id }.abi_encode());
        let nudge = Core::liquidateCall {
            params: params.clone(),
            borrower: address(USER),
            seized: U256::from(1),
            repaid: U256::ZERO,
            data: none.clone(),
        };
        let batch =
            CallBatch::reads(state.evm_env().unwrap(), vec![accrue, market, call(nudge.abi_encode())])
                .in_turn();
        let outcomes = state.run(batch).await.unwrap();
        let totals = Core::marketCall::abi_decode_returns(&outcomes[1].value().output).unwrap();
        let debt = position.rows.iter().find(|row| row.kind == RowKind::Borrowed).unwrap().amount;
        // The only borrower owes it all but the rounding of the virtual share.
        let all = U256::from(totals.borrowAssets);
        assert!(debt <= all + U256::from(1) && debt + U256::from(1) >= all, "{debt} of {all}");
        let healthy = position.health.as_ref().unwrap().factor.unwrap() >= WAD;
        let refused = String::from_utf8_lossy(&outcomes[2].value().output).contains("position is healthy");
        assert_eq!(healthy, refused, "{:?}", position.health);
    }
    lab.send(GOVERNOR, blue.oracle, &OracleMock::setPriceCall { price: fair });
    lab.mine();
    moved_prices(&mut lab, &blue, &mut random).await;
    blue.fund(&mut lab, USER, blue.usdc, Address::repeat_byte(1), units(100, 6));
    refuses_changed_code(&mut lab, &blue.registry, "morpho-blue").await;
    let state = lab.state().await;
    let floor = WAD * U256::from(105) / U256::from(100);
    let plan = plan_exit(&blue.registry, &state, address(USER), floor).await.unwrap();
    assert!(plan.shortfalls.is_empty(), "{:#?}", plan.shortfalls);
    assert!(
        plan.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Works { .. })),
        "{:#?}",
        plan.steps
    );
    assert!(plan.take_now.len() == 1 && plan.take_now[0].ends_at >= floor);
    leave(&mut lab, &blue.registry, &plan).await;
    // The lender leaves with everything, shares and all.
    let reports = lab.read(&blue.registry, LENDER).await;
    let intents = positions(&reports)[0].actions[0].intents().unwrap();
    lab.act(LENDER, intents).await;
    assert!(positions(&lab.read(&blue.registry, LENDER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_share_frees_what_a_debt_needs() {
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let blue = deploy(&mut lab).await;
    let vault = blue.registry.protocols()[1].anchor();
    blue.borrowed(&mut lab, (units(7, 18), units(1_000, 6))).await;
    blue.fund(&mut lab, USER, blue.usdc, vault, units(1_500, 6));
    lab.send(USER, vault, &VaultIn::depositCall { assets: units(1_500, 6), receiver: address(USER) });
    // What was borrowed goes away: only the vault can pay.
    let away = lifeboat::contracts::Erc20::transferCall { to: address(LENDER), value: units(1_000, 6) };
    lab.send(USER, blue.usdc, &away);
    // A gift to the vault makes its shares worth more.
    lab.send(GOVERNOR, blue.usdc, &Mintable::mintCall { to: vault, amount: units(77, 6) });
    lab.mine();
    refuses_changed_code(&mut lab, &blue.registry, "erc4626").await;
    // A market that is not known is found by its id, and told by its tokens.
    let bare = Registry::new(vec![Arc::new(MorphoBlue { morpho: blue.morpho, markets: Vec::new() })]);
    let named = vec![format!("morpho-blue={}", blue.id).parse().unwrap()];
    let bare = bare.with(&Deployments::naming(None, named).unwrap());
    let reports = lab.read(&bare, USER).await;
    let market = &positions(&reports)[0].market;
    assert_eq!(*market, format!("GOLD/USDC {}…", &blue.id.to_string()[..10]));
    let state = lab.state().await;
    let reports = blue.registry.read(address(USER), &state).await.unwrap();
    let share = positions(&reports).into_iter().find(|one| one.protocol == "erc4626").unwrap();
    let worth = share.rows[0].worth.as_ref().unwrap();
    let most = super::lab::view(&state, vault, &VaultIn::maxWithdrawCall { owner: address(USER) }).await;
    assert_eq!((worth.amount, worth.unit.as_str()), (most, "USDC"));
    let plan = plan_exit(&blue.registry, &state, address(USER), WAD).await.unwrap();
    assert!(plan.shortfalls.is_empty(), "redeemed before repaying: {plan:#?}");
    let works = plan.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Works { .. }));
    assert!(works && plan.steps.len() == 4, "redeem, approve, repay, withdraw: {:#?}", plan.steps);
    leave(&mut lab, &blue.registry, &plan).await;
}

/// A thousand prices that the oracle does not have: whether the contract would call the loan healthy, and the last unit
/// that it would let go.
async fn moved_prices(lab: &mut Lab, blue: &Blue, random: &mut fastrand::Rng) {
    let state = lab.state().await;
    let reports = blue.registry.read(address(USER), &state).await.unwrap();
    let position = positions(&reports)[0];
    let of = |kind| position.rows.iter().find(|row| row.kind == kind).unwrap().amount;
    let (collateral, debt) = (of(RowKind::Collateral), of(RowKind::Borrowed));
    for _ in 0..1_000 {
        let price = U256::from(random.u64(1_500_000_000..6_000_000_000)) * U256::from(10).pow(U256::from(18));
        let pair = Pair { collateral, debt, price, lltv: blue.params.lltv };
        let most = pair.most_withdrawable(WAD);
        let (params, user) = (blue.params.clone(), address(USER));
        let take = |assets| Core::withdrawCollateralCall {
            params: params.clone(),
            assets,
            onBehalf: user,
            receiver: user,
        };
        let nudge = Core::liquidateCall {
            params: params.clone(),
            borrower: user,
            seized: U256::from(1),
            repaid: U256::ZERO,
            data: Bytes::new(),
        };
        let call = |input: Vec<u8>| Call { from: user, ..Call::read(blue.morpho, input) };
        let calls = vec![
            call(nudge.abi_encode()),
            call(take(most.max(U256::from(1))).abi_encode()),
            call(take(most + U256::from(1)).abi_encode()),
        ];
        let slots = BTreeMap::from([(U256::ZERO, price)]);
        let accounts =
            BTreeMap::from([(blue.oracle, AccountOverride { slots, ..AccountOverride::default() })]);
        let batch = CallBatch::reads(state.evm_env().unwrap(), calls);
        let batch = batch.with_overrides(Overrides { accounts, ..Overrides::default() }).unwrap();
        let outcomes = state.run(batch).await.unwrap();
        let refused = String::from_utf8_lossy(&outcomes[0].value().output).contains("position is healthy");
        assert_eq!(pair.health_factor().unwrap() >= WAD, refused, "at {price}");
        let [_, all, more] = outcomes.as_slice() else { panic!("three outcomes") };
        assert_eq!(!most.is_zero(), all.value().is_success(), "{most} at {price}");
        assert!(!more.value().is_success(), "one more than {most} at {price}");
    }
}

/// Answers every question with a rate of 0, until it is called with four bytes: from then on it refuses.
const FALTERING: [u8; 35] =
    alloy::hex!("601a8060095f395ff3366004146014575f5460105760205ff35b5f5ffd5b60015f5500");

/// One contract of interest that refused took every market of the account with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_market_whose_interest_cannot_be_booked_hides_no_other() {
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let good = deploy(&mut lab).await;
    let irm = lab.create("a faltering rate", FALTERING.to_vec());
    lab.mine();
    let params = Params { irm, ..good.params.clone() };
    lab.send(GOVERNOR, good.morpho, &Core::enableIrmCall { irm });
    lab.send(GOVERNOR, good.morpho, &Core::createMarketCall { params: params.clone() });
    lab.mine();
    let id = keccak256(params.abi_encode());
    let known = |name: &str, id| KnownMarket { name: name.to_owned(), id };
    let markets = vec![known("good", good.id), known("bad", id)];
    let both = Registry::new(vec![Arc::new(MorphoBlue { morpho: good.morpho, markets })]);
    let Blue { morpho, oracle, usdc, gold, .. } = good;
    let bad = Blue { morpho, oracle, usdc, gold, params, id, registry: Registry::new(Vec::new()) };
    good.borrowed(&mut lab, (units(7, 18), units(1_000, 6))).await;
    bad.borrowed(&mut lab, (units(7, 18), units(2_000, 6))).await;
    lab.send_call(GOVERNOR, irm, Bytes::from_static(b"fail"));
    lab.mine();
    let reports = lab.read(&both, USER).await;
    let [first, second] = positions(&reports)[..] else { panic!("{reports:#?}") };
    assert!(first.health.is_some() && first.actions.iter().all(|one| one.blocked.is_none()), "{first:#?}");
    assert!(second.owes() && second.health.is_none(), "{second:#?}");
    let said =
        |one: &Option<String>| one.as_ref().is_some_and(|why| why.contains("interest cannot be booked"));
    assert!(second.actions.iter().all(|one| said(&one.blocked)), "{:#?}", second.actions);
    assert!(second.caveats.iter().any(|one| said(&Some(one.clone()))), "{:?}", second.caveats);
    assert!(both.take_now(second, WAD).is_empty() && !both.take_now(first, WAD).is_empty());
}
