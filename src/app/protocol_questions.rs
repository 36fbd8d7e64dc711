//! What a face may ask of protocols: positions, ways out, rights given away.

use alloy::primitives::{Address, U256};

use super::Tag;
use crate::protocols::Deployments;
use crate::protocols::approvals::ApprovalsQuestion;

/// A question about protocols. The answer is the [`super::ProtocolAnswer`] of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProtocolQuestion {
    /// What an account has in every protocol that is known here.
    Positions(PositionsQuestion),
    /// The way out of all of it.
    ExitPlan {
        /// Whose, and of which protocols.
        of: PositionsQuestion,
        /// The health factor that "take out now" keeps, 18 decimals.
        floor: U256,
    },
    /// Who may take what.
    Approvals {
        /// Whose.
        owner: Address,
        /// Tokens, spenders and collections beside the bundled ones.
        also: ApprovalsQuestion,
        /// At which head.
        tag: Tag,
    },
    /// Who controls a Safe.
    Safe(Address, Tag),
}

/// Whose positions, in what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PositionsQuestion {
    /// Whose.
    pub owner: Address,
    /// Only protocols of this id, or with this in their name.
    pub only: Option<String>,
    /// The user's own deployments, beside the bundled ones.
    pub own: Option<Deployments>,
    /// At which head.
    pub tag: Tag,
}

impl PositionsQuestion {
    /// Everything bundled, at the newest block.
    pub fn all_of(owner: Address) -> Self {
        Self { owner, only: None, own: None, tag: Tag::Latest }
    }
}
