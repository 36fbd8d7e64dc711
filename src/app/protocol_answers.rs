//! Proven answers about protocols.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256};

use crate::execution::BlockRef;
use crate::protocols::approvals::{Approvals, StandingAllowances};
use crate::protocols::exit_plan::ExitPlan;
use crate::protocols::safe::SafeFacts;
use crate::protocols::{Danger, Found, LENDERS, Position, Report};

/// A proven answer to a [`super::ProtocolQuestion`].
#[derive(Debug, Clone)]
pub enum ProtocolAnswer {
    /// What an account has.
    Positions(PositionsAnswer),
    /// What each of several accounts has, in the order asked.
    PositionsOfMany(Vec<PositionsAnswer>),
    /// The way out.
    ExitPlan(ExitPlan),
    /// Who may take what.
    Approvals(Approvals),
    /// How much of a token a spender may take.
    Allowances(AllowancesAnswer),
    /// Who controls a Safe.
    Safe(SafeFacts),
    /// Who approved by a transaction.
    SafeApprovals(SafeApprovalsAnswer),
}

/// Allowances that stand.
#[derive(Debug, Clone)]
pub struct AllowancesAnswer {
    /// Where they are proven.
    pub at: BlockRef,
    /// By token and spender.
    pub standing: StandingAllowances,
}

/// Which owners of a Safe approved what on the chain.
#[derive(Debug, Clone)]
pub struct SafeApprovalsAnswer {
    /// Where it is proven.
    pub at: BlockRef,
    /// By the hash of the Safe's transaction: the owners, of those it has there, that approved it.
    pub approved: BTreeMap<B256, Vec<Address>>,
}

impl SafeApprovalsAnswer {
    /// Who approved `hash`.
    pub fn of(&self, hash: B256) -> &[Address] {
        self.approved.get(&hash).map_or(&[], Vec::as_slice)
    }
}

/// What an account has, protocol by protocol, each with its failure if it failed.
#[derive(Debug, Clone)]
pub struct PositionsAnswer {
    /// Whose.
    pub owner: Address,
    /// Where it is proven.
    pub at: BlockRef,
    /// One a protocol or market.
    pub reports: Vec<Report>,
}

impl PositionsAnswer {
    /// The positions with their protocols' names, the most dangerous first.
    pub fn positions(&self) -> Vec<(&str, &Position)> {
        let mut all: Vec<_> = self
            .reports
            .iter()
            .flat_map(|report| {
                let found = match &report.found {
                    Found::Positions(found) => found.as_slice(),
                    Found::NotThere | Found::Failed(_) => &[],
                };
                found.iter().map(|position| (report.name.as_str(), position))
            })
            .collect();
        all.sort_by_key(|(_, position)| std::cmp::Reverse(position.danger()));
        all
    }

    /// The worst danger of all. A lender that could not be read may hold a loan.
    pub fn worst(&self) -> Danger {
        let read = self.positions().first().map_or(Danger::None, |(_, position)| position.danger());
        if self.unread_lenders().next().is_some() { read.max(Danger::Unknown) } else { read }
    }

    /// Names of the lenders that could not be read.
    pub fn unread_lenders(&self) -> impl Iterator<Item = &str> {
        let failed =
            |one: &&Report| LENDERS.contains(&one.protocol.as_str()) && matches!(one.found, Found::Failed(_));
        self.reports.iter().filter(failed).map(|one| one.name.as_str())
    }

    /// How many protocols were read, are not on this chain, and failed.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |of: fn(&Found) -> bool| self.reports.iter().filter(|one| of(&one.found)).count();
        (
            count(|found| matches!(found, Found::Positions(_))),
            count(|found| matches!(found, Found::NotThere)),
            count(|found| matches!(found, Found::Failed(_))),
        )
    }
}
