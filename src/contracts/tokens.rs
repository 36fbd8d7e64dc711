//! Well-known tokens, and how to read what tokens say of themselves.

use std::collections::HashMap;
use std::sync::OnceLock;

use alloy::primitives::{Address, U256};
use serde::{Deserialize, Serialize};

use super::abi_reader::read_params;
use super::function_call::parse_function;
use super::value_text::plain_name;

/// Longest name or symbol shown, in characters.
const TEXT_CAP: usize = 32;
/// Chain id of practice networks.
const PRACTICE_CHAIN: u64 = 7_777_777;

/// How a token departs from what EIP-20 leads one to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenQuirk {
    /// The receiver gets less than was sent, or the issuer may switch that on.
    FeeOnTransfer,
    /// Balances change without a transfer.
    Rebasing,
    /// `symbol()` and `name()` answer `bytes32`.
    Bytes32Symbol,
    /// `transfer` and `approve` answer nothing.
    NoReturnValue,
    /// The issuer can freeze an address.
    Blocklist,
    /// An allowance can only be changed from or to zero.
    ApproveFromZero,
}

/// A token of the list. The list helps to read; what counts is what the contract answers with a proof.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Token {
    /// Its contract.
    pub address: Address,
    /// Its symbol, as listed.
    pub symbol: String,
    /// Its name, as listed.
    pub name: String,
    /// Digits behind the point.
    pub decimals: u8,
    /// 1: two or more lists agree on it; 2: one list only.
    pub tier: u8,
    /// Known departures; empty does not mean there are none.
    #[serde(default)]
    pub quirks: Vec<TokenQuirk>,
}

impl Token {
    /// Whether it is known for this.
    #[must_use]
    pub fn has(&self, quirk: TokenQuirk) -> bool {
        self.quirks.contains(&quirk)
    }
}

/// The tokens of one chain.
#[derive(Debug)]
pub struct TokenList {
    tokens: Vec<Token>,
    by_address: HashMap<Address, usize>,
}

impl TokenList {
    /// The bundled list of Ethereum mainnet.
    #[must_use]
    pub fn mainnet() -> &'static Self {
        static LIST: OnceLock<TokenList> = OnceLock::new();
        LIST.get_or_init(|| Self::read(include_str!("../../assets/tokens/mainnet.json")))
    }

    /// The tokens that every practice network creates.
    fn practice() -> &'static Self {
        static LIST: OnceLock<TokenList> = OnceLock::new();
        LIST.get_or_init(|| Self::read(include_str!("../../assets/tokens/practice.json")))
    }

    fn read(text: &str) -> Self {
        // Shipped with the program and read by a test; a broken list would be an empty one, never a panic.
        let mut tokens: Vec<Token> = serde_json::from_str(text).unwrap_or_default();
        tokens.sort_by_key(|token| token.tier);
        let by_address = tokens.iter().enumerate().map(|(at, token)| (token.address, at)).collect();
        Self { tokens, by_address }
    }

    /// The list of a chain, where one is bundled.
    #[must_use]
    pub fn of_chain(chain_id: u64) -> Option<&'static Self> {
        match chain_id {
            1 => Some(Self::mainnet()),
            PRACTICE_CHAIN => Some(Self::practice()),
            _ => None,
        }
    }

    /// Every token, the surer ones first.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The token at an address.
    #[must_use]
    pub fn at(&self, address: Address) -> Option<&Token> {
        self.tokens.get(*self.by_address.get(&address)?)
    }

    /// Tokens of a symbol (in any case) or at an address, the surer ones first. Symbols are not unique: with more than
    /// one found, a person must choose.
    #[must_use]
    pub fn find(&self, symbol_or_address: &str) -> Vec<&Token> {
        let asked = symbol_or_address.trim();
        if let Ok(address) = asked.parse::<Address>() {
            return self.at(address).into_iter().collect();
        }
        self.tokens.iter().filter(|token| token.symbol.to_lowercase() == asked.to_lowercase()).collect()
    }

    /// The listed token whose symbol this one wears, whatever stands around the letters and whichever letters look alike:
    /// `$usdc`, `DAl`, `wstETH.`. Ether counts as listed, at the zero address.
    #[must_use]
    pub fn worn(&self, symbol: &str) -> Option<Address> {
        let asked = skeleton(symbol);
        if asked.is_empty() {
            return None;
        }
        if asked == skeleton("ETH") || asked == skeleton("Ether") {
            return Some(Address::ZERO);
        }
        self.tokens.iter().find(|token| skeleton(&token.symbol) == asked).map(|token| token.address)
    }
}

/// What is left of a symbol for a hasty eye: letters and digits in one case, look-alikes as one (the ASCII part of UTS 39).
fn skeleton(symbol: &str) -> String {
    // A dollar in front is an ornament, inside it is an S.
    let folded: String = symbol
        .trim_start_matches('$')
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            '|' | '!' | '1' | 'l' => 'i',
            '0' => 'o',
            '$' | '5' => 's',
            c => c,
        })
        .filter(char::is_ascii_alphanumeric)
        .collect();
    folded.replace("rn", "m").replace("vv", "w")
}

/// Why a token's answer is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenAnswerError {
    /// Nothing came back.
    #[error("the token does not answer this question: it is optional in EIP-20")]
    Nothing,
    /// Not text.
    #[error("the token's answer is neither a string nor a bytes32")]
    NotText,
    /// Not a number below 256.
    #[error("the token's number of decimals is not a number below 256")]
    NotDecimals,
}

/// The answer of `symbol()` or `name()`: a string, or a `bytes32` of old tokens. Safe to show: at most 32 characters of
/// printable ASCII, everything else escaped.
///
/// # Errors
/// When it is neither.
pub fn token_text(answer: &[u8]) -> Result<String, TokenAnswerError> {
    if answer.is_empty() {
        return Err(TokenAnswerError::Nothing);
    }
    let as_string = parse_function("f()(string)").ok().and_then(|f| read_params(&f.outputs, answer).ok());
    let text = as_string.and_then(|read| Some(read.values.first()?.value.as_text()?.to_owned()));
    if let Some(text) = text.filter(|_| answer.len() >= 64) {
        return Ok(plain_name(text.trim(), TEXT_CAP));
    }
    let word = Some(answer).filter(|answer| answer.len() == 32).ok_or(TokenAnswerError::NotText)?;
    let end = word.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    let used = word.get(..end).unwrap_or_default();
    let text = std::str::from_utf8(used).map_err(|_why| TokenAnswerError::NotText)?;
    if text.trim().is_empty() || text.contains('\0') {
        return Err(TokenAnswerError::NotText);
    }
    Ok(plain_name(text.trim(), TEXT_CAP))
}

/// The answer of `decimals()`; some tokens answer a wider integer than `uint8`.
///
/// # Errors
/// When it is no number below 256.
pub fn token_decimals(answer: &[u8]) -> Result<u8, TokenAnswerError> {
    if answer.is_empty() {
        return Err(TokenAnswerError::Nothing);
    }
    let word = answer.get(..32).ok_or(TokenAnswerError::NotDecimals)?;
    u8::try_from(U256::from_be_slice(word)).map_err(|_why| TokenAnswerError::NotDecimals)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use alloy::primitives::{address, hex};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_list_is_whole_and_every_address_stands_once() {
        let list = TokenList::mainnet();
        assert!(list.tokens().len() > 1_000, "{}", list.tokens().len());
        let addresses: BTreeSet<Address> = list.tokens().iter().map(|token| token.address).collect();
        assert_eq!(addresses.len(), list.tokens().len());
        let raw: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../assets/tokens/mainnet.json")).unwrap();
        for row in raw {
            let text = row["address"].as_str().unwrap();
            assert!(Address::parse_checksummed(text, None).is_ok(), "{text}");
        }
    }

    #[test]
    fn tokens_are_found_by_symbol_and_address() {
        let list = TokenList::mainnet();
        let usdc = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
        assert_eq!(list.find("usdc").first().map(|token| (token.address, token.decimals)), Some((usdc, 6)));
        assert_eq!(list.find("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48").len(), 1);
        assert!(list.find("no such token").is_empty());
        let usdt = list.find("USDT");
        let usdt = usdt.first().unwrap();
        assert!(usdt.has(TokenQuirk::NoReturnValue) && usdt.has(TokenQuirk::FeeOnTransfer));
        assert!(list.find("MKR").first().unwrap().has(TokenQuirk::Bytes32Symbol));
        assert!(list.find("stETH").first().unwrap().has(TokenQuirk::Rebasing));
        assert!(TokenList::of_chain(10).is_none());
        assert_eq!(TokenList::of_chain(PRACTICE_CHAIN).unwrap().find("pusd").len(), 1);
    }

    #[test]
    fn symbols_of_both_ages_are_read() {
        // USDC, a string.
        let usdc = hex!(
            "0000000000000000000000000000000000000000000000000000000000000020"
            "0000000000000000000000000000000000000000000000000000000000000004"
            "5553444300000000000000000000000000000000000000000000000000000000"
        );
        assert_eq!(token_text(&usdc).unwrap(), "USDC");
        // MKR, a bytes32.
        let mkr = hex!("4d4b520000000000000000000000000000000000000000000000000000000000");
        assert_eq!(token_text(&mkr).unwrap(), "MKR");
        assert_eq!(token_text(&[]), Err(TokenAnswerError::Nothing));
        assert_eq!(token_text(&[0; 32]), Err(TokenAnswerError::NotText));
        assert_eq!(token_text(&[0xff; 32]), Err(TokenAnswerError::NotText));
        assert_eq!(token_decimals(&U256::from(18).to_be_bytes::<32>()), Ok(18));
        assert_eq!(token_decimals(&U256::from(256).to_be_bytes::<32>()), Err(TokenAnswerError::NotDecimals));
    }

    #[test]
    fn a_symbol_of_the_list_is_known_under_decoration() {
        let list = TokenList::mainnet();
        let at = |symbol: &str| list.find(symbol).first().map(|token| token.address);
        for (worn, real) in
            [("USDC", "USDC"), ("$usdc ", "USDC"), ("U$DC.", "USDC"), ("DAl", "DAI"), ("vvstETH", "wstETH")]
        {
            assert_eq!(list.worn(worn), at(real), "{worn}");
        }
        assert_eq!(list.worn("E T H"), Some(Address::ZERO));
        for other in ["USDCX", "U\\u{200b}", "", "…"] {
            assert_eq!(list.worn(other), None, "{other}");
        }
    }

    /// THREATS T32: no letter of another script is left to stand for one of ours.
    #[test]
    fn of_all_of_unicode_only_printable_ascii_is_shown_as_it_is() {
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let shown = plain_name(&format!("US{c}C"), TEXT_CAP);
            assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{c:?}: {shown}");
            let itself = (' '..='~').contains(&c) && c != '\\';
            assert_eq!(shown == format!("US{c}C"), itself, "{c:?}: {shown}");
        }
    }

    /// The one letter that is swapped for a twin (of another script, or of ours), and what stands around it, for the first
    /// two hundred symbols: no answer of a contract is shown as a bundled symbol without being known to wear it.
    #[test]
    fn no_disguise_of_a_listed_symbol_is_shown_as_that_symbol() {
        let list = TokenList::mainnet();
        let twins =
            ['а', 'е', 'і', 'о', 'р', 'с', 'ѕ', 'Α', 'Β', 'Ε', 'Ѕ', 'Т', 'Н', 'С', 'Ｕ', 'Ｄ', '𝐄', 'ℂ', 'ı'];
        let around =
            ['\u{200b}', '\u{200d}', '\u{202e}', '\u{301}', '\u{ad}', '\n', ' ', '.', '\u{1b}', '🚀'];
        let swapped = |letters: &[char], at: usize, by: char| {
            let (before, after) = letters.split_at(at);
            let kept = usize::from(!around.contains(&by));
            before.iter().copied().chain([by]).chain(after.iter().copied().skip(kept)).collect::<String>()
        };
        let mut tried = 0_u32;
        for token in list.tokens().iter().take(200).filter(|token| token.symbol.is_ascii()) {
            let letters: Vec<char> = token.symbol.chars().collect();
            let places =
                (0..letters.len()).flat_map(|at| twins.iter().chain(&around).map(move |by| (at, *by)));
            for disguised in places.map(|(at, by)| swapped(&letters, at, by)) {
                let shown = plain_name(disguised.trim(), TEXT_CAP);
                assert!(shown != token.symbol || list.worn(&shown).is_some(), "{disguised:?}: {shown}");
                tried += 1;
            }
        }
        assert!(tried > 10_000, "{tried}");
    }

    proptest! {
        #[test]
        fn any_answer_is_text_safe_to_show_or_refused(answer in proptest::collection::vec(any::<u8>(), 0..130)) {
            if let Ok(text) = token_text(&answer) {
                prop_assert!(text.chars().all(|c| matches!(c, ' '..='~' | '…')), "{text}");
            }
            let _either = token_decimals(&answer);
        }
    }
}
