//! Plans in bytes: the commands of Uniswap's Universal Router and the actions of its v4, each a number with arguments of
//! its own. Whoever reads only `execute(bytes,bytes[])` does not see who is paid.
//!
//! Layouts as the router's and v4's own libraries write them (`universal-router-sdk`, `v4-sdk`); where versions differ all
//! are tried, and bytes that fit none stay unread.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use alloy::json_abi::Function;
use alloy::primitives::{Address, Bytes, Selector, address};

use super::abi_reader::{BUDGET, read_params_within};
use super::fragment::function_of;
use super::value::NamedValue;

/// Set in a command's byte where the plan goes on though the command fails.
const MAY_FAIL: u8 = 0x80;
/// The first router of that name: its numbers from 0x10 on are other commands.
const ROUTER_1_2: Address = address!("3fC91A3afd70395Cd496C647d5a6CC9D4B2b7FAD");

/// Whose numbers they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    /// Universal Router's commands.
    Router,
    /// Uniswap v4's actions, of its position manager and of its router.
    V4,
}

/// Numbers and what each is given, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    language: Language,
    /// The router is of the version whose higher numbers are others.
    old: bool,
    numbers: Bytes,
    inputs: Vec<Bytes>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A command with its arguments, and the plan that it carries.
    Command { name: String, may_fail: bool, args: Vec<NamedValue>, plan: Option<Plan> },
    /// Calldata for one of Uniswap's managers of positions.
    Call(Bytes),
    /// Bytes of unknown meaning.
    Unread(Bytes),
}

/// Types that several layouts share, by the mark that stands for them below.
const SHARED: [(&str, &str); 3] = [
    ("$POOL", "(address currency0,address currency1,uint24 fee,int24 tickSpacing,address hooks) poolKey"),
    (
        "$PATH",
        "(address intermediateCurrency,uint256 fee,int24 tickSpacing,address hooks,bytes hookData)[] path",
    ),
    ("$DETAILS", "(address token,uint160 amount,uint48 expiration,uint48 nonce)"),
];

/// Every layout: whose, its number, its name and what it is given. Where a number stands twice, the second is of routers
/// since 2.1.1, which take a price for every hop besides. Who gets a position is called its `owner` there.
const LAYOUTS: [(Language, u8, &str); 48] = {
    use Language::{Router, V4};
    [
        (
            Router,
            0x00,
            "V3_SWAP_EXACT_IN(address recipient,uint256 amountIn,uint256 amountOutMin,bytes path,bool payerIsUser)",
        ),
        (
            Router,
            0x00,
            "V3_SWAP_EXACT_IN(address recipient,uint256 amountIn,uint256 amountOutMin,bytes path,bool payerIsUser,uint256[] minHopPriceX36)",
        ),
        (
            Router,
            0x01,
            "V3_SWAP_EXACT_OUT(address recipient,uint256 amountOut,uint256 amountInMax,bytes path,bool payerIsUser)",
        ),
        (
            Router,
            0x01,
            "V3_SWAP_EXACT_OUT(address recipient,uint256 amountOut,uint256 amountInMax,bytes path,bool payerIsUser,uint256[] minHopPriceX36)",
        ),
        (Router, 0x02, "PERMIT2_TRANSFER_FROM(address token,address recipient,uint160 amount)"),
        (
            Router,
            0x03,
            "PERMIT2_PERMIT_BATCH(($DETAILS[] details,address spender,uint256 sigDeadline) permit,bytes signature)",
        ),
        (Router, 0x04, "SWEEP(address token,address recipient,uint256 amountMin)"),
        (Router, 0x05, "TRANSFER(address token,address recipient,uint256 value)"),
        (Router, 0x06, "PAY_PORTION(address token,address recipient,uint256 bips)"),
        (Router, 0x07, "PAY_PORTION_FULL_PRECISION(address token,address recipient,uint256 portion)"),
        (
            Router,
            0x08,
            "V2_SWAP_EXACT_IN(address recipient,uint256 amountIn,uint256 amountOutMin,address[] path,bool payerIsUser)",
        ),
        (
            Router,
            0x08,
            "V2_SWAP_EXACT_IN(address recipient,uint256 amountIn,uint256 amountOutMin,address[] path,bool payerIsUser,uint256[] minHopPriceX36)",
        ),
        (
            Router,
            0x09,
            "V2_SWAP_EXACT_OUT(address recipient,uint256 amountOut,uint256 amountInMax,address[] path,bool payerIsUser)",
        ),
        (
            Router,
            0x09,
            "V2_SWAP_EXACT_OUT(address recipient,uint256 amountOut,uint256 amountInMax,address[] path,bool payerIsUser,uint256[] minHopPriceX36)",
        ),
        (
            Router,
            0x0a,
            "PERMIT2_PERMIT(($DETAILS details,address spender,uint256 sigDeadline) permit,bytes signature)",
        ),
        (Router, 0x0b, "WRAP_ETH(address recipient,uint256 amount)"),
        (Router, 0x0c, "UNWRAP_WETH(address recipient,uint256 amountMin)"),
        (
            Router,
            0x0d,
            "PERMIT2_TRANSFER_FROM_BATCH((address from,address to,uint160 amount,address token)[] transfers)",
        ),
        (Router, 0x0e, "BALANCE_CHECK_ERC20(address owner,address token,uint256 minBalance)"),
        (Router, 0x10, "V4_SWAP(bytes actions,bytes[] params)"),
        (Router, 0x13, "V4_INITIALIZE_POOL($POOL,uint160 sqrtPriceX96)"),
        (Router, 0x21, "EXECUTE_SUB_PLAN(bytes commands,bytes[] inputs)"),
        (
            V4,
            0x00,
            "INCREASE_LIQUIDITY(uint256 tokenId,uint256 liquidity,uint128 amount0Max,uint128 amount1Max,bytes hookData)",
        ),
        (
            V4,
            0x01,
            "DECREASE_LIQUIDITY(uint256 tokenId,uint256 liquidity,uint128 amount0Min,uint128 amount1Min,bytes hookData)",
        ),
        (
            V4,
            0x02,
            "MINT_POSITION($POOL,int24 tickLower,int24 tickUpper,uint256 liquidity,uint128 amount0Max,uint128 amount1Max,address recipient,bytes hookData)",
        ),
        (V4, 0x03, "BURN_POSITION(uint256 tokenId,uint128 amount0Min,uint128 amount1Min,bytes hookData)"),
        (
            V4,
            0x04,
            "INCREASE_LIQUIDITY_FROM_DELTAS(uint256 tokenId,uint128 amount0Max,uint128 amount1Max,bytes hookData)",
        ),
        (
            V4,
            0x05,
            "MINT_POSITION_FROM_DELTAS($POOL,int24 tickLower,int24 tickUpper,uint128 amount0Max,uint128 amount1Max,address recipient,bytes hookData)",
        ),
        (
            V4,
            0x06,
            "SWAP_EXACT_IN_SINGLE(($POOL,bool zeroForOne,uint128 amountIn,uint128 amountOutMinimum,bytes hookData) swap)",
        ),
        (
            V4,
            0x06,
            "SWAP_EXACT_IN_SINGLE(($POOL,bool zeroForOne,uint128 amountIn,uint128 amountOutMinimum,uint256 minHopPriceX36,bytes hookData) swap)",
        ),
        (
            V4,
            0x07,
            "SWAP_EXACT_IN((address currencyIn,$PATH,uint128 amountIn,uint128 amountOutMinimum) swap)",
        ),
        (
            V4,
            0x07,
            "SWAP_EXACT_IN((address currencyIn,$PATH,uint256[] minHopPriceX36,uint128 amountIn,uint128 amountOutMinimum) swap)",
        ),
        (
            V4,
            0x08,
            "SWAP_EXACT_OUT_SINGLE(($POOL,bool zeroForOne,uint128 amountOut,uint128 amountInMaximum,bytes hookData) swap)",
        ),
        (
            V4,
            0x08,
            "SWAP_EXACT_OUT_SINGLE(($POOL,bool zeroForOne,uint128 amountOut,uint128 amountInMaximum,uint256 minHopPriceX36,bytes hookData) swap)",
        ),
        (
            V4,
            0x09,
            "SWAP_EXACT_OUT((address currencyOut,$PATH,uint128 amountOut,uint128 amountInMaximum) swap)",
        ),
        (
            V4,
            0x09,
            "SWAP_EXACT_OUT((address currencyOut,$PATH,uint256[] minHopPriceX36,uint128 amountOut,uint128 amountInMaximum) swap)",
        ),
        (V4, 0x0b, "SETTLE(address currency,uint256 amount,bool payerIsUser)"),
        (V4, 0x0c, "SETTLE_ALL(address currency,uint256 maxAmount)"),
        (V4, 0x0d, "SETTLE_PAIR(address currency0,address currency1)"),
        (V4, 0x0e, "TAKE(address currency,address recipient,uint256 amount)"),
        (V4, 0x0f, "TAKE_ALL(address currency,uint256 minAmount)"),
        (V4, 0x10, "TAKE_PORTION(address currency,address recipient,uint256 bips)"),
        (V4, 0x11, "TAKE_PAIR(address currency0,address currency1,address recipient)"),
        (V4, 0x12, "CLOSE_CURRENCY(address currency)"),
        (V4, 0x13, "CLEAR_OR_TAKE(address currency,uint256 amountMax)"),
        (V4, 0x14, "SWEEP(address currency,address recipient)"),
        (V4, 0x15, "WRAP(uint256 amount)"),
        (V4, 0x16, "UNWRAP(uint256 amount)"),
    ]
};

type Table = BTreeMap<(Language, u8), Vec<Function>>;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::new();
    for (language, number, text) in LAYOUTS {
        let whole = SHARED.iter().fold(text.to_owned(), |text, (mark, ty)| text.replace(mark, ty));
        if let Some(function) = function_of(&whole) {
            table.entry((language, number)).or_default().push(function);
        }
    }
    table
});

/// The plan in a function's arguments; `None` where it carries none.
pub(super) fn plan_of(selector: Selector, to: Option<Address>, args: &[NamedValue]) -> Option<Plan> {
    let old = to == Some(ROUTER_1_2);
    match selector.0 {
        // execute(bytes,bytes[]), execute(bytes,bytes[],uint256)
        [0x24, 0x85, 0x6b, 0xc3] | [0x35, 0x93, 0x56, 0x4c] => Plan::of(Language::Router, old, args),
        // modifyLiquidities(bytes,uint256): both lists in one run of bytes
        [0xdd, 0x46, 0x50, 0x8f] => {
            let packed = args.first()?.value.as_bytes()?;
            let both = function_of("unlock(bytes actions,bytes[] params)")?;
            let read = read_params_within(&both.inputs, packed, &mut BUDGET.clone()).ok()?;
            Plan::of(Language::V4, false, &read.values)
        }
        // modifyLiquiditiesWithoutUnlock(bytes,bytes[])
        [0x4a, 0xfe, 0x39, 0x3c] => Plan::of(Language::V4, false, args),
        _ => None,
    }
}

impl Plan {
    fn of(language: Language, old: bool, args: &[NamedValue]) -> Option<Self> {
        let numbers = args.first()?.value.as_bytes()?.clone();
        let inputs = args.get(1)?.value.as_array()?.iter().map(|one| one.as_bytes().cloned());
        Some(Self { language, old, numbers, inputs: inputs.collect::<Option<_>>()? })
    }

    /// How many steps it has; one without its arguments, or arguments without a number, counts.
    pub(super) fn len(&self) -> usize {
        self.numbers.len().max(self.inputs.len())
    }

    /// The steps that have both, in their order.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (u8, &Bytes)> {
        self.numbers.iter().copied().zip(&self.inputs)
    }

    /// Reads one step within what all values may still cost.
    pub(super) fn step(&self, (byte, input): (u8, &Bytes), budget: &mut usize) -> Step {
        let router = self.language == Language::Router;
        let (number, may_fail) =
            if router { (byte & !MAY_FAIL, byte & MAY_FAIL != 0) } else { (byte, false) };
        if router && self.old && (0x10..0x21).contains(&number) {
            return Step::Unread(input.clone());
        }
        // V3_POSITION_MANAGER_PERMIT and _CALL, V4_POSITION_MANAGER_CALL
        if router && matches!(number, 0x11 | 0x12 | 0x14) {
            return Step::Call(input.clone());
        }
        for layout in TABLE.get(&(self.language, number)).into_iter().flatten() {
            let Ok(read) = read_params_within(&layout.inputs, input, budget) else { continue };
            if read.trailing > 0 {
                continue;
            }
            let args = read.values;
            let plan = match layout.name.as_str() {
                "V4_SWAP" => Self::of(Language::V4, false, &args),
                "EXECUTE_SUB_PLAN" => Self::of(Language::Router, self.old, &args),
                _ => None,
            };
            return Step::Command { name: layout.name.clone(), may_fail, args, plan };
        }
        Step::Unread(input.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_one_that_can_be_read() {
        let parsed: usize = TABLE.values().map(Vec::len).sum();
        assert_eq!(parsed, LAYOUTS.len());
        let mut all = TABLE.values().flatten().flat_map(|one| &one.inputs);
        assert!(all.all(|param| super::super::abi_types::type_of(param).is_ok()));
        let twice = TABLE.values().filter(|of_number| of_number.len() > 1);
        assert!(twice.clone().count() == 8, "versions differ in swaps alone");
        assert!(twice.into_iter().all(|of_number| of_number.iter().all(|one| one.name.contains("SWAP"))));
    }
}
