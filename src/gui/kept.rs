//! What outlives the window: how it looks, and per network a book of addresses with the last values proven of them.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};

use super::format::Grouping;
use super::language::Language;
use super::theme::ThemeChoice;
use super::wallet_state::KeptDraft;
use crate::app::{Account, Finality, Proven};

const VERSION: u32 = 1;

/// What outlives the window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    version: u32,
    /// Theme.
    pub theme: ThemeChoice,
    /// Language.
    pub language: Language,
    /// How long numbers are grouped.
    pub grouping: Grouping,
    /// Zoom in percent; 0 is the default.
    pub zoom_percent: u16,
    /// Calm mode.
    pub calm: bool,
    /// Nothing moves by itself.
    pub reduce_motion: bool,
    /// Amounts are not shown.
    pub hide_amounts: bool,
    /// A health factor below this is told, in hundredths; 0 tells nothing, `None` is the usual line.
    pub health_line: Option<u16>,
    /// The desktop is told nothing while the window is in the background.
    pub no_notices: bool,
    /// Signing is confirmed by two presses in place of a hold.
    pub two_press: bool,
    /// Minutes without a signature after which the wallet locks; 0 stands for ten.
    pub lock_minutes: u16,
    /// The user has read that nothing can be sent.
    pub told_watch_only: bool,
    /// By network name.
    pub books: BTreeMap<String, Book>,
}

/// The addresses of one network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Book {
    /// Accounts the user looks at.
    pub watched: Vec<Watched>,
    /// Others' addresses, each compared with a source by the user.
    pub contacts: Vec<Contact>,
    /// Tokens that the user added by their address.
    pub tokens: Vec<Address>,
    /// What was being sent; there is no secret in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<KeptDraft>,
}

/// An address the user looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// The address.
    pub address: Address,
    /// The user's own name for it; may be empty.
    pub name: String,
    /// Kept on disk.
    pub keep: bool,
    /// The last values that were proven here. From the disk, so shown as stale until they are proven again.
    #[serde(default)]
    pub last: Option<LastSeen>,
}

/// Somebody else's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The address.
    pub address: Address,
    /// The user's own name for it.
    pub name: String,
    /// What the user compared the address with before it was added.
    pub compared_with: String,
    /// The user gave it, or confirmed it, in this run. What comes from the file was perhaps written by another program.
    #[serde(skip)]
    pub confirmed: bool,
}

/// An account as it was proven in an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSeen {
    /// Wei.
    pub balance: U256,
    /// Transactions sent.
    pub nonce: u64,
    /// It was not proven absent.
    pub exists: bool,
    /// It had code.
    pub has_code: bool,
    /// Number of the block it was proven at.
    pub block_number: u64,
    /// Hash of that block.
    pub block_hash: B256,
    /// Its time, Unix seconds.
    pub timestamp_secs: u64,
    /// That block was final.
    pub was_final: bool,
}

impl LastSeen {
    /// The part of a proven account that is kept.
    pub fn of(account: &Proven<Account>) -> Self {
        let (facts, at) = (account.value(), account.at());
        Self {
            balance: facts.balance,
            nonce: facts.nonce,
            exists: facts.exists,
            has_code: !facts.has_no_code(),
            block_number: at.number,
            block_hash: at.hash,
            timestamp_secs: at.timestamp,
            was_final: at.finality == Finality::Final,
        }
    }
}

impl Kept {
    /// Below this line a health factor is told, in hundredths: 1.20 unless the user chose another.
    #[must_use]
    pub fn health_line(&self) -> u16 {
        self.health_line.unwrap_or(120)
    }

    /// From the window's file. `Err` says what is wrong with it, in the parser's words.
    ///
    /// # Errors
    /// For text that is not of this form, or of a newer version.
    pub fn parse(text: &str) -> Result<Self, String> {
        let kept: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if kept.version > VERSION {
            return Err(format!("version {} is newer than this program", kept.version));
        }
        Ok(kept)
    }

    /// For the window's file, with `book` as that of `network`. A network without a name keeps nothing.
    pub fn text(&self, network: Option<&str>, book: &Book) -> String {
        let mut kept = Self { version: VERSION, ..self.clone() };
        if let Some(network) = network {
            let mut book = book.clone();
            book.watched.retain(|one| one.keep);
            kept.books.insert(network.to_owned(), book);
        }
        serde_json::to_string_pretty(&kept).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_survives_and_what_is_not_to_be_kept_does_not() {
        let one = |byte, keep| Watched { address: Address::repeat_byte(byte), keep, ..Watched::default() };
        let book = Book { watched: vec![one(1, true), one(2, false)], ..Book::default() };
        let kept = Kept { calm: true, ..Kept::default() };
        let back = Kept::parse(&kept.text(Some("mainnet"), &book)).unwrap();
        assert!(back.calm);
        assert_eq!(back.books["mainnet"].watched, [one(1, true)]);
        assert!(Kept::parse(&kept.text(None, &book)).unwrap().books.is_empty());
    }

    #[test]
    fn damaged_and_newer_files_are_named() {
        assert!(Kept::parse("{").unwrap_err().contains("EOF"));
        assert!(Kept::parse(r#"{"version": 2}"#).unwrap_err().contains("newer"));
        assert!(Kept::parse(r#"{"books": {"mainnet": {"watched": [{"address": 7}]}}}"#).is_err());
        assert_eq!(Kept::parse("{}").unwrap(), Kept::default());
    }
}
