//! What a plan says.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use crate::execution::BlockRef;
use crate::protocols::{
    Action, Allowance, Asset, Found, Intent, Position, Report, Stage, Verdict, factor_text,
};

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
    /// What the wallet holds at `at` of everything the plan has to do with, ether under the zero address. What is not in
    /// it could not be read.
    pub holds: BTreeMap<Address, U256>,
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

    /// Protocols that were read before the first step and could not be read after the last one: what is left there is not
    /// known.
    pub fn lost(&self) -> impl Iterator<Item = &Report> {
        let failed = |report: &Report| matches!(report.found, Found::Failed(_));
        let before = move |one: &Report| {
            let same = |other: &&Report| other.protocol == one.protocol && other.name == one.name;
            self.before.iter().find(same).is_some_and(failed)
        };
        self.after.iter().filter(move |one| failed(one) && !before(one))
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

    /// What there is to pay `repay` of `market` with: what the wallet holds, and where the plan begins by buying it, that.
    pub fn means(&self, market: &str, repay: &Action) -> Vec<Means> {
        let held = self.holds.get(&repay.asset.address).copied().unwrap_or_default();
        let held = Means { most: held, first: Vec::new() };
        [held].into_iter().chain(self.bought(market, repay)).collect()
    }

    /// The purchase that the plan begins with, where it is for that repayment.
    fn bought(&self, market: &str, repay: &Action) -> Option<Means> {
        let own = repay.intents().ok()?;
        let is_own = |one: &Intent| own.iter().any(|mine| mine.to == one.to);
        let needs: Vec<_> = own.iter().flat_map(|one| &one.needs).map(Allowance::pair).collect();
        let is_for_it = |one: &Intent| one.grants.iter().any(|given| needs.contains(&given.pair()));
        let working = self.steps.iter().filter(|step| step.outcome.why().is_none());
        let mut first = Vec::new();
        for Step { market: place, stage, intent, .. } in working {
            if *stage != Stage::Repay || place != market {
                return None;
            }
            if is_own(intent) {
                let spent = intent.spends.iter().filter(|(asset, _)| *asset == repay.asset);
                let most = spent.map(|(_, units)| *units).max()?;
                return (!first.is_empty()).then_some(Means { most, first });
            }
            if !is_for_it(intent) {
                first.push(intent.clone());
            }
        }
        None
    }
}

/// What a debt can be paid back with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// Units at most.
    pub most: U256,
    /// What must be done before they are there.
    pub first: Vec<Intent>,
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

#[cfg(test)]
mod tests {
    use alloy::primitives::B256;

    use super::*;
    use crate::consensus::Finality;
    use crate::protocols::{Amount, Detail, IntentError, approve};

    const POOL: Address = Address::repeat_byte(0xaa);
    const ROUTER: Address = Address::repeat_byte(0xbb);

    fn usdc() -> Asset {
        Asset::token(Address::repeat_byte(2), "USDC", 6)
    }

    fn pay(action: &Action) -> Result<Vec<Intent>, IntentError> {
        Ok(vec![Intent::call(POOL, vec![1, 2, 3, 4], "Repay".to_owned()).taking(
            &usdc(),
            POOL,
            action.units(),
        )])
    }

    fn repay() -> Action {
        Action {
            protocol: "p".to_owned(),
            owner: Address::repeat_byte(1),
            kind: "repay",
            title: "Repay all USDC".to_owned(),
            asset: usdc(),
            amount: Amount::All,
            all: U256::from(1_000),
            growth: U256::ZERO,
            stage: Some(Stage::Repay),
            note: None,
            blocked: None,
            changed: None,
            detail: Detail::new(()),
            build: pay,
        }
    }

    fn step(market: &str, stage: Stage, intent: Intent) -> Step {
        Step { market: market.to_owned(), stage, intent, outcome: StepOutcome::Works { gas: 1 } }
    }

    fn plan(holds: u64, steps: Vec<Step>) -> ExitPlan {
        let at = BlockRef { number: 1, hash: B256::ZERO, timestamp: 1, finality: Finality::Optimistic };
        ExitPlan {
            owner: Address::repeat_byte(1),
            at,
            steps,
            shortfalls: Vec::new(),
            left_out: Vec::new(),
            take_now: Vec::new(),
            floor: U256::ZERO,
            total_gas: 0,
            holds: BTreeMap::from([(usdc().address, U256::from(holds))]),
            wallet: Vec::new(),
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    fn buying() -> Vec<Step> {
        let swap = Intent::call(ROUTER, vec![5, 6, 7, 8], "Buy 1 000 USDC".to_owned());
        let own = approve(&usdc(), POOL, U256::from(1_001));
        let paid = pay(&repay()).unwrap().remove(0);
        [swap, own, paid].into_iter().map(|one| step("Aave", Stage::Repay, one)).collect()
    }

    /// Where the plan bought what is owed it lacked nothing, and the wallet was taken to hold all of it.
    #[test]
    fn only_what_the_wallet_holds_pays_before_the_rest_is_bought() {
        let nothing = Means { most: U256::ZERO, first: Vec::new() };
        let found = plan(0, buying()).means("Aave", &repay());
        assert_eq!(found[0], nothing);
        let words: Vec<_> = found[1].first.iter().map(|one| one.sentence.as_str()).collect();
        assert_eq!((found[1].most, words), (U256::from(1_000), vec!["Buy 1 000 USDC"]));
        let held = plan(400, Vec::new()).means("Aave", &repay());
        assert_eq!(held, [Means { most: U256::from(400), first: Vec::new() }]);
    }

    #[test]
    fn a_purchase_that_is_for_something_else_or_comes_later_is_none() {
        let none = |steps| plan(0, steps).means("Aave", &repay()).len() == 1;
        assert!(none(Vec::new()));
        assert!(none(buying().into_iter().map(|one| Step { market: "Spark".to_owned(), ..one }).collect()));
        let claim = step("Aave", Stage::Claim, Intent::call(POOL, vec![9; 4], "Claim".to_owned()));
        assert!(none([claim].into_iter().chain(buying()).collect()));
        assert!(none(buying().split_off(1)), "an approval alone buys nothing");
        let mut fails = buying();
        fails[2].outcome = StepOutcome::Fails { why: "no".to_owned() };
        assert!(none(fails), "what is bought for a payment that fails");
    }
}
