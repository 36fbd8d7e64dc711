//! Uniswap v3 as published, with a pool between two tokens of the benchmark: what a quote costs from afar.

use std::path::Path;

use alloy::primitives::aliases::{I24, U24, U160};
use alloy::primitives::{Address, Bytes, TxKind, U256, hex};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue as _};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::execution::Call;

use super::Sender;

sol! {
    struct MintParams {
        address token0; address token1; uint24 fee; int24 tickLower; int24 tickUpper;
        uint256 amount0Desired; uint256 amount1Desired; uint256 amount0Min; uint256 amount1Min; address recipient; uint256 deadline;
    }
    struct QuoteParams { address tokenIn; address tokenOut; uint256 amountIn; uint24 fee; uint160 sqrtPriceLimitX96; }
    function approve(address spender, uint256 value) external returns (bool);
    function createAndInitializePoolIfNecessary(address token0, address token1, uint24 fee, uint160 sqrtPriceX96) external payable returns (address pool);
    function mint(MintParams params) external payable returns (uint256, uint128, uint256, uint256);
    function quoteExactInputSingle(QuoteParams params) external returns (uint256, uint160, uint32, uint256);
}

const FEE: u64 = 3_000;
/// The widest range of pools with this fee.
const TICK: i32 = 887_220;
const GAS: u64 = 8_000_000;

/// Deploys it all and returns the quote; `None` where `LIFEBOAT_ARTIFACTS` names no folder with the bytecode.
pub(super) fn quote(sender: &mut Sender<'_>, tokens: &[Address]) -> Option<Call> {
    let folder = std::env::var_os("LIFEBOAT_ARTIFACTS")?;
    let code = |name: &str, arguments: Vec<u8>| {
        let file = Path::new(&folder).join(format!("{name}.json"));
        let artifact: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        [hex::decode(artifact["bytecode"].as_str().unwrap()).unwrap(), arguments].concat()
    };
    let mut pair = [tokens[0], tokens[1]];
    pair.sort();
    let weth = sender.transact(TxKind::Create, code("WETH9", Vec::new()).into(), GAS);
    let factory = sender.transact(TxKind::Create, code("univ3_Factory", Vec::new()).into(), GAS);
    let manager = code("univ3_NFPM", (factory, weth, weth).abi_encode_params());
    let manager = sender.transact(TxKind::Create, manager.into(), GAS);
    let quoter = code("univ3_QuoterV2", (factory, weth).abi_encode_params());
    let quoter = sender.transact(TxKind::Create, quoter.into(), GAS);
    let mut call = |to: Address, input: Vec<u8>| sender.transact(TxKind::Call(to), input.into(), GAS);
    for token in pair {
        call(token, approveCall { spender: manager, value: U256::MAX }.abi_encode());
    }
    let (fee, amount) = (U24::from(FEE), U256::from(1_u64 << 50));
    let pool = createAndInitializePoolIfNecessaryCall {
        token0: pair[0],
        token1: pair[1],
        fee,
        sqrtPriceX96: U160::from(1) << 96,
    };
    call(manager, pool.abi_encode());
    let params = MintParams {
        token0: pair[0],
        token1: pair[1],
        fee,
        tickLower: I24::try_from(-TICK).unwrap(),
        tickUpper: I24::try_from(TICK).unwrap(),
        amount0Desired: amount,
        amount1Desired: amount,
        amount0Min: U256::ZERO,
        amount1Min: U256::ZERO,
        recipient: PRACTICE_ACCOUNTS[0].address,
        deadline: U256::from(u64::MAX),
    };
    call(manager, mintCall { params }.abi_encode());
    let params = QuoteParams {
        tokenIn: pair[0],
        tokenOut: pair[1],
        amountIn: U256::from(1_000_000),
        fee,
        sqrtPriceLimitX96: U160::ZERO,
    };
    Some(Call::read(quoter, Bytes::from(quoteExactInputSingleCall { params }.abi_encode())))
}
