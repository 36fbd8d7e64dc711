//! What several protocols' tests say of plans: that all of it works, and that the wallet carries it out.

use lifeboat::protocols::exit_plan::{ExitPlan, StepOutcome};
use lifeboat::protocols::{Action, Found, Position, Registry, Report};

use super::lab::{Lab, USER};
use crate::support::exit_journey::Journey;

pub(crate) fn positions(reports: &[Report]) -> Vec<&Position> {
    let found = reports.iter().flat_map(|report| match &report.found {
        Found::Positions(all) => all.as_slice(),
        other => panic!("{}: {other:?}", report.name),
    });
    found.collect()
}

pub(crate) fn action<'a>(position: &'a Position, kind: &str) -> &'a Action {
    let found = position.actions.iter().find(|one| one.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind}: {:#?}", position.actions))
}

/// Every step works, and nothing is left out or lacking.
pub(crate) fn all_work(plan: &ExitPlan) {
    let works = plan.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Works { .. }));
    assert!(works && plan.left_out.is_empty() && plan.shortfalls.is_empty(), "{plan:#?}");
}

/// Every step goes through the user's wallet, from its review to a proven block.
pub(crate) async fn carry_out(lab: &mut Lab, plan: &ExitPlan) {
    let mut journey = Journey::start(lab, None).await;
    for step in &plan.steps {
        journey.carry(lab, USER, &step.intent).await;
    }
    journey.end(lab).await;
}

/// The same of a plan that works as a whole; then nothing is left of what `registry` reads.
pub(crate) async fn leave(lab: &mut Lab, registry: &Registry, plan: &ExitPlan) {
    all_work(plan);
    assert!(!plan.steps.is_empty(), "there is nothing to leave");
    carry_out(lab, plan).await;
    let reports = lab.read(registry, USER).await;
    let left: Vec<_> = positions(&reports).into_iter().filter(|one| !one.is_empty()).collect();
    assert!(left.is_empty(), "{left:#?}");
}
