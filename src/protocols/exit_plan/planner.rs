//! Makes a plan: stage by stage, each on the positions that the former stages would leave.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, U256};

use super::fair::{self, Prices};
use super::plan::{ExitPlan, LeftOut, Shortfall, Step, StepOutcome};
use super::simulate::{Balances, Unread, balances, changes, contracts_own, outcomes};
use super::{repay, take_now};
use crate::chain::StateAt;
use crate::execution::{Call, CallOutcome};
use crate::protocols::approvals::standing;
use crate::protocols::{
    Action, Allowance, Amount, Asset, Found, Intent, JointState, Position, ProtocolError, Registry, Report,
    RowKind, Stage, TakeNow, with_approvals, with_margin,
};

/// Rounds of a plan: each stage takes one, and what it frees may bring another.
const MAX_ROUNDS: usize = 40;

/// An action is tried once: position, kind and asset.
type Key = (String, &'static str, Address);

/// A position is gone back to this often, each time with what could be taken out of it meanwhile.
const MOST_TURNS: usize = 10;

/// Purchases for one debt: more assets than these are not sold for it.
const MOST_BOUGHT: usize = 4;

/// What is less than this part of all is not worth a step.
const SMALLEST_PART: U256 = U256::from_limbs([200, 0, 0, 0]);

pub(super) struct Planner<'a> {
    pub(super) registry: &'a Registry,
    pub(super) state: &'a StateAt,
    pub(super) owner: Address,
    /// The factor that a withdrawal keeps while there is a debt.
    floor: U256,
    /// Calls of the steps that work.
    pub(super) done: Vec<Call>,
    steps: Vec<Step>,
    shortfalls: BTreeMap<Key, Shortfall>,
    pub(super) left_out: Vec<LeftOut>,
    tried: BTreeSet<Key>,
    /// How often each position was gone back to.
    turns: BTreeMap<String, usize>,
    pub(super) assets: BTreeMap<Address, Asset>,
    /// Assets that are owed somewhere: never sold.
    pub(super) owed: BTreeSet<Address>,
    pub(super) prices: Prices,
    /// Of what was bought for a known amount: so much may come less. No later step relies on it.
    pub(super) unsure: BTreeMap<Address, U256>,
    /// What was paid for debts may be more when it is: so much of the same asset is not unwrapped after it.
    growth: BTreeMap<Address, U256>,
    /// Tokens that do not tell what the wallet holds of them: neither paid with nor sold.
    pub(super) unread: Unread,
}

/// Calls, and what each does.
type Simulated = (Vec<Intent>, Vec<StepOutcome>);

/// An action with where it belongs.
struct Candidate {
    market: String,
    key: Key,
    action: Action,
    /// The actions of the same position.
    others: Vec<Action>,
    /// What can be taken out instead while a debt stays.
    parts: Vec<TakeNow>,
}

/// Plans the way out of everything that `registry` reads. `floor` is the health factor that "take out now" keeps.
///
/// # Errors
/// Where state could not be proven. Protocols that could not be read stand in the plan beside the others.
pub async fn plan_exit(
    registry: &Registry,
    state: &StateAt,
    owner: Address,
    floor: U256,
) -> Result<ExitPlan, ProtocolError> {
    let mut planner = Planner {
        registry,
        state,
        owner,
        floor,
        done: Vec::new(),
        steps: Vec::new(),
        shortfalls: BTreeMap::new(),
        left_out: Vec::new(),
        tried: BTreeSet::new(),
        turns: BTreeMap::new(),
        assets: BTreeMap::from([(Address::ZERO, Asset::ether())]),
        owed: BTreeSet::new(),
        prices: Prices::new(),
        unsure: BTreeMap::new(),
        growth: BTreeMap::new(),
        unread: Unread::new(),
    };
    let before = registry.read(owner, state).await?;
    planner.note_assets(&before);
    let mut now = before.clone();
    for _ in 0..MAX_ROUNDS {
        let Some((stage, candidates)) = planner.next_stage(&now) else { break };
        planner.take_stage(stage, candidates).await?;
        now = registry.read_on(owner, &planner.joint()).await?;
        planner.note_assets(&now);
    }
    let assets: Vec<Asset> = planner.assets.values().cloned().collect();
    let (start, end) = (JointState::alone(state.clone()), planner.joint());
    let first = balances(&start, owner, assets.clone(), &mut planner.unread).await?;
    let last = balances(&end, owner, assets.clone(), &mut planner.unread).await?;
    let unread = planner.unread.iter().map(|(token, why)| LeftOut::unread(planner.assets.get(token), why));
    planner.left_out.extend(unread);
    let take_now = take_now::take_now(registry, state, (&before, floor)).await?;
    let gas = planner.steps.iter().map(|step| match step.outcome {
        StepOutcome::Works { gas } => gas,
        StepOutcome::Fails { .. } => 0,
    });
    Ok(ExitPlan {
        owner,
        at: state.block_ref(),
        total_gas: gas.fold(0, u64::saturating_add),
        steps: planner.steps,
        shortfalls: planner.shortfalls.into_values().collect(),
        left_out: planner.left_out,
        take_now,
        floor,
        wallet: changes(&assets, &first, &last),
        before,
        after: now,
    })
}

pub(super) fn works(outcomes: &[StepOutcome]) -> bool {
    outcomes.iter().all(|one| matches!(one, StepOutcome::Works { .. }))
}

fn positions(reports: &[Report]) -> impl Iterator<Item = (&str, &Position)> {
    reports.iter().flat_map(|report| {
        let found = match &report.found {
            Found::Positions(all) => all.as_slice(),
            Found::NotThere | Found::Failed(_) => &[],
        };
        found.iter().map(|position| (report.name.as_str(), position))
    })
}

impl Planner<'_> {
    pub(super) fn joint(&self) -> JointState {
        JointState::after(self.state.clone(), self.done.clone())
    }

    fn note_assets(&mut self, reports: &[Report]) {
        for (_, position) in positions(reports) {
            for row in &position.rows {
                self.assets.entry(row.asset.address).or_insert_with(|| row.asset.clone());
                if row.kind == RowKind::Borrowed {
                    self.owed.insert(row.asset.address);
                }
            }
        }
        fair::note(&mut self.prices, reports);
    }

    /// The earliest stage that still has something untried. What is blocked is noted and left out.
    fn next_stage(&mut self, reports: &[Report]) -> Option<(Stage, Vec<Candidate>)> {
        let mut by_stage: BTreeMap<Stage, Vec<Candidate>> = BTreeMap::new();
        for (name, position) in positions(reports) {
            let others = position.actions.clone();
            for action in others.iter().filter(|action| action.stage.is_some()) {
                let place = format!("{name}/{}", position.market);
                let key = (place, action.kind, action.asset.address);
                if self.tried.contains(&key) {
                    continue;
                }
                if let Some(why) = &action.blocked {
                    self.leave_out(name, action, why.clone());
                    self.tried.insert(key);
                    continue;
                }
                let (market, action, others) = (name.to_owned(), action.clone(), others.clone());
                let stage = action.stage.unwrap_or(Stage::Queue);
                let parts = if stage == Stage::Withdraw { self.parts(position, &action) } else { Vec::new() };
                by_stage.entry(stage).or_default().push(Candidate { market, key, action, others, parts });
            }
        }
        by_stage.into_iter().next()
    }

    fn leave_out(&mut self, market: &str, action: &Action, why: String) {
        self.left_out.push(LeftOut { market: market.to_owned(), title: action.title.clone(), why });
    }

    /// What could be taken of the same asset while the debt stays.
    fn parts(&self, position: &Position, action: &Action) -> Vec<TakeNow> {
        let mut all = self.registry.take_now(position, self.floor);
        all.retain(|one| {
            let same = one.action.kind == action.kind && one.action.asset == action.asset;
            same && one.action.units().saturating_mul(SMALLEST_PART) >= action.all
        });
        all
    }

    async fn take_stage(&mut self, stage: Stage, candidates: Vec<Candidate>) -> Result<(), ProtocolError> {
        let mut wallet = self.wallet().await?;
        for candidate in candidates {
            self.tried.insert(candidate.key.clone());
            if stage == Stage::Repay {
                self.repay(candidate, &mut wallet).await?;
            } else if self.withdraw(stage, candidate).await? {
                // What is left of the position is another one now: it is read again before it is touched again.
                break;
            }
        }
        Ok(())
    }

    /// What the wallet surely holds then of everything that a position has to do with.
    async fn wallet(&mut self) -> Result<Balances, ProtocolError> {
        let (joint, assets) = (self.joint(), self.assets.values().cloned());
        let mut wallet = balances(&joint, self.owner, assets, &mut self.unread).await?;
        for (asset, unsure) in &self.unsure {
            wallet.entry(*asset).and_modify(|held| *held = held.saturating_sub(*unsure));
        }
        Ok(wallet)
    }

    async fn repay(&mut self, candidate: Candidate, wallet: &mut Balances) -> Result<(), ProtocolError> {
        if let Some(why) = self.unread.get(&candidate.action.asset.address).cloned() {
            self.leave_out(&candidate.market, &candidate.action, why);
            return Ok(());
        }
        let place = (candidate.others.as_slice(), candidate.market.as_str());
        for _ in 0..MOST_BOUGHT {
            let (_, shortfall) = repay::pay(&candidate.action, place, &mut wallet.clone());
            let Some(short) = shortfall else { break };
            if !self.buy(&short).await? {
                break;
            }
            *wallet = self.wallet().await?;
        }
        let (actions, shortfall) = repay::pay(&candidate.action, place, wallet);
        let before = self.shortfalls.remove(&candidate.key);
        if let Some(short) = shortfall {
            self.shortfalls.insert(candidate.key, short.after(before));
        }
        for action in actions {
            let growth = self.growth.entry(action.asset.address).or_default();
            *growth = growth.saturating_add(with_margin(action.units()).saturating_sub(action.units()));
            self.take(Stage::Repay, &candidate.market, &action).await?;
        }
        Ok(())
    }

    /// Takes all; where that fails since a debt stays, the most that keeps the line. True where it was only a part.
    async fn withdraw(&mut self, stage: Stage, candidate: Candidate) -> Result<bool, ProtocolError> {
        let Some(action) = self.surely_there(stage, &candidate.action) else { return Ok(false) };
        let (market, action) = (candidate.market.as_str(), &action);
        let Some((intents, outcomes)) = self.simulate(market, action).await? else { return Ok(false) };
        let turns = self.turns.get(&candidate.key.0).copied().unwrap_or_default();
        if !works(&outcomes) {
            for part in candidate.parts.iter().filter(|_| turns < MOST_TURNS) {
                let first = self.done.clone();
                let found = take_now::judged(self.state, &first, (part, self.floor), market).await?;
                let Some(found) = found else { continue };
                self.turns.insert(candidate.key.0.clone(), turns.saturating_add(1));
                let part = part.action.with_amount(Amount::Exactly(found.units));
                self.take(stage, market, &part).await?;
                self.go_back(&candidate);
                return Ok(true);
            }
            if turns > 0 {
                let why = outcomes.iter().find_map(StepOutcome::why).unwrap_or_default().to_owned();
                self.leave_out(market, action, why);
                return Ok(false);
            }
        }
        self.keep((stage, market), intents, outcomes);
        Ok(false)
    }

    /// The action on what is surely left after debts were paid with its asset; `None` where that is nothing.
    fn surely_there(&self, stage: Stage, action: &Action) -> Option<Action> {
        let growth = self.growth.get(&action.asset.address).filter(|_| stage == Stage::Unwrap);
        let Some(growth) = growth else { return Some(action.clone()) };
        let units = action.units().saturating_sub(*growth);
        (!units.is_zero()).then(|| action.with_amount(Amount::Exactly(units)))
    }

    /// What was taken out may pay for what is owed: the debts of the position and this withdrawal come again.
    fn go_back(&mut self, candidate: &Candidate) {
        let debts = candidate.others.iter().filter(|one| one.stage == Some(Stage::Repay));
        for one in debts.chain([&candidate.action]) {
            self.tried.remove(&(candidate.key.0.clone(), one.kind, one.asset.address));
        }
    }

    /// Simulates an action's calls after all former ones. Either all of them work, or none is kept.
    async fn take(&mut self, stage: Stage, market: &str, action: &Action) -> Result<(), ProtocolError> {
        if let Some((intents, outcomes)) = self.simulate(market, action).await? {
            self.keep((stage, market), intents, outcomes);
        }
        Ok(())
    }

    /// The calls of an action, approvals first, with what they do after all former ones.
    async fn simulate(&mut self, market: &str, action: &Action) -> Result<Option<Simulated>, ProtocolError> {
        let intents = match action.intents() {
            Ok(intents) => intents,
            Err(error) => {
                self.leave_out(market, action, error.to_string());
                return Ok(None);
            }
        };
        let intents = match self.approved(intents).await {
            Ok(intents) => intents,
            Err(error) => {
                self.leave_out(market, action, contracts_own(error)?);
                return Ok(None);
            }
        };
        let why = |contract: (u64, Address), outcome: &CallOutcome| {
            self.registry.why(&action.protocol, contract, outcome)
        };
        let outcomes = outcomes(self.state, self.owner, (&self.done, &intents), &why).await?;
        Ok(Some((intents, outcomes)))
    }

    pub(super) fn keep(
        &mut self,
        (stage, market): (Stage, &str),
        intents: Vec<Intent>,
        outcomes: Vec<StepOutcome>,
    ) {
        let works = works(&outcomes);
        if works {
            self.done.extend(intents.iter().map(|intent| intent.as_call(self.owner)));
        }
        for (intent, outcome) in intents.into_iter().zip(outcomes) {
            // An approval for a call that fails is no step.
            if works || matches!(outcome, StepOutcome::Fails { .. }) {
                self.steps.push(Step { market: market.to_owned(), stage, intent, outcome });
            }
        }
    }

    pub(super) async fn approved(&self, intents: Vec<Intent>) -> Result<Vec<Intent>, ProtocolError> {
        let needs = intents.iter().flat_map(|intent| &intent.needs).map(Allowance::pair);
        let standing = standing(&self.joint(), self.owner, needs).await?;
        let of = |token, spender| standing.get(&(token, spender)).copied().unwrap_or_default();
        Ok(intents.into_iter().flat_map(|intent| with_approvals(intent, of)).collect())
    }
}
