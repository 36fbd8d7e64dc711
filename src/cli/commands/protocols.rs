//! Answers about protocols: which words and which JSON.

use std::path::{Path, PathBuf};

use alloy::primitives::{Address, U256};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::{approvals, exit_plan, positions, safe};
use crate::app::{
    Allowance, Asset, Deployments, Found, Handle, Intent, Named, PositionsQuestion, ProtocolAnswer, Reason,
    Report, Snapshot, can_be_named, taken,
};
use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cli::output::{fail, misused, say};

/// Longest file of own deployments.
const MOST_DEPLOYMENTS: u64 = 1 << 20;

/// For people.
pub(in crate::cli) fn text(answer: &ProtocolAnswer, snapshot: &Snapshot) -> String {
    match answer {
        ProtocolAnswer::Positions(answer) => positions::text(answer, snapshot),
        ProtocolAnswer::PositionsOfMany(all) => positions::text_of_many(all, snapshot),
        ProtocolAnswer::ExitPlan(plan) => exit_plan::text(plan, snapshot),
        ProtocolAnswer::Approvals(found) => approvals::text(found, snapshot),
        ProtocolAnswer::Safe(facts) => safe::text(facts, snapshot),
        ProtocolAnswer::Allowances(found) => approvals::allowances_text(found, snapshot),
        ProtocolAnswer::SafeApprovals(found) => safe::approvals_text(found, snapshot),
    }
}

/// For programs.
pub(in crate::cli) fn json(answer: &ProtocolAnswer) -> Value {
    match answer {
        ProtocolAnswer::Positions(answer) => positions::json(answer),
        ProtocolAnswer::PositionsOfMany(all) => {
            json!({"accounts": all.iter().map(positions::json).collect::<Vec<_>>()})
        }
        ProtocolAnswer::ExitPlan(plan) => exit_plan::json(plan),
        ProtocolAnswer::Approvals(found) => approvals::json(found),
        ProtocolAnswer::Safe(facts) => safe::json(facts),
        ProtocolAnswer::Allowances(found) => approvals::allowances_json(found),
        ProtocolAnswer::SafeApprovals(found) => safe::approvals_json(found),
    }
}

/// What could not be read is not verified; a plan with a debt that cannot be paid is a proven no.
pub(in crate::cli) fn exit_of(answer: &ProtocolAnswer) -> Exit {
    match answer {
        ProtocolAnswer::Positions(answer) if any_failed(&answer.reports) => Exit::Unverified,
        ProtocolAnswer::PositionsOfMany(all) if all.iter().any(|one| any_failed(&one.reports)) => {
            Exit::Unverified
        }
        ProtocolAnswer::ExitPlan(plan) if any_failed(&plan.before) => Exit::Unverified,
        ProtocolAnswer::ExitPlan(plan) if !plan.shortfalls.is_empty() => Exit::ProvenNo,
        ProtocolAnswer::Approvals(found) if !found.unread.is_empty() => Exit::Unverified,
        _ => Exit::Done,
    }
}

fn any_failed(reports: &[Report]) -> bool {
    reports.iter().any(|report| matches!(report.found, Found::Failed(_)))
}

/// The protocols that could not be read, for people.
pub(super) fn failures(reports: &[Report]) -> String {
    let mut out = String::new();
    for report in reports {
        if let Found::Failed(error) = &report.found {
            let reason = Reason::from(&**error);
            out.push_str(&format!("{} could not be read: {}\n", report.name, reason.what));
            out.push_str(&format!("  It means: {}\n  To do:    {}\n", reason.means, reason.next));
        }
    }
    out
}

/// Which protocols are looked at, and what of them beside the bundled: the same words of `positions` and `exit-plan`.
#[derive(Debug, Clone, ClapArgs)]
pub(in crate::cli) struct LookedAt {
    /// Only protocols with this in their name
    #[arg(long, value_name = "NAME")]
    protocol: Option<String>,
    /// Something that cannot be listed from the chain, as uniswap-v4=12345 or balancer=0x…; may be given again
    #[arg(long = "id", value_name = "PROTOCOL=ID")]
    ids: Vec<Named>,
    /// Keep what --id names for this network: it is looked up from now on, in the window too (see `lifeboat named`)
    #[arg(long, requires = "ids")]
    keep: bool,
    /// Your own deployments of known protocols, as a JSON file; nobody vouches for them
    #[arg(long, value_name = "FILE")]
    deployments: Option<PathBuf>,
}

impl LookedAt {
    /// Asks for what `owner` has there.
    pub(super) fn question(
        &self,
        args: &Args,
        handle: &Handle,
        owner: Address,
    ) -> Result<PositionsQuestion, Exit> {
        let own = own(args, self.deployments.as_deref())?;
        let named = self.named(handle, own.as_ref()).map_err(|reason| fail(args, &reason))?;
        let own = Deployments::naming(own, named);
        Ok(PositionsQuestion { owner, only: self.protocol.clone(), own, tag: args.at.into() })
    }

    /// What is looked up beside what can be listed: what is kept and can be used here, and what these words name.
    fn named(&self, handle: &Handle, own: Option<&Deployments>) -> Result<Vec<Named>, Reason> {
        let snapshot = handle.snapshot();
        let chain_id = snapshot.network.chain_id;
        can_be_named(chain_id, own, &self.ids)?;
        if self.keep {
            handle.named().keep(&self.ids)?;
            self.ids.iter().for_each(|one| say(&format!("Kept: {one}")));
        }
        let (mut named, unused) = taken(chain_id, own, &snapshot.named);
        unused.iter().for_each(|one| say(&format!("Kept, but no protocol here takes it: {one}")));
        named.extend(self.ids.iter().filter(|one| !snapshot.named.contains(one)).cloned());
        Ok(named)
    }
}

/// Reads a file of own deployments.
pub(in crate::cli) fn own(args: &Args, path: Option<&Path>) -> Result<Option<Deployments>, Exit> {
    let Some(path) = path else { return Ok(None) };
    let wrong = |why: String| {
        let what = format!("{} cannot be used: {why}", path.display());
        let next = "give a JSON file as {\"aave-v3\": [{…}]}; entries as in assets/protocols of the source";
        misused(args, &Reason::new(&what, "nothing was asked of anybody", next))
    };
    let size = std::fs::metadata(path).map_err(|why| wrong(why.to_string()))?.len();
    if size > MOST_DEPLOYMENTS {
        return Err(wrong("it is longer than 1 MiB".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|why| wrong(why.to_string()))?;
    Deployments::parse(&text).map(Some).map_err(|why| wrong(why.to_string()))
}

/// An asset for programs.
pub(super) fn asset(asset: &Asset) -> Value {
    let token = (!asset.is_ether()).then(|| asset.address.to_checksum(None));
    json!({"token": token, "symbol": asset.symbol, "decimals": asset.decimals})
}

/// An amount for programs.
pub(super) fn amount(of: &Asset, raw: U256) -> Value {
    json!({"asset": asset(of), "units": raw.to_string()})
}

/// A call for programs.
pub(super) fn intent(intent: &Intent) -> Value {
    let rights = |all: &[Allowance]| -> Vec<Value> {
        let one = |right: &Allowance| json!({"spender": right.spender.to_checksum(None), "amount": amount(&right.token, right.amount)});
        all.iter().map(one).collect()
    };
    json!({
        "sentence": intent.sentence,
        "to": intent.to.to_checksum(None),
        "value_wei": intent.value.to_string(),
        "data": intent.calldata,
        "grants": rights(&intent.grants),
        "needs": rights(&intent.needs),
        "code_changed": intent.changed,
    })
}
