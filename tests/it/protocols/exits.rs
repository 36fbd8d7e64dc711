//! What several protocols' tests say of plans: that all of it works, and that it is carried out.

use lifeboat::protocols::exit_plan::{ExitPlan, StepOutcome};
use lifeboat::protocols::{Action, Found, Position, Report};

use super::lab::{Lab, USER};

pub(super) fn positions(reports: &[Report]) -> Vec<&Position> {
    let found = reports.iter().flat_map(|report| match &report.found {
        Found::Positions(all) => all.as_slice(),
        other => panic!("{}: {other:?}", report.name),
    });
    found.collect()
}

pub(super) fn action<'a>(position: &'a Position, kind: &str) -> &'a Action {
    let found = position.actions.iter().find(|one| one.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind}: {:#?}", position.actions))
}

/// Every step works, and nothing is left out or lacking.
pub(super) fn all_work(plan: &ExitPlan) {
    let works = plan.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Works { .. }));
    assert!(works && plan.left_out.is_empty() && plan.shortfalls.is_empty(), "{plan:#?}");
}

/// Sends every step as a transaction of the user.
pub(super) async fn carry_out(lab: &mut Lab, plan: &ExitPlan) {
    for step in &plan.steps {
        lab.send_intent(USER, &step.intent);
        lab.mine();
    }
}
