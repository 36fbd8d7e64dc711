//! Uniswap v4's own contracts: a position is made, named, read and removed.

use std::sync::Arc;

use alloy::primitives::aliases::{I24, U24, U48, U160};
use alloy::primitives::{Address, Bytes, U256, keccak256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::uniswap_v4::PositionManager;
use lifeboat::protocols::{Registry, RowKind, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{all_work, carry_out, positions};
use super::lab::{GOVERNOR, Lab, USER, address, units};
use super::stand_ins::stand_in;

sol! {
    #[derive(Debug)]
    struct Key { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }
    interface Manager { function initialize(Key key, uint160 sqrtPriceX96) external returns (int24); }
    interface Permit2In { function approve(address token, address spender, uint160 amount, uint48 expiration) external; }
    interface DonorIn { function give(address pools, Key key, uint256 amount1) external payable; }
    interface Posm {
        function modifyLiquidities(bytes unlockData, uint256 deadline) external payable;
        function getPositionLiquidity(uint256 tokenId) external view returns (uint128);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_position_tells_what_it_pays_and_is_removed() {
    let wanted = ["univ4_PoolManager", "univ4_PositionManager", "permit2_Permit2", "WETH9"];
    let Some(artifacts) = Artifacts::with(&wanted) else { return };
    let mut lab = Lab::start(artifacts).await;
    let pools = lab.deploy("univ4_PoolManager", &address(GOVERNOR).abi_encode());
    let permit2 = lab.deploy("permit2_Permit2", &[]);
    let weth = lab.deploy("WETH9", &[]);
    let arguments = (pools, permit2, U256::from(300_000), Address::ZERO, weth).abi_encode_params();
    let manager = lab.deploy("univ4_PositionManager", &arguments);
    let token = stand_in(&mut lab, "Token", &"USDX".to_owned().abi_encode());
    lab.mine();
    let key = Key {
        currency0: Address::ZERO,
        currency1: token,
        fee: U24::from(3_000),
        tickSpacing: I24::try_from(60).unwrap(),
        hooks: Address::ZERO,
    };
    let one = U160::from(1) << 96;
    lab.send(GOVERNOR, pools, &Manager::initializeCall { key: key.clone(), sqrtPriceX96: one });
    lab.send(GOVERNOR, token, &Mintable::mintCall { to: address(USER), amount: units(100, 18) });
    lab.send(USER, token, &Mintable::approveCall { spender: permit2, amount: U256::MAX });
    let (amount, expiration) = (U160::MAX, U48::MAX);
    lab.send(USER, permit2, &Permit2In::approveCall { token, spender: manager, amount, expiration });
    lab.mine();
    // MINT_POSITION, SETTLE_PAIR, SWEEP of the ether that was too much.
    let ticks = (I24::try_from(-600).unwrap(), I24::try_from(600).unwrap());
    let user = address(USER);
    let most = U256::from(u128::MAX);
    // Where the price is that is held against feeds: a slot that no view of the contracts tells.
    let slot = keccak256((keccak256(key.abi_encode()), U256::from(6)).abi_encode());
    let words = lab.state().await.storage(pools, &[slot.into()]).await.unwrap();
    assert_eq!(*words[0].value() & (U256::MAX >> 96_usize), U256::from(1) << 96_usize);
    let donated = key.clone();
    let mint = (key, ticks.0, ticks.1, units(100, 18), most, most, user, Bytes::new()).abi_encode_params();
    let params: Vec<Bytes> = vec![
        mint.into(),
        (Address::ZERO, token).abi_encode_params().into(),
        (Address::ZERO, user).abi_encode_params().into(),
    ];
    let data = (Bytes::from_static(&[0x02, 0x0d, 0x14]), params).abi_encode_params();
    let call = Posm::modifyLiquiditiesCall { unlockData: data.into(), deadline: U256::MAX };
    lab.pay(USER, manager, &call, units(20, 18));
    lab.mine();
    let bare = PositionManager { name: "Uniswap v4".to_owned(), manager, ids: Vec::new() };
    let registry = |one: &PositionManager| Registry::new(vec![Arc::new(one.clone())]);
    let reports = lab.read(&registry(&bare), USER).await;
    let unseen = positions(&reports)[0];
    assert!(unseen.actions.is_empty() && unseen.rows[0].amount == U256::from(1), "{unseen:#?}");
    let named = PositionManager { ids: vec![U256::from(1), U256::from(5)], ..bare };
    refuses_changed_code(&mut lab, &registry(&named), "uniswap-v4").await;
    let state = lab.state().await;
    let reports = registry(&named).read(user, &state).await.unwrap();
    let found = positions(&reports);
    assert_eq!(found.len(), 1);
    let liquidity = Posm::getPositionLiquidityCall { tokenId: U256::from(1) };
    let liquidity = super::lab::view(&state, manager, &liquidity).await;
    assert!(found[0].rows[0].note.as_ref().unwrap().contains(&liquidity.to_string()));
    let supplied: Vec<U256> =
        found[0].rows.iter().filter(|row| row.kind == RowKind::Supplied).map(|row| row.amount).collect();
    let near = units(295, 16);
    assert!(supplied.iter().all(|amount| amount.abs_diff(near) < units(1, 17)), "{supplied:?}");
    // Fees that are more than the minimum's margin, and more than was put in: the minimums count without them.
    let donor = stand_in(&mut lab, "Donor", &[]);
    lab.send(GOVERNOR, token, &Mintable::mintCall { to: donor, amount: units(1, 18) });
    let give = DonorIn::giveCall { pools, key: donated, amount1: units(1, 18) };
    lab.pay(GOVERNOR, donor, &give, units(5, 18));
    lab.mine();
    let state = lab.state().await;
    let reports = registry(&named).read(user, &state).await.unwrap();
    let found = positions(&reports);
    let with_fees: Vec<U256> =
        found[0].rows.iter().filter(|row| row.kind == RowKind::Supplied).map(|row| row.amount).collect();
    let fees: Vec<U256> = with_fees.iter().zip(&supplied).map(|(all, before)| *all - *before).collect();
    let given = [units(5, 18), units(1, 18)];
    assert!(fees.iter().zip(given).all(|(fee, given)| given - *fee < U256::from(10)), "{fees:?}");
    let supplied = with_fees;
    let remove = found[0].actions.iter().find(|one| one.kind == "remove-liquidity").unwrap();
    let note = remove.note.as_deref().unwrap();
    assert!(note.contains("no price feed tells"), "nothing vouches for the pool's price here: {note}");
    let before = lab.view(token, &Erc20::balanceOfCall { owner: user }).await;
    let plan = plan_exit(&registry(&named), &state, user, WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 1);
    carry_out(&mut lab, &plan).await;
    let after = lab.view(token, &Erc20::balanceOfCall { owner: user }).await;
    assert_eq!(after - before, supplied[1]);
    assert!(positions(&lab.read(&registry(&named), USER).await).is_empty());
}
