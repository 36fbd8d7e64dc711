//! A vault in Maker's integers. Sources: `Vat.frob`, `Jug.drip`, `Dog.bark`, `Spotter.poke`.

use alloy::primitives::U256;

use crate::protocols::WAD;
use crate::protocols::ray::RAY;

/// A vault and what its kind of collateral is subject to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Urn {
    /// Collateral, 18 decimals whatever the token has.
    pub(super) ink: U256,
    /// Debt before fees, 18 decimals.
    pub(super) art: U256,
    /// DAI that is already paid in and not yet used, 45 decimals.
    pub(super) credit: U256,
    /// Fees so far with those not yet booked, 27 decimals.
    pub(super) rate: U256,
    /// The same an hour later.
    pub(super) rate_soon: U256,
    /// DAI that may be owed for one of the collateral, 27 decimals.
    pub(super) spot: U256,
    /// The least ratio of collateral to debt, 27 decimals.
    pub(super) mat: U256,
    /// What a DAI is meant to be worth, 27 decimals.
    pub(super) par: U256,
    /// The least debt there may be, 45 decimals.
    pub(super) dust: U256,
}

fn up(dividend: U256, divisor: U256) -> Option<U256> {
    let (whole, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    if rest.is_zero() { Some(whole) } else { whole.checked_add(U256::from(1)) }
}

impl Urn {
    /// DAI owed with all fees, rounded up.
    pub(super) fn debt(&self) -> Option<U256> {
        up(self.art.checked_mul(self.rate)?, RAY)
    }

    /// DAI to pay in so that all debt can be cleared within the hour; what is credited already counts.
    pub(super) fn to_clear(&self) -> Option<U256> {
        let owed = self.art.checked_mul(self.rate_soon)?;
        up(owed.saturating_sub(self.credit), RAY)
    }

    /// Debt before fees that `paid` DAI clear within the hour, no more than there is; and whether what is left of the debt
    /// is 0 or enough.
    pub(super) fn clears(&self, paid: U256) -> Option<(U256, bool)> {
        let has = paid.checked_mul(RAY)?.checked_add(self.credit)?;
        let art = has.checked_div(self.rate_soon)?.min(self.art);
        let left = self.art.checked_sub(art)?;
        Some((art, left.is_zero() || left.checked_mul(self.rate)? >= self.dust))
    }

    /// Collateral times what may be owed for it over what is owed, 18 decimals, rounded down: below 1.0 exactly where
    /// `Dog.bark` would take the vault once the fees are booked. `None` where nothing is owed.
    pub(super) fn health_factor(&self) -> Option<U256> {
        let allowed = self.ink.checked_mul(self.spot)?;
        let owed = self.art.checked_mul(self.rate)?;
        match allowed.checked_mul(WAD) {
            Some(scaled) => scaled.checked_div(owed),
            None => allowed.checked_div(owed.checked_div(WAD)?.checked_add(U256::from(1))?),
        }
    }

    /// The price of one of the collateral, 18 decimals, that belongs to a `spot`.
    fn price_of(&self, spot: U256) -> Option<U256> {
        let in_par = spot.checked_mul(self.mat)?.checked_div(RAY)?;
        in_par.checked_mul(self.par)?.checked_div(RAY)?.checked_div(U256::from(1_000_000_000))
    }

    /// The price that Maker uses now, 18 decimals.
    pub(super) fn price(&self) -> Option<U256> {
        self.price_of(self.spot)
    }

    /// The price, 18 decimals, down to which the vault is safe. `None` where it is not safe now, or owes nothing.
    pub(super) fn safe_down_to(&self) -> Option<U256> {
        let owed = self.art.checked_mul(self.rate)?;
        let least = up(owed, self.ink)?;
        if owed.is_zero() || least > self.spot {
            return None;
        }
        self.price_of(least)?.checked_add(U256::from(1))
    }

    /// Collateral that can be taken out with a factor of at least `floor` afterwards; all where nothing is owed.
    pub(super) fn most_withdrawable(&self, floor: U256) -> U256 {
        let owed = self.art.checked_mul(self.rate_soon);
        let keeps = |ink: U256| {
            let wanted = owed.and_then(|owed| up(owed, WAD))?.checked_mul(floor)?;
            Some(ink.checked_mul(self.spot)? >= wanted)
        };
        if self.art.is_zero() {
            return self.ink;
        }
        if keeps(self.ink) != Some(true) {
            return U256::ZERO;
        }
        let stays = crate::protocols::smallest(U256::ZERO, self.ink, |ink| keeps(ink) == Some(true));
        self.ink.saturating_sub(stays)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ray(hundredths: u64) -> U256 {
        RAY / U256::from(100) * U256::from(hundredths)
    }

    fn urn() -> Urn {
        Urn {
            ink: WAD * U256::from(10),
            art: WAD * U256::from(10_000),
            credit: U256::ZERO,
            rate: ray(110),
            rate_soon: ray(110),
            spot: ray(200_000),
            mat: ray(150),
            par: RAY,
            dust: RAY * WAD * U256::from(2_000),
        }
    }

    #[test]
    fn a_plain_vault() {
        let urn = urn();
        assert_eq!(urn.debt(), Some(WAD * U256::from(11_000)));
        assert_eq!(urn.price(), Some(WAD * U256::from(3_000)));
        assert_eq!(urn.health_factor(), Some(WAD * U256::from(20_000) / U256::from(11_000)));
        let line = urn.safe_down_to().unwrap();
        assert!(line.abs_diff(WAD * U256::from(1_650)) <= U256::from(1), "{line}");
        let most = urn.most_withdrawable(WAD);
        assert!(most.abs_diff(WAD * U256::from(45) / U256::from(10)) <= U256::from(1), "{most}");
        assert_eq!(Urn { art: U256::ZERO, ..urn.clone() }.most_withdrawable(WAD), urn.ink);
        assert_eq!(Urn { art: U256::ZERO, ..urn }.health_factor(), None);
    }

    #[test]
    fn too_little_may_not_be_left() {
        let urn = urn();
        assert_eq!(urn.to_clear(), Some(WAD * U256::from(11_000)));
        assert_eq!(urn.clears(WAD * U256::from(11_000)), Some((urn.art, true)));
        let (art, good) = urn.clears(WAD * U256::from(9_900)).unwrap();
        assert!(art == WAD * U256::from(9_000) && !good, "1100 DAI stay, less than 2000");
        assert!(urn.clears(WAD * U256::from(1_100)).unwrap().1);
        let credited = Urn { credit: RAY * WAD * U256::from(11_000), ..urn };
        assert_eq!(credited.to_clear(), Some(U256::ZERO));
    }

    proptest! {
        #[test]
        fn what_is_taken_out_keeps_the_line(ink in 1u64..1_000_000, art in 1u64..1_000_000, spot in 1u64..10_000, floor in 100u64..300) {
            let floor = WAD / U256::from(100) * U256::from(floor);
            let urn = Urn { ink: WAD * U256::from(ink), art: WAD * U256::from(art), spot: ray(spot), ..urn() };
            let most = urn.most_withdrawable(floor);
            let left = Urn { ink: urn.ink - most, ..urn.clone() };
            if most.is_zero() {
                prop_assert!(urn.health_factor().unwrap() <= floor + U256::from(1_000));
            } else {
                prop_assert!(left.health_factor().unwrap() >= floor);
            }
        }
    }
}
