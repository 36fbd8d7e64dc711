//! What protocols' own readings bring: R20 health factor, R21 swap, R23 Safe control.

use super::finding::{Fact, Finding, Level};
use super::input::{Case, SafeChange, SwapFact};

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    [health(case), swap(case), safe(case)].into_iter().flatten().collect()
}

/// R20: caution below 1.50, danger below 1.20, block below 1.00.
fn health(case: &Case<'_>) -> Option<Finding> {
    let health = case.input.health.as_ref()?;
    let Some(hundredths) = health.after else {
        let text = format!("{}: nothing is owed there any more.", health.protocol);
        return Some(Finding::passed(20, text));
    };
    let factor = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let text = format!("Health factor ends at {factor}.");
    match hundredths {
        150.. => Some(Finding::passed(20, text)),
        120..150 => Some(Finding::new(20, Level::Caution, text)),
        100..120 => Some(Finding::danger(20, text, Fact::new("the new health factor", &[&factor]))),
        _ => {
            let (protocol, most) = (&health.protocol, &health.most);
            let text =
                format!("{protocol} will refuse: it would end at {factor}. Most you can take: {most}.");
            Some(Finding::new(20, Level::Block, text))
        }
    }
}

/// R21.
fn swap(case: &Case<'_>) -> Option<Finding> {
    let percent = |tenths: u64| format!("{}.{} %", tenths / 10, tenths % 10);
    Some(match case.input.swap? {
        SwapFact::NoMinimum => {
            let text = "No minimum: you could receive nothing.";
            Finding::danger(21, text, Fact::new("the least you receive", &["0"]))
        }
        SwapFact::NoMaximum => {
            let text = "No maximum: it may take everything of yours that it can reach.";
            Finding::danger(21, text, Fact::new("UNLIMITED", &["UNLIMITED"]))
        }
        SwapFact::Below { tenths } => {
            let text = format!("You accept as little as {} below the oracle price.", percent(tenths));
            Finding::new(21, Level::Caution, text)
        }
        SwapFact::Above { tenths } => {
            let text = format!("You accept to pay as much as {} above the oracle price.", percent(tenths));
            Finding::new(21, Level::Caution, text)
        }
    })
}

/// R23.
fn safe(case: &Case<'_>) -> Option<Finding> {
    case.input.safe.as_ref().map(control)
}

/// R23 of a change.
pub(super) fn control(change: &SafeChange) -> Finding {
    let (what, fact) = match change {
        SafeChange::Threshold { from, to } => {
            let typed = to.to_string();
            (format!("threshold {from} → {to}"), Fact::new("the new threshold", &[&typed]))
        }
        SafeChange::Delegatecall { to } => {
            (format!("delegatecall to {to}"), Fact::new("DELEGATE", &["DELEGATE"]))
        }
        SafeChange::Control { what } => (what.clone(), Fact::new("CONTROL", &["CONTROL"])),
    };
    Finding::danger(23, format!("This changes who controls the Safe: {what}"), fact)
}
