//! Anybody may give somebody a position of a token of their own making: it must hide no other position.

use std::sync::Arc;

use alloy::primitives::aliases::{I24, U24, U160};
use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::uniswap_v3::PositionManager;
use lifeboat::protocols::{Position, Registry, RowKind, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::exits::{action, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};
use super::stand_ins::stand_in;

sol! {
    struct MintParams {
        address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper;
        uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline;
    }
    struct SwapParams { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }
    struct DecreaseParams { uint256 tokenId; uint128 liquidity; uint256 amount0Min; uint256 amount1Min; uint256 deadline; }
    interface Manager {
        function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) external payable returns (address pool);
        function mint(MintParams params) external payable returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
        function positions(uint256 id) external view returns (uint96 nonce, address operator, address token0, address token1, uint24 fee, int24 low, int24 high, uint128 liquidity, uint256 inside0, uint256 inside1, uint128 owed0, uint128 owed1);
        function tokenOfOwnerByIndex(address owner, uint256 index) external view returns (uint256);
        function decreaseLiquidity(DecreaseParams params) external payable returns (uint256, uint256);
    }
    interface SwapRouter { function exactInputSingle(SwapParams params) external payable returns (uint256); }
    interface Grudge { function bar(address who, uint256 how) external; }
}

const FAR: U256 = U256::from_limbs([4_000_000_000, 0, 0, 0]);

/// Opens a pool of both, gives the user a position in it, and lets it earn fees in both.
fn give(lab: &mut Lab, [manager, router]: [Address; 2], mut pair: [Address; 2]) {
    pair.sort();
    let fee = U24::from(3_000);
    for token in pair {
        lab.send(GOVERNOR, token, &Mintable::mintCall { to: address(LENDER), amount: units(1_000, 18) });
        for spender in [manager, router] {
            let value = units(1_000, 18);
            lab.send(LENDER, token, &Erc20::approveCall { spender, value });
        }
    }
    let create = Manager::createAndInitializePoolIfNecessaryCall {
        token0: pair[0],
        token1: pair[1],
        fee,
        sqrtPriceX96: U160::from(1_u8) << 96,
    };
    lab.send(LENDER, manager, &create);
    lab.mine();
    let params = MintParams {
        token0: pair[0],
        token1: pair[1],
        fee,
        tickLower: I24::try_from(-6_000).unwrap(),
        tickUpper: I24::try_from(6_000).unwrap(),
        amount0Desired: units(100, 18),
        amount1Desired: units(100, 18),
        amount0Min: U256::ZERO,
        amount1Min: U256::ZERO,
        recipient: address(USER),
        deadline: FAR,
    };
    lab.send(LENDER, manager, &Manager::mintCall { params });
    lab.mine();
    for (token_in, token_out, amount) in [(pair[0], pair[1], 7), (pair[1], pair[0], 5)] {
        let params = SwapParams {
            tokenIn: token_in,
            tokenOut: token_out,
            fee,
            recipient: address(LENDER),
            amountIn: units(amount, 18),
            amountOutMinimum: U256::ZERO,
            sqrtPriceLimitX96: U160::ZERO,
        };
        lab.send(LENDER, router, &SwapRouter::exactInputSingleCall { params });
    }
    lab.mine();
}

fn told(position: &Position) -> Vec<(RowKind, Address, U256)> {
    position.rows.iter().map(|row| (row.kind, row.asset.address, row.amount)).collect()
}

fn blocked(position: &Position) -> bool {
    position.actions.iter().all(|one| one.blocked.is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_refuses_the_owner_hides_no_other_position() {
    let names = ["univ3_Factory", "univ3_NFPM", "univ3_SwapRouter02", "univ2_Factory", "WETH9"];
    let Some(artifacts) = Artifacts::with(&names) else { return };
    let mut lab = Lab::start(artifacts).await;
    let weth = lab.deploy("WETH9", &[]);
    let factory = lab.deploy("univ3_Factory", &[]);
    let manager = lab.deploy("univ3_NFPM", &(factory, weth, weth).abi_encode_params());
    let old = lab.deploy("univ2_Factory", &address(GOVERNOR).abi_encode());
    let router = lab.deploy("univ3_SwapRouter02", &(old, factory, manager, weth).abi_encode_params());
    let [gold, iron] =
        ["GOLD", "IRON"].map(|name| stand_in(&mut lab, "Token", &name.to_owned().abi_encode()));
    let grudges = [1_u8, 2, 3].map(|how| (stand_in(&mut lab, "Grudge", &[]), how));
    lab.mine();
    give(&mut lab, [manager, router], [gold, iron]);
    for (grudge, _) in grudges {
        give(&mut lab, [manager, router], [grudge, gold]);
    }
    let (name, quoter, router, weth) = ("Uniswap v3".to_owned(), None, None, None);
    let registry = Registry::new(vec![Arc::new(PositionManager {
        name,
        manager,
        factory,
        quoter,
        router,
        weth,
        ids: Vec::new(),
    })]);
    let before = lab.read(&registry, USER).await;
    let before: Vec<_> = positions(&before).into_iter().map(told).collect();
    assert!(before.len() == 4 && before.iter().all(|rows| rows.len() == 4), "{before:#?}");
    for (grudge, how) in grudges {
        let bar = Grudge::barCall { who: address(USER), how: U256::from(how) };
        lab.send(LENDER, grudge, &bar);
    }
    lab.mine();
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports);
    let now: Vec<_> = found.iter().map(|one| told(one)).collect();
    assert_eq!(now, before, "what is in them is told to the unit, though it cannot be paid");
    assert_eq!(found.iter().map(|one| blocked(one)).collect::<Vec<_>>(), [false, true, true, true]);
    for (position, why) in found.iter().skip(1).zip(["refuses to be paid out", "", "more than"]) {
        let blocked = action(position, "remove-liquidity").blocked.as_deref().unwrap();
        assert!(blocked.starts_with("It would fail now: ") && blocked.contains(why), "{why}: {blocked}");
        assert!(position.caveats.iter().any(|one| one.starts_with("It cannot be paid out now")));
    }
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    assert!(plan.steps.len() == 1 && plan.left_out.len() >= 3, "the good one is left: {plan:#?}");
    // Liquidity that is out already and only owed is not forgotten.
    let id = Manager::tokenOfOwnerByIndexCall { owner: address(USER), index: U256::from(1) };
    let id = lab.view(manager, &id).await;
    let liquidity = lab.view(manager, &Manager::positionsCall { id }).await.liquidity;
    let (none, deadline) = (U256::ZERO, FAR);
    let params = DecreaseParams { tokenId: id, liquidity, amount0Min: none, amount1Min: none, deadline };
    lab.send(USER, manager, &Manager::decreaseLiquidityCall { params });
    lab.mine();
    let owed = lab.view(manager, &Manager::positionsCall { id }).await;
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports);
    let claimable: Vec<U256> = found[1].rows.iter().map(|row| row.amount).collect();
    assert_eq!(claimable, [owed.owed0, owed.owed1].map(U256::from), "{:#?}", found[1]);
    assert!(blocked(found[1]) && found[1].rows.iter().all(|row| row.kind == RowKind::Claimable));
}
