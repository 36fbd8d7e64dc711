//! Uniswap v2 and v3: what a share and a position would pay is what they pay.

use std::sync::Arc;

use alloy::primitives::aliases::{I24, U24, U160};
use alloy::primitives::{Address, B256, U256, b256, keccak256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::uniswap_v2::PairFactory;
use lifeboat::protocols::uniswap_v3::PositionManager;
use lifeboat::protocols::{Deployments, Found, Position, Registry, Report, RowKind, Verdict, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::leave;
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    interface Router {
        function addLiquidity(address tokenA, address tokenB, uint256 amountA, uint256 amountB, uint256 minA, uint256 minB, address to, uint256 deadline) external returns (uint256, uint256, uint256);
        function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline) external returns (uint256[]);
    }
    interface Pairs { function setFeeTo(address to) external; }
    struct MintParams {
        address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper;
        uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline;
    }
    struct SwapParams { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }
    interface Manager {
        function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) external payable returns (address pool);
        function tokenOfOwnerByIndex(address owner, uint256 index) external view returns (uint256);
        function mint(MintParams params) external payable returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
    }
    interface SwapRouter { function exactInputSingle(SwapParams params) external payable returns (uint256); }
}

fn positions(reports: &[Report]) -> Vec<Position> {
    let found = reports.iter().flat_map(|report| match &report.found {
        Found::Positions(all) => all.clone(),
        other => panic!("{other:?}"),
    });
    found.collect()
}

/// Two tokens in order, minted to user and lender, who let `spenders` take them.
fn tokens(lab: &mut Lab, spenders: &[Address]) -> [Address; 2] {
    let mintable = |name: &str, decimals: u8| (name, name, U256::from(decimals)).abi_encode_params();
    let mut pair = [
        lab.deploy("aave_MintableERC20", &mintable("USDC", 6)),
        lab.deploy("aave_MintableERC20", &mintable("GOLD", 18)),
    ];
    pair.sort();
    lab.mine();
    for who in [USER, LENDER] {
        for token in pair {
            let amount = units(1_000_000_000, 18);
            lab.send(GOVERNOR, token, &Mintable::mintCall { to: address(who), amount });
            for spender in spenders {
                lab.send(who, token, &Mintable::approveCall { spender: *spender, amount });
            }
        }
    }
    lab.mine();
    pair
}

async fn balances(lab: &mut Lab, pair: [Address; 2]) -> [U256; 2] {
    let owner = address(USER);
    [
        lab.view(pair[0], &Erc20::balanceOfCall { owner }).await,
        lab.view(pair[1], &Erc20::balanceOfCall { owner }).await,
    ]
}

fn amounts(position: &Position, kind: RowKind) -> Vec<U256> {
    position.rows.iter().filter(|row| row.kind == kind).map(|row| row.amount).collect()
}

const FAR: U256 = U256::from_limbs([4_000_000_000, 0, 0, 0]);

#[tokio::test(flavor = "multi_thread")]
async fn a_pairs_share_pays_what_was_told() {
    let Some(artifacts) = Artifacts::with(&["univ2_Factory", "univ2_Router02", "WETH9"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let weth = lab.deploy("WETH9", &[]);
    let factory = lab.deploy("univ2_Factory", &address(GOVERNOR).abi_encode());
    let router = lab.deploy("univ2_Router02", &(factory, weth).abi_encode_params());
    lab.mine();
    let pair = tokens(&mut lab, &[router]);
    let add = |who: usize, a: u64, b: u64| Router::addLiquidityCall {
        tokenA: pair[0],
        tokenB: pair[1],
        amountA: U256::from(a),
        amountB: U256::from(b),
        minA: U256::ZERO,
        minB: U256::ZERO,
        to: address(who),
        deadline: FAR,
    };
    lab.send(LENDER, router, &add(LENDER, 5_000_000_000, 7_000_000_000));
    lab.mine();
    let market = |pair_code_hash| -> Registry {
        let tokens = vec![weth, pair[0], pair[1]];
        let name = "Uniswap v2".to_owned();
        Registry::new(vec![Arc::new(PairFactory { name, factory, router, pair_code_hash, tokens })])
    };
    let registry = market(Some(bundled_pair_code()));
    let mut random = fastrand::Rng::with_seed(10);
    for round in 0..12 {
        if round == 6 {
            lab.send(GOVERNOR, factory, &Pairs::setFeeToCall { to: address(GOVERNOR) });
        }
        lab.send(USER, router, &add(USER, random.u64(10_000..900_000_000), random.u64(10_000..900_000_000)));
        lab.mine();
        let swap = Router::swapExactTokensForTokensCall {
            amountIn: U256::from(random.u64(1..800_000_000)),
            amountOutMin: U256::ZERO,
            path: vec![pair[round % 2], pair[(round + 1) % 2]],
            to: address(LENDER),
            deadline: FAR,
        };
        lab.send(LENDER, router, &swap);
        if round % 3 == 0 {
            // A gift to the pair, which its share pays out too.
            let gift = Erc20::transferCall {
                to: market_pair(&mut lab, &registry).await,
                value: U256::from(random.u64(1..9_999)),
            };
            lab.send(LENDER, pair[0], &gift);
        }
        lab.mine();
        let all = positions(&lab.read(&registry, USER).await);
        assert_eq!(all[0].code.verdict, Verdict::Matches);
        let told = amounts(&all[0], RowKind::Supplied);
        let before = balances(&mut lab, pair).await;
        lab.act(USER, all[0].actions[0].intents().unwrap()).await;
        let after = balances(&mut lab, pair).await;
        assert_eq!(vec![after[0] - before[0], after[1] - before[1]], told, "round {round}");
        assert!(positions(&lab.read(&registry, USER).await).is_empty());
    }
    lab.send(USER, router, &add(USER, 1_000_000, 1_000_000));
    lab.mine();
    let all = positions(&lab.read(&market(Some(B256::repeat_byte(1))), USER).await);
    assert_eq!(
        all[0].code.verdict,
        Verdict::Changed,
        "another code than the bundled one is said to be another"
    );
    refuses_changed_code(&mut lab, &registry, "uniswap-v2").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    assert_eq!(plan.steps.len(), 2, "approve, remove: {:#?}", plan.steps);
    leave(&mut lab, &registry, &plan).await;
    // The factory derives addresses by the hash of the creation code that mainnet's factory is known for.
    let salt = keccak256([pair[0].as_slice(), pair[1].as_slice()].concat());
    assert_eq!(all[0].contract, factory.create2(salt, INIT_CODE));
}

/// `init code hash` of Uniswap v2's pairs on mainnet.
const INIT_CODE: B256 = b256!("96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f");

fn bundled_pair_code() -> B256 {
    let all: serde_json::Value =
        serde_json::from_str(include_str!("../../../assets/protocols/uniswap-v2.json")).unwrap();
    all["1"][0]["pair_code_hash"].as_str().unwrap().parse().unwrap()
}

/// The pair's own address, as the position names it.
async fn market_pair(lab: &mut Lab, registry: &Registry) -> Address {
    positions(&lab.read(registry, USER).await)[0].contract
}

#[tokio::test(flavor = "multi_thread")]
async fn positions_in_and_out_of_range_pay_what_was_told() {
    let names = ["univ3_Factory", "univ3_NFPM", "univ3_SwapRouter02", "univ2_Factory", "WETH9"];
    let Some(artifacts) = Artifacts::with(&names) else { return };
    let mut lab = Lab::start(artifacts).await;
    let weth = lab.deploy("WETH9", &[]);
    let factory = lab.deploy("univ3_Factory", &[]);
    let manager = lab.deploy("univ3_NFPM", &(factory, weth, weth).abi_encode_params());
    let old = lab.deploy("univ2_Factory", &address(GOVERNOR).abi_encode());
    let router = lab.deploy("univ3_SwapRouter02", &(old, factory, manager, weth).abi_encode_params());
    lab.mine();
    let pair = tokens(&mut lab, &[manager, router]);
    let fee = U24::from(3_000);
    let create = Manager::createAndInitializePoolIfNecessaryCall {
        token0: pair[0],
        token1: pair[1],
        fee,
        sqrtPriceX96: U160::from(1_u8) << 96,
    };
    lab.send(LENDER, manager, &create);
    lab.mine();
    let mint = |who: usize, low: i32, high: i32, amount: u64| Manager::mintCall {
        params: MintParams {
            token0: pair[0],
            token1: pair[1],
            fee,
            tickLower: I24::try_from(low * 60).unwrap(),
            tickUpper: I24::try_from(high * 60).unwrap(),
            amount0Desired: U256::from(amount),
            amount1Desired: U256::from(amount),
            amount0Min: U256::ZERO,
            amount1Min: U256::ZERO,
            recipient: address(who),
            deadline: FAR,
        },
    };
    lab.send(LENDER, manager, &mint(LENDER, -1_000, 1_000, 10_000_000_000));
    lab.mine();
    let market = PositionManager {
        name: "Uniswap v3".to_owned(),
        manager,
        factory,
        quoter: None,
        router: None,
        weth: None,
        ids: Vec::new(),
    };
    let registry = Registry::new(vec![Arc::new(market)]);
    let mut random = fastrand::Rng::with_seed(11);
    let mut collected = 0;
    for round in 0..8 {
        for (low, high) in [(-10, 10), (5, 40), (-60, -20)] {
            lab.send(USER, manager, &mint(USER, low, high, random.u64(1_000_000..900_000_000)));
            lab.mine();
        }
        for _ in 0..3 {
            let (at, amount) = (random.usize(0..2), random.u64(1..3_000_000_000));
            let params = SwapParams {
                tokenIn: pair[at],
                tokenOut: pair[1 - at],
                fee,
                recipient: address(LENDER),
                amountIn: U256::from(amount),
                amountOutMinimum: U256::ZERO,
                sqrtPriceLimitX96: U160::ZERO,
            };
            lab.send(LENDER, router, &SwapRouter::exactInputSingleCall { params });
            lab.mine();
        }
        let all = positions(&lab.read(&registry, USER).await);
        assert_eq!(all.len(), 3, "round {round}");
        assert!(all.iter().any(|one| one.caveats[0].starts_with("Out of range")));
        for position in all {
            let before = balances(&mut lab, pair).await;
            let mut told = [U256::ZERO; 2];
            for row in &position.rows {
                told[usize::from(row.asset.address == pair[1])] += row.amount;
            }
            // Fees alone first, where there are any; the rest then pays the rest.
            if let Some(collect) = position.actions.iter().find(|one| one.kind == "collect") {
                lab.act(USER, collect.intents().unwrap()).await;
                let fees = balances(&mut lab, pair).await;
                let due = |at: usize| -> U256 {
                    let rows = position.rows.iter().filter(|row| row.kind == RowKind::Claimable);
                    rows.filter(|row| row.asset.address == pair[at]).map(|row| row.amount).sum()
                };
                assert_eq!([fees[0] - before[0], fees[1] - before[1]], [due(0), due(1)]);
                collected += 1;
            }
            let remove = position.actions.iter().find(|one| one.kind == "remove-liquidity").unwrap();
            lab.act(USER, remove.intents().unwrap()).await;
            let after = balances(&mut lab, pair).await;
            assert_eq!(
                [after[0] - before[0], after[1] - before[1]],
                told,
                "{} in round {round}",
                position.market
            );
        }
        assert!(positions(&lab.read(&registry, USER).await).is_empty());
    }
    assert!(collected > 0, "some position earned something");
    lab.send(USER, manager, &mint(USER, -10, 10, 900_000_000));
    lab.send(USER, manager, &mint(USER, 5, 40, 100_000_000));
    lab.mine();
    refuses_changed_code(&mut lab, &registry, "uniswap-v3").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    assert_eq!(plan.steps.len(), 2, "both positions are removed and collected: {:#?}", plan.steps);
    leave(&mut lab, &registry, &plan).await;
    // A hundred that somebody sends hide what comes after them, until it is named by its number.
    for chunk in 0..4 {
        for at in 0..25 {
            let (low, high) = (chunk * 30 + at, chunk * 30 + at + 1);
            lab.send(LENDER, manager, &mint(USER, low, high, 100_000));
        }
        lab.mine();
    }
    lab.send(USER, manager, &mint(USER, -10, 10, 900_000_000));
    lab.mine();
    let all = positions(&lab.read(&registry, USER).await);
    let owner = address(USER);
    let count: u64 = lab.view(manager, &Erc20::balanceOfCall { owner }).await.to();
    let unseen = all.iter().find(|one| one.market == "positions not looked at").unwrap();
    let told = format!("{count} positions are held; {} of them are not shown.", count - 100);
    assert!(unseen.caveats[0].starts_with(&told), "{:?}", unseen.caveats);
    let last = Manager::tokenOfOwnerByIndexCall { owner, index: U256::from(count - 1) };
    let own = lab.view(manager, &last).await;
    assert!(!all.iter().any(|one| one.market.starts_with(&format!("#{own} "))), "{own}");
    // Somebody else's beside it: nothing of theirs is shown.
    let named = [own, U256::ONE].map(|id| format!("uniswap-v3={id}").parse().unwrap()).to_vec();
    let wider = registry.with(&Deployments::naming(None, named).unwrap());
    let all = positions(&lab.read(&wider, USER).await);
    assert!(all.iter().any(|one| one.market.starts_with(&format!("#{own} "))), "#{own}");
    assert!(!all.iter().any(|one| one.market.starts_with("#1 ")));
}
