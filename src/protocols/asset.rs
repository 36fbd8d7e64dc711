//! What an amount is of: ether or a token, with its symbol and decimals.

use alloy::primitives::utils::format_units;
use alloy::primitives::{Address, U256};

/// Ether or a token. The symbol helps to read; the address is what counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asset {
    /// The token; zero for ether.
    pub address: Address,
    /// What people call it, safe to show.
    pub symbol: String,
    /// Digits after the point.
    pub decimals: u8,
}

impl Asset {
    /// A token.
    pub fn token(address: Address, symbol: &str, decimals: u8) -> Self {
        Self { address, symbol: symbol.to_owned(), decimals }
    }

    /// Ether.
    pub fn ether() -> Self {
        Self::token(Address::ZERO, "ETH", 18)
    }

    /// True for ether.
    pub fn is_ether(&self) -> bool {
        self.address.is_zero()
    }

    /// An amount of it as people read it, as `1.5 WETH`: what there is or comes, cut after six digits and never to nothing.
    pub fn show(&self, raw: U256) -> String {
        format!("{} {}", brief(raw, self.decimals), self.symbol)
    }

    /// The same of what is owed or paid: rounded up.
    pub fn show_up(&self, raw: U256) -> String {
        format!("{} {}", brief_up(raw, self.decimals), self.symbol)
    }

    /// The same with every digit.
    pub fn exact(&self, raw: U256) -> String {
        format!("{} {}", units(raw, self.decimals), self.symbol)
    }
}

/// Digits behind the point that people read.
const READ_DIGITS: u8 = 6;

/// Whole units of the last digit that is read, what is left of them, and how many digits those are.
fn cut(raw: U256, decimals: u8) -> (U256, U256, u8) {
    let shown = decimals.min(READ_DIGITS);
    let unit = U256::from(10).checked_pow(U256::from(decimals.saturating_sub(shown)));
    let (whole, rest) = raw.div_rem(unit.unwrap_or(U256::MAX));
    (whole, rest, shown)
}

/// A raw integer as a decimal number of at most six digits behind the point, cut; less than that is said to be less.
pub fn brief(raw: U256, decimals: u8) -> String {
    let (whole, rest, shown) = cut(raw, decimals);
    if whole.is_zero() && !rest.is_zero() {
        return format!("<{}", units(U256::from(1), shown));
    }
    units(whole, shown)
}

/// The same rounded up.
pub fn brief_up(raw: U256, decimals: u8) -> String {
    let (whole, rest, shown) = cut(raw, decimals);
    units(if rest.is_zero() { whole } else { whole.saturating_add(U256::from(1)) }, shown)
}

/// A raw integer as a decimal number: every digit, no trailing zeros.
pub fn units(raw: U256, decimals: u8) -> String {
    match format_units(raw, decimals) {
        Ok(text) if text.contains('.') => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        Ok(text) => text,
        Err(_beyond_77) => format!("{raw}e-{decimals}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_had_is_cut_and_what_is_owed_is_rounded_up() {
        let dai = Asset::token(Address::repeat_byte(1), "DAI", 18);
        let long = U256::from(1_234_567_890_123_456_789_u64);
        assert_eq!(dai.show(long), "1.234567 DAI");
        assert_eq!(dai.show_up(long), "1.234568 DAI");
        assert_eq!(dai.exact(long), "1.234567890123456789 DAI");
        assert_eq!(
            (dai.show(U256::from(1)), dai.show_up(U256::from(1))),
            ("<0.000001 DAI".into(), "0.000001 DAI".into())
        );
        assert_eq!((brief(U256::ZERO, 18), brief_up(U256::ZERO, 18)), ("0".into(), "0".into()));
        assert_eq!(
            (brief(U256::from(5), 200), brief_up(U256::MAX, 0)),
            ("<0.000001".into(), U256::MAX.to_string())
        );
        assert_eq!(brief(U256::from(7), 2), "0.07");
    }

    #[test]
    fn every_digit_stays() {
        let usdc = Asset::token(Address::repeat_byte(1), "USDC", 6);
        assert_eq!(usdc.show(U256::from(1)), "0.000001 USDC");
        assert_eq!(usdc.show(U256::from(12_400_000_000_u64)), "12400 USDC");
        assert_eq!(Asset::ether().show(U256::ZERO), "0 ETH");
        assert_eq!(units(U256::from(10), 0), "10");
        assert_eq!(units(U256::from(5), 200), "5e-200");
        assert!(Asset::ether().is_ether() && !usdc.is_ether());
    }
}
