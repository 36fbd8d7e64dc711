//! What a share of a pool is worth, and what is fair for it in one coin.

use alloy::primitives::U256;

use crate::protocols::WAD;

/// Of a pool's balances, what `shares` of `total` are; `None` where there is no total or a number outgrows 256 bits.
pub(super) fn parts(shares: U256, total: U256, balances: &[U256]) -> Option<Vec<U256>> {
    balances.iter().map(|held| held.checked_mul(shares)?.checked_div(total)).collect()
}

/// What `shares` are worth in a coin of `decimals` that is at par with the pool, by its virtual price (18 decimals).
pub(super) fn fair(shares: U256, virtual_price: U256, decimals: u8) -> Option<U256> {
    let worth = shares.checked_mul(virtual_price)?.checked_div(WAD)?;
    let scale = U256::from(10).checked_pow(U256::from(18_u8.checked_sub(decimals)?))?;
    worth.checked_div(scale)
}

/// True where `quote` is at least 98 % of what is fair.
pub(super) fn is_fair(quote: U256, fair: U256) -> bool {
    let hundred = |amount: U256, of: u64| amount.checked_mul(U256::from(of));
    matches!((hundred(quote, 100), hundred(fair, 98)), (Some(quote), Some(fair)) if quote >= fair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_cut_and_a_quote_is_judged() {
        let n = U256::from;
        assert_eq!(parts(n(1), n(3), &[n(100), n(2)]), Some(vec![n(33), n(0)]));
        assert_eq!(parts(n(1), n(0), &[n(100)]), None);
        let price = WAD * n(103) / n(100);
        assert_eq!(fair(WAD * n(100), price, 6), Some(n(103_000_000)));
        assert_eq!(fair(WAD, price, 19), None);
        assert!(is_fair(n(98), n(100)) && !is_fair(n(97), n(100)));
        assert!(!is_fair(U256::MAX, n(1)), "a number that cannot be judged is not fair");
    }
}
