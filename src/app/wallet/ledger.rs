//! Transactions of the journal as faces show them.

use alloy::primitives::{Address, B256, Bytes};

use super::super::Reason;
use super::desk::Wallet;
use crate::wallet::{Record, SendOutcome, State, StatusWord, Unsigned};

/// One transaction of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionView {
    /// Computed hash.
    pub hash: B256,
    /// Who signed it.
    pub from: Address,
    /// Its nonce.
    pub nonce: u64,
    /// For lists.
    pub title: String,
    /// Where it stands, in a word.
    pub word: StatusWord,
    /// Where it stands, in a sentence.
    pub sentence: String,
    /// Where it stands, with what was proven.
    pub state: State,
    /// The transaction; `None` for a form that is not made here.
    pub tx: Option<Unsigned>,
    /// EIP-2718 bytes.
    pub raw: Bytes,
    /// Unix milliseconds.
    pub signed_at_ms: u64,
    /// Unix milliseconds of the first sending.
    pub sent_at_ms: Option<u64>,
    /// What each endpoint said to the last sending. Unverified.
    pub answers: Vec<(String, SendOutcome)>,
    /// It may still be included, or its block may still be left.
    pub is_open: bool,
}

impl TransactionView {
    /// A record of the journal as it stands at `now_ms`, Unix milliseconds.
    #[must_use]
    pub fn of(record: &Record, now_ms: u64) -> Self {
        Self {
            hash: record.signed.hash(),
            from: record.signed.from(),
            nonce: record.signed.nonce(),
            title: record.title.clone(),
            word: record.word(now_ms),
            sentence: record.sentence(now_ms),
            state: record.state.clone(),
            tx: record.signed.unsigned().ok(),
            raw: record.signed.raw().clone(),
            signed_at_ms: record.signed_at_ms,
            sent_at_ms: record.sent_at_ms,
            answers: record.answers.clone(),
            is_open: record.is_open(),
        }
    }
}

/// What came of a sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The transaction after it.
    pub transaction: TransactionView,
    /// What each endpoint said. Unverified.
    pub answers: Vec<(String, SendOutcome)>,
}

impl Wallet {
    pub(super) fn view(&self, record: &Record) -> TransactionView {
        TransactionView::of(record, self.now_ms())
    }

    /// Every transaction signed here, newest first. Coverage is this journal alone.
    ///
    /// # Errors
    /// [`Reason`] where another process holds the journal.
    pub fn activity(&self) -> Result<Vec<TransactionView>, Reason> {
        if !self.has_journal() {
            return Ok(Vec::new());
        }
        self.with_journal(|open| {
            Ok(open.history.records().iter().rev().map(|record| self.view(record)).collect())
        })
    }

    /// One transaction of the journal; `None` where it is not there.
    ///
    /// # Errors
    /// As [`Wallet::activity`].
    pub fn transaction(&self, hash: B256) -> Result<Option<TransactionView>, Reason> {
        self.with_journal(|open| Ok(open.history.get(hash).map(|record| self.view(record))))
    }

    pub(super) fn record(&self, hash: B256) -> Result<Record, Reason> {
        let found = self.with_journal(|open| Ok(open.history.get(hash).cloned()))?;
        found.ok_or_else(|| {
            let what = format!("The journal holds no transaction {hash}");
            Reason::new(
                &what,
                "it was not signed or sent from this folder",
                "check the hash, or paste the signed transaction",
            )
        })
    }

    /// The waiting transaction of the same account that must be used before this one can be.
    ///
    /// # Errors
    /// As [`Wallet::activity`].
    pub fn blocked_by(&self, hash: B256) -> Result<Option<TransactionView>, Reason> {
        let record = self.record(hash)?;
        let history = self.history()?;
        let waiting = history.waiting(record.signed.from(), record.signed.chain_id());
        let first = waiting.into_iter().find(|one| one.signed.nonce() < record.signed.nonce());
        Ok(first.map(|one| self.view(one)))
    }
}
