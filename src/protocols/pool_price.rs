//! A pool's own price against price feeds of the chain: minimums that are taken from the pool protect from what happens
//! after this block, and not from what somebody did to the pool before it.

use alloy::primitives::{U256, U512};

use super::prices::{self, PriceBook, PricedAsset};
use super::{Asset, JointState, ProtocolError};

/// Further away than this many tenths of a percent is worth a warning.
const FAR: u64 = 20;
const UNTOLD: &str = "Whether the pool's price is fair cannot be told now: the price feeds it would be compared with are late \
                      or could not be read.";
/// More is not counted.
const MOST: u64 = 1_000_000;

/// How far a pool's price is from what price feeds say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PoolPrice {
    /// By so many tenths of a percent.
    Away(u64),
    /// No feed tells the price of both tokens.
    Unknown,
    /// There are feeds, and they or the pool's price could not be read, or they are late.
    Untold,
}

impl PoolPrice {
    /// What a person should know of it before anything is taken out.
    pub(super) fn caveat(self) -> Option<String> {
        let tenths = match self {
            Self::Away(tenths) => tenths,
            Self::Unknown => return None,
            Self::Untold => return Some(UNTOLD.to_owned()),
        };
        let percent = percent(tenths);
        (tenths > FAR).then(|| {
            format!("The pool's price is {percent} % away from what price feeds on the chain say: somebody may have moved it, and what is taken out now is less for that. Wait until it is back.")
        })
    }

    /// The same in an action's note.
    pub(super) fn note(self, of: &str) -> String {
        let minimums = format!("With minimums half a percent below what the {of} would pay now");
        match self {
            Self::Away(tenths) => {
                format!("{minimums}; its price is {} % away from that of price feeds.", percent(tenths))
            }
            Self::Untold => {
                format!("{minimums}; whether that is a fair price cannot be told now: compare it elsewhere.")
            }
            Self::Unknown => {
                format!("{minimums}; no price feed tells whether that is a fair price: compare it elsewhere.")
            }
        }
    }

    /// The same at the end of a call's sentence, where it is a warning.
    pub(super) fn suffix(self) -> String {
        match self {
            Self::Away(tenths @ 21..) => {
                format!(". The pool's price is {} % away from price feeds", percent(tenths))
            }
            Self::Untold => ". Whether the pool's price is fair cannot be told now".to_owned(),
            Self::Away(_) | Self::Unknown => String::new(),
        }
    }
}

fn percent(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Amounts of both tokens that are worth the same at a pool's price, from the root of that price (64.96, of Uniswap).
pub(super) fn even(root: U256) -> [U256; 2] {
    let all: U256 = U256::MAX >> 64_usize;
    [all.checked_div(root).unwrap_or_default(), root]
}

/// Compares: `even` are amounts that the pool says are worth the same. Nothing is read where a token has no feed.
pub(super) async fn against_feeds(state: &JointState, tokens: &[Asset; 2], even: [U256; 2]) -> PoolPrice {
    match dollars(state, tokens).await {
        Ok(Dollars::NoFeed) => PoolPrice::Unknown,
        Ok(Dollars::Each(usd)) => away(tokens, even, usd).map_or(PoolPrice::Unknown, PoolPrice::Away),
        Ok(Dollars::Late) => PoolPrice::Untold,
        Err(error) => {
            tracing::debug!(%error, "price feeds could not be read");
            PoolPrice::Untold
        }
    }
}

/// What feeds say of two tokens.
enum Dollars {
    /// One of them has none.
    NoFeed,
    /// One of them is late.
    Late,
    /// Dollars for one whole token each.
    Each([U256; 2]),
}

async fn dollars(state: &JointState, tokens: &[Asset; 2]) -> Result<Dollars, ProtocolError> {
    let chain_id = state.state().evm_env()?.chain_id();
    let book = PriceBook::of_chain(chain_id);
    let asked: Vec<PricedAsset> = tokens
        .iter()
        .map(|one| {
            let ether = one.is_ether() || book.weth == Some(one.address);
            if ether { PricedAsset::Ether } else { PricedAsset::Token(one.address) }
        })
        .collect();
    let has_way = |one: &PricedAsset| match one {
        PricedAsset::Token(token) => {
            book.feeds.iter().any(|feed| feed.token == Some(*token))
                || book.rates.iter().any(|rate| rate.token == *token)
        }
        _ => !book.is_empty(),
    };
    if !asked.iter().all(has_way) {
        return Ok(Dollars::NoFeed);
    }
    let found = prices::prices(state.state(), chain_id, book, &asked, false).await?;
    let usd = found.iter().map(|price| {
        let (source, usd) = price.best()?;
        (!source.is_stale() && !source.is_from_pool()).then_some(usd)
    });
    let usd: Option<Vec<U256>> = usd.collect();
    Ok(usd.and_then(|all| all.try_into().ok()).map_or(Dollars::Late, Dollars::Each))
}

/// By how many tenths of a percent the dearer side is above the other.
fn away(tokens: &[Asset; 2], even: [U256; 2], usd: [U256; 2]) -> Option<u64> {
    let [first, second] = tokens;
    let scale = |asset: &Asset| U512::from(10).checked_pow(U512::from(asset.decimals));
    let ([a, b], [usd_a, usd_b]) = (even, usd);
    let worth = |amount: U256, usd: U256, other: &Asset| {
        U512::from(amount).checked_mul(U512::from(usd))?.checked_mul(scale(other)?)
    };
    let (a, b) = (worth(a, usd_a, second)?, worth(b, usd_b, first)?);
    let (less, more) = if a < b { (a, b) } else { (b, a) };
    let tenths = more.checked_sub(less)?.checked_mul(U512::from(1_000))?.checked_div(less)?;
    Some(u64::try_from(tenths).unwrap_or(MOST).min(MOST))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::Address;

    use super::*;

    fn tokens() -> [Asset; 2] {
        [Asset::token(Address::repeat_byte(1), "USDC", 6), Asset::token(Address::repeat_byte(2), "WETH", 18)]
    }

    fn units(amount: u64, decimals: u64) -> U256 {
        U256::from(amount) * U256::from(10).pow(U256::from(decimals))
    }

    #[test]
    fn a_pool_that_was_moved_is_away_by_what_it_was_moved() {
        let usd = [units(1, 18), units(3_000, 18)];
        let of = |dollars: u64| away(&tokens(), [units(dollars, 6), units(1, 18)], usd);
        assert_eq!(of(3_000), Some(0));
        assert_eq!((of(3_060), of(2_900)), (Some(20), Some(34)));
        assert_eq!(of(4_200), Some(400), "forty percent");
        assert_eq!(of(0), None, "an empty pool has no price");
        assert_eq!(away(&tokens(), [U256::MAX, U256::from(1)], usd), Some(MOST));
    }

    #[test]
    fn amounts_worth_the_same_come_from_the_root_of_the_price() {
        // 1 WETH (second) for 3 000 USDC (first): second / first = 1e18 / 3000e6.
        let root = (U256::from(1) << 96_usize) * U256::from(18_257_u64); // sqrt(3.3333e8)
        let usd = [units(1, 18), units(3_000, 18)];
        let found = away(&tokens(), even(root), usd).unwrap();
        assert!(found <= 1, "{found}");
        let moved = away(&tokens(), even(root * U256::from(11) / U256::from(10)), usd).unwrap();
        assert!((209..=211).contains(&moved), "a tenth of the root is a fifth of the price: {moved}");
        for edge in [U256::from(4_295_128_739_u64), U256::MAX >> 96_usize] {
            assert!(even(edge).iter().all(|one| !one.is_zero()), "the edges of a pool's prices");
        }
    }

    #[test]
    fn only_what_is_far_is_a_warning_and_what_nobody_tells_is_said() {
        let said = |price: PoolPrice| (price.caveat(), price.note("pool"), price.suffix());
        let (none, note, suffix) = said(PoolPrice::Away(20));
        assert!(none.is_none() && note.contains("2.0 %") && suffix.is_empty(), "{note}");
        let (warning, _, suffix) = said(PoolPrice::Away(21));
        assert!(warning.is_some_and(|one| one.contains("2.1 % away")) && suffix.contains("2.1 %"));
        let (none, note, _) = said(PoolPrice::Unknown);
        assert!(none.is_none() && note.contains("no price feed tells"), "{note}");
        let (warning, note, suffix) = said(PoolPrice::Untold);
        assert!(
            warning.is_some_and(|one| one.contains("late or could not be read"))
                && !note.contains("no price feed")
        );
        assert!(suffix.contains("cannot be told"), "{suffix}");
    }
}
