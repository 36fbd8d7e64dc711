//! What a plan says.

use alloy::primitives::{Address, U256};

use crate::execution::BlockRef;
use crate::protocols::{Asset, Found, Intent, Position, Report, Stage, Verdict, factor_text};

/// A way out, each step simulated on the state that the former leaves.
#[derive(Debug, Clone)]
pub struct ExitPlan {
    /// Whose.
    pub owner: Address,
    /// The block it starts from.
    pub at: BlockRef,
    /// The calls, in order.
    pub steps: Vec<Step>,
    /// What the wallet lacks.
    pub shortfalls: Vec<Shortfall>,
    /// What cannot be done now, and why.
    pub left_out: Vec<LeftOut>,
    /// What can be taken out at once instead, without repaying.
    pub take_now: Vec<TakeOut>,
    /// The line that `take_now` keeps, 18 decimals.
    pub floor: U256,
    /// Gas of all steps that work, as used in the simulation.
    pub total_gas: u64,
    /// The wallet before and after.
    pub wallet: Vec<WalletChange>,
    /// The positions now, and what could not be read.
    pub before: Vec<Report>,
    /// What would be left.
    pub after: Vec<Report>,
}

/// What a plan does to the health factor of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthMove {
    /// The protocol and market.
    pub market: String,
    /// The factor now, 18 decimals.
    pub before: U256,
    /// The factor at the end; `None` where nothing is owed any more.
    pub after: Option<U256>,
}

impl HealthMove {
    /// In words, as `health factor 1.14 → no debt`.
    pub fn words(&self) -> String {
        let after = self.after.map_or_else(|| "no debt".to_owned(), factor_text);
        format!("health factor {} → {after}", factor_text(self.before))
    }
}

impl ExitPlan {
    /// Positions of which the code is not the bundled one: every step of them is a danger to whoever reviews it.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &Position)> {
        let of = |report| all_of(report).filter(|one| one.code.verdict == Verdict::Changed);
        self.before.iter().flat_map(move |report| of(report).map(move |one| (report.name.as_str(), one)))
    }

    /// Loans whose health factor is another one at the end. A protocol that could not be read then says nothing.
    pub fn health_moves(&self) -> Vec<HealthMove> {
        let loans = self.before.iter().flat_map(|report| all_of(report).map(move |loan| (report, loan)));
        let moved = loans.filter_map(|(report, loan)| {
            let before = loan.health.as_ref()?.factor?;
            let name = &report.name;
            let then = self.after.iter().find(|one| one.protocol == report.protocol && one.name == *name)?;
            let Found::Positions(left) = &then.found else { return None };
            let same = left.iter().find(|one| one.market == loan.market && one.contract == loan.contract);
            let owes = same.is_some_and(Position::owes);
            let after = same.and_then(|one| one.health.as_ref()?.factor);
            // Something is owed and its factor is not known: nothing is said.
            let known = after.is_some() || !owes;
            (known && after != Some(before)).then(|| HealthMove { market: name.clone(), before, after })
        });
        moved.collect()
    }
}

fn all_of(report: &Report) -> impl Iterator<Item = &Position> {
    let found = match &report.found {
        Found::Positions(all) => all.as_slice(),
        Found::NotThere | Found::Failed(_) => &[],
    };
    found.iter()
}

/// One transaction of a plan.
#[derive(Debug, Clone)]
pub struct Step {
    /// The protocol and market, as people call it.
    pub market: String,
    /// When in an exit it comes.
    pub stage: Stage,
    /// The transaction.
    pub intent: Intent,
    /// What the simulation showed.
    pub outcome: StepOutcome,
}

/// What became of a step in the simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepOutcome {
    /// It works.
    Works {
        /// Gas used. A limit should be a third higher.
        gas: u64,
    },
    /// It would fail; nothing later relies on it.
    Fails {
        /// Why, in words.
        why: String,
    },
}

impl StepOutcome {
    /// Why it would fail; `None` where it works.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Works { .. } => None,
            Self::Fails { why } => Some(why),
        }
    }
}

/// What the wallet lacks to pay a debt back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// The protocol and market.
    pub market: String,
    /// Of what.
    pub asset: Asset,
    /// What is owed.
    pub needed: U256,
    /// What can be paid, from the wallet and from what is supplied of the same.
    pub held: U256,
}

impl Shortfall {
    /// The same as part of what was owed when it was `first` tried.
    pub(super) fn after(self, first: Option<Self>) -> Self {
        let Some(first) = first else { return self };
        let held = first.needed.saturating_sub(self.missing());
        Self { held, ..first }
    }

    /// What is missing.
    pub fn missing(&self) -> U256 {
        self.needed.saturating_sub(self.held)
    }

    /// In words.
    pub fn words(&self) -> String {
        format!(
            "{}: repay {}. You have {}: short {}.",
            self.market,
            self.asset.show_up(self.needed),
            self.asset.show(self.held),
            self.asset.show_up(self.missing())
        )
    }
}

/// Something that belongs to an exit and cannot be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The protocol and market.
    pub market: String,
    /// What.
    pub title: String,
    /// Why not, in words.
    pub why: String,
}

impl LeftOut {
    /// A token that does not tell what the wallet holds of it.
    pub(super) fn unread(token: Option<&Asset>, why: &str) -> Self {
        Self {
            market: "The wallet".to_owned(),
            title: token.map_or_else(|| "a token".to_owned(), |asset| asset.symbol.clone()),
            why: format!("What the wallet holds of it cannot be read, so no step pays with it: {why}"),
        }
    }
}

/// Something that can be taken out at once while the loan stays above the line.
#[derive(Debug, Clone)]
pub struct TakeOut {
    /// The protocol and market.
    pub market: String,
    /// Of what.
    pub asset: Asset,
    /// How many units.
    pub units: U256,
    /// The transaction.
    pub intent: Intent,
    /// The health factor after it by the contract itself, 18 decimals.
    pub ends_at: U256,
}

/// What the wallet holds of something before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletChange {
    /// Of what.
    pub asset: Asset,
    /// Units now.
    pub before: U256,
    /// Units then. Ether: without the fees.
    pub after: U256,
}
