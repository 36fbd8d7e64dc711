//! Why the light client could not answer.

use alloy::primitives::B256;

use crate::consensus::ConsensusError;
use crate::execution::{CallError, ProofError};
use crate::networks::{Period, Slot};
use crate::sources::{EndpointId, SourceError};

/// Letters of a rule that are kept: a decoder's words may repeat what an endpoint sent, and that may be megabytes.
const MAX_RULE: usize = 300;

/// The rule that `error` names, safe to print: what a decoder repeats of an answer is the endpoint's own text.
pub(super) fn rule_of(error: &impl std::fmt::Display) -> String {
    let harmless = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    error.to_string().chars().filter(harmless).take(MAX_RULE).collect()
}

/// One answer that was refused, who gave it and which rule it broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Who gave it.
    pub endpoint: EndpointId,
    /// The rule it broke, in the words of the verifying room.
    pub rule: String,
}

/// Why there is no verified head.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The starting point is older than its fork's weak-subjectivity bound.
    #[error(
        "the checkpoint is {age_epochs} epochs old; more than {bound_epochs} cannot be trusted without a second look"
    )]
    CheckpointTooOld {
        /// Age of the checkpoint (or of the held committee) in epochs.
        age_epochs: u64,
        /// Weak-subjectivity bound of the fork in epochs.
        bound_epochs: u64,
        /// Slot of the checkpoint.
        slot: Slot,
    },
    /// No endpoint has a bootstrap for the checkpoint.
    #[error("no endpoint has the checkpoint {root}: {source}")]
    CheckpointNotFound {
        /// The root that was asked for.
        root: B256,
        /// What the endpoints said.
        source: SourceError,
    },
    /// No endpoint answered.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Every answer that came was refused.
    #[error("every answer was refused: {}", list(refused))]
    AllRefused {
        /// Who and why.
        refused: Vec<Refused>,
    },
    /// Stored light-client data could not be used.
    #[error("the stored light-client data cannot be used: {source}")]
    Stored {
        /// What was wrong with it.
        source: ConsensusError,
    },
    /// No endpoint has an update that carries the store into the next period.
    #[error("no endpoint has a usable update for sync-committee period {period}")]
    MissingUpdate {
        /// The period.
        period: Period,
    },
    /// The chain uses rules that this build does not know.
    #[error("the network has moved to rules that this build does not know ({detail})")]
    NeedsUpdate {
        /// What was seen.
        detail: String,
    },
    /// The committee signed a slot that this machine's clock has not reached.
    #[error("this computer's clock is at least {behind_ms} ms slow")]
    ClockSlow {
        /// By how much at least.
        behind_ms: u64,
    },
}

/// Why a read has no answer. Never shown as 0.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// No endpoint answered; answers that came and were refused stand beside the failure.
    #[error("{source}{}", refused_suffix(refused))]
    Source {
        /// The last failure.
        source: SourceError,
        /// Answers that came and broke a rule.
        refused: Vec<Refused>,
    },
    /// Every answer that came was refused.
    #[error("every answer was refused: {}", list(refused))]
    AllRefused {
        /// Who and why.
        refused: Vec<Refused>,
    },
    /// The block is newer than the verified head.
    #[error("block {number} is beyond the verified head {head}")]
    BeyondHead {
        /// What was asked.
        number: u64,
        /// The head's number.
        head: u64,
    },
    /// The block is too old to be proven from the head with what the endpoints serve.
    #[error(
        "block {number} is {distance} blocks behind the verified head; endpoints serve no proof that far back"
    )]
    BeyondReach {
        /// What was asked.
        number: u64,
        /// How far behind the newest usable anchor.
        distance: u64,
    },
    /// The block exists but is proven not to be in the chain of the verified head.
    #[error("block {hash} is not part of the verified chain")]
    NotCanonical {
        /// What was asked.
        hash: B256,
    },
    /// More logs match than are read at once.
    #[error("more than {limit} logs, or {bytes} bytes of them, match")]
    TooManyLogs {
        /// Most logs.
        limit: usize,
        /// Most bytes of their data.
        bytes: usize,
    },
    /// A call could not be run.
    #[error(transparent)]
    Call(CallError),
    /// A proven step could not be combined with another: a fault of this program.
    #[error("internal: {0}")]
    Proof(ProofError),
}

impl ReadError {
    /// Every endpoint that was asked says that it has no such thing. That proves nothing.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Source { source: SourceError::NotFound, refused } => refused.is_empty(),
            Self::Source { source: SourceError::AllFailed { causes }, refused } => {
                let unknown = causes.iter().all(|(_, cause)| matches!(**cause, SourceError::NotFound));
                refused.is_empty() && !causes.is_empty() && unknown
            }
            _ => false,
        }
    }

    /// Answers that came and were refused.
    pub fn refused(&self) -> &[Refused] {
        match self {
            Self::Source { refused, .. } | Self::AllRefused { refused } => refused,
            _ => &[],
        }
    }
}

fn list(refused: &[Refused]) -> String {
    refused.iter().map(|one| format!("{}: {}", one.endpoint, one.rule)).collect::<Vec<_>>().join("; ")
}

fn refused_suffix(refused: &[Refused]) -> String {
    if refused.is_empty() { String::new() } else { format!(" (refused before: {})", list(refused)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_repeats_little_of_what_an_endpoint_sent() {
        let sent = format!("\u{1b}[2J\u{202e}{}", "y".repeat(5_000_000));
        let error = ProofError::BadEntry { list: "receipts", index: 7, detail: sent };
        let rule = rule_of(&error);
        assert!(rule.starts_with("entry 7 of the receipts is not well-formed ([2Jyyy"), "{rule}");
        assert_eq!(rule.chars().count(), MAX_RULE);
    }
}
