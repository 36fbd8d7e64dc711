//! Proven answers about protocols.

use alloy::primitives::Address;

use crate::execution::BlockRef;
use crate::protocols::approvals::Approvals;
use crate::protocols::exit_plan::ExitPlan;
use crate::protocols::safe::SafeFacts;
use crate::protocols::{Danger, Found, Position, Report};

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
    /// Who controls a Safe.
    Safe(SafeFacts),
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

    /// The worst danger of all.
    pub fn worst(&self) -> Danger {
        self.positions().first().map_or(Danger::None, |(_, position)| position.danger())
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
