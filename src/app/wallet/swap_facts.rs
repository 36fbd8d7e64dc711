//! R21: what a swap accepts at the least, against prices that the chain itself knows.

use alloy::primitives::{Address, Bytes, U256};

use super::desk::Wallet;
use crate::chain::{ReadError, StateAt};
use crate::contracts::{AbiValue, CallBody, DecodedCall, NamedValue};
use crate::protocols::prices::{PriceBook, PricedAsset, prices};
use crate::wallet::review::{SwapFact, UNLIMITED_FROM};

/// Ways that its calls name the router's own balance in place of an amount.
const ROUTER_BALANCE: U256 = U256::from_limbs([0, 0, 0, 1 << 63]);

/// Which of its two amounts a swap is exact about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exact {
    /// What is given: the other is a minimum.
    In,
    /// What comes: the other is a maximum.
    Out,
}

/// A swap with one exact amount and a limit for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Swap {
    exact: Exact,
    /// What is given; `None` where the call does not say.
    given: Option<Address>,
    /// How much of it, at most; `None` where the call does not say.
    most: Option<U256>,
    /// What comes; `None` where the call does not say.
    gets: Option<Address>,
    /// How much of it, at the least.
    least: U256,
}

impl Swap {
    fn of(exact: Exact, (given, gets): Ends, (most, least): (U256, U256)) -> Self {
        let most = Some(most).filter(|most| *most < ROUTER_BALANCE || exact == Exact::Out);
        Self { exact, given, most, gets, least }
    }

    /// No limit at all where a limit belongs.
    fn is_open(&self) -> Option<SwapFact> {
        let all = self.most.is_some_and(|most| most >= UNLIMITED_FROM);
        match self.exact {
            _ if self.least.is_zero() => Some(SwapFact::NoMinimum),
            Exact::Out if all => Some(SwapFact::NoMaximum),
            _ => None,
        }
    }
}

/// First and last token of a swap's way.
type Ends = (Option<Address>, Option<Address>);

impl Wallet {
    /// The worst swap in a call; `None` where there is none, or where no price says how bad it is.
    pub(super) async fn swap_fact(
        &self,
        state: &StateAt,
        call: &DecodedCall,
        value: U256,
    ) -> Result<Option<SwapFact>, ReadError> {
        let mut swaps = Vec::new();
        swaps_of(call, value, &mut swaps);
        if let Some(open) = swaps.iter().find_map(Swap::is_open) {
            return Ok(Some(open));
        }
        let mut worst: Option<SwapFact> = None;
        for swap in swaps.into_iter().take(8) {
            let found = self.off_oracle(state, &swap).await?;
            worst = worst.into_iter().chain(found).max_by_key(|one| one.tenths());
        }
        Ok(worst)
    }

    async fn off_oracle(&self, state: &StateAt, swap: &Swap) -> Result<Option<SwapFact>, ReadError> {
        let (Some(given), Some(amount), Some(gets)) = (swap.given, swap.most, swap.gets) else {
            return Ok(None);
        };
        let book = PriceBook::of_chain(self.chain_id());
        if book.is_empty() {
            return Ok(None);
        }
        let asset =
            |token| if book.weth == Some(token) { PricedAsset::Ether } else { PricedAsset::Token(token) };
        let found = prices(state, self.chain_id(), book, &[asset(given), asset(gets)], false).await?;
        let Ok(units) = self.units_of(state, &[given, gets]).await else { return Ok(None) };
        let worth = |at: usize, token: Address, amount: U256| -> Option<U256> {
            let (_, price) = found.get(at)?.best()?;
            let one = U256::from(10).checked_pow(U256::from(units.get(&token)?.1))?;
            amount.checked_mul(price)?.checked_div(one)
        };
        Ok(worth(0, given, amount)
            .zip(worth(1, gets, swap.least))
            .and_then(|(gives, gets)| off(swap.exact, gives, gets)))
    }
}

/// By how much `gets` is worth less than `gives`, in tenths of a percent rounded up: of what is given where that is exact,
/// else of what comes. `None` at the oracle price or better.
fn off(exact: Exact, gives: U256, gets: U256) -> Option<SwapFact> {
    let missing = gives.checked_sub(gets).filter(|missing| !missing.is_zero())?;
    let whole = if exact == Exact::In { gives } else { gets };
    let tenths = missing.checked_mul(U256::from(1_000))?.div_ceil(whole.max(U256::from(1)));
    let tenths = u64::try_from(tenths).unwrap_or(u64::MAX);
    Some(match exact {
        Exact::In => SwapFact::Below { tenths },
        Exact::Out => SwapFact::Above { tenths },
    })
}

fn swaps_of(call: &DecodedCall, value: U256, found: &mut Vec<Swap>) {
    match &call.body {
        CallBody::Function { name, args, .. } => {
            found.extend(swap_of(name, args, call.value.unwrap_or(value)));
        }
        // A router's command, as `V3_SWAP_EXACT_IN`; v4's actions have no prefix.
        CallBody::Command { name, args, .. } => {
            let name = name.trim_start_matches("V3_").trim_start_matches("V2_");
            let function = match name {
                _ if name.starts_with("SWAP_EXACT_IN") => "exactInput",
                _ if name.starts_with("SWAP_EXACT_OUT") => "exactOutput",
                _ => "",
            };
            found.extend(swap_of(function, args, U256::ZERO));
        }
        CallBody::Empty | CallBody::Misfit { .. } | CallBody::Raw(_) => {}
    }
    for inner in &call.inner {
        swaps_of(inner, value, found);
    }
}

type Field<'a> = (&'a str, &'a AbiValue);

/// Arguments by their names; where only the four bytes say what is called, by the places that every such router has.
fn fields<'a>(function: &str, args: &'a [NamedValue]) -> Vec<Field<'a>> {
    // v3 puts everything into one tuple.
    let args = match args {
        [one] => one.value.as_tuple().unwrap_or(args),
        _ => args,
    };
    if args.iter().any(|one| !one.name.is_empty()) {
        return args.iter().map(|one| (one.name.as_str(), &one.value)).collect();
    }
    places(function, args.len()).iter().copied().zip(args.iter().map(|one| &one.value)).collect()
}

fn places(function: &str, count: usize) -> &'static [&'static str] {
    match (function, count) {
        ("exchange", _) => &["i", "j", "dx", "min_dy"],
        ("swapETHForExactTokens", _) => &["amountOut", "path"],
        ("swapTokensForExactTokens" | "swapTokensForExactETH", _) => &["amountOut", "amountInMax", "path"],
        (name, _) if name.starts_with("swapExactETH") => &["amountOutMin", "path"],
        (name, _) if name.starts_with("swapExactTokens") => &["amountIn", "amountOutMin", "path"],
        ("exactInputSingle", 7) => &["tokenIn", "tokenOut", "fee", "", "amountIn", "amountOutMinimum"],
        ("exactInputSingle", 8) => &["tokenIn", "tokenOut", "fee", "", "", "amountIn", "amountOutMinimum"],
        ("exactOutputSingle", 7) => &["tokenIn", "tokenOut", "fee", "", "amountOut", "amountInMaximum"],
        ("exactOutputSingle", 8) => &["tokenIn", "tokenOut", "fee", "", "", "amountOut", "amountInMaximum"],
        ("exactInput", 4) => &["path", "", "amountIn", "amountOutMinimum"],
        ("exactInput", 5) => &["path", "", "", "amountIn", "amountOutMinimum"],
        ("exactOutput", 4) => &["path", "", "amountOut", "amountInMaximum"],
        ("exactOutput", 5) => &["path", "", "", "amountOut", "amountInMaximum"],
        _ => &[],
    }
}

fn named<'a>(fields: &[Field<'a>], names: &[&str]) -> Option<&'a AbiValue> {
    fields.iter().find(|(name, _)| names.contains(name)).map(|(_, value)| *value)
}

/// A call of a router or a pool.
fn swap_of(name: &str, args: &[NamedValue], sent: U256) -> Option<Swap> {
    let exact = match name {
        "exchange" => Exact::In,
        name if name.starts_with("swapExact") || name.starts_with("exactInput") => Exact::In,
        "swapTokensForExactTokens" | "swapTokensForExactETH" | "swapETHForExactTokens" => Exact::Out,
        name if name.starts_with("exactOutput") => Exact::Out,
        _ => return None,
    };
    let fields = &fields(name, args);
    let way = match named(fields, &["path"]) {
        Some(AbiValue::Array(tokens)) => {
            (tokens.first().and_then(AbiValue::as_address), tokens.last().and_then(AbiValue::as_address))
        }
        Some(AbiValue::Bytes(packed)) => packed_ends(packed, exact),
        _ => {
            let token = |name| named(fields, &[name]).and_then(AbiValue::as_address);
            (token("tokenIn"), token("tokenOut"))
        }
    };
    let amount = |names: &[&str]| named(fields, names).map(AbiValue::as_uint);
    let (most, least) = match exact {
        Exact::In => (amount(&["amountIn"]), amount(&["amountOutMin", "amountOutMinimum", "min_dy"])??),
        Exact::Out => (amount(&["amountInMax", "amountInMaximum"]), amount(&["amountOut"])??),
    };
    // Without a name for it, it is the ether sent along.
    Some(Swap::of(exact, way, (most.unwrap_or(Some(sent))?, least)))
}

/// What is given and what comes by Uniswap v3's packed path: 20 bytes, then 3 of a fee and 20 again and again. Where what
/// comes is exact, it stands first.
fn packed_ends(path: &Bytes, exact: Exact) -> Ends {
    if path.len() < 43 || path.len() % 23 != 20 {
        return (None, None);
    }
    let first = path.get(..20).map(Address::from_slice);
    let last = path.get(path.len().saturating_sub(20)..).map(Address::from_slice);
    if exact == Exact::In { (first, last) } else { (last, first) }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;
    use alloy::sol;
    use alloy::sol_types::{SolCall as _, SolValue as _};

    use super::*;
    use crate::contracts::{AbiBook, decode_calldata};

    sol! {
        struct V3In { address recipient; uint256 amountIn; uint256 amountOutMin; bytes path; bool payerIsUser; }
        struct V2In { address recipient; uint256 amountIn; uint256 amountOutMin; address[] path; bool payerIsUser; }
        struct V3Out { address recipient; uint256 amountOut; uint256 amountInMax; bytes path; bool payerIsUser; }
        struct V2Out { address recipient; uint256 amountOut; uint256 amountInMax; address[] path; bool payerIsUser; }
        function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline);
        function swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline);
        function execute(bytes commands, bytes[] inputs, uint256 deadline);
        function multicall(bytes[] data);
        function swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline);
        function swapETHForExactTokens(uint256 amountOut, address[] path, address to, uint256 deadline);
        struct Outs { bytes path; address recipient; uint256 amountOut; uint256 amountInMaximum; }
        function exactOutput(Outs params);
        struct Single { address tokenIn; address tokenOut; uint24 fee; address recipient; uint256 amountIn; uint256 amountOutMinimum; uint160 sqrtPriceLimitX96; }
        function exactInputSingle(Single params);
    }

    const WETH: Address = address!("C02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
    const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
    const ROUTER: Address = address!("7a250d5630B4cF539739dF2C5dAcb4c659F2488D");
    const ROUTER_V3: Address = address!("68b3465833fb72A70ecDF485E0e4C7bD8665Fc45");
    const UNIVERSAL: Address = address!("66a9893cC07D91D95644AEDD05D03f95e1dBA8Af");

    fn read(to: Address, data: &[u8]) -> Vec<Swap> {
        let call = decode_calldata(&AbiBook::new(), 1, Some(to), data);
        let mut found = Vec::new();
        swaps_of(&call, U256::from(7), &mut found);
        found
    }

    fn swap(amount: u64, least: u64) -> Swap {
        let (most, least) = (Some(U256::from(amount)), U256::from(least));
        Swap { exact: Exact::In, given: Some(WETH), most, gets: Some(USDC), least }
    }

    #[test]
    fn swaps_are_read_from_the_routers_calls() {
        let (path, to, deadline) = (vec![WETH, ROUTER, USDC], ROUTER, U256::ZERO);
        let (amount, least) = (U256::from(100), U256::from(5));
        let v2 = swapExactTokensForTokensCall {
            amountIn: amount,
            amountOutMin: least,
            path: path.clone(),
            to,
            deadline,
        };
        assert_eq!(read(ROUTER, &v2.abi_encode()), [swap(100, 5)]);
        let ether = swapExactETHForTokensCall { amountOutMin: U256::ZERO, path: path.clone(), to, deadline };
        assert_eq!(read(ROUTER, &ether.abi_encode()), [swap(7, 0)]);
        let params = Single {
            tokenIn: WETH,
            tokenOut: USDC,
            fee: alloy::primitives::Uint::from(500),
            recipient: to,
            amountIn: amount,
            amountOutMinimum: least,
            sqrtPriceLimitX96: alloy::primitives::Uint::ZERO,
        };
        let single = exactInputSingleCall { params }.abi_encode();
        assert_eq!(read(ROUTER_V3, &single), [swap(100, 5)]);
        assert_eq!(
            read(ROUTER_V3, &multicallCall { data: vec![single.into()] }.abi_encode()),
            [swap(100, 5)]
        );
        let packed: Vec<u8> = [WETH.as_slice(), &[0, 1, 244], USDC.as_slice()].concat();
        let v3 = V3In {
            recipient: to,
            amountIn: amount,
            amountOutMin: least,
            path: packed.into(),
            payerIsUser: true,
        };
        let v2 =
            V2In { recipient: to, amountIn: ROUTER_BALANCE, amountOutMin: least, path, payerIsUser: false };
        let inputs = vec![v3.abi_encode_params().into(), v2.abi_encode_params().into()];
        let all = executeCall { commands: vec![0x80, 0x08].into(), inputs, deadline };
        let open = Swap { most: None, ..swap(0, 5) };
        assert_eq!(read(UNIVERSAL, &all.abi_encode()), [swap(100, 5), open]);
        assert_eq!(read(USDC, &[1, 2, 3, 4]), []);
    }

    #[test]
    fn swaps_for_an_exact_amount_are_read_with_their_maximum() {
        let (path, to, deadline) = (vec![WETH, USDC], ROUTER, U256::ZERO);
        let (amount, most) = (U256::from(100), U256::from(5));
        let exact = |most: u64| Swap { exact: Exact::Out, ..swap(most, 100) };
        let v2 = swapTokensForExactTokensCall {
            amountOut: amount,
            amountInMax: most,
            path: path.clone(),
            to,
            deadline,
        };
        let ether = swapETHForExactTokensCall { amountOut: amount, path: path.clone(), to, deadline };
        assert_eq!(read(ROUTER, &ether.abi_encode()), [exact(7)], "the ether sent along is the maximum");
        // What comes stands first in the packed path of an exact output.
        let packed: Vec<u8> = [USDC.as_slice(), &[0, 1, 244], WETH.as_slice()].concat();
        let params =
            Outs { path: packed.clone().into(), recipient: to, amountOut: amount, amountInMaximum: most };
        let output = exactOutputCall { params }.abi_encode();
        // By the interface of a known router, and by the four bytes alone.
        for (call, known) in [(v2.abi_encode(), ROUTER), (output, ROUTER_V3)] {
            assert_eq!(read(known, &call), [exact(5)]);
            assert_eq!(read(Address::repeat_byte(7), &call), [exact(5)]);
        }
        let v3 = V3Out {
            recipient: to,
            amountOut: amount,
            amountInMax: most,
            path: packed.into(),
            payerIsUser: true,
        };
        let v2 = V2Out { recipient: to, amountOut: amount, amountInMax: U256::MAX, path, payerIsUser: true };
        let inputs = vec![v3.abi_encode_params().into(), v2.abi_encode_params().into()];
        let all = executeCall { commands: vec![0x01, 0x89].into(), inputs, deadline };
        let all = read(UNIVERSAL, &all.abi_encode());
        assert_eq!(all, [exact(5), Swap { most: Some(U256::MAX), ..exact(5) }]);
        let open: Vec<_> = all.iter().map(Swap::is_open).collect();
        assert_eq!(open, [None, Some(SwapFact::NoMaximum)]);
        let (bare, whole) = (swap(7, 0), Swap { most: Some(U256::MAX), ..swap(7, 1) });
        assert_eq!((bare.is_open(), whole.is_open()), (Some(SwapFact::NoMinimum), None));
    }

    #[test]
    fn the_distance_is_in_tenths_of_a_percent_rounded_up() {
        let of = |exact, gives: u64, gets: u64| off(exact, U256::from(gives), U256::from(gets));
        let below = |tenths| Some(SwapFact::Below { tenths });
        assert_eq!(of(Exact::In, 1_000, 972), below(28));
        assert_eq!(of(Exact::In, 3_000, 2_999), below(1));
        let silent = [(1_000, 1_000), (1_000, 1_001), (0, 0)];
        assert!(silent.iter().all(|(gives, gets)| of(Exact::In, *gives, *gets).is_none()));
        assert_eq!(of(Exact::Out, 1_028, 1_000), Some(SwapFact::Above { tenths: 28 }));
        assert_eq!(of(Exact::Out, 1_000, 1_000), None);
    }
}
