//! Maker's numbers of 27 decimals, and how its rates grow by the second.

use alloy::primitives::U256;

/// 1.0 of a rate: 27 decimals.
pub(super) const RAY: U256 = U256::from_limbs([0x9fd0_803c_e800_0000, 0x033b_2e3c, 0, 0]);

/// `_rpow` of the Jug and the Pot: `x` to the `n` with 27 decimals, rounded half up at each step. `None` where it outgrows 256 bits.
fn rpow(mut x: U256, mut n: u64) -> Option<U256> {
    let half = RAY / U256::from(2);
    let times = |a: U256, b: U256| a.checked_mul(b)?.checked_add(half)?.checked_div(RAY);
    let mut z = if n % 2 == 1 { x } else { RAY };
    n /= 2;
    while n > 0 {
        x = times(x, x)?;
        if n % 2 == 1 {
            z = times(z, x)?;
        }
        n /= 2;
    }
    Some(z)
}

/// `drip` of the Jug and the Pot: the rate after `seconds` at `per_second` (both 27 decimals).
pub(super) fn accrued(rate: U256, per_second: U256, seconds: u64) -> Option<U256> {
    rpow(per_second, seconds)?.checked_mul(rate)?.checked_div(RAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ray(hundredths: u64) -> U256 {
        RAY / U256::from(100) * U256::from(hundredths)
    }

    #[test]
    fn a_rate_grows_as_the_contracts_book_it() {
        assert_eq!(RAY, U256::from(10).pow(U256::from(27)));
        assert_eq!(accrued(ray(110), RAY, 86_400), Some(ray(110)));
        // 5 % a year, as Maker writes it.
        let per_second = U256::from(1_000_000_001_547_125_957_863_212_448_u128);
        let year = accrued(RAY, per_second, 31_536_000).unwrap();
        assert!(year.abs_diff(ray(105)) < RAY / U256::from(1_000_000_000_000_000_u64), "{year}");
        assert_eq!(accrued(RAY, U256::MAX, 2), None);
    }
}
