//! A name: normalised by ENSIP-15, its node (EIP-137) and its DNS wire form.

use std::sync::OnceLock;

use alloy::primitives::{Address, B256, hex, keccak256};
use ens_normalize_rs::EnsNameNormalizer;

use crate::contracts::sanitise;

/// Longest name taken, in bytes; DNS allows 255.
const MOST_BYTES: usize = 255;
/// Most labels.
const MOST_LABELS: usize = 32;

/// Why a text is no name. The words are safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It has no label, or one that is empty.
    #[error("`{0}` is no name: a part of it is empty")]
    Empty(String),
    /// Too long.
    #[error("the name is too long: at most {MOST_BYTES} bytes in {MOST_LABELS} parts")]
    TooLong,
    /// ENSIP-15 forbids it.
    #[error("`{text}` is no valid name: {why}")]
    Forbidden {
        /// The text, escaped.
        text: String,
        /// The rule it breaks.
        why: String,
    },
}

/// A normalised name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EnsName {
    text: String,
}

impl EnsName {
    /// The name that a text means: `Vitalik.ETH` is `vitalik.eth`.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.len() > MOST_BYTES.saturating_mul(4) {
            return Err(NameError::TooLong);
        }
        let shown = || sanitise(text, 80);
        if text.is_empty() || text.split('.').any(str::is_empty) {
            return Err(NameError::Empty(shown()));
        }
        let normal = normalizer()
            .normalize(text)
            .map_err(|why| NameError::Forbidden { text: shown(), why: sanitise(&why.to_string(), 160) })?;
        // A label of the wire form has at most 255 bytes; a dot must not have come out of a label.
        if normal.len() > MOST_BYTES || normal.split('.').count() > MOST_LABELS {
            return Err(NameError::TooLong);
        }
        if normal.split('.').any(str::is_empty) {
            return Err(NameError::Empty(shown()));
        }
        Ok(Self { text: normal })
    }

    /// The name under which an address says what it is called: `<40 digits>.addr.reverse`.
    #[must_use]
    pub fn of_address(address: Address) -> Self {
        Self { text: format!("{}.addr.reverse", hex::encode(address)) }
    }

    /// The normalised text. It may hold letters of any script and emoji: show it through [`sanitise`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Letters beyond a to z, digits and the hyphen: another name may look the same to a person.
    #[must_use]
    pub fn is_unusual(&self) -> bool {
        !self.text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_'))
    }

    /// EIP-137 `namehash`.
    #[must_use]
    pub fn node(&self) -> B256 {
        node_of(self.text.rsplit('.'))
    }

    /// The nodes of the name itself and of each name above it, as `a.b.eth`, `b.eth`, `eth`.
    #[must_use]
    pub fn nodes_upward(&self) -> Vec<B256> {
        let labels: Vec<&str> = self.text.split('.').collect();
        (0..labels.len()).map(|from| node_of(labels.iter().skip(from).rev().copied())).collect()
    }

    /// DNS wire form (RFC 1035 without its limit of 63 bytes a label), as ENSIP-10 passes it to a resolver.
    #[must_use]
    pub fn dns_encoded(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len().saturating_add(2));
        for label in self.text.split('.') {
            out.push(u8::try_from(label.len()).unwrap_or(u8::MAX)); // the whole name is no longer
            out.extend_from_slice(label.as_bytes());
        }
        out.push(0);
        out
    }
}

/// The tables of ENSIP-15, read at the first name.
fn normalizer() -> &'static EnsNameNormalizer {
    static TABLES: OnceLock<EnsNameNormalizer> = OnceLock::new();
    TABLES.get_or_init(EnsNameNormalizer::default)
}

/// From the last label to the first.
fn node_of<'a>(labels: impl Iterator<Item = &'a str>) -> B256 {
    labels.fold(B256::ZERO, |node, label| {
        keccak256([node.as_slice(), keccak256(label.as_bytes()).as_slice()].concat())
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{address, b256};
    use proptest::prelude::*;

    use super::*;

    fn name(text: &str) -> Result<String, NameError> {
        EnsName::parse(text).map(|name| name.text)
    }

    #[test]
    fn names_hash_as_eip_137_says() {
        assert_eq!(
            EnsName::parse("eth").unwrap().node(),
            b256!("93cdeb708b7545dc668eb9280176169d1c33cfd8ed6f04690a0bcc88a93fc4ae")
        );
        let foo = EnsName::parse("foo.eth").unwrap();
        assert_eq!(foo.node(), b256!("de9b09fd7c5f901e23a3f19fecc54828e9c848539801e86591bd9801b019f84f"));
        assert_eq!(foo.nodes_upward(), [foo.node(), EnsName::parse("eth").unwrap().node()]);
        assert_eq!(foo.dns_encoded(), b"\x03foo\x03eth\0");
        let reverse = EnsName::of_address(address!("d8dA6BF26964aF9D7eEd9e03E53415D37aA96045"));
        assert_eq!(reverse.as_str(), "d8da6bf26964af9d7eed9e03e53415d37aa96045.addr.reverse");
    }

    #[test]
    fn names_are_normalised_or_refused() {
        assert_eq!(name("Vitalik.ETH").unwrap(), "vitalik.eth");
        assert_eq!(name("  nick.eth ").unwrap(), "nick.eth");
        assert_eq!(name("RaFFY🚴‍♂️.eTh").unwrap(), "raffy🚴‍♂.eth");
        assert_eq!(name("_a.eth").unwrap(), "_a.eth");
        for bad in [
            "",
            ".",
            "a..eth",
            ".eth",
            "eth.",
            "a b.eth",
            "ni\u{200d}ck.eth",
            "a_b.eth",
            "xn--a.eth",
            "vіtalik.eth",
            "a\u{202e}.eth",
            "?.eth",
        ] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
        let words = name("a\u{202e}b.eth").unwrap_err().to_string();
        assert!(!words.contains('\u{202e}') && words.starts_with('`'), "{words}");
        assert_eq!(name(&"a".repeat(300)), Err(NameError::TooLong));
        assert!(EnsName::parse("raffy🚴‍♂️.eth").unwrap().is_unusual());
        assert!(!EnsName::parse("a-1.eth").unwrap().is_unusual());
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused_and_stays_what_it_is(text in any::<String>()) {
            if let Ok(once) = EnsName::parse(&text) {
                prop_assert_eq!(EnsName::parse(once.as_str()).unwrap(), once.clone());
                prop_assert_eq!(once.nodes_upward()[0], once.node());
            }
        }
    }
}
