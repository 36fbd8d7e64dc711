//! What became of the journal's transactions.

use alloy::primitives::{Address, B256};

use super::super::Reason;
use super::desk::{Wallet, locked};
use super::ledger::TransactionView;
use crate::wallet::{History, Record, Sighting, State, look, news};

/// What could not be proven is not asked for again at every head.
const UNPROVEN_PAUSE_MS: u64 = 120_000;

impl Wallet {
    fn slow_down(&self, hash: B256, seen: &Sighting, now_ms: u64) {
        let mut unproven = locked(&self.inner.unproven);
        match seen {
            Sighting::NonceUsed { by: None, .. } | Sighting::NothingNew => unproven.insert(hash, now_ms),
            _ => unproven.remove(&hash),
        };
    }

    /// Sender and nonce of a transaction that was signed here. A journal that is not there yet is not made for this.
    pub(in crate::app) fn signed_nonce(&self, hash: B256) -> Option<(Address, u64)> {
        if !self.has_journal() {
            return None;
        }
        self.history().ok()?.get(hash).map(|record| (record.signed.from(), record.signed.nonce()))
    }

    /// Looks for a transaction of the journal at the newest heads and keeps what was proven.
    ///
    /// # Errors
    /// [`Reason`] where nothing could be proven now: what was known still stands.
    pub async fn refresh(&self, hash: B256) -> Result<TransactionView, Reason> {
        let record = self.record(hash)?;
        if !record.is_open() {
            return Ok(self.view(&record));
        }
        let heads = self.heads()?;
        let reader = self.inner.reads.reader();
        let seen =
            look(reader, &heads, &record, &self.inner.book).await.map_err(|error| Reason::from(&error))?;
        let now_ms = self.now_ms();
        self.slow_down(hash, &seen, now_ms);
        self.with_journal(|open| {
            // Another look may have been kept meanwhile: what is news is decided against the journal as it is.
            let record = open.history.get(hash).cloned().unwrap_or(record);
            let seen = named(seen, &record, &open.history);
            let entries = news(&record, &seen, now_ms);
            open.keep(&entries)?;
            Ok(open.history.get(hash).map_or_else(|| self.view(&record), |record| self.view(record)))
        })
    }

    /// Looks for every transaction that is not settled. A failure of one does not hide the others.
    ///
    /// # Errors
    /// [`Reason`] where the journal is held by another process.
    pub async fn refresh_open(&self) -> Result<Vec<Result<TransactionView, Reason>>, Reason> {
        let now_ms = self.now_ms();
        let is_due = |hash: &B256| {
            let last = locked(&self.inner.unproven).get(hash).copied();
            last.is_none_or(|last| now_ms.saturating_sub(last) >= UNPROVEN_PAUSE_MS)
        };
        let open = self.activity()?.into_iter().filter(|one| one.is_open).map(|one| one.hash);
        let open: Vec<B256> = open.filter(is_due).collect();
        let mut found = Vec::with_capacity(open.len());
        for hash in open {
            found.push(self.refresh(hash).await);
        }
        Ok(found)
    }
}

/// Where the chain's own state is too old to find who used the nonce, the journal may know.
fn named(seen: Sighting, record: &Record, history: &History) -> Sighting {
    let Sighting::NonceUsed { by: None, is_final } = seen else { return seen };
    let own = &record.signed;
    let rival = history.records().iter().find(|other| {
        let other_tx = &other.signed;
        other_tx.hash() != own.hash()
            && (other_tx.from(), other_tx.nonce(), other_tx.chain_id())
                == (own.from(), own.nonce(), own.chain_id())
            && matches!(other.state, State::Included { .. })
    });
    Sighting::NonceUsed { by: rival.map(|other| other.signed.hash()), is_final }
}
