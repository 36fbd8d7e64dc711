//! Why a protocol could not be read or an exit not be built.

use alloy::primitives::Address;

use crate::chain::ReadError;

/// Why a protocol says nothing. Never shown as an empty position.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// State could not be had or proven.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The contract reverted on a question.
    #[error("the contract {contract} refused {function}: {why}")]
    Refused {
        /// Who.
        contract: Address,
        /// What was asked.
        function: &'static str,
        /// Its reason, in words.
        why: String,
    },
    /// The contract's answer has not the shape that its interface says: it was changed, or is not there.
    #[error("the answer of {contract} to {function} cannot be read: {detail}")]
    Unreadable {
        /// Who.
        contract: Address,
        /// What was asked.
        function: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// Proven: what was named by hand is not there, or is something else.
    #[error("you named {what}, and {why}")]
    NotAsNamed {
        /// What it was named as, and where.
        what: String,
        /// What is wrong with that.
        why: String,
    },
    /// Two proven facts do not fit together.
    #[error("what the contracts say does not fit together: {detail}")]
    Inconsistent {
        /// What.
        detail: String,
    },
}

impl ProtocolError {
    /// The contract whose answer it is about.
    pub fn contract(&self) -> Option<Address> {
        match self {
            Self::Refused { contract, .. } | Self::Unreadable { contract, .. } => Some(*contract),
            Self::Read(_) | Self::NotAsNamed { .. } | Self::Inconsistent { .. } => None,
        }
    }

    /// In words, where it is a contract's own doing whoever is asked: it refused, it answered something else, or it asks for
    /// more state than is allowed.
    ///
    /// # Errors
    /// The error itself, where nobody could tell.
    pub(super) fn why_of_contract(self) -> Result<String, Self> {
        match self {
            Self::Refused { why, .. } => Ok(why),
            Self::Unreadable { .. } | Self::Read(ReadError::Call(_)) => Ok(self.to_string()),
            other => Err(other),
        }
    }
}

/// Why an action cannot be turned into calls.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntentError {
    /// The action is of another protocol or of no kind that is known here.
    #[error("{protocol} has no such action")]
    NotOurs {
        /// The protocol asked.
        protocol: String,
    },
    /// The action cannot be done now.
    #[error("{why}")]
    Blocked {
        /// Why.
        why: String,
    },
    /// More than there is.
    #[error("at most {most}")]
    TooMuch {
        /// The most, in words.
        most: String,
    },
}
