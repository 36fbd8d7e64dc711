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

    /// An amount of it with every digit, as `1.5 WETH`.
    pub fn show(&self, raw: U256) -> String {
        format!("{} {}", units(raw, self.decimals), self.symbol)
    }
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
