//! Interest to this second, shares to assets, and health, in Morpho's integers.
//!
//! Source: `Morpho._accrueInterest`, `MathLib.wTaylorCompounded`, `SharesMathLib`, `Morpho._isHealthy`.

use alloy::primitives::U256;

use crate::protocols::{WAD, smallest};

const VIRTUAL_SHARES: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);
const VIRTUAL_ASSETS: U256 = U256::from_limbs([1, 0, 0, 0]);
/// Of the oracle's price.
const PRICE_SCALE_DIGITS: u64 = 36;

/// What is lent and borrowed in a market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarketTotals {
    /// Units lent.
    pub supply_assets: U256,
    /// Shares of them.
    pub supply_shares: U256,
    /// Units borrowed.
    pub borrow_assets: U256,
    /// Shares of them.
    pub borrow_shares: U256,
    /// Share of the interest that goes to Morpho, 18 decimals.
    pub fee: U256,
}

impl MarketTotals {
    /// The same `seconds` later at `rate` a second (18 decimals). `None` where a number outgrows 256 bits.
    pub fn accrued(self, rate: U256, seconds: u64) -> Option<Self> {
        let first = rate.checked_mul(U256::from(seconds))?;
        let second = first.checked_mul(first)?.checked_div(WAD.checked_mul(U256::from(2))?)?;
        let third = second.checked_mul(first)?.checked_div(WAD.checked_mul(U256::from(3))?)?;
        let growth = first.checked_add(second)?.checked_add(third)?;
        let interest = self.borrow_assets.checked_mul(growth)? / WAD;
        let supply_assets = self.supply_assets.checked_add(interest)?;
        let fee_assets = interest.checked_mul(self.fee)? / WAD;
        let fee_shares =
            to_shares_down(fee_assets, supply_assets.checked_sub(fee_assets)?, self.supply_shares)?;
        Some(Self {
            supply_assets,
            supply_shares: self.supply_shares.checked_add(fee_shares)?,
            borrow_assets: self.borrow_assets.checked_add(interest)?,
            ..self
        })
    }

    /// What shares of the loans are worth to a lender, rounded down.
    pub fn lent(&self, shares: U256) -> Option<U256> {
        let (assets, all) = virtual_totals(self.supply_assets, self.supply_shares)?;
        shares.checked_mul(assets)?.checked_div(all)
    }

    /// What shares of the debt are owed, rounded up.
    pub fn owed(&self, shares: U256) -> Option<U256> {
        let (assets, all) = virtual_totals(self.borrow_assets, self.borrow_shares)?;
        shares.checked_mul(assets)?.checked_add(all.checked_sub(U256::from(1))?)?.checked_div(all)
    }

    /// Units that can be paid out now.
    pub fn liquidity(&self) -> U256 {
        self.supply_assets.saturating_sub(self.borrow_assets)
    }
}

fn virtual_totals(assets: U256, shares: U256) -> Option<(U256, U256)> {
    Some((assets.checked_add(VIRTUAL_ASSETS)?, shares.checked_add(VIRTUAL_SHARES)?))
}

fn to_shares_down(amount: U256, assets: U256, shares: U256) -> Option<U256> {
    let (assets, shares) = virtual_totals(assets, shares)?;
    amount.checked_mul(shares)?.checked_div(assets)
}

/// A loan against collateral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Units pledged.
    pub collateral: U256,
    /// Units owed, rounded up.
    pub debt: U256,
    /// Loan units for 1e36 collateral units.
    pub price: U256,
    /// Share of the worth that may be owed, 18 decimals.
    pub lltv: U256,
}

impl Pair {
    /// What the collateral is worth, in loan units.
    pub fn worth(&self) -> Option<U256> {
        let scale = U256::from(10).checked_pow(U256::from(PRICE_SCALE_DIGITS))?;
        // 512 bits would be needed for sums beyond any supply; then there is no number rather than a wrong one.
        self.collateral.checked_mul(self.price)?.checked_div(scale)
    }

    /// What may be owed over what is owed, 18 decimals, rounded down: below 1.0 exactly where Morpho calls it unhealthy.
    /// `None` where nothing is owed.
    pub fn health_factor(&self) -> Option<U256> {
        let most = self.worth()?.checked_mul(self.lltv)? / WAD;
        most.checked_mul(WAD)?.checked_div(self.debt)
    }

    fn is_at_least(&self, floor: U256) -> bool {
        self.health_factor().is_some_and(|factor| factor >= floor)
    }

    /// The price down to which the loan is safe; one unit below it can be liquidated. `None` where it is not safe now.
    pub fn safe_down_to(&self) -> Option<U256> {
        let safe = |price| Self { price, ..*self }.is_at_least(WAD);
        (safe(self.price) && !safe(U256::ZERO)).then(|| smallest(U256::ZERO, self.price, safe))
    }

    /// The most collateral that can be taken out with a factor of at least `floor` afterwards.
    pub fn most_withdrawable(&self, floor: U256) -> U256 {
        let good = |collateral| Self { collateral, ..*self }.is_at_least(floor);
        if self.debt.is_zero() {
            return self.collateral;
        }
        if !good(self.collateral) || good(U256::ZERO) {
            return U256::ZERO;
        }
        self.collateral.saturating_sub(smallest(U256::ZERO, self.collateral, good))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_loan() {
        let price = U256::from(2_000) * U256::from(10).pow(U256::from(24)); // 18 digits pledged, 6 owed
        let pair = Pair {
            collateral: WAD,
            debt: U256::from(1_000_000_000),
            price,
            lltv: WAD * U256::from(80) / U256::from(100),
        };
        assert_eq!(pair.worth(), Some(U256::from(2_000_000_000)));
        assert_eq!(pair.health_factor(), Some(WAD * U256::from(16) / U256::from(10)));
        let line = pair.safe_down_to().unwrap();
        assert!(Pair { price: line, ..pair }.is_at_least(WAD));
        assert!(!Pair { price: line - U256::from(1), ..pair }.is_at_least(WAD));
        let most = pair.most_withdrawable(WAD);
        let left = |taken| Pair { collateral: WAD - taken, ..pair };
        assert!(left(most).is_at_least(WAD) && !left(most + U256::from(1)).is_at_least(WAD));
        assert_eq!(Pair { debt: U256::ZERO, ..pair }.health_factor(), None);
    }

    #[test]
    fn interest_is_three_terms_and_the_fee_is_shares() {
        let totals = MarketTotals {
            supply_assets: U256::from(2_000_000_000),
            supply_shares: U256::from(2_000_000_000_000_000_u64),
            borrow_assets: U256::from(1_000_000_000),
            borrow_shares: U256::from(1_000_000_000_000_000_u64),
            fee: WAD / U256::from(10),
        };
        // 0.1 in one step: 0.1 + 0.005 + 0.000166…
        let later = totals.accrued(WAD / U256::from(10), 1).unwrap();
        assert_eq!(later.borrow_assets, U256::from(1_105_166_666));
        assert!(later.supply_shares > totals.supply_shares);
        assert_eq!(totals.accrued(U256::ZERO, 500), Some(totals));
    }
}
