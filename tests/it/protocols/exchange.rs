//! Uniswap v3 with its quoter and router, and Uniswap v2 beside it, from the published bytecode.

use alloy::primitives::aliases::{I24, U24, U160};
use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::protocols::uniswap_v2::PairFactory;
use lifeboat::protocols::uniswap_v3::PositionManager;

use super::aave_market::{Market, Mintable};
use super::lab::{GOVERNOR, LENDER, Lab, address};

sol! {
    struct MintParams {
        address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper;
        uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline;
    }
    interface Manager {
        function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) external payable returns (address pool);
        function mint(MintParams params) external payable returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
    }
    interface Router {
        function addLiquidity(address tokenA, address tokenB, uint256 amountA, uint256 amountB, uint256 minA, uint256 minB, address to, uint256 deadline) external returns (uint256, uint256, uint256);
    }
}

pub(crate) const NEEDED: [&str; 7] = [
    "aave_Pool",
    "univ3_Factory",
    "univ3_NFPM",
    "univ3_SwapRouter02",
    "univ3_QuoterV2",
    "univ2_Factory",
    "univ2_Router02",
];

const FAR: U256 = U256::from_limbs([4_000_000_000, 0, 0, 0]);

pub(crate) struct Exchange {
    pub(crate) v3: PositionManager,
    pub(crate) v2: PairFactory,
}

pub(crate) fn deploy(lab: &mut Lab, weth: Address, tokens: Vec<Address>) -> Exchange {
    let factory = lab.deploy("univ3_Factory", &[]);
    let old = lab.deploy("univ2_Factory", &address(GOVERNOR).abi_encode());
    let manager = lab.deploy("univ3_NFPM", &(factory, weth, weth).abi_encode_params());
    let router = lab.deploy("univ3_SwapRouter02", &(old, factory, manager, weth).abi_encode_params());
    let quoter = lab.deploy("univ3_QuoterV2", &(factory, weth).abi_encode_params());
    let old_router = lab.deploy("univ2_Router02", &(old, weth).abi_encode_params());
    lab.mine();
    let name = "Uniswap v3".to_owned();
    let v3 = PositionManager {
        name,
        manager,
        factory,
        quoter: Some(quoter),
        router: Some(router),
        weth: Some(weth),
        ids: Vec::new(),
    };
    let name = "Uniswap v2".to_owned();
    let v2 = PairFactory { name, factory: old, router: old_router, pair_code_hash: None, tokens };
    Exchange { v3, v2 }
}

impl Exchange {
    /// The lender opens a pool of two tokens with these amounts, which are its price, all over the range.
    pub(crate) fn pool(&self, lab: &mut Lab, market: &Market, fee: u32, sides: [(Address, U256); 2]) {
        let [(token0, amount0), (token1, amount1)] = ordered(sides);
        let ratio = (amount1 << 128_usize) / amount0; // of small amounts: 128 digits are enough
        let root = ratio.root(2) << 32_usize;
        let create = Manager::createAndInitializePoolIfNecessaryCall {
            token0,
            token1,
            fee: U24::from(fee),
            sqrtPriceX96: U160::from(root),
        };
        lab.send(LENDER, self.v3.manager, &create);
        for (token, amount) in sides {
            market.fund(lab, LENDER, token, amount);
            lab.send(LENDER, token, &Mintable::approveCall { spender: self.v3.manager, amount });
        }
        lab.mine();
        let edge = I24::try_from(887_200 / 200 * 200).unwrap();
        let params = MintParams {
            token0,
            token1,
            fee: U24::from(fee),
            tickLower: -edge,
            tickUpper: edge,
            amount0Desired: amount0,
            amount1Desired: amount1,
            amount0Min: U256::ZERO,
            amount1Min: U256::ZERO,
            recipient: address(LENDER),
            deadline: FAR,
        };
        lab.send(LENDER, self.v3.manager, &Manager::mintCall { params });
        lab.mine();
    }

    /// The same at the older exchange.
    pub(crate) fn pair(&self, lab: &mut Lab, market: &Market, sides: [(Address, U256); 2]) {
        for (token, amount) in sides {
            market.fund(lab, LENDER, token, amount);
            lab.send(LENDER, token, &Mintable::approveCall { spender: self.v2.router, amount });
        }
        lab.mine();
        let [(a, amount_a), (b, amount_b)] = sides;
        let add = Router::addLiquidityCall {
            tokenA: a,
            tokenB: b,
            amountA: amount_a,
            amountB: amount_b,
            minA: U256::ZERO,
            minB: U256::ZERO,
            to: address(LENDER),
            deadline: FAR,
        };
        lab.send(LENDER, self.v2.router, &add);
        lab.mine();
    }
}

fn ordered(sides: [(Address, U256); 2]) -> [(Address, U256); 2] {
    let [one, other] = sides;
    if one.0 < other.0 { [one, other] } else { [other, one] }
}
