//! `activity --scan`: transfers in recent proven blocks, with what was looked at.

use std::fmt::Write as _;

use alloy::primitives::Address;
use serde_json::{Value, json};

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::format::utc;
use super::super::super::json::proven;
use super::super::super::output::{self, misused, say};
use super::activity::ActivityArgs;
use crate::app::signing::Asset;
use crate::app::signing::review::ether_down;
use crate::app::{FoundTransfer, Handle, Reason, ScanCoverage, TokenList, TransferScan, Wallet, scan_step};

/// Runs it.
pub(super) async fn scan(args: &Cli, handle: &mut Handle, own: &ActivityArgs) -> Exit {
    if let Err(exit) = super::flow::head(args, handle).await {
        return exit;
    }
    let wallet = handle.wallet();
    let who = match whose(&wallet, &own.account) {
        Ok(who) => who,
        Err(reason) => return misused(args, &reason),
    };
    let reads = handle.reads();
    let mut scan = TransferScan::new(who);
    let Some(first) = reads.heads() else { return super::super::super::run::stopped(args) };
    scan.order(first.optimistic.number(), own.scan.unwrap_or_default());
    let stop = tokio::signal::ctrl_c();
    tokio::pin!(stop);
    while let Some(step) = scan.next_step() {
        let Some(heads) = reads.heads() else { break };
        say(&format!("Reading blocks {} to {}; {} left after them.", step.first(), step.last, scan.left()));
        let who = scan.who.clone();
        tokio::select! {
            found = scan_step(reads.reader(), &heads, &who, step) => scan.take(found),
            _ = &mut stop => {
                say("Stopped.");
                break;
            }
        }
    }
    let Some(covered) = scan.coverage() else { return super::super::super::run::stopped(args) };
    let chain_id = wallet.chain_id();
    output::answer(args, || value(&scan, &covered), || text(&scan, &covered, chain_id));
    if covered.failed.is_empty() { Exit::Done } else { Exit::Unverified }
}

/// The accounts named, or all there are.
fn whose(wallet: &Wallet, named: &[String]) -> Result<Vec<Address>, Reason> {
    let mut who: Vec<Address> = match named {
        [] => wallet.accounts()?.iter().map(|one| one.address).collect(),
        named => named.iter().map(|one| Ok(wallet.account(one)?.address)).collect::<Result<_, Reason>>()?,
    };
    who.sort_unstable();
    who.dedup();
    if who.is_empty() {
        let next = "name one with --account, or add one with `lifeboat accounts watch`";
        return Err(Reason::new("There is no account to look for", "no block was read", next));
    }
    Ok(who)
}

fn amount(one: &FoundTransfer, chain_id: u64) -> String {
    let raw = one.transfer.amount;
    match one.transfer.asset {
        Asset::Ether => format!("{} ETH", ether_down(raw)),
        Asset::Erc20 { token } => match TokenList::of_chain(chain_id).and_then(|list| list.at(token)) {
            Some(listed) => {
                let text = alloy::primitives::utils::format_units(raw, listed.decimals).unwrap_or_default();
                let text =
                    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
                format!("{text} {}", listed.symbol)
            }
            None => format!("{raw} raw units of {token} (unlisted)"),
        },
        Asset::Erc721 { token, id } => format!("#{id} of {token}"),
        Asset::Erc1155 { token, id } => format!("{raw} of #{id} of {token}"),
    }
}

fn text(scan: &TransferScan, covered: &ScanCoverage, chain_id: u64) -> String {
    let mut out = String::new();
    for one in &scan.found {
        let came = !scan.who.contains(&one.transfer.from);
        let (sign, own, way, other) = match came {
            true => ("+", one.transfer.to, "from", one.transfer.from),
            false => ("\u{2212}", one.transfer.from, "to", one.transfer.to),
        };
        let other = match one.transaction {
            None => "withdrawn by a validator".to_owned(),
            Some(_) => format!("{way} {other}"),
        };
        let _infallible = writeln!(
            out,
            "{}  block {}  {own}\n  {sign}{}  {other}",
            utc(one.block.timestamp),
            one.block.number,
            amount(one, chain_id)
        );
        if let Some(hash) = one.transaction {
            let _infallible = writeln!(out, "  {hash}");
        }
    }
    if scan.found.is_empty() {
        out.push_str("No transfer in these blocks.\n");
    }
    if scan.is_cut {
        out.push_str("There were more than are kept.\n");
    }
    for (first, last, reason) in &covered.failed {
        let _infallible = writeln!(
            out,
            "Blocks {first} to {last} could not be proven, so what is in them is not known: {}",
            reason.what
        );
    }
    let _infallible = writeln!(
        out,
        "Blocks {} to {}: {} of {} proven. There may be more before and after, and ether that contracts pass on is not found.",
        covered.first, covered.last, covered.proven, covered.of
    );
    out
}

fn value(scan: &TransferScan, covered: &ScanCoverage) -> Value {
    let asset = |asset: Asset| match asset {
        Asset::Ether => json!({"kind": "ether"}),
        Asset::Erc20 { token } => json!({"kind": "erc20", "token": token}),
        Asset::Erc721 { token, id } => json!({"kind": "erc721", "token": token, "id": id.to_string()}),
        Asset::Erc1155 { token, id } => json!({"kind": "erc1155", "token": token, "id": id.to_string()}),
    };
    let one = |one: &FoundTransfer| {
        proven(
            json!({
                "transaction": one.transaction, "asset": asset(one.transfer.asset), "from": one.transfer.from,
                "to": one.transfer.to, "amount": one.transfer.amount.to_string(),
            }),
            one.block,
        )
    };
    let failed = |(first, last, reason): &(u64, u64, Reason)| json!({"first": first, "last": last, "why": reason.what});
    json!({
        "accounts": scan.who,
        "transfers": scan.found.iter().map(one).collect::<Vec<_>>(),
        "is_cut": scan.is_cut,
        "coverage": {
            "first": covered.first, "last": covered.last, "proven": covered.proven, "of": covered.of,
            "failed": covered.failed.iter().map(failed).collect::<Vec<_>>(),
        },
    })
}
