//! What a pool would pay for one of its coins in another, asked of the pool itself, and the exchange that gets it.
//!
//! A pool knows no deadline: only the least amount binds a call. It takes a known amount; what must be given to get a
//! known amount is found by asking again until the pool's own answer is enough.

use std::sync::Arc;

use alloy::primitives::{Address, Selector, U256};
use alloy::sol_types::SolCall;
use async_trait::async_trait;

use super::interface::{CryptoSwap, OldSwap, Swap};
use super::positions::{Coin, Pool};
use crate::protocols::{
    Ask, Intent, JointState, Offer, Protocol, ProtocolError, Venue, Want, Wish, check_code, less_slippage,
};

/// Times a pool is asked for one wish.
const ROUNDS: usize = 8;

/// How a pool counts its coins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Pools of coins at par.
    Stable,
    /// Pools of any two or three coins.
    Crypto,
}

/// The coins of a swap by their index.
#[derive(Debug, Clone, Copy)]
struct Sides {
    from: usize,
    to: usize,
}

impl Pool {
    /// As a place to swap.
    pub(super) fn as_venue(&self) -> Arc<dyn Venue> {
        Arc::new(self.clone())
    }

    fn sides(&self, wish: &Wish) -> Option<Sides> {
        let index = |token: Address| self.coins.iter().position(|coin: &Coin| coin.token == token);
        let (from, to) = (index(wish.sell.address)?, index(wish.buy.address)?);
        (from != to).then_some(Sides { from, to })
    }

    /// What the pool pays for `amount`, and how it counts; `None` where it does not say.
    async fn quote(
        &self,
        sides: Sides,
        amount: U256,
        state: &JointState,
    ) -> Result<Option<(Kind, U256)>, ProtocolError> {
        let (from, to) = (U256::from(sides.from), U256::from(sides.to));
        let (i, j) = (signed(sides.from), signed(sides.to));
        let mut ask = Ask::new();
        let stable = ask.view(self.pool, &Swap::get_dyCall { i, j, dx: amount });
        let crypto = ask.view(self.pool, &CryptoSwap::get_dyCall { i: from, j: to, dx: amount });
        let answers = ask.run(state).await?;
        let told = answers.get(stable).map(|paid| (Kind::Stable, paid));
        let told = told.or_else(|_other_kind| answers.get(crypto).map(|paid| (Kind::Crypto, paid)));
        Ok(told.ok().filter(|(_, paid)| !paid.is_zero()))
    }

    /// What to give so that the pool pays at least `wanted`: kind, given, paid.
    async fn to_get(
        &self,
        sides: Sides,
        wanted: U256,
        state: &JointState,
    ) -> Result<Option<(Kind, U256, U256)>, ProtocolError> {
        let Some(mut given) = self.first_guess(sides, state).await? else { return Ok(None) };
        let mut best: Option<(Kind, U256, U256)> = None;
        for _ in 0..ROUNDS {
            let Some((kind, paid)) = self.quote(sides, given, state).await? else { break };
            let enough = paid >= wanted;
            if enough && best.as_ref().is_none_or(|(_, least, _)| given < *least) {
                best = Some((kind, given, paid));
            }
            let next = rescaled(given, wanted, paid);
            match next.filter(|next| *next != given) {
                // Nearer than that costs nobody anything.
                _ if enough && is_near(paid, wanted) => break,
                Some(next) => given = next,
                None => break,
            }
        }
        Ok(best)
    }

    /// A hundredth of what the pool holds: a size that it has a price for.
    async fn first_guess(&self, sides: Sides, state: &JointState) -> Result<Option<U256>, ProtocolError> {
        let mut ask = Ask::new();
        let new = ask.view(self.pool, &Swap::balancesCall { i: U256::from(sides.from) });
        let old = ask.view(self.pool, &OldSwap::balancesCall { i: signed(sides.from) });
        let answers = ask.run(state).await?;
        let there = answers.get(new).or_else(|_unknown| answers.get(old));
        Ok(there.ok().map(|there| there / U256::from(100)).filter(|guess| !guess.is_zero()))
    }

    fn intent(&self, wish: &Wish, (kind, sides): (Kind, Sides), (given, least): (U256, U256)) -> Intent {
        let calldata = match kind {
            Kind::Stable => {
                let (i, j) = (signed(sides.from), signed(sides.to));
                Swap::exchangeCall { i, j, dx: given, min_dy: least }.abi_encode()
            }
            Kind::Crypto => {
                let (i, j) = (U256::from(sides.from), U256::from(sides.to));
                CryptoSwap::exchangeCall { i, j, dx: given, min_dy: least }.abi_encode()
            }
        };
        let (sold, got) = (wish.sell.show_up(given), wish.buy.show(least));
        let sentence = format!("Sell {sold} for at least {got} on {}", Protocol::name(self));
        let intent = Intent::call(self.pool, calldata, sentence);
        if wish.sell.is_ether() { intent.sending(given) } else { intent.taking(&wish.sell, self.pool, given) }
    }
}

/// An index as pools of coins at par count.
fn signed(index: usize) -> i128 {
    i128::try_from(index).unwrap_or_default()
}

/// `given` in the proportion in which `paid` misses `wanted`, and a ten-thousandth more.
fn rescaled(given: U256, wanted: U256, paid: U256) -> Option<U256> {
    let scaled = given.checked_mul(wanted)?.checked_div(paid)?;
    scaled.checked_add(scaled / U256::from(10_000))?.checked_add(U256::from(1))
}

/// At most a five-hundredth more than wanted.
fn is_near(paid: U256, wanted: U256) -> bool {
    paid.saturating_sub(wanted) <= wanted / U256::from(500)
}

/// What is asked for so that half a percent less is still `amount`.
fn with_slippage(amount: U256) -> Option<U256> {
    amount.checked_add(amount / U256::from(199))?.checked_add(U256::from(1))
}

#[async_trait]
impl Venue for Pool {
    fn name(&self) -> String {
        Protocol::name(self)
    }

    fn wrapped_ether(&self) -> Option<Address> {
        None
    }

    fn tells_ethers_apart(&self) -> bool {
        true
    }

    async fn offer(&self, wish: &Wish, state: &JointState) -> Result<Option<Offer>, ProtocolError> {
        let Some(sides) = self.sides(wish) else { return Ok(None) };
        let found = match wish.want {
            Want::Give(amount) if amount.is_zero() => None,
            Want::Give(amount) => {
                let told = self.quote(sides, amount, state).await?;
                told.map(|(kind, gets)| (kind, amount, gets, less_slippage(gets)))
            }
            Want::Get(amount) => match with_slippage(amount) {
                Some(wanted) => {
                    let told = self.to_get(sides, wanted, state).await?;
                    told.map(|(kind, given, gets)| (kind, given, gets, amount))
                }
                None => None,
            },
        };
        let Some((kind, pays, gets, least)) = found else { return Ok(None) };
        let selector = match kind {
            Kind::Stable => Swap::exchangeCall::SELECTOR,
            Kind::Crypto => CryptoSwap::exchangeCall::SELECTOR,
        };
        if !check_code(state.state(), self.pool, None).await?.has(Selector::from(selector)) {
            return Ok(None);
        }
        let intent = Some(self.intent(wish, (kind, sides), (pays, least)));
        Ok(Some(Offer { intent, ..Offer::of(pays, gets, least) }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::protocols::Asset;

    fn pool() -> Pool {
        let coin = |symbol: &str, at: u8, decimals| Coin {
            symbol: symbol.to_owned(),
            token: if at == 0 { Address::ZERO } else { Address::repeat_byte(at) },
            decimals,
            par: false,
        };
        let coins = vec![coin("ETH", 0, 18), coin("stETH", 2, 18)];
        let (pool, share) = (Address::repeat_byte(7), Address::repeat_byte(8));
        Pool { name: "steth".to_owned(), pool, share, gauge: None, coins }
    }

    fn wish(sell: Asset, buy: u8) -> Wish {
        let buy = Asset::token(Address::repeat_byte(buy), "T", 18);
        Wish { owner: Address::repeat_byte(1), sell, buy, want: Want::Give(U256::from(1)) }
    }

    #[test]
    fn a_pool_swaps_only_what_it_has_and_ether_is_sent_along() {
        let pool = pool();
        let sides = pool.sides(&wish(Asset::ether(), 2)).unwrap();
        assert_eq!((sides.from, sides.to), (0, 1));
        assert!(pool.sides(&wish(Asset::ether(), 3)).is_none());
        assert!(pool.sides(&wish(Asset::token(Address::repeat_byte(2), "T", 18), 2)).is_none());
        let (given, least) = (U256::from(50), U256::from(49));
        let intent = pool.intent(&wish(Asset::ether(), 2), (Kind::Stable, sides), (given, least));
        assert_eq!((intent.value, intent.needs.len()), (given, 0));
        let call = Swap::exchangeCall::abi_decode(&intent.calldata).unwrap();
        assert_eq!((call.i, call.j, call.dx, call.min_dy), (0, 1, given, least));
    }

    proptest! {
        #[test]
        fn half_a_percent_less_is_still_enough(amount in 0u128..) {
            let amount = U256::from(amount);
            prop_assert!(less_slippage(with_slippage(amount).unwrap()) >= amount);
        }

        /// Of a pool that pays `x·out / (x + in)`, as a product of two keeps constant.
        #[test]
        fn what_is_rescaled_comes_near_in_a_few_rounds(there in 1_000_000u64.., out in 1_000_000u64.., share in 1u64..40) {
            let (there, out) = (U256::from(there), U256::from(out));
            let wanted = out * U256::from(share) / U256::from(100);
            let paid = |given: U256| out * given / (there + given);
            let mut given = there / U256::from(100);
            let mut best = None;
            for _ in 0..ROUNDS {
                let now = paid(given);
                if now >= wanted { best = Some(best.map_or(given, |best: U256| best.min(given))); }
                if now >= wanted && is_near(now, wanted) { break; }
                let Some(next) = rescaled(given, wanted, now) else { break };
                given = next;
            }
            if let Some(best) = best {
                prop_assert!(paid(best) >= wanted);
            } else {
                prop_assert!(share > 20, "a large part of a pool may not be found, a small one is");
            }
        }
    }
}
