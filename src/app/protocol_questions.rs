//! What a face may ask of protocols: positions, ways out, rights given away.

use alloy::primitives::{Address, B256, U256};

use super::{Question, Tag};
use crate::protocols::Deployments;
use crate::protocols::approvals::ApprovalsQuestion;

/// A question about protocols. The answer is the [`super::ProtocolAnswer`] of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProtocolQuestion {
    /// What an account has in every protocol that is known here.
    Positions(PositionsQuestion),
    /// The same of several accounts, read as one batch. What it answers also stands under each account's own
    /// [`ProtocolQuestion::Positions`].
    PositionsOfMany(JointPositions),
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
    /// How much of a token a spender may take: what a call does not have to ask for again.
    Allowances {
        /// Whose.
        owner: Address,
        /// Tokens with their spenders.
        pairs: Vec<(Address, Address)>,
        /// At which head.
        tag: Tag,
    },
    /// Who controls a Safe.
    Safe(Address, Tag),
    /// Which owners of a Safe approved these hashes by transactions of their own.
    SafeApprovals {
        /// The Safe.
        safe: Address,
        /// Of transactions of it.
        hashes: Vec<B256>,
        /// At which head.
        tag: Tag,
    },
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

/// Whose positions, of several accounts at one block.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct JointPositions {
    /// Whose, in the order of the answers.
    pub owners: Vec<Address>,
    /// As in [`PositionsQuestion`].
    pub only: Option<String>,
    /// As in [`PositionsQuestion`].
    pub own: Option<Deployments>,
    /// As in [`PositionsQuestion`].
    pub tag: Tag,
}

impl JointPositions {
    /// `owners` asked for as `like` asks for one.
    pub fn like(like: &PositionsQuestion, owners: Vec<Address>) -> Self {
        let PositionsQuestion { only, own, tag, .. } = like.clone();
        Self { owners, only, own, tag }
    }

    /// Those of `questions` that ask for positions as the first of them does, each account once; `None` where that are
    /// fewer than two.
    pub fn of(questions: &[Question]) -> Option<Self> {
        let positions = |question: &Question| match question {
            Question::Protocol(ProtocolQuestion::Positions(one)) => Some(one.clone()),
            _ => None,
        };
        let first = positions(questions.first()?)?;
        let mut joint = Self::like(&first, Vec::new());
        for one in questions.iter().filter_map(positions) {
            if joint.of_one(one.owner) == one && !joint.owners.contains(&one.owner) {
                joint.owners.push(one.owner);
            }
        }
        (joint.owners.len() > 1).then_some(joint)
    }

    /// As a question.
    pub fn question(self) -> Question {
        Question::Protocol(ProtocolQuestion::PositionsOfMany(self))
    }

    /// The questions that it asks at once, in the order of `owners`.
    pub fn parts(&self) -> Vec<Question> {
        let part = |owner: &Address| Question::Protocol(ProtocolQuestion::Positions(self.of_one(*owner)));
        self.owners.iter().map(part).collect()
    }

    /// The same of one account.
    pub(super) fn of_one(&self, owner: Address) -> PositionsQuestion {
        PositionsQuestion { owner, only: self.only.clone(), own: self.own.clone(), tag: self.tag }
    }
}
