//! What is asked, and what was found.

use alloy::primitives::{Address, U256};

use crate::execution::BlockRef;
use crate::protocols::{Asset, Intent};

use super::revoke;

/// What to look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ApprovalsQuestion {
    /// Tokens that are looked at where the account holds any.
    pub held: Vec<Address>,
    /// Tokens that are looked at in any case.
    pub tokens: Vec<Address>,
    /// Spenders beside the bundled ones.
    pub spenders: Vec<Address>,
    /// Collections of collectibles whose operators are looked at where the account holds any.
    pub held_collections: Vec<Address>,
    /// Collections whose operators are looked at in any case.
    pub collections: Vec<Address>,
    /// Permit2, where it is not at its usual place.
    pub permit2: Option<Address>,
}

/// What kind of right it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApprovalKind {
    /// An allowance of the token itself.
    Token,
    /// An allowance inside Permit2, which itself needs one of the token.
    Permit2 {
        /// Unix seconds until which it holds.
        until: u64,
    },
    /// A right over all collectibles of a collection.
    Operator,
}

/// A right to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Of what.
    pub asset: Asset,
    /// Who has it.
    pub spender: Address,
    /// What people call them.
    pub name: Option<String>,
    /// The kind.
    pub kind: ApprovalKind,
    /// How much; for an operator the number of collectibles there are, or the largest number where nobody can count them.
    pub amount: U256,
    /// What the account has of it now; `None` where it was not told.
    pub balance: Option<U256>,
    /// What could be taken now: the smaller of both, and 0 where a right has ended; `None` where it is not known, which is
    /// never to be read as nothing.
    pub at_risk: Option<U256>,
    /// The spender has no code: a person, not an application.
    pub to_wallet: bool,
    /// Permit2, where the right is inside it.
    pub permit2: Address,
}

impl Approval {
    /// True where the amount is so large that it means "all, for ever".
    pub fn is_unlimited(&self) -> bool {
        let all_ones = |bits: usize| (U256::from(1) << bits).saturating_sub(U256::from(1));
        self.kind == ApprovalKind::Operator
            || self.amount.bit_len() >= 255
            || self.amount == all_ones(160)
            || self.amount == all_ones(96)
    }

    /// What to show as its amount.
    pub fn may_take(&self) -> String {
        if self.is_unlimited() { "Unlimited".to_owned() } else { self.asset.show_up(self.amount) }
    }

    /// True where it is proven that nothing could be taken now.
    pub fn is_idle(&self) -> bool {
        self.at_risk.is_some_and(|most| most.is_zero())
    }

    /// The call that takes the right back.
    pub fn revoke(&self) -> Intent {
        revoke::revoke(self)
    }

    /// The call that leaves a right of `amount`; `None` for operators, which have all or nothing.
    pub fn limit(&self, amount: U256) -> Option<Intent> {
        revoke::limit(self, amount)
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approvals {
    /// Whose.
    pub owner: Address,
    /// Where it is proven.
    pub at: BlockRef,
    /// The rights, what could be taken now first.
    pub found: Vec<Approval>,
    /// How many pairs of token and spender were looked at.
    pub checked: usize,
    /// How many spenders are bundled or named.
    pub spenders: usize,
    /// How many collections were looked at.
    pub collections: usize,
    /// What could not be read, each with the reason.
    pub unread: Vec<(String, String)>,
}

impl Approvals {
    /// What was and what was not looked at, in a sentence.
    pub fn coverage(&self) -> String {
        if self.spenders == 0 {
            let at = self.at.number;
            return format!(
                "Nothing was checked at block {at}: no spender is bundled for this network. Name one to look at it."
            );
        }
        format!(
            "Checked: {} pairs of token and bundled or named spender at block {}. Collections of collectibles among them: {} (bundled ones of which something is held, and named ones). Others may exist.",
            self.checked, self.at.number, self.collections
        )
    }
}
