//! Withdrawals that would fail: they come again once something else came out of the same position.

use super::plan::{LeftOut, Step, StepOutcome};
use super::planner::{Key, Planner};
use crate::protocols::{Intent, Stage};

/// A withdrawal that would fail, as the plan says it at the end.
pub(super) enum Refused {
    /// Of all there is: the step that fails.
    Step(Vec<Step>),
    /// Of what is left once a part was taken.
    Rest(LeftOut),
}

pub(super) fn works(outcomes: &[StepOutcome]) -> bool {
    outcomes.iter().all(|one| matches!(one, StepOutcome::Works { .. }))
}

/// The calls that would fail, as steps: an approval for one is none.
pub(super) fn failing(
    (stage, market): (Stage, &str),
    intents: Vec<Intent>,
    outcomes: Vec<StepOutcome>,
) -> Vec<Step> {
    let all = intents.into_iter().zip(outcomes).filter(|(_, outcome)| outcome.why().is_some());
    all.map(|(intent, outcome)| Step { market: market.to_owned(), stage, intent, outcome }).collect()
}

impl Planner<'_> {
    /// Something came out of a position: what was refused there may go now, as where one asset had to come out first.
    pub(super) fn try_refused_again(&mut self, place: &str) -> bool {
        let again: Vec<Key> = self.refused.keys().filter(|key| key.0 == place).cloned().collect();
        for key in &again {
            self.refused.remove(key);
            self.tried.remove(key);
        }
        !again.is_empty()
    }

    /// What is refused to the end stands in the plan with the reason.
    pub(super) fn tell_refused(&mut self) {
        for refused in std::mem::take(&mut self.refused).into_values() {
            match refused {
                Refused::Step(steps) => self.steps.extend(steps),
                Refused::Rest(left) => self.left_out.push(left),
            }
        }
    }
}
