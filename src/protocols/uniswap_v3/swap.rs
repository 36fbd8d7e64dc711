//! Swaps: quoted by the quoter on proven state, made by the router within a limit.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol;
use alloy::sol_types::SolCall;
use async_trait::async_trait;

use crate::protocols::{
    Ask, Intent, JointState, Offer, ProtocolError, Ticket, Venue, Want, Wish, blocked_without, check_code,
    deadline, less_slippage,
};

sol! {
    /// The quoter: runs the swap and throws it away.
    interface QuoterV2 {
        function quoteExactInput(bytes path, uint256 amountIn) external returns (uint256 amountOut, uint160[] after, uint32[] ticks, uint256 gas);
        function quoteExactOutput(bytes path, uint256 amountOut) external returns (uint256 amountIn, uint160[] after, uint32[] ticks, uint256 gas);
    }

    /// What is to be swapped, from a known amount.
    struct ExactInputParams { bytes path; address recipient; uint256 amountIn; uint256 amountOutMinimum; }
    /// The same to a known amount; the path runs backwards.
    struct ExactOutputParams { bytes path; address recipient; uint256 amountOut; uint256 amountInMaximum; }

    /// The router. Only its multicall has a deadline.
    interface SwapRouter02 {
        function exactInput(ExactInputParams params) external payable returns (uint256 amountOut);
        function exactOutput(ExactOutputParams params) external payable returns (uint256 amountIn);
        function refundETH() external payable;
        function multicall(uint256 deadline, bytes[] data) external payable returns (bytes[] results);
    }
}

/// Fees of pools between two tokens, in millionths.
const FEES: [u32; 4] = [100, 500, 3_000, 10_000];
/// Those of pools on the way through wrapped ether.
const FEES_THROUGH: [u32; 2] = [500, 3_000];

/// Where swaps are quoted and made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwapVenue {
    /// What people call it.
    pub name: String,
    /// The quoter.
    pub quoter: Address,
    /// The router.
    pub router: Address,
    /// Wrapped ether.
    pub weth: Option<Address>,
}

/// Pools in order, with the tokens between them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Route {
    tokens: Vec<Address>,
    fees: Vec<u32>,
}

impl Route {
    /// Token, fee in three bytes, token, and so on.
    fn path(&self) -> Bytes {
        encode(&self.tokens, &self.fees)
    }

    /// The same from the end.
    fn backwards(&self) -> Bytes {
        let tokens: Vec<Address> = self.tokens.iter().rev().copied().collect();
        let fees: Vec<u32> = self.fees.iter().rev().copied().collect();
        encode(&tokens, &fees)
    }
}

fn encode(tokens: &[Address], fees: &[u32]) -> Bytes {
    let mut path = Vec::new();
    let mut fees = fees.iter();
    for token in tokens {
        path.extend_from_slice(token.as_slice());
        if let Some(fee) = fees.next() {
            path.extend(fee.to_be_bytes().into_iter().skip(1));
        }
    }
    path.into()
}

/// Every route that is tried.
fn routes(from: Address, to: Address, weth: Option<Address>) -> Vec<Route> {
    let direct = FEES.map(|fee| Route { tokens: vec![from, to], fees: vec![fee] });
    let mut all = direct.to_vec();
    let Some(weth) = weth.filter(|weth| *weth != from && *weth != to) else { return all };
    for first in FEES_THROUGH {
        all.extend(
            FEES_THROUGH.map(|second| Route { tokens: vec![from, weth, to], fees: vec![first, second] }),
        );
    }
    all
}

/// A question to the quoter.
enum Quote {
    In(Ticket<QuoterV2::quoteExactInputCall>),
    Out(Ticket<QuoterV2::quoteExactOutputCall>),
}

#[async_trait]
impl Venue for SwapVenue {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn wrapped_ether(&self) -> Option<Address> {
        self.weth
    }

    async fn offer(&self, wish: &Wish, state: &JointState) -> Result<Option<Offer>, ProtocolError> {
        let Some(from) = wish.token_in(self.weth) else { return Ok(None) };
        let (Want::Get(amount) | Want::Give(amount)) = wish.want;
        // The router takes an amount of 0 for all that it holds.
        if from == wish.buy.address || amount.is_zero() {
            return Ok(None);
        }
        let mut ask = Ask::new();
        let asked: Vec<(Route, Quote)> = routes(from, wish.buy.address, self.weth)
            .into_iter()
            .map(|route| {
                let quote = self.ask(&mut ask, (wish, &route), amount);
                (route, quote)
            })
            .collect();
        let answers = ask.run(state).await?;
        let mut best: Option<(Route, Offer)> = None;
        for (route, quote) in asked {
            // A pool that is not there, or too small, refuses.
            let offer = match quote {
                Quote::In(ticket) => answers.get(ticket).ok().map(|told| (amount, told.amountOut)),
                Quote::Out(ticket) => answers.get(ticket).ok().map(|told| (told.amountIn, amount)),
            };
            let Some((pays, gets)) = offer else { continue };
            let least = if matches!(wish.want, Want::Get(_)) { gets } else { less_slippage(gets) };
            let offer = Offer::of(pays, gets, least);
            if best.as_ref().is_none_or(|(_, best)| wish.better(&offer, best)) {
                best = Some((route, offer));
            }
        }
        let Some((route, offer)) = best.filter(|(_, one)| !one.pays.is_zero() && !one.gets.is_zero()) else {
            return Ok(None);
        };
        let code = check_code(state.state(), self.router, None).await?;
        if blocked_without(&code, SwapRouter02::multicallCall::SELECTOR, "multicall").is_some() {
            return Ok(None);
        }
        let until = deadline(state.block_ref().timestamp);
        let intent = Some(self.intent(wish, (&route, &offer), until));
        Ok(Some(Offer { intent, ..offer }))
    }
}

impl SwapVenue {
    fn ask(&self, ask: &mut Ask, (wish, route): (&Wish, &Route), amount: U256) -> Quote {
        match wish.want {
            Want::Give(_) => {
                let question = QuoterV2::quoteExactInputCall { path: route.path(), amountIn: amount };
                Quote::In(ask.acting(wish.owner, self.quoter, &question))
            }
            Want::Get(_) => {
                let question = QuoterV2::quoteExactOutputCall { path: route.backwards(), amountOut: amount };
                Quote::Out(ask.acting(wish.owner, self.quoter, &question))
            }
        }
    }

    /// The call, which gives at most, or gets at least, half a percent worse than the offer.
    fn intent(&self, wish: &Wish, (route, offer): (&Route, &Offer), deadline: U256) -> Intent {
        let recipient = wish.owner;
        let (call, most, sentence) = match wish.want {
            Want::Get(amount) => {
                let most = offer.pays.saturating_add(offer.pays / U256::from(200));
                let path = route.backwards();
                let params = ExactOutputParams { path, recipient, amountOut: amount, amountInMaximum: most };
                let sentence =
                    format!("Buy {} for at most {}", wish.buy.show(amount), wish.sell.show_up(most));
                (SwapRouter02::exactOutputCall { params }.abi_encode(), most, sentence)
            }
            Want::Give(amount) => {
                let (path, least) = (route.path(), offer.least);
                let params = ExactInputParams { path, recipient, amountIn: amount, amountOutMinimum: least };
                let sentence =
                    format!("Sell {} for at least {}", wish.sell.show_up(amount), wish.buy.show(least));
                (SwapRouter02::exactInputCall { params }.abi_encode(), amount, sentence)
            }
        };
        let mut data: Vec<Bytes> = vec![call.into()];
        if wish.sell.is_ether() {
            data.push(SwapRouter02::refundETHCall {}.abi_encode().into());
        }
        let calldata = SwapRouter02::multicallCall { deadline, data }.abi_encode();
        let intent =
            Intent::call(self.router, calldata, format!("{sentence} on {}", self.name)).until(deadline);
        if wish.sell.is_ether() { intent.sending(most) } else { intent.taking(&wish.sell, self.router, most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::Asset;

    #[test]
    fn a_path_is_packed_and_runs_backwards_for_a_known_outcome() {
        let [a, b, c] = [1, 2, 3].map(Address::repeat_byte);
        let route = Route { tokens: vec![a, b, c], fees: vec![500, 3_000] };
        let (there, back) = (route.path(), route.backwards());
        assert_eq!((there.len(), back.len()), (66, 66));
        assert_eq!((&there[20..23], &back[20..23]), (&[0, 1, 0xf4][..], &[0, 0x0b, 0xb8][..]));
        assert_eq!((&there[..20], &back[..20]), (a.as_slice(), c.as_slice()));
        assert_eq!((routes(a, c, Some(b)).len(), routes(a, c, Some(a)).len()), (8, 4));
    }

    #[test]
    fn a_swap_is_bound_and_sends_what_is_too_much_back() {
        let venue = SwapVenue {
            name: "Uniswap v3".to_owned(),
            quoter: Address::repeat_byte(7),
            router: Address::repeat_byte(8),
            weth: Some(Address::repeat_byte(9)),
        };
        let route = Route { tokens: vec![Address::repeat_byte(9), Address::repeat_byte(2)], fees: vec![500] };
        let wish = |sell: Asset, want| Wish {
            owner: Address::repeat_byte(1),
            sell,
            buy: Asset::token(Address::repeat_byte(2), "USDC", 6),
            want,
        };
        let offer = Offer::of(U256::from(2_000), U256::from(600), U256::from(597));
        let ether = wish(Asset::ether(), Want::Get(U256::from(600)));
        let intent = venue.intent(&ether, (&route, &offer), U256::from(99));
        assert_eq!((intent.value, intent.needs.len()), (U256::from(2_010), 0));
        let call = SwapRouter02::multicallCall::abi_decode(&intent.calldata).unwrap();
        assert_eq!((call.deadline, call.data.len()), (U256::from(99), 2));
        let later = SwapRouter02::multicallCall::abi_decode(&intent.renewed(86_400).calldata).unwrap();
        assert_eq!((later.deadline, later.data), (U256::from(86_400), call.data));
        let token = wish(Asset::token(Address::repeat_byte(9), "WETH", 18), Want::Give(U256::from(2_000)));
        let intent = venue.intent(&token, (&route, &offer), U256::from(99));
        assert_eq!((intent.value, intent.needs[0].amount), (U256::ZERO, U256::from(2_000)));
        let call = SwapRouter02::multicallCall::abi_decode(&intent.calldata).unwrap();
        let params = SwapRouter02::exactInputCall::abi_decode(&call.data[0]).unwrap().params;
        assert_eq!((params.amountOutMinimum, params.recipient), (U256::from(597), Address::repeat_byte(1)));
    }
}
