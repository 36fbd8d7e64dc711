//! Halving an interval of integers.

use alloy::primitives::U256;

/// The smallest number above `low` for which `holds`, where it does not hold at `low`, holds at `high` and changes once
/// between them. Where it changes more often: some number at which it holds while it does not one below.
pub fn smallest(mut low: U256, mut high: U256, holds: impl Fn(U256) -> bool) -> U256 {
    while high.saturating_sub(low) > U256::from(1) {
        let middle = low.saturating_add(high.saturating_sub(low) / U256::from(2));
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_smallest(low in 0u64..1_000, width in 1u64..1_000_000, at in 1u64..1_000_000) {
            let at = low + at.min(width);
            let found = smallest(U256::from(low), U256::from(low + width), |n| n >= U256::from(at));
            prop_assert_eq!(found, U256::from(at));
        }
    }
}
