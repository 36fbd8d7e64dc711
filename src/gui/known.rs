//! How a value is known, and how that is said: the truth model of the window.

use super::format;
use super::language::{Language, fill};
use super::words::Word;
use crate::app::{BlockRef, Finality, Snapshot};

/// No new head for this long, and every value is stale.
pub(super) const STALE_SECS: u64 = 120;
/// Up to this age a head is live.
pub(super) const LIVE_SECS: u64 = 36;

/// How a value is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Proven against a final block.
    Final,
    /// Proven against the newest signed block.
    Latest,
    /// An endpoint claims it.
    Unverified,
    /// Proven, but no new head for these seconds.
    Stale(u64),
    /// Its proof failed; no value is shown.
    Refuted,
    /// From this computer.
    Local,
    /// On its way.
    Checking,
}

impl Known {
    /// A value of the state that was proven at `at`, as it stands now: it grows stale with its own block too.
    pub fn state(at: BlockRef, snapshot: &Snapshot, now_ms: u64) -> Self {
        let age = (now_ms / 1_000).saturating_sub(at.timestamp);
        match Self::proven(at, snapshot, now_ms) {
            Self::Latest if age > STALE_SECS => Self::Stale(age),
            known => known,
        }
    }

    /// Something that happened at `at`, as it stands now.
    pub fn proven(at: BlockRef, snapshot: &Snapshot, now_ms: u64) -> Self {
        match head_age_secs(snapshot, now_ms) {
            Some(age) if age > STALE_SECS => Self::Stale(age),
            _ if at.finality == Finality::Final => Self::Final,
            _ => Self::Latest,
        }
    }

    /// Its word.
    pub fn word(self, language: Language) -> String {
        match self {
            Self::Final => Word::Final.of(language).to_owned(),
            Self::Latest => Word::Latest.of(language).to_owned(),
            Self::Unverified => Word::Unverified.of(language).to_owned(),
            Self::Stale(secs) => fill(Word::Stale.of(language), &[&format::age(secs)]),
            Self::Refuted => Word::Refuted.of(language).to_owned(),
            Self::Local => Word::Local.of(language).to_owned(),
            Self::Checking => Word::Checking.of(language).to_owned(),
        }
    }

    /// What that means.
    pub fn meaning(self, language: Language) -> String {
        match self {
            Self::Final => Word::MeansFinal.of(language).to_owned(),
            Self::Latest => Word::MeansLatest.of(language).to_owned(),
            Self::Unverified => Word::MeansUnverified.of(language).to_owned(),
            Self::Stale(secs) => fill(Word::MeansStale.of(language), &[&format::age(secs)]),
            Self::Refuted => Word::MeansRefuted.of(language).to_owned(),
            Self::Local => Word::MeansLocal.of(language).to_owned(),
            Self::Checking => Word::MeansChecking.of(language).to_owned(),
        }
    }

    /// How much it is worth; a computed value is worth its weakest input.
    fn strength(self) -> u8 {
        match self {
            Self::Refuted => 0,
            Self::Checking => 1,
            Self::Unverified => 2,
            Self::Stale(_) => 3,
            Self::Local => 4,
            Self::Latest => 5,
            Self::Final => 6,
        }
    }

    /// The weaker of two.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        match (self, other) {
            (Self::Stale(one), Self::Stale(another)) => Self::Stale(one.max(another)),
            _ if other.strength() < self.strength() => other,
            _ => self,
        }
    }
}

/// Seconds since the slot of the newest verified head began.
pub(super) fn head_age_secs(snapshot: &Snapshot, now_ms: u64) -> Option<u64> {
    let head = snapshot.head.as_ref()?;
    Some(now_ms.saturating_sub(snapshot.network.slot_start_ms(head.proven.slot())) / 1_000)
}

/// Seconds since the slot of the newest final block began.
pub(super) fn final_age_secs(snapshot: &Snapshot, now_ms: u64) -> Option<u64> {
    let head = snapshot.finalized.as_ref()?;
    Some(now_ms.saturating_sub(snapshot.network.slot_start_ms(head.proven.slot())) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weakest_input_decides() {
        assert_eq!(Known::Final.weaker(Known::Latest), Known::Latest);
        assert_eq!(Known::Latest.weaker(Known::Final), Known::Latest);
        assert_eq!(Known::Stale(130).weaker(Known::Stale(400)), Known::Stale(400));
        assert_eq!(Known::Latest.weaker(Known::Refuted), Known::Refuted);
        assert_eq!(Known::Unverified.weaker(Known::Checking), Known::Checking);
        assert_eq!(Known::Stale(130).word(Language::English), "Stale 2 min");
    }
}
