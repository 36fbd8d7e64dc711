//! `lifeboat positions`: what an account has in protocols, and in what danger it is.

use alloy::primitives::Address;
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::protocols::{LookedAt, amount, failures, intent};
use crate::app::{
    Action, Danger, Found, Handle, Health, JointPositions, Position, PositionsAnswer, ProtocolQuestion,
    Question, Reason, Report, Row, Snapshot, Verdict,
};
use crate::cli::args::Args;
use crate::cli::format::{proof, units};
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::with_provenance;
use crate::cli::{Exit, value};

/// Words of `positions`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Example:
  lifeboat positions 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045
  lifeboat positions ADDRESS ADDRESS   (read together: much fewer requests than one after the other)

Only bundled protocols are looked at; others may exist. What cannot be listed from the chain (positions of Uniswap v4, pools
of Balancer, markets of Morpho that are not bundled, requests of ether.fi, troves of Liquity v2, any vault
of the form ERC-4626 as erc4626=0x…) is named with --id, and kept for later with --keep; `lifeboat named` shows what is kept.
A protocol that could not be read says so beside the rest, and the exit code is then 3. Health factors are the protocol's own integers, computed here by its own code on proven state.")]
pub struct PositionsArgs {
    /// Whose; several are read at one block and together
    #[arg(required = true, value_name = "ADDRESS", value_parser = value::address)]
    addresses: Vec<Address>,
    #[command(flatten)]
    looked_at: LookedAt,
}

impl PositionsArgs {
    /// What it asks.
    fn question(&self, args: &Args, handle: &Handle) -> Result<Question, Exit> {
        let first = self.addresses.first().copied().unwrap_or_default();
        let one = self.looked_at.question(args, handle, first)?;
        Ok(match self.addresses.len() {
            0 | 1 => Question::Protocol(ProtocolQuestion::Positions(one)),
            _ => JointPositions::like(&one, self.addresses.clone()).question(),
        })
    }
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &PositionsArgs, handle: &mut Handle) -> Exit {
    match asked.question(args, handle) {
        Ok(question) => ask(args, handle, question).await,
        Err(exit) => exit,
    }
}

/// Of several accounts, for people: each under its address.
pub(super) fn text_of_many(all: &[PositionsAnswer], snapshot: &Snapshot) -> String {
    let each = all.iter().map(|one| format!("{}\n{}", one.owner.to_checksum(None), text(one, snapshot)));
    each.collect::<Vec<_>>().join("\n")
}

/// For people.
pub(super) fn text(answer: &PositionsAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let positions = answer.positions();
    for (name, position) in &positions {
        out.push_str(&position_text(name, position));
    }
    let (read, absent, failed) = answer.counts();
    if answer.reports.is_empty() {
        out.push_str("No protocols are bundled for this network.\n");
    } else if positions.is_empty() {
        out.push_str(&format!(
            "No positions found in the {read} protocols that were read. Others may exist.\n"
        ));
    } else {
        out.push_str(&format!("{read} protocols and markets read. Others may exist.\n"));
    }
    if absent > 0 {
        out.push_str(&format!("{absent} known protocols have no contract at this block (proven).\n"));
    }
    if failed > 0 {
        out.push_str(&failures(&answer.reports));
    }
    with_provenance(out, answer.at, snapshot)
}

pub(super) fn position_text(name: &str, position: &Position) -> String {
    let health = match position.danger() {
        Danger::Unknown => "   health factor not known".to_owned(),
        _ => position.health.as_ref().map(health_words).unwrap_or_default(),
    };
    let mut out = format!("{name}{health}\n");
    for row in &position.rows {
        out.push_str(&row_text(row));
    }
    for line in position.health.iter().flat_map(|health| &health.liquidation) {
        out.push_str(&format!("  {}\n", line.words()));
    }
    if position.code.verdict == Verdict::Changed {
        out.push_str(&format!("  ! {}\n", changed_words()));
    }
    for caveat in &position.caveats {
        out.push_str(&format!("  ! {caveat}\n"));
    }
    for action in &position.actions {
        out.push_str(&action_text(action));
    }
    out.push_str(&format!("  {} · {}\n", position.contract.to_checksum(None), position.code.verdict.words()));
    out
}

/// What is said of a position whose code is not the bundled one.
pub(super) fn changed_words() -> String {
    let bundle = env!("CARGO_PKG_VERSION");
    format!(
        "The code at this address changed since this bundle ({bundle}). Reading is on, actions need a danger check: in \
         the window their review asks for CHANGED."
    )
}

fn health_words(health: &Health) -> String {
    match health.factor_text() {
        Some(factor) => format!("   health factor {factor} ({})", health.danger().words()),
        None => format!("   {}", health.danger().words()),
    }
}

fn row_text(row: &Row) -> String {
    let worth =
        row.worth.as_ref().map(|worth| format!("   {} {}", units(worth.amount, worth.decimals), worth.unit));
    let note = row.note.as_ref().map(|note| format!("   ({note})"));
    format!(
        "  {:<11}{}{}{}\n",
        row.kind.words(),
        row.asset.exact(row.amount),
        worth.unwrap_or_default(),
        note.unwrap_or_default()
    )
}

fn action_text(action: &Action) -> String {
    match (&action.blocked, &action.note) {
        (Some(why), _) => format!("  – {}: not now. {why}\n", action.title),
        (None, Some(note)) => format!("  > {}. {note}\n", action.title),
        (None, None) => format!("  > {}.\n", action.title),
    }
}

/// For programs.
pub(super) fn json(answer: &PositionsAnswer) -> Value {
    json!({
        "address": answer.owner.to_checksum(None),
        "worst": answer.worst().words(),
        "protocols": reports_json(&answer.reports),
    })
}

pub(super) fn reports_json(reports: &[Report]) -> Vec<Value> {
    let one = |report: &Report| {
        let (state, positions, error) = match &report.found {
            Found::Positions(all) => ("read", all.iter().map(position_json).collect(), None),
            Found::NotThere => ("not-on-this-chain", Vec::new(), None),
            Found::Failed(error) => ("failed", Vec::new(), Some(&**error)),
        };
        let next = error.map(|error| Reason::from(error).next);
        let error = error.map(ToString::to_string);
        json!({
            "protocol": report.protocol, "name": report.name, "state": state,
            "error": error, "next": next, "positions": positions,
        })
    };
    reports.iter().map(one).collect()
}

fn position_json(position: &Position) -> Value {
    let rows: Vec<Value> = position.rows.iter().map(row_json).collect();
    let actions: Vec<Value> = position.actions.iter().map(action_json).collect();
    let inner = json!({
        "market": position.market,
        "contract": position.contract.to_checksum(None),
        "code": {
            "hash": position.code.code_hash,
            "implementation": position.code.implementation.map(|(who, _)| who.to_checksum(None)),
            "implementation_hash": position.code.implementation.map(|(_, hash)| hash),
            "verdict": position.code.verdict.words(),
        },
        "rows": rows,
        "health": position.health.as_ref().map(health_json),
        "caveats": position.caveats,
    });
    let mut value = proven(inner, position.at);
    if let Some(object) = value.as_object_mut() {
        object.insert("actions".to_owned(), Value::Array(actions));
        object.insert("proof".to_owned(), json!(proof(position.at.finality)));
    }
    value
}

fn row_json(row: &Row) -> Value {
    let worth = row.worth.as_ref().map(
        |worth| json!({"units": worth.amount.to_string(), "decimals": worth.decimals, "unit": worth.unit}),
    );
    json!({
        "kind": row.kind.words().to_lowercase(), "amount": amount(&row.asset, row.amount),
        "worth": worth, "note": row.note,
    })
}

fn health_json(health: &Health) -> Value {
    let prices: Vec<Value> = health
        .liquidation
        .iter()
        .map(|line| {
            json!({
                "asset": line.asset.symbol, "now": line.now.to_string(), "last_safe": line.at.to_string(),
                "danger_when": if line.falling { "falls" } else { "rises" },
                "decimals": line.decimals, "unit": line.unit,
            })
        })
        .collect();
    json!({
        "factor_wad": health.factor.map(|factor| factor.to_string()),
        "factor": health.factor_text(),
        "protocols_own_integer": health.own_integer,
        "danger": health.danger().words(),
        "collateral": health.collateral.to_string(),
        "debt": health.debt.to_string(),
        "decimals": health.decimals,
        "unit": health.unit,
        "liquidation_threshold_bps": health.threshold_bps.to_string(),
        "liquidation_prices": prices,
    })
}

fn action_json(action: &Action) -> Value {
    let (calls, why) = match action.intents() {
        Ok(intents) => (intents.iter().map(intent).collect(), None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    json!({
        "kind": action.kind, "title": action.title, "amount": amount(&action.asset, action.units()),
        "note": action.note, "blocked": why, "code_changed": action.changed, "calls": calls,
    })
}
