//! Makes a plan: stage by stage, each on the positions that the former stages would leave.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, U256};

use super::plan::{ExitPlan, LeftOut, Shortfall, Step, StepOutcome, WalletChange};
use super::simulate::{Balances, balances, outcomes, standing};
use super::{repay, take_now};
use crate::chain::StateAt;
use crate::execution::Call;
use crate::protocols::{
    Action, Asset, Found, Intent, JointState, Position, ProtocolError, Registry, Report, Stage,
    with_approvals,
};

/// Rounds of a plan: each stage takes one, and what it frees may bring another.
const MAX_ROUNDS: usize = 16;

/// An action is tried once: position, kind and asset.
type Key = (String, &'static str, Address);

struct Planner<'a> {
    state: &'a StateAt,
    owner: Address,
    /// Calls of the steps that work.
    done: Vec<Call>,
    steps: Vec<Step>,
    shortfalls: Vec<Shortfall>,
    left_out: Vec<LeftOut>,
    tried: BTreeSet<Key>,
    assets: BTreeMap<Address, Asset>,
}

/// An action with where it belongs.
struct Candidate {
    market: String,
    key: Key,
    action: Action,
    /// The actions of the same position.
    others: Vec<Action>,
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
        state,
        owner,
        done: Vec::new(),
        steps: Vec::new(),
        shortfalls: Vec::new(),
        left_out: Vec::new(),
        tried: BTreeSet::new(),
        assets: BTreeMap::from([(Address::ZERO, Asset::ether())]),
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
    let first = balances(&JointState::alone(state.clone()), owner, assets.clone()).await?;
    let last = balances(&planner.joint(), owner, assets.clone()).await?;
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
        shortfalls: planner.shortfalls,
        left_out: planner.left_out,
        take_now,
        floor,
        wallet: changes(&assets, &first, &last),
        before,
        after: now,
    })
}

fn changes(assets: &[Asset], first: &Balances, last: &Balances) -> Vec<WalletChange> {
    let of = |all: &Balances, asset: &Asset| all.get(&asset.address).copied().unwrap_or_default();
    let all = assets.iter().map(|asset| WalletChange {
        asset: asset.clone(),
        before: of(first, asset),
        after: of(last, asset),
    });
    all.filter(|one| one.before != one.after).collect()
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
    fn joint(&self) -> JointState {
        JointState::after(self.state.clone(), self.done.clone())
    }

    fn note_assets(&mut self, reports: &[Report]) {
        for (_, position) in positions(reports) {
            for row in &position.rows {
                self.assets.entry(row.asset.address).or_insert_with(|| row.asset.clone());
            }
        }
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
                by_stage.entry(stage).or_default().push(Candidate { market, key, action, others });
            }
        }
        by_stage.into_iter().next()
    }

    fn leave_out(&mut self, market: &str, action: &Action, why: String) {
        self.left_out.push(LeftOut { market: market.to_owned(), title: action.title.clone(), why });
    }

    async fn take_stage(&mut self, stage: Stage, candidates: Vec<Candidate>) -> Result<(), ProtocolError> {
        let owed = candidates.iter().map(|one| one.action.asset.clone());
        let mut wallet = balances(&self.joint(), self.owner, owed).await?;
        for candidate in candidates {
            self.tried.insert(candidate.key.clone());
            let actions = if stage == Stage::Repay {
                let place = (candidate.others.as_slice(), candidate.market.as_str());
                let (actions, shortfall) = repay::pay(&candidate.action, place, &mut wallet);
                self.shortfalls.extend(shortfall);
                actions
            } else {
                vec![candidate.action.clone()]
            };
            for action in actions {
                self.take(stage, &candidate.market, &action).await?;
            }
        }
        Ok(())
    }

    /// Simulates an action's calls after all former ones. Either all of them work, or none is kept.
    async fn take(&mut self, stage: Stage, market: &str, action: &Action) -> Result<(), ProtocolError> {
        let intents = match action.intents() {
            Ok(intents) => intents,
            Err(error) => {
                self.leave_out(market, action, error.to_string());
                return Ok(());
            }
        };
        let intents = self.approved(intents).await?;
        let outcomes = outcomes(self.state, self.owner, (&self.done, &intents)).await?;
        let works = outcomes.iter().all(|one| matches!(one, StepOutcome::Works { .. }));
        if works {
            self.done.extend(intents.iter().map(|intent| intent.as_call(self.owner)));
        }
        for (intent, outcome) in intents.into_iter().zip(outcomes) {
            // An approval for a call that fails is no step.
            if works || matches!(outcome, StepOutcome::Fails { .. }) {
                self.steps.push(Step { market: market.to_owned(), stage, intent, outcome });
            }
        }
        Ok(())
    }

    async fn approved(&self, intents: Vec<Intent>) -> Result<Vec<Intent>, ProtocolError> {
        let needs: Vec<_> = intents.iter().flat_map(|intent| intent.needs.clone()).collect();
        let standing = standing(&self.joint(), self.owner, &needs).await?;
        let of = |token, spender| standing.get(&(token, spender)).copied().unwrap_or_default();
        Ok(intents.into_iter().flat_map(|intent| with_approvals(intent, of)).collect())
    }
}
