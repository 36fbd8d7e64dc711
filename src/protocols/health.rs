//! How near a loan is to liquidation, in words and in the protocol's own integers.

use alloy::primitives::U256;

use super::asset::{brief, brief_up};
use super::{Asset, PriceAge};

/// 1.0 of a health factor: 18 decimals.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Ids of the families whose positions can be loans.
pub const LENDERS: [&str; 6] = [
    super::aave_v3::ID,
    super::compound_v3::ID,
    super::morpho_blue::ID,
    super::maker_vaults::ID,
    super::liquity_v1::ID,
    super::liquity_v2::ID,
];

/// How dangerous a position is. Later is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// Nothing is owed.
    None,
    /// A factor of 2 or more.
    Comfortable,
    /// 1.5 to 2.
    Ok,
    /// 1.1 to 1.5.
    Watch,
    /// Something is owed, and how near it is to liquidation cannot be told now.
    Unknown,
    /// 1.0 to 1.1.
    Critical,
    /// Below 1: anybody may liquidate it now.
    Liquidatable,
}

impl Danger {
    /// Of a health factor with 18 decimals; `None` where nothing is owed.
    pub fn of(factor: Option<U256>) -> Self {
        let Some(factor) = factor else { return Self::None };
        let at_least = |tenths: u64| factor >= WAD / U256::from(10) * U256::from(tenths);
        match () {
            () if at_least(20) => Self::Comfortable,
            () if at_least(15) => Self::Ok,
            () if at_least(11) => Self::Watch,
            () if at_least(10) => Self::Critical,
            () => Self::Liquidatable,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => "No debt",
            Self::Comfortable => "Comfortable",
            Self::Ok => "OK",
            Self::Watch => "Watch",
            Self::Unknown => "Not known",
            Self::Critical => "Critical",
            Self::Liquidatable => "Can be liquidated now",
        }
    }
}

/// The price of one asset at which the loan can be liquidated while all other prices stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiquidationPrice {
    /// Of what.
    pub asset: Asset,
    /// The protocol's price now.
    pub now: U256,
    /// The last price at which the loan is still safe; one unit beyond and it can be liquidated.
    pub at: U256,
    /// True where a fall is the danger; false where a rise is, as of what is owed.
    pub falling: bool,
    /// Digits after the point of both.
    pub decimals: u8,
    /// What prices are in.
    pub unit: String,
}

impl LiquidationPrice {
    /// How far the price may move, in hundredths of a percent, rounded down.
    pub fn room_bps(&self) -> U256 {
        let room = self.now.abs_diff(self.at);
        room.saturating_mul(U256::from(10_000)).checked_div(self.now).unwrap_or_default()
    }

    /// In words.
    pub fn words(&self) -> String {
        let bps: u64 = self.room_bps().saturating_to();
        // Towards today's price: it never looks farther than it is.
        let (sign, change, at) = if self.falling {
            ('<', '−', brief_up(self.at, self.decimals))
        } else {
            ('>', '+', brief(self.at, self.decimals))
        };
        format!(
            "liquidation if {} {sign} {at} {} ({change}{}.{} %)",
            self.asset.symbol,
            self.unit,
            bps / 100,
            bps % 100 / 10
        )
    }
}

/// A loan's health.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// How old the prices are that it is computed from.
    pub price_age: PriceAge,
    /// The factor with 18 decimals: below 1.0 the loan can be liquidated. `None` where nothing is owed.
    pub factor: Option<U256>,
    /// True where the factor is the protocol's own integer, not one computed from it.
    pub own_integer: bool,
    /// Worth of the collateral, in the protocol's unit.
    pub collateral: U256,
    /// Worth of the debt, in the same unit.
    pub debt: U256,
    /// Digits after the point of both.
    pub decimals: u8,
    /// The unit, as `USD`.
    pub unit: String,
    /// Share of the collateral that counts against liquidation, in hundredths of a percent.
    pub threshold_bps: U256,
    /// By asset of the collateral.
    pub liquidation: Vec<LiquidationPrice>,
}

impl Health {
    /// How dangerous it is.
    pub fn danger(&self) -> Danger {
        Danger::of(self.factor)
    }

    /// The factor as `1.42`, rounded down; `None` where nothing is owed.
    pub fn factor_text(&self) -> Option<String> {
        self.factor.map(factor_text)
    }
}

/// A factor with 18 decimals as `1.42`, rounded down so that it never looks better than it is.
pub fn factor_text(factor: U256) -> String {
    let hundredths = factor / (WAD / U256::from(100));
    let (whole, rest) = hundredths.div_rem(U256::from(100));
    format!("{whole}.{rest:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(hundredths: u64) -> U256 {
        WAD / U256::from(100) * U256::from(hundredths)
    }

    #[test]
    fn words_change_at_the_designed_lines() {
        for (hundredths, danger) in [
            (200, Danger::Comfortable),
            (199, Danger::Ok),
            (150, Danger::Ok),
            (149, Danger::Watch),
            (110, Danger::Watch),
            (109, Danger::Critical),
            (100, Danger::Critical),
        ] {
            assert_eq!(Danger::of(Some(factor(hundredths))), danger, "{hundredths}");
        }
        assert_eq!(Danger::of(Some(WAD - U256::from(1))), Danger::Liquidatable);
        assert_eq!(Danger::of(None), Danger::None);
        assert!(Danger::Liquidatable > Danger::Critical);
    }

    #[test]
    fn a_factor_is_never_rounded_up() {
        assert_eq!(factor_text(WAD - U256::from(1)), "0.99");
        assert_eq!(factor_text(factor(142)), "1.42");
        assert_eq!(factor_text(factor(1_005)), "10.05");
    }

    #[test]
    fn a_move_is_told_in_percent() {
        let price = LiquidationPrice {
            asset: Asset::ether(),
            now: U256::from(341_224_000_000_u64),
            at: U256::from(240_295_000_000_u64),
            falling: true,
            decimals: 8,
            unit: "USD".to_owned(),
        };
        assert_eq!(price.words(), "liquidation if ETH < 2402.95 USD (−29.5 %)");
        assert_eq!(LiquidationPrice { now: U256::ZERO, ..price }.room_bps(), U256::ZERO);
    }
}
