//! The wallet as both faces use it: accounts and keys, drafts and their reviews, signing, sending, following.
//!
//! *Invariant*: a signed transaction is in the journal, on the disk, before its first byte is sent. Keys leave their files
//! only to sign what was approved. Nothing an endpoint answers to a broadcast is believed.

mod accounts;
mod air_gap;
mod command;
mod desk;
#[cfg(feature = "hardware")]
mod device;
mod ends;
mod error;
mod facts;
mod follow;
mod handed;
mod ledger;
mod messages;
mod prepare;
mod replace;
mod send;
mod session;
mod task;
mod unlock;
mod view;
mod wants;

pub use accounts::{AccountKind, AccountView, KeyImport};
pub use air_gap::{OfflineFile, OfflineFileError, differs};
pub use command::{Then, WalletCommand};
pub use desk::{PracticeKeys, Wallet};
pub use handed::Handed;
pub use ledger::{Delivery, TransactionView};
pub use prepare::{FeeChoice, Prepared, SendRequest};
pub use replace::Replacement;
pub(super) use task::WalletTask;
pub use unlock::Unlock;
pub use view::{Ended, Outcome, ReviewView, Running, WalletView};
pub use wants::{SendableToken, parse_amount};
