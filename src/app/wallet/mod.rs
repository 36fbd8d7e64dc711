//! The wallet as both faces use it: accounts and keys, drafts and their reviews, signing, sending, following.
//!
//! *Invariant*: a signed transaction is in the journal, on the disk, before its first byte is sent. Keys leave their files
//! only to sign what was approved. Nothing an endpoint answers to a broadcast is believed.

mod accounts;
mod air_gap;
mod answers;
mod carried_state;
mod command;
mod desk;
mod device;
mod device_task;
mod discover;
mod ends;
mod error;
mod facts;
mod follow;
mod handed;
mod health_facts;
mod ledger;
mod marks;
mod messages;
mod more_facts;
mod noted;
mod parties;
mod prepare;
mod rebroadcast;
mod recipient;
mod remove;
mod replace;
mod safe_facts;
mod scan_task;
mod send;
mod session;
mod share_facts;
mod swap_facts;
mod task;
mod text_files;
mod to_sign;
mod unlock;
mod view;
mod wants;
mod witness;

pub use accounts::{AccountKind, AccountView, KeyImport};
pub use air_gap::{OfflineFile, OfflineFileError, differs};
pub use carried_state::CarriedState;
pub use command::{Then, WalletCommand};
pub use desk::{PracticeKeys, Wallet};
pub use discover::Discovered;
pub use handed::Handed;
pub use ledger::{Delivery, TransactionView};
pub use noted::Noted;
pub use prepare::{FeeChoice, Prepared, SendRequest};
pub use recipient::Recipient;
pub use remove::Removal;
pub use replace::Replacement;
pub use scan_task::ScanView;
pub(super) use task::WalletDoor;
pub use to_sign::{MessageBody, MessageView, SignedMessage, ToSign};
pub use unlock::Unlock;
pub use view::{Ended, Outcome, ReviewView, Running, WalletView};
pub use wants::{SendableToken, parse_amount};
