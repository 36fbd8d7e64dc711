//! Keys: opened, derived, and sealed under a password.
//!
//! *Invariant*: a secret has no `Debug` and no `Clone`, is zeroed when dropped, and is in no error's words.

mod back_off;
mod derive;
mod error;
mod mark;
mod phrase;
mod seal;
mod secret;
mod v3;

pub use back_off::BackOff;
pub use error::KeyError;
pub use mark::MarkKey;
pub use phrase::{Confirmation, DerivationPath, Phrase, is_phrase_word, phrase_words_starting};
pub use seal::{KdfParams, KeyKind, SealedAccount, SealedHeader, SealedKey, Unsealed};
pub use secret::{PrivateKey, Secret};
pub use v3::{V3_SCRYPT_LOG_N, export_v3, import_v3, looks_like_v3, v3_address};
