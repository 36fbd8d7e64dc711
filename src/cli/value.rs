//! Command-line words into values, with errors that say what is wrong and what is wanted.

use alloy::primitives::{Address, B256, U256};

use crate::app::{BlockQuery, EndpointConfig, EndpointKind, EnsName};

/// An address: 40 hex digits; with mixed case its EIP-55 checksum must be right.
pub(super) fn address(text: &str) -> Result<Address, String> {
    let digits = hex_digits(text, 40, "an address")?;
    let address: Address = format!("0x{digits}").parse().map_err(|error| format!("{error}"))?;
    let mixed =
        digits.chars().any(|c| c.is_ascii_lowercase()) && digits.chars().any(|c| c.is_ascii_uppercase());
    if mixed && address.to_checksum(None).trim_start_matches("0x") != digits {
        return Err(format!(
            "the checksum of {text} is wrong: at least one character was mistyped. Copy the address again from its \
             source; written all in lower case it is not checked"
        ));
    }
    Ok(address)
}

/// An account as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By its address.
    Address(Address),
    /// By a name, already known to be a valid one.
    Name(String),
}

/// An address, or a name with a dot in it.
pub(super) fn who(text: &str) -> Result<Who, String> {
    if !text.contains('.') {
        return address(text).map(Who::Address);
    }
    EnsName::parse(text).map(|name| Who::Name(name.as_str().to_owned())).map_err(|why| why.to_string())
}

/// A 32-byte hash.
pub(super) fn hash(text: &str) -> Result<B256, String> {
    let digits = hex_digits(text, 64, "a hash")?;
    digits.parse().map_err(|error| format!("{error}"))
}

/// A storage slot: decimal or 0x-hex, up to 256 bits.
pub(super) fn slot(text: &str) -> Result<U256, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => U256::from_str_radix(digits, 16),
        None => U256::from_str_radix(text, 10),
    };
    parsed
        .map_err(|_error| format!("{text:?} is no slot: give a number like 2, or hex like 0x1f, below 2^256"))
}

/// `latest`, `finalized`, a number or a hash.
pub(super) fn block(text: &str) -> Result<BlockQuery, String> {
    match text {
        "latest" | "head" => return Ok(BlockQuery::Latest),
        "finalized" | "final" => return Ok(BlockQuery::Finalized),
        _ => {}
    }
    if text.len() >= 64 {
        return hash(text).map(BlockQuery::Hash);
    }
    let number = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map(BlockQuery::Number).map_err(|_error| {
        format!("{text:?} is no block: give a number, a 0x hash of 64 digits, latest or finalized")
    })
}

pub(super) fn beacon(text: &str) -> Result<EndpointConfig, String> {
    EndpointConfig::parse(text, EndpointKind::Beacon).map_err(|error| error.to_string())
}

pub(super) fn execution(text: &str) -> Result<EndpointConfig, String> {
    EndpointConfig::parse(text, EndpointKind::Execution).map_err(|error| error.to_string())
}

fn hex_digits<'a>(text: &'a str, length: usize, what: &str) -> Result<&'a str, String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if text.to_ascii_lowercase().ends_with(".eth") {
        return Err(format!("a name is not looked up here: give {what}, 0x and {length} hex digits"));
    }
    if let Some(wrong) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(format!("{wrong:?} is not a hex digit; {what} is 0x and {length} digits 0-9, a-f"));
    }
    if digits.len() != length {
        let hint = match digits.len() {
            40 => " (as an address has)",
            64 => " (as a hash has)",
            _ => "",
        };
        return Err(format!("{what} has {length} hex digits after 0x; this has {}{hint}", digits.len()));
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_their_mistakes() {
        let good = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
        assert_eq!(address(good).unwrap().to_checksum(None), good);
        assert!(address(&good.to_lowercase()).is_ok());
        assert!(address("0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046").unwrap_err().contains("checksum"));
        assert!(
            address("0xd8dA6BF26964aF9D7eEd9e03E53415D37aA9604").unwrap_err().contains("has 40 hex digits")
        );
        assert!(address("vitalik.eth").unwrap_err().contains("not looked up here"));
        assert_eq!(who("Vitalik.eth"), Ok(Who::Name("vitalik.eth".to_owned())));
        assert!(who("a\u{202e}.eth").unwrap_err().contains("no valid name"));
        assert!(who("0x12").unwrap_err().contains("has 40 hex digits"));
        assert!(
            address("0xg8dA6BF26964aF9D7eEd9e03E53415D37aA96045").unwrap_err().contains("not a hex digit")
        );
    }

    #[test]
    fn blocks_and_slots() {
        assert_eq!(block("latest").unwrap(), BlockQuery::Latest);
        assert_eq!(block("0x10").unwrap(), BlockQuery::Number(16));
        assert!(matches!(block(&format!("0x{}", "a".repeat(64))).unwrap(), BlockQuery::Hash(_)));
        assert!(block("soon").is_err());
        assert_eq!(slot("0x1f").unwrap(), U256::from(31));
        assert!(slot("-1").is_err());
    }
}
