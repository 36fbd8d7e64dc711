//! What a person pasted: an address, a hash, a number, or a secret that must go nowhere.

use alloy::primitives::{Address, B256};
use alloy::signers::local::PrivateKeySigner;

use super::ui_state::UiState;
use super::words::Word;

/// Words of a recovery phrase.
const PHRASE_LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];

/// What a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pasted {
    /// Nothing.
    Empty,
    /// An address.
    Address(Address),
    /// A transaction's or block's hash.
    Hash(B256),
    /// 64 digits without 0x, as wallets export keys: only the user can tell.
    HashOrKey(B256),
    /// A block number.
    Number(u64),
    /// A private key or recovery phrase. Its text must be wiped.
    Secret,
    /// A name.
    Name,
    /// None of these.
    Other,
}

/// Tells what `text` is. `known` are the user's own addresses: a hash that is the key of one of them is a secret.
pub(super) fn read(text: &str, known: &[Address]) -> Pasted {
    let text = text.trim();
    if text.is_empty() {
        return Pasted::Empty;
    }
    if is_phrase(text) {
        return Pasted::Secret;
    }
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let bare = digits.unwrap_or(text);
    let is_hex = bare.chars().all(|c| c.is_ascii_hexdigit());
    match bare.len() {
        64 if is_hex => bare.parse().map_or(Pasted::Other, |hash| hash_or_key(hash, digits.is_some(), known)),
        40 if is_hex && address(text).is_ok() => address(text).map_or(Pasted::Other, Pasted::Address),
        _ if digits.is_none() && bare.chars().all(|c| c.is_ascii_digit()) => {
            bare.parse().map_or(Pasted::Other, Pasted::Number)
        }
        _ if text.contains('.') && !text.contains(' ') && text.to_ascii_lowercase().ends_with(".eth") => {
            Pasted::Name
        }
        _ => Pasted::Other,
    }
}

fn hash_or_key(hash: B256, prefixed: bool, known: &[Address]) -> Pasted {
    let own = PrivateKeySigner::from_bytes(&hash).is_ok_and(|key| known.contains(&key.address()));
    match (own, prefixed) {
        (true, _) => Pasted::Secret,
        (false, true) => Pasted::Hash(hash),
        (false, false) => Pasted::HashOrKey(hash),
    }
}

/// Any 12 to 24 short words in small letters; stricter than a word list, since a mistyped phrase is a secret too.
fn is_phrase(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    PHRASE_LENGTHS.contains(&words.len())
        && words
            .iter()
            .all(|word| (3..=8).contains(&word.len()) && word.chars().all(|c| c.is_ascii_alphabetic()))
}

/// What is wrong with a text that should be an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AddressError {
    /// Nothing was given.
    Empty,
    /// A name.
    Name,
    /// A character that is no hex digit.
    Digit(char),
    /// So many digits in place of 40.
    Length(usize),
    /// EIP-55 does not hold.
    Checksum,
}

impl AddressError {
    /// In the user's language.
    pub(super) fn words(&self, state: &UiState) -> String {
        match self {
            Self::Empty => state.t(Word::AddressEmpty).to_owned(),
            Self::Name => state.t(Word::NamesNeed).to_owned(),
            Self::Digit(wrong) => state.tf(Word::AddressDigit, &[&wrong.to_string()]),
            Self::Length(length) => state.tf(Word::AddressLength, &[&length.to_string()]),
            Self::Checksum => state.t(Word::AddressChecksum).to_owned(),
        }
    }
}

/// An address: 40 hex digits; with mixed case its EIP-55 checksum must hold.
///
/// # Errors
/// See [`AddressError`].
pub(super) fn address(text: &str) -> Result<Address, AddressError> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if digits.is_empty() {
        return Err(AddressError::Empty);
    }
    if text.to_ascii_lowercase().ends_with(".eth") {
        return Err(AddressError::Name);
    }
    if let Some(wrong) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(AddressError::Digit(wrong));
    }
    let Ok(address) = digits.parse::<Address>() else { return Err(AddressError::Length(digits.len())) };
    let mixed =
        digits.chars().any(|c| c.is_ascii_lowercase()) && digits.chars().any(|c| c.is_ascii_uppercase());
    if mixed && address.to_checksum(None).trim_start_matches("0x") != digits {
        return Err(AddressError::Checksum);
    }
    Ok(address)
}

/// The user's own addresses.
pub(super) fn known(state: &UiState) -> Vec<Address> {
    state.book.watched.iter().map(|one| one.address).collect()
}

/// Overwrites a text before it is let go.
pub(super) fn wipe(text: &mut String) {
    let length = text.len();
    text.clear();
    text.extend(std::iter::repeat_n('\0', length));
    text.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    #[test]
    fn each_thing_is_what_it_is() {
        let address: Address = "0x52908400098527886E0F7030069857D2E4169EE7".parse().unwrap();
        assert_eq!(read(" 0x52908400098527886E0F7030069857D2E4169EE7\n", &[]), Pasted::Address(address));
        assert_eq!(read("23944940", &[]), Pasted::Number(23_944_940));
        assert!(matches!(read(&format!("0x{}", "ab".repeat(32)), &[]), Pasted::Hash(_)));
        assert!(matches!(read(&"ab".repeat(32), &[]), Pasted::HashOrKey(_)));
        assert_eq!(read("alice.eth", &[]), Pasted::Name);
        assert_eq!(read("network", &[]), Pasted::Other);
        assert_eq!(read("  ", &[]), Pasted::Empty);
    }

    #[test]
    fn secrets_are_known_before_anything_is_asked() {
        let own = PrivateKeySigner::from_bytes(&KEY.parse().unwrap()).unwrap().address();
        assert_eq!(read(KEY, &[own]), Pasted::Secret);
        assert_eq!(read(&format!("0x{KEY}"), &[own]), Pasted::Secret);
        assert!(matches!(read(&format!("0x{KEY}"), &[]), Pasted::Hash(_)));
        assert!(matches!(read(KEY, &[]), Pasted::HashOrKey(_)));
        let phrase = "test test test test test test test test test test test junk";
        assert_eq!(read(phrase, &[]), Pasted::Secret);
        assert_eq!(read(&phrase.replace("junk", "junq").replace(' ', "\n"), &[]), Pasted::Secret);
    }

    #[test]
    fn addresses_say_what_is_wrong_with_them() {
        assert_eq!(address("0x529084000985278886E0F7030069857D2E4169E"), Err(AddressError::Length(39)));
        assert_eq!(address("0x52908400098527886E0F7030069857D2E4169Ee7"), Err(AddressError::Checksum));
        assert_eq!(address("0xg2908400098527886E0F7030069857D2E4169EE7"), Err(AddressError::Digit('g')));
        assert_eq!(address("alice.eth"), Err(AddressError::Name));
        assert_eq!(address(""), Err(AddressError::Empty));
        assert!(address("0x52908400098527886e0f7030069857d2e4169ee7").is_ok());
    }
}
