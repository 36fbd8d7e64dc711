//! What a person names since it cannot be listed from the chain: a position by its number, a pool by its address.

use std::fmt;
use std::str::FromStr;

use alloy::primitives::{Address, B256, U256};

/// Something named: which protocol's, and the number, id or address as one word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named {
    /// The protocol's id, as `uniswap-v4`.
    pub protocol: String,
    /// The number; an address or a hash as a number.
    pub what: U256,
}

/// What a protocol's things are named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedBy {
    /// The number of a position.
    Position,
    /// The number of a request.
    Request,
    /// The number of a trove.
    Trove,
    /// The id of a market: 32 bytes.
    Market,
    /// The address of a pool.
    Pool,
    /// The address of a vault of the standard form.
    Vault,
}

impl NamedBy {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Position => "the number of a position",
            Self::Request => "the number of a withdrawal request",
            Self::Trove => "the number of a trove",
            Self::Market => "the id of a market",
            Self::Pool => "the address of a pool",
            Self::Vault => "the address of a vault of the standard form",
        }
    }

    /// Whether `text` has the form of it: decimal or `0x` for a number, all 20 or 32 bytes for an address or an id.
    pub fn fits(self, text: &str) -> bool {
        let hex = text.strip_prefix("0x");
        match self {
            Self::Position | Self::Request | Self::Trove => read(text).is_some(),
            Self::Market => hex.is_some_and(|digits| digits.len() == 64) && read(text).is_some(),
            Self::Pool | Self::Vault => hex.is_some_and(|digits| digits.len() == 40) && read(text).is_some(),
        }
    }
}

/// Why a text names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamedError {
    /// There is no `=`.
    #[error("{0:?} is not PROTOCOL=ID, as uniswap-v4=12345")]
    Form(String),
    /// What stands behind it is no number.
    #[error("{0:?} is no number: give it in digits or as 0x and hexadecimal digits")]
    Number(String),
}

/// A number in digits, or `0x` with at most 64 hexadecimal digits.
fn read(text: &str) -> Option<U256> {
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |hex| (hex, 16));
    let plain = !digits.is_empty() && digits.chars().all(|one| one.is_digit(radix));
    U256::from_str_radix(digits, u64::from(radix)).ok().filter(|_| plain)
}

/// What was named as an address: 20 bytes.
pub(super) fn as_address(what: U256) -> Option<Address> {
    let word = B256::from(what);
    let address = Address::from_word(word);
    (address.into_word() == word).then_some(address)
}

impl FromStr for Named {
    type Err = NamedError;

    fn from_str(text: &str) -> Result<Self, NamedError> {
        let form = || NamedError::Form(text.to_owned());
        let (protocol, what) = text.split_once('=').ok_or_else(form)?;
        let (protocol, what) = (protocol.trim().to_lowercase(), what.trim());
        if protocol.is_empty() {
            return Err(form());
        }
        let number = || NamedError::Number(what.to_owned());
        Ok(Self { protocol, what: read(what).ok_or_else(number)? })
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Short numbers are read in digits, ids and addresses as they are written everywhere.
        let (protocol, what) = (&self.protocol, self.what);
        match what.bit_len() {
            0..=64 => write!(f, "{protocol}={what}"),
            65..=160 => write!(f, "{protocol}={what:#042x}"),
            _ => write!(f, "{protocol}={what:#066x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_is_read_and_shown_again() {
        let read = |text: &str| text.parse::<Named>().map(|one| one.to_string());
        assert_eq!(read("Uniswap-v4 = 12345"), Ok("uniswap-v4=12345".to_owned()));
        assert_eq!(read("etherfi=0x2a"), Ok("etherfi=42".to_owned()));
        let pool = "balancer=0x5c6ee304399dbdb9c8ef030ab642b10820db8f56";
        assert_eq!(read(pool), Ok(pool.to_owned()));
        let market = "morpho-blue=0xb323495f7e4148be5643a4ea4a8221eef163e4bccfdedc2a6f4696baacbc86cc";
        assert_eq!(read(market), Ok(market.to_owned()));
        for wrong in ["12345", "=5", ""] {
            assert!(matches!(read(wrong), Err(NamedError::Form(_))), "{wrong}");
        }
        let long = format!("x=0x{}", "1".repeat(65));
        for wrong in ["x=", "x=abc", "x=-1", "x=0x", "x=1_0", &long] {
            assert!(matches!(read(wrong), Err(NamedError::Number(_))), "{wrong}");
        }
    }

    #[test]
    fn an_address_is_no_id_of_a_market() {
        let address = format!("0x{}", "1".repeat(40));
        assert!(NamedBy::Pool.fits(&address) && !NamedBy::Market.fits(&address));
        assert!(NamedBy::Market.fits(&format!("0x{}", "1".repeat(64))) && !NamedBy::Market.fits("12"));
        assert!(NamedBy::Trove.fits("12") && NamedBy::Position.fits("0x0c") && !NamedBy::Request.fits("x"));
    }
}
