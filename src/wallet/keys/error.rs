//! What can go wrong with keys, in words that never repeat a secret.

use alloy::primitives::Address;

/// Why a key could not be opened, made or kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file is whole, the password is not its own.
    #[error("Wrong password. The file is intact; try again.")]
    WrongPassword,
    /// The file is not whole, or of a form this build does not know.
    #[error("The key file is damaged or of an unknown version (field \"{field}\"). Nothing was changed.")]
    Damaged {
        /// The field at fault.
        field: &'static str,
    },
    /// The file asks for more work or memory than any honest one.
    #[error("The key file asks for more work than this build does (field \"{field}\"). Nothing was changed.")]
    TooCostly {
        /// The field at fault.
        field: &'static str,
    },
    /// The key in the file is not the one of the address it names.
    #[error("The key file names {named} but holds the key of {found}. Nothing was changed.")]
    OtherAddress {
        /// Named beside the key.
        named: Address,
        /// Computed from the key.
        found: Address,
    },
    /// Not 32 bytes of a private key.
    #[error("that is no private key: it has 64 hex digits and lies within the curve's order")]
    NotAKey,
    /// No BIP-39 phrase has that many words.
    #[error("a phrase has 12, 15, 18, 21 or 24 words; this has {count}")]
    WordCount {
        /// Words given.
        count: usize,
    },
    /// A word that is not in the English list.
    #[error("Word {position} is not in the list")]
    UnknownWord {
        /// Counted from 1.
        position: usize,
    },
    /// The last word's checksum is wrong.
    #[error("The words do not fit together (checksum). Check order and spelling.")]
    PhraseChecksum,
    /// Not a derivation path.
    #[error("{path:?} is no derivation path; one reads like m/44'/60'/0'/0/0")]
    Path {
        /// As it was given.
        path: String,
    },
    /// The account is not among those of the file.
    #[error("the file holds no key of {address}")]
    NoSuchAccount {
        /// The account asked for.
        address: Address,
    },
    /// The system gives no randomness.
    #[error("this system gives no randomness; no key was made")]
    NoRandomness,
    /// The password was left empty.
    #[error("an empty password protects nothing")]
    EmptyPassword,
}
