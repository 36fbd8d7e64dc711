//! Aave's health factor in Aave's own integers, for states that are not the chain's: other prices, less collateral.
//!
//! The contract rounds in one of two ways, by its release. Which one it is shows in the factor it gives for the state
//! that is: the form that reproduces that integer is taken. Source: `GenericLogic.calculateUserAccountData`.

use alloy::primitives::U256;

use crate::protocols::WAD;

/// Half of a percentage of 10 000, for rounding half up (`PercentageMath.percentMul`).
const HALF_PERCENT: U256 = U256::from_limbs([5_000, 0, 0, 0]);
const PERCENT: U256 = U256::from_limbs([10_000, 0, 0, 0]);
/// A price is looked for up to this many times today's.
const HIGHEST_PRICE: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);

/// How a release computes the factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 3.0 to 3.4 and SparkLend: the average threshold is cut to whole basis points first; debt rounds down.
    Averaged,
    /// From 3.5 on: the sum of collateral times threshold, divided once; debt rounds up.
    Summed,
}

/// One reserve of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The market's price of one whole unit.
    pub price: U256,
    /// 10 to the number of decimals.
    pub unit: U256,
    /// Units that count as collateral; 0 where the account or the market switched that off.
    pub collateral: U256,
    /// Share of it that counts, in basis points, e-mode applied.
    pub threshold_bps: U256,
    /// Units owed.
    pub debt: U256,
}

/// All reserves of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldingSet {
    /// The reserves.
    pub holdings: Vec<Holding>,
    /// How the contract rounds.
    pub form: Form,
}

impl HoldingSet {
    /// The form of the contract that gave `proven` for these holdings; `None` where neither gives it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "candidates are made from it, not shared with the caller"
    )]
    pub fn fit(holdings: Vec<Holding>, proven: U256) -> Option<Self> {
        [Form::Averaged, Form::Summed]
            .into_iter()
            .map(|form| Self { holdings: holdings.clone(), form })
            .find(|set| set.health_factor() == Some(proven))
    }

    /// The factor, 18 decimals; the largest number where nothing is owed. `None` where a number outgrows 256 bits.
    pub fn health_factor(&self) -> Option<U256> {
        let (mut total, mut weighted, mut debt) = (U256::ZERO, U256::ZERO, U256::ZERO);
        for one in &self.holdings {
            let worth = one.collateral.checked_mul(one.price)?.checked_div(one.unit)?;
            if !one.threshold_bps.is_zero() {
                total = total.checked_add(worth)?;
                weighted = weighted.checked_add(worth.checked_mul(one.threshold_bps)?)?;
            }
            let owed = one.debt.checked_mul(one.price)?;
            debt = debt.checked_add(match self.form {
                Form::Averaged => owed.checked_div(one.unit)?,
                Form::Summed => {
                    owed.checked_add(one.unit.checked_sub(U256::from(1))?)?.checked_div(one.unit)?
                }
            })?;
        }
        if debt.is_zero() {
            return Some(U256::MAX);
        }
        match self.form {
            Form::Averaged => {
                let average = weighted.checked_div(total).unwrap_or_default();
                wad_div(percent_mul(total, average)?, debt)
            }
            Form::Summed => Some(wad_div(weighted, debt)? / PERCENT),
        }
    }

    /// True where the factor is at least `floor`.
    pub fn is_at_least(&self, floor: U256) -> bool {
        self.health_factor().is_some_and(|factor| factor >= floor)
    }

    /// The same with another price of the reserve at `index`.
    #[must_use]
    pub fn with_price(&self, index: usize, price: U256) -> Self {
        let mut other = self.clone();
        if let Some(holding) = other.holdings.get_mut(index) {
            holding.price = price;
        }
        other
    }

    /// The same with another amount of collateral in the reserve at `index`.
    #[must_use]
    pub fn with_collateral(&self, index: usize, collateral: U256) -> Self {
        let mut other = self.clone();
        if let Some(holding) = other.holdings.get_mut(index) {
            holding.collateral = collateral;
        }
        other
    }

    /// The price of the reserve at `index` down to which the loan is safe (a factor of 1.0), others unchanged: at it the
    /// loan is safe, one unit below it is not. `None` where it is not safe now, or safe down to a price of 0.
    pub fn safe_down_to(&self, index: usize) -> Option<U256> {
        let now = self.holdings.get(index)?.price;
        let safe = |price| self.with_price(index, price).is_at_least(WAD);
        if !safe(now) || safe(U256::ZERO) {
            return None;
        }
        let (mut unsafe_at, mut safe_at) = (U256::ZERO, now);
        while let middle = middle(unsafe_at, safe_at)
            && middle != unsafe_at
        {
            if safe(middle) {
                safe_at = middle;
            } else {
                unsafe_at = middle;
            }
        }
        Some(safe_at)
    }

    /// The price up to which the loan is safe where the reserve is owed: one unit above it is not. `None` where it is not
    /// safe now, or safe at a million times the price.
    pub fn safe_up_to(&self, index: usize) -> Option<U256> {
        let now = self.holdings.get(index)?.price;
        let safe = |price| self.with_price(index, price).is_at_least(WAD);
        let far = now.checked_mul(HIGHEST_PRICE)?;
        if !safe(now) || safe(far) {
            return None;
        }
        let (mut safe_at, mut unsafe_at) = (now, far);
        while let middle = middle(safe_at, unsafe_at)
            && middle != safe_at
        {
            if safe(middle) {
                safe_at = middle;
            } else {
                unsafe_at = middle;
            }
        }
        Some(safe_at)
    }
}

/// The number half-way, rounded down.
fn middle(low: U256, high: U256) -> U256 {
    low.saturating_add(high.saturating_sub(low) / U256::from(2))
}

fn percent_mul(value: U256, bps: U256) -> Option<U256> {
    Some(value.checked_mul(bps)?.checked_add(HALF_PERCENT)? / PERCENT)
}

fn wad_div(value: U256, by: U256) -> Option<U256> {
    value.checked_mul(WAD)?.checked_add(by / U256::from(2))?.checked_div(by)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holding(price: u64, collateral: u64, threshold: u64, debt: u64) -> Holding {
        Holding {
            price: U256::from(price),
            unit: U256::from(1_000_000),
            collateral: U256::from(collateral),
            threshold_bps: U256::from(threshold),
            debt: U256::from(debt),
        }
    }

    fn set(holdings: Vec<Holding>, form: Form) -> HoldingSet {
        HoldingSet { holdings, form }
    }

    #[test]
    fn a_plain_loan() {
        // 1 unit at 2000.0 (8 decimals) with 80 %, against 1000 at 1.0.
        let loan =
            vec![holding(200_000_000_000, 1_000_000, 8_000, 0), holding(100_000_000, 0, 0, 1_000_000_000)];
        for form in [Form::Averaged, Form::Summed] {
            let loan = set(loan.clone(), form);
            assert_eq!(loan.health_factor(), Some(WAD * U256::from(16) / U256::from(10)));
            assert_eq!(loan.safe_down_to(0), Some(U256::from(125_000_000_000_u64)));
            assert_eq!(loan.safe_up_to(1), Some(U256::from(160_000_000)));
            assert_eq!(loan.safe_down_to(1), None, "a debt that gets cheaper is no danger");
        }
        assert_eq!(HoldingSet::fit(loan.clone(), U256::from(5)), None);
        let proven = WAD * U256::from(16) / U256::from(10);
        assert_eq!(HoldingSet::fit(loan, proven).map(|set| set.form), Some(Form::Averaged));
    }

    #[test]
    fn nothing_owed_has_no_end() {
        assert_eq!(set(vec![holding(1, 5, 8_000, 0)], Form::Summed).health_factor(), Some(U256::MAX));
        assert_eq!(set(Vec::new(), Form::Averaged).safe_down_to(0), None);
        let huge = Holding { price: U256::MAX, ..holding(1, 5, 8_000, 1) };
        assert_eq!(set(vec![huge], Form::Averaged).health_factor(), None, "never a wrong number");
    }

    fn any_holding() -> impl Strategy<Value = Holding> {
        (1u64..1_000_000_000_000, 0u64..1_000_000_000_000, 0u64..9_800, 0u64..1_000_000_000_000)
            .prop_map(|(price, collateral, threshold, debt)| holding(price, collateral, threshold, debt))
    }

    proptest! {
        #[test]
        fn the_lines_are_exact(holdings in proptest::collection::vec(any_holding(), 1..5), at in 0usize..5, summed: bool) {
            let form = if summed { Form::Summed } else { Form::Averaged };
            let set = set(holdings, form);
            let one = U256::from(1);
            if let Some(price) = set.safe_down_to(at) {
                prop_assert!(set.with_price(at, price).is_at_least(WAD));
                prop_assert!(!set.with_price(at, price - one).is_at_least(WAD));
            }
            if let Some(price) = set.safe_up_to(at) {
                prop_assert!(set.with_price(at, price).is_at_least(WAD));
                prop_assert!(!set.with_price(at, price + one).is_at_least(WAD));
            }
        }
    }
}
