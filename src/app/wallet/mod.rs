//! The wallet as both faces use it: accounts and keys, drafts and their reviews, signing, sending, following.
//!
//! *Invariant*: a signed transaction is in the journal, on the disk, before its first byte is sent. Keys leave their files
//! only to sign what was approved. Nothing an endpoint answers to a broadcast is believed.

mod accounts;
mod air_gap;
mod desk;
#[cfg(feature = "hardware")]
mod device;
mod error;
mod facts;
mod follow;
mod ledger;
mod messages;
mod prepare;
mod replace;
mod send;
mod unlock;
mod wants;
mod window;

pub use accounts::{AccountKind, AccountView, KeyImport};
pub use air_gap::{OfflineFile, OfflineFileError, differs};
pub use desk::{PracticeKeys, Wallet};
pub use ledger::{Delivery, TransactionView};
pub use prepare::{FeeChoice, Prepared, SendRequest};
pub use replace::Replacement;
pub use unlock::Unlock;
pub use wants::{SendableToken, parse_amount};
pub use window::{Sealed, WalletCommand, WalletView};
