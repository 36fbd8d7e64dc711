//! `lifeboat exit-plan`: the way out of every position, each step simulated on what the former leaves.

use alloy::primitives::{Address, U256};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::positions::{changed_words, position_text, reports_json};
use super::protocols::{LookedAt, amount, failures, intent};
use crate::app::{ExitPlan, Found, Handle, ProtocolQuestion, Question, Snapshot, StepOutcome, factor_text};
use crate::cli::args::Args;
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::with_provenance;
use crate::cli::{Exit, value};

/// Words of `exit-plan`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Example:
  lifeboat exit-plan 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045 --protocol aave

Nothing is sent. Every step ran here, on proven state, after the steps before it. Exit code 1: a debt cannot be paid with
what the account has.")]
pub struct ExitPlanArgs {
    /// Whose
    #[arg(value_parser = value::address)]
    address: Address,
    /// The health factor that what can be taken out now must leave
    #[arg(long, value_name = "FACTOR", default_value = "1.05", value_parser = factor)]
    above: U256,
    #[command(flatten)]
    looked_at: LookedAt,
}

/// A health factor of 1 to 100 with up to 18 decimals.
fn factor(text: &str) -> Result<U256, String> {
    let wrong = || format!("{text:?} is no health factor: give a number like 1.05, from 1 to 100");
    if text.split_once('.').is_some_and(|(_, digits)| digits.len() > 18) {
        return Err(wrong()); // what is beyond 18 digits would be cut off unseen
    }
    let parsed = alloy::primitives::utils::parse_units(text, 18).map_err(|_error| wrong())?;
    let units: U256 = parsed.into();
    let one = U256::from(1_000_000_000_000_000_000_u64);
    let fits = units >= one && units <= one.saturating_mul(U256::from(100)) && !text.starts_with('-');
    if fits { Ok(units) } else { Err(wrong()) }
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &ExitPlanArgs, handle: &mut Handle) -> Exit {
    match asked.looked_at.question(args, handle, asked.address) {
        Ok(of) => {
            let question = ProtocolQuestion::ExitPlan { of, floor: asked.above };
            ask(args, handle, Question::Protocol(question)).await
        }
        Err(exit) => exit,
    }
}

/// For people.
pub(super) fn text(plan: &ExitPlan, snapshot: &Snapshot) -> String {
    let mut out = failures(&plan.before);
    if plan.steps.is_empty() && plan.shortfalls.is_empty() && plan.left_out.is_empty() {
        out.push_str("Nothing to leave in the protocols that were read. Others may exist.\n");
        return with_provenance(out, plan.at, snapshot);
    }
    for (name, position) in plan.changed() {
        out.push_str(&format!("! {name}, {}: {}\n", position.contract.to_checksum(None), changed_words()));
    }
    for short in &plan.shortfalls {
        out.push_str(&format!("! {}\n", short.words()));
    }
    for (number, step) in (1..).zip(&plan.steps) {
        let told = match &step.outcome {
            StepOutcome::Works { gas } => format!("works, {gas} gas"),
            StepOutcome::Fails { why } => format!("WOULD FAIL now: {why}"),
        };
        out.push_str(&format!("{number:>3}. {}: {}\n     {told}\n", step.market, step.intent.sentence));
    }
    for left in &plan.left_out {
        out.push_str(&format!("  – {}: {}: {}\n", left.market, left.title, left.why));
    }
    out.push_str(&format!("All steps: {} gas\n", plan.total_gas));
    for change in &plan.wallet {
        let (before, after) = (change.asset.show(change.before), change.asset.show(change.after));
        out.push_str(&format!("  wallet: {before} → {after}\n"));
    }
    for moved in plan.health_moves() {
        out.push_str(&format!("  {}: {}\n", moved.market, moved.words()));
    }
    for report in plan.lost() {
        out.push_str(&format!(
            "! {} could not be read after these steps: what is left there is not known.\n",
            report.name
        ));
    }
    out.push_str(&left_text(plan));
    for take in &plan.take_now {
        out.push_str(&format!(
            "Or at once, without repaying, {}: {}. The health factor would be {}\n",
            take.market,
            take.intent.sentence,
            factor_text(take.ends_at)
        ));
    }
    with_provenance(out, plan.at, snapshot)
}

fn left_text(plan: &ExitPlan) -> String {
    let mut out = String::new();
    for report in &plan.after {
        if let Found::Positions(all) = &report.found {
            for position in all {
                out.push_str(&format!("Left: {}", position_text(&report.name, position)));
            }
        }
    }
    let all_read = plan.lost().next().is_none();
    if out.is_empty() && all_read {
        "Left: nothing in the protocols that were read.\n".to_owned()
    } else {
        out
    }
}

/// For programs.
pub(super) fn json(plan: &ExitPlan) -> Value {
    let steps: Vec<Value> = plan
        .steps
        .iter()
        .map(|step| {
            let (works, gas, why) = match &step.outcome {
                StepOutcome::Works { gas } => (true, Some(*gas), None),
                StepOutcome::Fails { why } => (false, None, Some(why)),
            };
            json!({"market": step.market, "call": intent(&step.intent), "works": works, "gas": gas, "why": why})
        })
        .collect();
    let short = plan.shortfalls.iter().map(|one| {
        json!({
            "market": one.market, "needed": amount(&one.asset, one.needed),
            "held": amount(&one.asset, one.held), "missing": amount(&one.asset, one.missing()),
        })
    });
    let take = plan.take_now.iter().map(|one| {
        json!({
            "market": one.market, "call": intent(&one.intent),
            "health_factor_after_wad": one.ends_at.to_string(),
        })
    });
    let wallet = plan
        .wallet
        .iter()
        .map(|one| json!({"before": amount(&one.asset, one.before), "after": amount(&one.asset, one.after)}));
    let moves = plan.health_moves().into_iter().map(|one| {
        json!({
            "market": one.market, "before_wad": one.before.to_string(),
            "after_wad": one.after.map(|factor| factor.to_string()),
        })
    });
    let left_out =
        plan.left_out.iter().map(|one| json!({"market": one.market, "title": one.title, "why": one.why}));
    let plan_json = json!({
        "steps": steps,
        "total_gas": plan.total_gas,
        "shortfalls": short.collect::<Vec<_>>(),
        "not_read_after": plan.lost().map(|report| &report.name).collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
        "take_now": take.collect::<Vec<_>>(),
        "above_wad": plan.floor.to_string(),
        "wallet": wallet.collect::<Vec<_>>(),
        "health_factors": moves.collect::<Vec<_>>(),
    });
    json!({
        "address": plan.owner.to_checksum(None),
        "plan": proven(plan_json, plan.at),
        "before": reports_json(&plan.before),
        "after": reports_json(&plan.after),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_is_a_number_from_1_to_100() {
        assert_eq!(factor("1.05"), Ok(U256::from(1_050_000_000_000_000_000_u64)));
        assert!(factor("1").is_ok() && factor("100").is_ok());
        for bad in ["0.99", "101", "-2", "", "x", "1.0000000000000000001"] {
            assert!(factor(bad).unwrap_err().contains("no health factor"), "{bad}");
        }
    }
}
