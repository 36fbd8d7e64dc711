//! Why a call reverted, from the bytes it left.

use std::fmt;

use alloy::json_abi::Param;
use alloy::primitives::{Address, Bytes, Selector, U256, hex};

use super::abi_book::{AbiBook, Provenance};
use super::abi_reader::read_params;
use super::value::{AbiValue, NamedValue};
use super::value_text::{TEXT_CAP, sanitise, value_text, values_text};

const ERROR: [u8; 4] = hex!("08c379a0");
const PANIC: [u8; 4] = hex!("4e487b71");

/// Why a call reverted, as far as the bytes say. Shown with [`fmt::Display`], which is safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revert {
    /// No bytes: a bare `revert()`, a failed call forwarded, or out of gas deeper down.
    Empty,
    /// `Error(string)`: a message. Exact, not yet safe to show.
    Message(String),
    /// `Panic(uint256)`: a check of the compiler failed.
    Panic {
        /// The code.
        code: U256,
        /// What the code means.
        meaning: &'static str,
    },
    /// An error of a contract's interface.
    Custom {
        /// Its name.
        name: String,
        /// `Name(types)`.
        signature: String,
        /// Its arguments.
        args: Vec<NamedValue>,
        /// Who says that it is this one.
        provenance: Provenance,
    },
    /// Bytes of unknown meaning.
    Raw(Bytes),
}

impl fmt::Display for Revert {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(out, "reverted without saying why"),
            Self::Message(text) => write!(out, "reverted: \"{}\"", sanitise(text, TEXT_CAP)),
            Self::Panic { code, meaning } => write!(out, "panicked: {meaning} (code {code:#x})"),
            Self::Custom { name, args, provenance, .. } => {
                let guess =
                    if *provenance == Provenance::Guess { " (a guess by its four bytes)" } else { "" };
                write!(out, "reverted: {}({}){guess}", sanitise(name, 80), values_text(args))
            }
            Self::Raw(bytes) => {
                write!(
                    out,
                    "reverted with bytes of unknown meaning: {}",
                    value_text(&AbiValue::Bytes(bytes.clone()))
                )
            }
        }
    }
}

/// Reads revert data of a call to `at`. Never fails: what is not understood is raw.
#[must_use]
pub fn decode_revert(book: &AbiBook, chain_id: u64, at: Option<Address>, data: &[u8]) -> Revert {
    if data.is_empty() {
        return Revert::Empty;
    }
    let Some((selector, body)) = data.split_first_chunk::<4>() else {
        return Revert::Raw(Bytes::copy_from_slice(data));
    };
    let known = match *selector {
        ERROR => message(body),
        PANIC => panic_code(body),
        _ => None,
    };
    known
        .or_else(|| custom(book, chain_id, at, *selector, body))
        .unwrap_or_else(|| Revert::Raw(Bytes::copy_from_slice(data)))
}

fn one(ty: &str, body: &[u8]) -> Option<AbiValue> {
    let read = read_params(&[Param::parse(ty).ok()?], body).ok()?;
    read.values.into_iter().next().map(|one| one.value)
}

fn message(body: &[u8]) -> Option<Revert> {
    one("string", body)?.as_text().map(|text| Revert::Message(text.to_owned()))
}

fn panic_code(body: &[u8]) -> Option<Revert> {
    let code = one("uint256", body)?.as_uint()?;
    Some(Revert::Panic { code, meaning: panic_meaning(code) })
}

/// What a code of `Panic(uint256)` means, by the Solidity documentation.
#[must_use]
pub fn panic_meaning(code: U256) -> &'static str {
    match u8::try_from(code) {
        Ok(0x00) => "the compiler's generic panic",
        Ok(0x01) => "an assertion failed",
        Ok(0x11) => "arithmetic overflow or underflow",
        Ok(0x12) => "division or modulo by zero",
        Ok(0x21) => "a number that is no value of the enum",
        Ok(0x22) => "a badly encoded storage byte array",
        Ok(0x31) => "pop() on an empty array",
        Ok(0x32) => "an array index out of bounds",
        Ok(0x41) => "too much memory, or an array too large",
        Ok(0x51) => "a call of an uninitialised internal function",
        _ => "an unknown panic code",
    }
}

fn custom(
    book: &AbiBook,
    chain_id: u64,
    at: Option<Address>,
    selector: [u8; 4],
    body: &[u8],
) -> Option<Revert> {
    book.errors(chain_id, at, Selector::from(selector)).into_iter().find_map(|found| {
        let read = read_params(&found.item.inputs, body).ok()?;
        // Left-over bytes speak against a guess.
        if read.trailing > 0 && found.provenance == Provenance::Guess {
            return None;
        }
        Some(Revert::Custom {
            name: found.item.name.clone(),
            signature: found.item.signature(),
            args: read.values,
            provenance: found.provenance,
        })
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;
    use proptest::prelude::*;

    use super::*;

    const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");

    fn said(at: Option<Address>, data: &[u8]) -> String {
        decode_revert(&AbiBook::new(), 1, at, data).to_string()
    }

    fn words(selector: &[u8], words: &[&[u8]]) -> Vec<u8> {
        let mut data = selector.to_vec();
        for word in words {
            data.extend(std::iter::repeat_n(0, 32 - word.len()));
            data.extend_from_slice(word);
        }
        data
    }

    #[test]
    fn messages_and_panics_are_told_in_words() {
        let text = hex!(
            "08c379a0"
            "0000000000000000000000000000000000000000000000000000000000000020"
            "0000000000000000000000000000000000000000000000000000000000000026"
            "45524332303a207472616e7366657220616d6f756e7420657863656564732062"
            "616c616e63650000000000000000000000000000000000000000000000000000"
        );
        assert_eq!(said(None, &text), "reverted: \"ERC20: transfer amount exceeds balance\"");
        assert_eq!(
            said(None, &words(&PANIC, &[&[0x11]])),
            "panicked: arithmetic overflow or underflow (code 0x11)"
        );
        assert_eq!(said(None, &words(&PANIC, &[&[0x99]])), "panicked: an unknown panic code (code 0x99)");
        assert_eq!(said(None, &words(&PANIC, &[&[1, 0x11]])), "panicked: an unknown panic code (code 0x111)");
        assert_eq!(said(None, &[]), "reverted without saying why");
        assert_eq!(said(None, &[1, 2]), "reverted with bytes of unknown meaning: 0x0102");
        assert!(said(None, &hex!("deadbeef00")).ends_with("0xdeadbeef00"));
    }

    #[test]
    fn custom_errors_say_who_named_them() {
        // ERC20InsufficientBalance(address,uint256,uint256) of ERC-6093.
        let data = words(&hex!("e450d38c"), &[USDC.as_slice(), &[5], &[9]]);
        let tail = "ERC20InsufficientBalance(sender: 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48, balance: 5, needed: 9)";
        assert_eq!(said(Some(USDC), &data), format!("reverted: {tail}"));
        let guess = said(Some(Address::repeat_byte(1)), &data);
        assert_eq!(guess, format!("reverted: {tail} (a guess by its four bytes)"));
        // Left-over bytes: the guess is not made.
        let longer = [data.as_slice(), &[1; 32]].concat();
        assert!(matches!(decode_revert(&AbiBook::new(), 1, None, &longer), Revert::Raw(_)));
        let mut book = AbiBook::new();
        book.add_json(1, Address::repeat_byte(1), r#"["error Mine(uint8 level)"]"#).unwrap();
        let selector = alloy::primitives::keccak256("Mine(uint8)");
        let mine = decode_revert(&book, 1, Some(Address::repeat_byte(1)), &words(&selector[..4], &[&[3]]));
        assert_eq!(mine.to_string(), "reverted: Mine(level: 3)");
    }

    proptest! {
        #[test]
        fn any_bytes_are_told_and_safe_to_show(
            selector in prop_oneof![Just(ERROR), Just(PANIC), Just(hex!("e450d38c")), Just(hex!("556f1830")), any::<[u8; 4]>()],
            body in proptest::collection::vec(any::<u8>(), 0..200),
            cut in 0_usize..210,
        ) {
            let mut data = [&selector[..], &body].concat();
            data.truncate(cut);
            let text = said(None, &data);
            prop_assert!(!text.chars().any(char::is_control));
        }
    }
}
