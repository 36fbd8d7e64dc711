//! A transaction that waits is sent again by itself: nodes forget what they do not include.

use alloy::primitives::B256;

use super::super::Reason;
use super::desk::{Wallet, locked};
use crate::wallet::{Record, State};

/// First after three minutes, then after twice as long each time, at most half an hour.
const FIRST_MS: u64 = 180_000;
const LONGEST_MS: u64 = 1_800_000;

/// When a transaction was last sent by itself, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resent {
    at_ms: u64,
    times: u32,
}

fn pause_ms(times: u32) -> u64 {
    FIRST_MS.saturating_mul(1_u64.checked_shl(times).unwrap_or(u64::MAX)).min(LONGEST_MS)
}

fn is_due(record: &Record, resent: Option<Resent>, now_ms: u64) -> bool {
    // What no endpoint ever took waits for its owner: sending it later, unasked, may not be what they want any more.
    let taken = record.answers.iter().any(|(_, answer)| answer.took_it());
    let waits = matches!(record.state, State::Sent | State::Reorged { .. });
    let Some(first) = record.sent_at_ms.filter(|_| waits && taken) else { return false };
    let (last, times) = resent.map_or((first, 0), |one| (one.at_ms, one.times));
    now_ms.saturating_sub(last) >= pause_ms(times)
}

/// Its owner signed another one with its nonce since: whoever cancelled it does not want it sent, whatever became of that.
fn is_overtaken(record: &Record, later: &[Record]) -> bool {
    let place = |one: &Record| (one.signed.from(), one.signed.chain_id(), one.signed.nonce());
    later.iter().any(|one| place(one) == place(record))
}

impl Wallet {
    /// Sends every transaction again that an endpoint took and that waits too long for its block. The hashes sent.
    ///
    /// # Errors
    /// [`Reason`] where the journal is held by another process.
    pub async fn rebroadcast_due(&self) -> Result<Vec<B256>, Reason> {
        let now_ms = self.now_ms();
        let due: Vec<B256> = self.with_journal(|open| {
            let resent = locked(&self.inner.resent);
            let records = open.history.records();
            let due = records.iter().enumerate().filter(|(at, record)| {
                let hash = record.signed.hash();
                let later = records.get(at.saturating_add(1)..).unwrap_or_default();
                is_due(record, resent.get(&hash).copied(), now_ms) && !is_overtaken(record, later)
            });
            Ok(due.map(|(_, record)| record.signed.hash()).collect())
        })?;
        for hash in &due {
            let times = locked(&self.inner.resent).get(hash).map_or(0, |one| one.times).saturating_add(1);
            locked(&self.inner.resent).insert(*hash, Resent { at_ms: now_ms, times });
            // No answer is no news: it stays as it was, and is tried again later.
            if let Err(reason) = self.deliver(*hash).await {
                tracing::debug!(%reason, %hash, "a waiting transaction could not be sent again");
            }
        }
        Ok(due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_half_an_hour() {
        let minutes: Vec<u64> = (0..6).map(|times| pause_ms(times) / 60_000).collect();
        assert_eq!(minutes, [3, 6, 12, 24, 30, 30]);
        assert_eq!(pause_ms(200), LONGEST_MS);
    }
}
