//! The wallet as a face draws it. No secret is ever in it.

use std::path::PathBuf;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes};

use super::super::Reason;
use super::{AccountView, Prepared, TransactionView};
use crate::execution::Account;
use crate::wallet::review::TypedDataReview;

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
    /// Keys are off: support view.
    pub keys_off: bool,
    /// Why accounts or journal cannot be read.
    pub trouble: Option<Reason>,
    /// Key files that cannot be used, with why.
    pub damaged: Arc<[(PathBuf, String)]>,
    /// The open review.
    pub review: Option<ReviewView>,
    /// The open review of typed data.
    pub typed_data: Option<Arc<TypedDataView>>,
    /// Every transaction signed here, newest first. Coverage is this computer's journal alone.
    pub history: Arc<[TransactionView]>,
    /// What runs.
    pub running: Option<Running>,
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

/// An open review of typed data.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedDataView {
    /// The data as they were brought.
    pub json: String,
    /// What they say, and the checks.
    pub review: TypedDataReview,
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
    /// The review of typed data is open.
    TypedDataReviewed,
    /// A signature over typed data: 65 bytes. It is nowhere else.
    TypedDataSigned(Bytes),
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
    /// Kept.
    KeyAdded(Vec<AccountView>),
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
