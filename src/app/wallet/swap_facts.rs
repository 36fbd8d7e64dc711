//! R21: what a swap accepts at the least, against prices that the chain itself knows.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;

use super::desk::Wallet;
use crate::chain::{ReadError, StateAt};
use crate::contracts::{AbiValue, CallBody, DecodedCall, NamedValue};
use crate::protocols::prices::{PriceBook, PricedAsset, prices};
use crate::wallet::review::SwapFact;

sol! {
    struct V3In { address recipient; uint256 amountIn; uint256 amountOutMin; bytes path; bool payerIsUser; }
    struct V2In { address recipient; uint256 amountIn; uint256 amountOutMin; address[] path; bool payerIsUser; }
}

/// Universal Router: what a command byte means beside its flag "may fail".
const COMMAND_MASK: u8 = 0x3f;
const V3_SWAP_EXACT_IN: u8 = 0x00;
const V2_SWAP_EXACT_IN: u8 = 0x08;
/// Ways that its calls name the router's own balance in place of an amount.
const ROUTER_BALANCE: U256 = U256::from_limbs([0, 0, 0, 1 << 63]);

/// A swap of an exact amount.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Swap {
    /// What is given and how much of it; `None` where the call does not say.
    given: Option<(Address, U256)>,
    /// What comes; `None` where the call does not say.
    gets: Option<Address>,
    /// The least of it.
    least: U256,
}

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
        if swaps.iter().any(|swap| swap.least.is_zero()) {
            return Ok(Some(SwapFact { below_oracle: None }));
        }
        let mut worst = None;
        for swap in swaps.into_iter().take(8) {
            worst = worst.max(self.below_oracle(state, &swap).await?);
        }
        Ok(worst.map(|tenths| SwapFact { below_oracle: Some(tenths) }))
    }

    async fn below_oracle(&self, state: &StateAt, swap: &Swap) -> Result<Option<u64>, ReadError> {
        let (Some((given, amount)), Some(gets)) = (swap.given, swap.gets) else { return Ok(None) };
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
            .and_then(|(gives, gets)| below(gives, gets)))
    }
}

/// Tenths of a percent by which `gets` is less than `gives`, rounded up.
fn below(gives: U256, gets: U256) -> Option<u64> {
    let missing = gives.checked_sub(gets)?;
    let tenths = missing.checked_mul(U256::from(1_000))?.div_ceil(gives.max(U256::from(1)));
    u64::try_from(tenths).ok()
}

fn swaps_of(call: &DecodedCall, value: U256, found: &mut Vec<Swap>) {
    if let CallBody::Function { name, args, .. } = &call.body {
        let sent = call.value.unwrap_or(value);
        match name.as_str() {
            "execute" => found.extend(universal(args)),
            _ => found.extend(swap_of(name, args, sent)),
        }
    }
    for inner in &call.inner {
        swaps_of(inner, value, found);
    }
}

fn named<'a>(args: &'a [NamedValue], names: &[&str]) -> Option<&'a AbiValue> {
    args.iter().find(|one| names.contains(&one.name.as_str())).map(|one| &one.value)
}

/// A call of a router or a pool by the names its interface gives.
fn swap_of(name: &str, args: &[NamedValue], sent: U256) -> Option<Swap> {
    let swaps = name.starts_with("swapExact") || name.starts_with("exactInput") || name == "exchange";
    if !swaps {
        return None;
    }
    // v3 puts everything into one tuple.
    let args = match args {
        [one] => one.value.as_tuple().unwrap_or(args),
        _ => args,
    };
    let least = named(args, &["amountOutMin", "amountOutMinimum", "min_dy"])?.as_uint()?;
    let path = named(args, &["path"]);
    let ends = path.and_then(|path| match path {
        AbiValue::Array(tokens) => Some((tokens.first()?.as_address()?, tokens.last()?.as_address()?)),
        AbiValue::Bytes(packed) => packed_ends(packed),
        _ => None,
    });
    let direct = || {
        let token = |name| named(args, &[name])?.as_address();
        token("tokenIn").zip(token("tokenOut"))
    };
    let ends = ends.or_else(direct);
    let amount = named(args, &["amountIn"]).map_or(Some(sent), AbiValue::as_uint)?;
    let given = ends.map(|(given, _)| (given, amount)).filter(|_| amount < ROUTER_BALANCE);
    Some(Swap { given, gets: ends.map(|(_, gets)| gets), least })
}

/// First and last token of Uniswap v3's packed path: 20 bytes, then 3 of a fee and 20 again and again.
fn packed_ends(path: &Bytes) -> Option<(Address, Address)> {
    if path.len() < 43 || path.len() % 23 != 20 {
        return None;
    }
    let last = path.len().checked_sub(20)?;
    Some((Address::from_slice(path.get(..20)?), Address::from_slice(path.get(last..)?)))
}

/// Universal Router: `execute(bytes commands, bytes[] inputs, …)`.
fn universal(args: &[NamedValue]) -> Vec<Swap> {
    let commands = named(args, &["commands"]).and_then(AbiValue::as_bytes);
    let inputs = named(args, &["inputs"]).and_then(AbiValue::as_array);
    let (Some(commands), Some(inputs)) = (commands, inputs) else { return Vec::new() };
    let one = |(command, input): (&u8, &AbiValue)| -> Option<Swap> {
        let bytes = input.as_bytes()?;
        let (ends, amount, least) = match command & COMMAND_MASK {
            V3_SWAP_EXACT_IN => {
                let one = V3In::abi_decode_params(bytes).ok()?;
                (packed_ends(&one.path), one.amountIn, one.amountOutMin)
            }
            V2_SWAP_EXACT_IN => {
                let one = V2In::abi_decode_params(bytes).ok()?;
                let ends = one.path.first().copied().zip(one.path.last().copied());
                (ends, one.amountIn, one.amountOutMin)
            }
            _ => return None,
        };
        let given = ends.map(|(given, _)| (given, amount)).filter(|_| amount < ROUTER_BALANCE);
        Some(Swap { given, gets: ends.map(|(_, gets)| gets), least })
    };
    commands.iter().zip(inputs).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;
    use alloy::sol_types::SolCall as _;

    use super::*;
    use crate::contracts::{AbiBook, decode_calldata};

    sol! {
        function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline);
        function swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline);
        function execute(bytes commands, bytes[] inputs, uint256 deadline);
        function multicall(bytes[] data);
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
        Swap { given: Some((WETH, U256::from(amount))), gets: Some(USDC), least: U256::from(least) }
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
        let open = Swap { given: None, ..swap(0, 5) };
        assert_eq!(read(UNIVERSAL, &all.abi_encode()), [swap(100, 5), open]);
        assert_eq!(read(USDC, &[1, 2, 3, 4]), []);
    }

    #[test]
    fn the_distance_is_in_tenths_of_a_percent_rounded_up() {
        let of = |gives: u64, gets: u64| below(U256::from(gives), U256::from(gets));
        assert_eq!((of(1_000, 972), of(1_000, 1_000), of(1_000, 1_001)), (Some(28), Some(0), None));
        assert_eq!((of(3_000, 2_999), of(0, 0)), (Some(1), Some(0)));
    }
}
