//! `lifeboat approvals`: who may take what.

use alloy::primitives::{Address, U256};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::protocols::{amount, intent};
use crate::app::{
    AllowancesAnswer, Approval, ApprovalKind, Approvals, ApprovalsQuestion, Handle, ProtocolQuestion,
    Question, Snapshot,
};
use crate::cli::args::Args;
use crate::cli::format::utc;
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::with_provenance;
use crate::cli::{Exit, value};

/// Words of `approvals`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Example:
  lifeboat approvals 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045

Nothing on the chain lists allowances: bundled spenders times the common tokens that the account holds are looked at, and
what is named here; of the bundled collections of collectibles those of which it holds any. What is found is proven; others may exist. At risk is the smaller of the right and the balance.")]
pub struct ApprovalsArgs {
    /// Whose
    #[arg(value_parser = value::address)]
    address: Address,
    /// This token too; may be repeated
    #[arg(long, value_name = "TOKEN", value_parser = value::address)]
    token: Vec<Address>,
    /// This spender too; may be repeated
    #[arg(long, value_name = "SPENDER", value_parser = value::address)]
    spender: Vec<Address>,
    /// Operators of this collection of collectibles too; may be repeated
    #[arg(long, value_name = "CONTRACT", value_parser = value::address)]
    collection: Vec<Address>,
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &ApprovalsArgs, handle: &mut Handle) -> Exit {
    let also = ApprovalsQuestion {
        tokens: asked.token.clone(),
        spenders: asked.spender.clone(),
        collections: asked.collection.clone(),
        ..ApprovalsQuestion::default()
    };
    let question = ProtocolQuestion::Approvals { owner: asked.address, also, tag: args.at.into() };
    ask(args, handle, Question::Protocol(question)).await
}

/// For people.
pub(super) fn text(found: &Approvals, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for one in &found.found {
        out.push_str(&row(one));
    }
    if found.found.is_empty() {
        out.push_str("No approvals found in what was checked.\n");
    }
    for (what, why) in &found.unread {
        out.push_str(&format!("{what} could not be read: {why}\n"));
    }
    out.push_str(&format!("{}\n", found.coverage()));
    with_provenance(out, found.at, snapshot)
}

fn row(one: &Approval) -> String {
    let spender = one.spender.to_checksum(None);
    let who = match (&one.name, one.to_wallet) {
        (Some(name), false) => format!("{name} (bundled)\n    {spender}"),
        (None, false) => format!("unknown\n    {spender}"),
        (_, true) => format!("A WALLET, no application\n    {spender}"),
    };
    let how = match one.kind {
        ApprovalKind::Token => String::new(),
        ApprovalKind::Permit2 { until } => format!("   through Permit2 until {}", utc(until)),
        ApprovalKind::Operator => "   all of the collection".to_owned(),
    };
    format!(
        "{:<8} {who}\n    may take {}{how}   at risk now {}\n",
        one.asset.symbol,
        one.may_take(),
        one.at_risk.map_or_else(|| "all there is (not counted)".to_owned(), |most| one.asset.show_up(most))
    )
}

/// Allowances that were asked for by token and spender, for people.
pub(super) fn allowances_text(found: &AllowancesAnswer, snapshot: &Snapshot) -> String {
    let one = |((token, spender), units): (&(Address, Address), &U256)| {
        let (token, spender) = (token.to_checksum(None), spender.to_checksum(None));
        format!("{spender}\n    may take {units} units of {token}\n")
    };
    with_provenance(found.standing.iter().map(one).collect(), found.at, snapshot)
}

/// The same for programs.
pub(super) fn allowances_json(found: &AllowancesAnswer) -> Value {
    let one = |((token, spender), units): (&(Address, Address), &U256)| {
        json!({
            "token": token.to_checksum(None), "spender": spender.to_checksum(None), "units": units.to_string(),
        })
    };
    proven(json!(found.standing.iter().map(one).collect::<Vec<_>>()), found.at)
}

/// For programs.
pub(super) fn json(found: &Approvals) -> Value {
    let rows: Vec<Value> = found
        .found
        .iter()
        .map(|one| {
            let (kind, until) = match one.kind {
                ApprovalKind::Token => ("token", None),
                ApprovalKind::Permit2 { until } => ("permit2", Some(until)),
                ApprovalKind::Operator => ("operator", None),
            };
            json!({
                "kind": kind, "until": until,
                "spender": one.spender.to_checksum(None), "name": one.name, "wallet": one.to_wallet,
                "may_take": amount(&one.asset, one.amount), "unlimited": one.is_unlimited(),
                "balance": one.balance.map(|units| amount(&one.asset, units)),
                "at_risk": one.at_risk.map(|units| amount(&one.asset, units)),
                "revoke": intent(&one.revoke()),
            })
        })
        .collect();
    let unread: Vec<Value> =
        found.unread.iter().map(|(what, why)| json!({"what": what, "why": why})).collect();
    json!({
        "address": found.owner.to_checksum(None),
        "approvals": proven(json!(rows), found.at),
        "pairs_checked": found.checked,
        "spenders": found.spenders,
        "collections": found.collections,
        "complete": false,
        "unread": unread,
    })
}
