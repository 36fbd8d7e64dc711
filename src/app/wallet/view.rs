//! The wallet as a face draws it. No secret is ever in it.

use std::path::PathBuf;
use std::sync::Arc;

use alloy::primitives::{Address, B256};

use super::super::Reason;
use super::super::devices::DeviceKind;
use super::{AccountView, MessageView, Prepared, ScanView, SignedMessage, TransactionView};
use crate::execution::Account;

/// The wallet at one instant.
#[derive(Debug, Clone, Default)]
pub struct WalletView {
    /// Every account, those that can sign first.
    pub accounts: Arc<[AccountView]>,
    /// Accounts whose key is open: they sign without a password.
    pub unlocked: Arc<[Address]>,
    /// When they lock by themselves, Unix milliseconds.
    pub locks_at_ms: Option<u64>,
    /// Before this no password is tried, Unix milliseconds: the last one was wrong.
    pub wait_until_ms: u64,
    /// Saved contacts that come from a file and are not confirmed: nothing goes by their names.
    pub unconfirmed: Arc<[Address]>,
    /// Keys are off: support view.
    pub keys_off: bool,
    /// Why accounts or journal cannot be read.
    pub trouble: Option<Reason>,
    /// What had to be repaired when the journal was opened, in words.
    pub repaired: Option<String>,
    /// Key files that cannot be used, with why.
    pub damaged: Arc<[(PathBuf, String)]>,
    /// The open review.
    pub review: Option<ReviewView>,
    /// The open review of something that is signed alone. One review is open at a time.
    pub message: Option<Arc<MessageView>>,
    /// A transaction that was signed elsewhere and is the very one that was asked for from here.
    pub as_asked: Option<B256>,
    /// Every transaction signed here, newest first. Coverage is this computer's journal alone.
    pub history: Arc<[TransactionView]>,
    /// The search for transfers in recent blocks.
    pub scan: Arc<ScanView>,
    /// What runs.
    pub running: Option<Running>,
    /// The device that is waited for wants its PIN typed here.
    pub pin_wanted: bool,
    /// How the last order ended.
    pub ended: Option<Ended>,
}

/// An open review.
#[derive(Debug, Clone, PartialEq)]
pub struct ReviewView {
    /// The newest reading.
    pub prepared: Arc<Prepared>,
    /// Counts up with every reading.
    pub reading: u64,
    /// In place of the intent, for a replacement.
    pub heading: Option<String>,
    /// Why the newest head could not be read; the reading shown is older.
    pub outdated: Option<Reason>,
}

/// What runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// The transaction is made and run on proven state.
    Reviewing,
    /// The key is opened and signs.
    Signing,
    /// It is on its way to the endpoints.
    Sending(B256),
    /// A password is tried, a key sealed or a file read.
    Key,
    /// A hardware signer, and the person at it, are waited for.
    Device(DeviceKind),
}

/// How an order ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// Counts up.
    pub number: u64,
    /// What came of it.
    pub outcome: Result<Outcome, Reason>,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The review is open.
    Reviewed,
    /// Signed and kept.
    Signed(B256),
    /// Sent; what each endpoint said stands with the transaction.
    Sent(B256),
    /// A signature of something that is no transaction.
    SignedMessage(Arc<SignedMessage>),
    /// The text of a file that was opened.
    Text(String),
    /// Written there.
    Saved(PathBuf),
    /// The text of an offline file.
    OfflineFile(String),
    /// The account's key is open.
    Unlocked(Address),
    /// Support view was left: keys can be opened again.
    KeysOn,
    /// A key file, and whose it says it is.
    KeyFile {
        /// Its bytes: sealed, no secret.
        file: Vec<u8>,
        /// As the file names it.
        address: Option<Address>,
    },
    /// Accounts of a phrase: paths, addresses, and which hold ether or sent something.
    Discovered(Vec<(String, Address, Account)>),
    /// Addresses that a hardware signer has, by path.
    DeviceAccounts(DeviceKind, Vec<(String, Address)>),
    /// Kept.
    KeyAdded(Vec<AccountView>),
    /// Removed, with every account of the same key.
    Removed(Vec<AccountView>),
}

impl WalletView {
    /// The account of this address, where it is one of the wallet's.
    pub fn account(&self, address: Address) -> Option<&AccountView> {
        self.accounts.iter().find(|one| one.address == address)
    }

    /// A transaction of the journal.
    pub fn transaction(&self, hash: B256) -> Option<&TransactionView> {
        self.history.iter().find(|one| one.hash == hash)
    }
}
