//! A loan's health in Comet's integers. Source: `Comet.isLiquidatable` and `isBorrowCollateralized`.

use alloy::primitives::U256;

use crate::protocols::{WAD, smallest};

/// One pledged asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pledge {
    /// Units.
    pub units: U256,
    /// The market's price, 8 decimals.
    pub price: U256,
    /// Units of a whole one.
    pub scale: U256,
    /// Share that counts against liquidation, 18 decimals.
    pub liquidate_factor: U256,
    /// Share that counts when something is taken out, 18 decimals.
    pub borrow_factor: U256,
}

/// A loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// The pledged assets.
    pub pledges: Vec<Pledge>,
    /// Units of the base asset owed.
    pub debt: U256,
    /// Its price, 8 decimals.
    pub base_price: U256,
    /// Units of a whole one.
    pub base_scale: U256,
}

impl Loan {
    fn owed(&self) -> Option<U256> {
        self.debt.checked_mul(self.base_price)?.checked_div(self.base_scale)
    }

    fn counted(&self, share: impl Fn(&Pledge) -> U256) -> Option<U256> {
        self.pledges.iter().try_fold(U256::ZERO, |sum, one| {
            let worth = one.units.checked_mul(one.price)?.checked_div(one.scale)?;
            sum.checked_add(worth.checked_mul(share(one))? / WAD)
        })
    }

    /// Worth of everything pledged and of the debt, 8 decimals.
    pub fn worth(&self) -> Option<(U256, U256)> {
        Some((self.counted(|_| WAD)?, self.owed()?))
    }

    /// What counts against liquidation over what is owed, 18 decimals, rounded down: below 1.0 exactly where the market
    /// says that the loan can be liquidated. `None` where nothing is owed or a number outgrows 256 bits.
    pub fn health_factor(&self) -> Option<U256> {
        self.counted(|one| one.liquidate_factor)?.checked_mul(WAD)?.checked_div(self.owed()?)
    }

    /// True where the market lets the account have this loan after taking something out.
    pub fn may_stand(&self) -> bool {
        matches!((self.counted(|one| one.borrow_factor), self.owed()), (Some(counted), Some(owed)) if counted >= owed)
    }

    /// The same with another price of the pledge at `index`.
    #[must_use]
    pub fn with_price(&self, index: usize, price: U256) -> Self {
        let mut other = self.clone();
        if let Some(pledge) = other.pledges.get_mut(index) {
            pledge.price = price;
        }
        other
    }

    /// The same with other units of the pledge at `index`.
    #[must_use]
    pub fn with_units(&self, index: usize, units: U256) -> Self {
        let mut other = self.clone();
        if let Some(pledge) = other.pledges.get_mut(index) {
            pledge.units = units;
        }
        other
    }

    fn is_at_least(&self, floor: U256) -> bool {
        self.health_factor().is_some_and(|factor| factor >= floor)
    }

    /// The price of a pledge down to which the loan is safe; one unit below it can be liquidated. `None` where it is not
    /// safe now, or safe without that pledge.
    pub fn safe_down_to(&self, index: usize) -> Option<U256> {
        let now = self.pledges.get(index)?.price;
        let safe = |price| self.with_price(index, price).is_at_least(WAD);
        (safe(now) && !safe(U256::ZERO)).then(|| smallest(U256::ZERO, now, safe))
    }

    /// The most units of a pledge that can be taken out with a factor of at least `floor` afterwards. The market itself
    /// counts the debt at its last accrual there and would let a little more go: this counts the interest since.
    pub fn most_withdrawable(&self, index: usize, floor: U256) -> U256 {
        let Some(units) = self.pledges.get(index).map(|one| one.units) else { return U256::ZERO };
        let good = |left| {
            let loan = self.with_units(index, left);
            loan.is_at_least(floor) && loan.may_stand()
        };
        if self.debt.is_zero() || good(U256::ZERO) {
            return units;
        }
        if !good(units) {
            return U256::ZERO;
        }
        units.saturating_sub(smallest(U256::ZERO, units, good))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loan() -> Loan {
        let scale = U256::from(10).pow(U256::from(18));
        let pledge = Pledge {
            units: scale,
            price: U256::from(200_000_000_000_u64),
            scale,
            liquidate_factor: WAD * U256::from(85) / U256::from(100),
            borrow_factor: WAD * U256::from(80) / U256::from(100),
        };
        let (base_price, base_scale) = (U256::from(100_000_000), U256::from(1_000_000));
        Loan { pledges: vec![pledge], debt: U256::from(1_000_000_000), base_price, base_scale }
    }

    #[test]
    fn a_plain_loan() {
        let loan = loan();
        assert_eq!(loan.health_factor(), Some(WAD * U256::from(17) / U256::from(10)));
        assert_eq!(loan.worth(), Some((U256::from(200_000_000_000_u64), U256::from(100_000_000_000_u64))));
        let line = loan.safe_down_to(0).unwrap();
        assert!(loan.with_price(0, line).is_at_least(WAD));
        assert!(!loan.with_price(0, line - U256::from(1)).is_at_least(WAD));
    }

    #[test]
    fn taking_out_is_bound_by_both_lines() {
        let loan = loan();
        let most = loan.most_withdrawable(0, WAD);
        // The borrow factor is the stricter one: 0.625 of the pledge must stay.
        assert_eq!(most, U256::from(375_000_000_000_000_000_u64));
        let careful = loan.most_withdrawable(0, WAD * U256::from(15) / U256::from(10));
        assert!(careful < most && !careful.is_zero());
        let free = Loan { debt: U256::ZERO, ..loan };
        assert_eq!(free.most_withdrawable(0, WAD), free.pledges[0].units);
        assert_eq!(free.health_factor(), None);
    }
}
