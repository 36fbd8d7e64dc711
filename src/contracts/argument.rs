//! What a person wrote, as a value of an ABI type.

use alloy::dyn_abi::{DynSolType, DynSolValue};
use alloy::primitives::{Address, U256};

use super::value_text::sanitise;

/// Why a text is no value of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// Not written as the type is written.
    #[error("`{text}` is not {article} {ty}{hint}")]
    NotA {
        /// What was given.
        text: String,
        /// `a` or `an`.
        article: &'static str,
        /// The type.
        ty: String,
        /// How it is written, or empty.
        hint: &'static str,
    },
    /// A mixed-case address whose capital letters are wrong: a typing error.
    #[error("`{0}` has a wrong checksum: a letter or digit of the address is mistyped")]
    Checksum(String),
}

/// The text as a value of the type. Numbers may be decimal or `0x…` hexadecimal, without a unit.
pub(super) fn argument(ty: &DynSolType, text: &str) -> Result<DynSolValue, ArgumentError> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    if holds(ty, &|one| matches!(one, DynSolType::Address)) {
        check_checksums(text)?;
    }
    let not_a = || ArgumentError::NotA {
        text: sanitise(text, 120),
        article: article(ty),
        ty: ty.sol_type_name().into_owned(),
        hint: hint(ty),
    };
    match ty {
        DynSolType::String => Ok(DynSolValue::String(text.to_owned())),
        DynSolType::Uint(_) | DynSolType::Int(_) if !is_plain_number(text) => Err(not_a()),
        DynSolType::Bytes if matches!(text, "" | "0x") => Ok(DynSolValue::Bytes(Vec::new())),
        // Without the prefix `12` could be meant as a number.
        DynSolType::Bytes | DynSolType::FixedBytes(_) | DynSolType::Address if !text.starts_with("0x") => {
            Err(not_a())
        }
        _ if text.len() > 1 << 20 => Err(not_a()),
        _ => {
            let value = ty.coerce_str(text).map_err(|_why| not_a())?;
            if fits(&value) { Ok(value) } else { Err(not_a()) }
        }
    }
}

/// Digits with or without a sign, or hexadecimal digits behind `0x`; no unit, no exponent, no point.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let hex = digits.strip_prefix("0x");
    let all = |text: &str, test: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|c| test(&c));
    hex.map_or_else(|| all(digits, u8::is_ascii_digit), |hex| all(hex, u8::is_ascii_hexdigit))
}

/// Whether every number fits the bits of its type.
fn fits(value: &DynSolValue) -> bool {
    match value {
        DynSolValue::Uint(number, bits) => number.bit_len() <= *bits,
        DynSolValue::Int(number, bits) => {
            let raw: U256 = number.into_raw();
            (if number.is_negative() { !raw } else { raw }).bit_len() < *bits
        }
        DynSolValue::Array(values) | DynSolValue::FixedArray(values) | DynSolValue::Tuple(values) => {
            values.iter().all(fits)
        }
        _ => true,
    }
}

fn holds(ty: &DynSolType, test: &dyn Fn(&DynSolType) -> bool) -> bool {
    match ty {
        DynSolType::Array(inner) | DynSolType::FixedArray(inner, _) => holds(inner, test),
        DynSolType::Tuple(types) => types.iter().any(|one| holds(one, test)),
        other => test(other),
    }
}

/// Every word of 40 hexadecimal digits in mixed case must have the EIP-55 checksum.
fn check_checksums(text: &str) -> Result<(), ArgumentError> {
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let Some(digits) = word.strip_prefix("0x").filter(|digits| digits.len() == 40) else { continue };
        let mixed =
            digits.bytes().any(|c| c.is_ascii_uppercase()) && digits.bytes().any(|c| c.is_ascii_lowercase());
        if mixed && word.parse::<Address>().is_ok() && Address::parse_checksummed(word, None).is_err() {
            return Err(ArgumentError::Checksum(word.to_owned()));
        }
    }
    Ok(())
}

fn article(ty: &DynSolType) -> &'static str {
    if matches!(ty, DynSolType::Address | DynSolType::Int(_)) { "an" } else { "a" }
}

fn hint(ty: &DynSolType) -> &'static str {
    match ty {
        DynSolType::Bool => "; write true or false",
        DynSolType::Address => "; write 0x and 40 hexadecimal digits",
        DynSolType::Uint(_) | DynSolType::Int(_) => "; write a whole number in its range, without a unit",
        DynSolType::Bytes => "; write 0x and pairs of hexadecimal digits",
        DynSolType::FixedBytes(_) => "; write 0x and exactly as many bytes",
        DynSolType::Array(_) | DynSolType::FixedArray(..) => "; write [first, second]",
        DynSolType::Tuple(_) => "; write (first, second)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(ty: &str, text: &str) -> Result<DynSolValue, String> {
        argument(&ty.parse().unwrap(), text).map_err(|why| why.to_string())
    }

    #[test]
    fn numbers_keep_to_their_range_and_have_no_unit() {
        assert_eq!(said("uint8", "255"), Ok(DynSolValue::Uint(U256::from(255), 8)));
        assert_eq!(said("uint256", "0xff"), Ok(DynSolValue::Uint(U256::from(255), 256)));
        assert!(said("int8", "-128").is_ok());
        for (ty, text) in [
            ("uint8", "256"),
            ("int8", "128"),
            ("int8", "-129"),
            ("uint256", "-1"),
            ("uint256", "1 ether"),
            ("uint256", "1.5"),
            ("uint256", "1e18"),
            ("uint256", ""),
        ] {
            let why = said(ty, text).unwrap_err();
            assert!(why.contains("whole number"), "{ty} {text}: {why}");
        }
        assert!(said("uint8[]", "[1, 300]").is_err());
    }

    #[test]
    fn a_mistyped_address_is_caught_wherever_it_stands() {
        let good = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
        let bad = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eb48";
        assert!(said("address", good).is_ok());
        assert!(said("address", &good.to_lowercase()).is_ok());
        assert!(said("address", bad).unwrap_err().contains("checksum"));
        assert!(said("(address,uint256)[]", &format!("[({bad}, 1)]")).unwrap_err().contains("checksum"));
        assert!(said("(address,uint256)[]", &format!("[({good}, 1)]")).is_ok());
        assert!(said("address", "vitalik.eth").unwrap_err().contains("40 hexadecimal digits"));
        assert!(said("address", &good[2..]).is_err());
    }

    #[test]
    fn bytes_and_text_are_taken_as_they_stand() {
        assert_eq!(said("bytes", "0x"), Ok(DynSolValue::Bytes(vec![])));
        assert_eq!(said("string", "hello, (world)"), Ok(DynSolValue::String("hello, (world)".to_owned())));
        assert!(said("bytes4", "0x01020304").is_ok());
        assert!(said("bytes4", "0x0102").is_err());
        assert!(said("bytes", "0x123").is_err());
        assert!(said("bool", "yes").unwrap_err().contains("true or false"));
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused(ty in 0..8_usize, text in any::<String>()) {
            let ty = ["uint8", "int256", "bool", "bytes", "bytes32[2]", "(address,string)[]", "string", "function"][ty];
            let _either = said(ty, &text);
        }
    }
}
