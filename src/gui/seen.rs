//! An account as it can be shown now: proven in this run, or remembered from an earlier one.

use super::kept::LastSeen;
use super::known::Known;
use crate::app::{Account, BlockRef, Finality, Proven, Snapshot};

/// What is known of an account, and where it was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The values.
    pub facts: LastSeen,
    /// From the disk: it cannot be more than stale.
    remembered: bool,
}

impl Seen {
    pub(super) fn proven(account: &Proven<Account>) -> Self {
        Self { facts: LastSeen::of(account), remembered: false }
    }

    pub(super) fn remembered(facts: LastSeen) -> Self {
        Self { facts, remembered: true }
    }

    /// The block it was proven at.
    pub fn at(&self) -> BlockRef {
        let finality = if self.facts.was_final { Finality::Final } else { Finality::Optimistic };
        BlockRef {
            number: self.facts.block_number,
            hash: self.facts.block_hash,
            timestamp: self.facts.timestamp_secs,
            finality,
        }
    }

    /// How it is known now.
    pub fn known(&self, snapshot: &Snapshot, now_ms: u64) -> Known {
        if self.remembered {
            let age = (now_ms / 1_000).saturating_sub(self.facts.timestamp_secs);
            return Known::Stale(age);
        }
        Known::state(self.at(), snapshot, now_ms)
    }
}
