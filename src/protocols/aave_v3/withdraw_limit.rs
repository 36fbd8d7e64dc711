//! How much of a reserve can be taken out while the loan stays above a line, in the token's own rounding.

use alloy::primitives::U256;

use super::health_factor::{Form, HoldingSet};

const RAY: U256 = U256::from_limbs([11_515_845_246_265_065_472, 54_210_108, 0, 0]);

/// The most units of the reserve at `index` that can be withdrawn with a factor of at least `floor` afterwards: one
/// unit more would end below it. `scaled` is the aToken's scaled balance and `index_ray` the reserve's income index, 27
/// decimals. `None` where a number outgrows 256 bits; 0 where nothing can be taken.
pub fn most_withdrawable(
    set: &HoldingSet,
    index: usize,
    (scaled, index_ray): (U256, U256),
    floor: U256,
) -> Option<U256> {
    let balance = balance_of(set.form, scaled, index_ray)?;
    let counts = set.holdings.get(index).is_some_and(|one| !one.collateral.is_zero());
    if !counts {
        return Some(balance);
    }
    let after = |amount: U256| -> Option<HoldingSet> {
        let left =
            if amount == balance { U256::ZERO } else { left_after(set.form, scaled, index_ray, amount)? };
        Some(set.with_collateral(index, left))
    };
    let good = |amount| after(amount).is_some_and(|set| set.is_at_least(floor));
    if good(balance) {
        return Some(balance);
    }
    if !good(U256::ZERO) {
        return Some(U256::ZERO);
    }
    let (mut low, mut high) = (U256::ZERO, balance);
    while high.saturating_sub(low) > U256::from(1) {
        let middle = low.saturating_add(high.saturating_sub(low) / U256::from(2));
        if good(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

/// `AToken.balanceOf`.
fn balance_of(form: Form, scaled: U256, index: U256) -> Option<U256> {
    let product = scaled.checked_mul(index)?;
    match form {
        Form::Averaged => Some(product.checked_add(RAY / U256::from(2))? / RAY),
        Form::Summed => Some(product / RAY),
    }
}

/// What `AToken.balanceOf` is once `amount` is burnt.
fn left_after(form: Form, scaled: U256, index: U256, amount: U256) -> Option<U256> {
    let product = amount.checked_mul(RAY)?;
    let burnt = match form {
        Form::Averaged => product.checked_add(index / U256::from(2))?.checked_div(index)?,
        Form::Summed => product.checked_add(index.checked_sub(U256::from(1))?)?.checked_div(index)?,
    };
    balance_of(form, scaled.saturating_sub(burnt), index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::health_factor::Holding;
    use super::*;
    use crate::protocols::WAD;

    #[test]
    fn a_ray_is_27_decimals() {
        assert_eq!(RAY, U256::from(10).pow(U256::from(27)));
    }

    fn loan(form: Form, collateral: U256, debt: u64) -> HoldingSet {
        let price = U256::from(200_000_000_000_u64);
        let unit = U256::from(10).pow(U256::from(18));
        let pledged = Holding { price, unit, collateral, threshold_bps: U256::from(8_000), debt: U256::ZERO };
        let owed = Holding {
            price: U256::from(100_000_000),
            unit: U256::from(1_000_000),
            collateral: U256::ZERO,
            threshold_bps: U256::ZERO,
            debt: U256::from(debt),
        };
        HoldingSet { holdings: vec![pledged, owed], form }
    }

    proptest! {
        #[test]
        fn one_unit_more_ends_below_the_line(
            scaled in 1u64..u64::MAX,
            growth in 0u64..2_000_000_000,
            debt in 0u64..10_000_000_000,
            summed: bool,
        ) {
            let form = if summed { Form::Summed } else { Form::Averaged };
            let (scaled, index) = (U256::from(scaled), RAY + U256::from(growth) * U256::from(10).pow(U256::from(17)));
            let balance = balance_of(form, scaled, index).unwrap();
            let set = loan(form, balance, debt);
            let floor = WAD * U256::from(105) / U256::from(100);
            let most = most_withdrawable(&set, 0, (scaled, index), floor).unwrap();
            prop_assert!(most <= balance);
            let after = |amount| set.with_collateral(0, left_after(form, scaled, index, amount).unwrap());
            if !most.is_zero() && most < balance {
                prop_assert!(after(most).is_at_least(floor));
            }
            if most < balance && set.is_at_least(floor) {
                prop_assert!(!after(most + U256::from(1)).is_at_least(floor));
            }
        }
    }
}
