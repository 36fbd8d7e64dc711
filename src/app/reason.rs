//! A failure as a person can act on it: what happened, what it means, what to do.

use crate::chain::{ReadError, SyncError};
use crate::sources::SourceError;
use crate::storage::StorageError;

/// Three short sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What happened.
    pub what: String,
    /// What it means.
    pub means: String,
    /// What to do.
    pub next: String,
    /// True where the answer is a proven "no" rather than a failure to know.
    pub proven_no: bool,
}

impl Reason {
    fn new(what: String, means: &str, next: &str) -> Self {
        Self { what, means: means.to_owned(), next: next.to_owned(), proven_no: false }
    }

    fn no(what: String, means: &str, next: &str) -> Self {
        Self { proven_no: true, ..Self::new(what, means, next) }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n  It means: {}\n  To do: {}", self.what, self.means, self.next)
    }
}

impl From<&SourceError> for Reason {
    fn from(error: &SourceError) -> Self {
        let what = sentence(error);
        match error {
            SourceError::NoneLeft { quarantined: 0, .. } => Self::new(
                what,
                "there is nobody to ask",
                "name endpoints with --beacon and --execution, or in settings.toml",
            ),
            SourceError::NoneLeft { .. } => Self::new(
                what,
                "every endpoint that was asked gave an answer that broke a rule; nothing it said was used",
                "add an independent endpoint with --beacon or --execution",
            ),
            _ => Self::new(
                what,
                "nothing is known to be wrong with your funds or the chain; only the way to it failed",
                "check your connection, run `lifeboat endpoints`, or name another endpoint",
            ),
        }
    }
}

impl From<&SyncError> for Reason {
    fn from(error: &SyncError) -> Self {
        let what = sentence(error);
        match error {
            SyncError::CheckpointTooOld { .. } => Self::new(
                what,
                "validators who have left since could have signed another history, and this computer could not tell",
                "compare sources with `lifeboat checkpoint compare`, give a root you trust with --checkpoint, or go on \
                 for this run with --accept-old-checkpoint",
            ),
            SyncError::CheckpointNotFound { .. } => Self::new(
                what,
                "the root is not of this network, not of an epoch boundary, or too old for these endpoints",
                "check the root, or take a newer finalized one from a source you trust",
            ),
            SyncError::AllRefused { .. } => Self::new(
                what,
                "answers came, and each broke a rule of the chain; none was used",
                "add an independent endpoint with --beacon; `lifeboat endpoints` shows who was quarantined",
            ),
            SyncError::Stored { .. } => Self::new(
                what,
                "the last run's data is damaged or of another network",
                "it was left alone; start again from --checkpoint",
            ),
            SyncError::MissingUpdate { .. } => Self::new(
                what,
                "the endpoints do not keep the history between the checkpoint and now",
                "use a newer checkpoint, or an endpoint that keeps all light-client updates",
            ),
            SyncError::NeedsUpdate { .. } => Self::new(
                what,
                "this build cannot check blocks any more",
                "install a newer build; broadcasting still works",
            ),
            SyncError::ClockSlow { .. } => Self::new(
                what,
                "the validators have signed a slot that this clock has not reached",
                "set the clock (turn on automatic time) and try again",
            ),
            SyncError::Source(source) => Self::from(source),
        }
    }
}

impl From<&ReadError> for Reason {
    fn from(error: &ReadError) -> Self {
        let what = sentence(error);
        match error {
            ReadError::Source { source, refused } if refused.is_empty() => Self::from(source),
            ReadError::Source { .. } | ReadError::AllRefused { .. } => Self::new(
                what,
                "answers came, and each broke a rule; none was used, so there is no number to show",
                "add an independent endpoint with --execution; `lifeboat endpoints` shows who was quarantined",
            ),
            ReadError::BeyondHead { .. } => Self::no(
                what,
                "the block does not exist yet, or has not been signed by the committee",
                "ask again in a few seconds, or ask for `latest`",
            ),
            ReadError::BeyondReach { .. } => Self::new(
                what,
                "blocks up to about 27 hours back are proven from the head; further back needs an archive endpoint",
                "name an archive endpoint with --execution",
            ),
            ReadError::NotCanonical { .. } => Self::no(
                what,
                "it is a real block that the chain left, or one of another chain",
                "ask by number for the block that took its place",
            ),
            ReadError::Proof(_) => {
                Self::new(what, "this is a fault of the program", "report it with the command you ran")
            }
        }
    }
}

impl From<&StorageError> for Reason {
    fn from(error: &StorageError) -> Self {
        Self::new(
            sentence(error),
            "nothing on disk was changed",
            "check the folder's rights, or give another --data-dir",
        )
    }
}

/// The error's own words as a sentence, without control characters.
fn sentence(error: &dyn std::error::Error) -> String {
    let text: String = error.to_string().chars().filter(|c| !c.is_control()).collect();
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}
