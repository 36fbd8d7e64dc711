//! A review in words.

use std::fmt::Write as _;

use super::super::super::format::provenance;
use crate::app::signing::review::{Finding, Level, amount_text, chunked, ether_down, ether_up};
use crate::app::signing::{Allowance, Approval, Asset, AssetChange};
use crate::app::{CallBody, DecodedCall, Prepared};

/// Bytes of calldata that are printed whole.
const SHOWN_DATA: usize = 1_024;

/// The whole review, in the design's order: intent, changes, checks, call, raw.
pub(super) fn review(prepared: &Prepared, chain: (&str, u64), now_ms: u64) -> String {
    let review = &prepared.review;
    let mut out = format!("Review       {}\n             {}\n", review.title, review.sentence);
    changes(&mut out, prepared, now_ms);
    out.push_str(&findings(&review.findings));
    call(&mut out, prepared, chain);
    out
}

fn changes(out: &mut String, prepared: &Prepared, now_ms: u64) {
    let review = &prepared.review;
    let Some(effects) = &review.effects else {
        out.push_str("Changes      not simulated\n");
        return;
    };
    let _infallible =
        writeln!(out, "Changes      simulated on verified state, {}", provenance(prepared.at, now_ms));
    if effects.failure.is_none() && effects.nothing_moves() {
        out.push_str("  Nothing of yours moves, except the fee.\n");
    }
    for change in &effects.changes {
        let _infallible = writeln!(out, "  {}", change_line(prepared, change));
    }
    for approval in &effects.approvals {
        let _infallible = writeln!(out, "  {}", approval_line(prepared, approval));
    }
    for change in &effects.control {
        let words = change.what.words(|who| who.to_checksum(None));
        let _infallible = writeln!(out, "  Control of {}: {words}", change.of);
    }
    if effects.is_cut {
        out.push_str("  There is more than is shown here.\n");
    }
    let likely = prepared.fees.likely_cost(
        crate::app::signing::Fees { max_fee: review.tx.max_fee_per_gas(), tip: review.tx.tip_per_gas() },
        effects.gas_used,
    );
    let most = ether_up(review.tx.max_fee());
    let _infallible = writeln!(out, "  \u{2212}{} ETH  fee, at most {most}", ether_up(likely));
}

fn what(prepared: &Prepared, asset: Asset, amount: alloy::primitives::U256) -> String {
    let token = |token| amount_text(&prepared.units, token, amount);
    match asset {
        Asset::Ether => format!("{} ETH", ether_down(amount)),
        Asset::Erc20 { token: address } => token(address),
        Asset::Erc721 { token, id } => format!("#{id} of {token}"),
        Asset::Erc1155 { token, id } => format!("{amount} of #{id} of {token}"),
    }
}

fn change_line(prepared: &Prepared, change: &AssetChange) -> String {
    let (sign, way) = if change.gained { ("+", "to") } else { ("\u{2212}", "from") };
    format!("{sign}{}  {way} {}", what(prepared, change.asset, change.amount), change.who)
}

fn approval_line(prepared: &Prepared, one: &Approval) -> String {
    let token =
        |token| prepared.units.get(&token).map_or_else(|| format!("{token}"), |(symbol, _)| symbol.clone());
    let spender = one.spender;
    match one.allowance {
        Allowance::Erc20 { amount } | Allowance::Permit2 { amount, .. } if amount.is_zero() => {
            format!("{spender} may take no {} any more", token(one.token))
        }
        Allowance::Erc20 { amount } | Allowance::Permit2 { amount, .. }
            if amount >= crate::app::signing::review::UNLIMITED_FROM =>
        {
            format!("{spender} may take unlimited {}", token(one.token))
        }
        Allowance::Erc20 { amount } | Allowance::Permit2 { amount, .. } => {
            format!("{spender} may take up to {}", amount_text(&prepared.units, one.token, amount))
        }
        Allowance::Erc721 { id } => format!("{spender} may take #{id} of {}", one.token),
        Allowance::Operator { allowed: true } => format!("{spender} may take everything of {}", one.token),
        Allowance::Operator { allowed: false } => {
            format!("{spender} may take nothing of {} any more", one.token)
        }
    }
}

/// All findings, the worst first.
pub(super) fn findings(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return String::new(); // a text: there is nothing in it to check
    }
    let count = |level: Level| findings.iter().filter(|one| one.level == level).count();
    let mut parts = Vec::new();
    for (level, one, many) in [
        (Level::Block, "block", "blocks"),
        (Level::Danger, "danger", "dangers"),
        (Level::Caution, "caution", "cautions"),
        (Level::Note, "note", "notes"),
    ] {
        match count(level) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            n => parts.push(format!("{n} {many}")),
        }
    }
    parts.push(format!("{} passed", count(Level::Passed)));
    let mut out = format!("Checks       {}\n", parts.join(", "));
    for one in findings {
        let mark = match one.level {
            Level::Passed => "[ok]",
            Level::Note => "[i] ",
            Level::Caution => "[!] ",
            Level::Danger => "[x] ",
            Level::Block => "[x] Blocked:",
        };
        let fact = one.fact.as_ref().map_or_else(String::new, |fact| format!(" (type {})", fact.prompt));
        let _infallible = writeln!(out, "  {mark} {} {}{fact}", one.check, one.text);
    }
    out
}

fn call(out: &mut String, prepared: &Prepared, (name, id): (&str, u64)) {
    let review = &prepared.review;
    let tx = &review.tx;
    out.push_str("The call\n");
    if let Some(to) = review.act.recipient() {
        let _infallible = writeln!(out, "  Recipient  {}", chunked(to));
    }
    match tx.to() {
        Some(to) if review.act.recipient() != Some(to) => {
            let label = review.call.label.as_ref().map_or_else(String::new, |label| format!(" ({label})"));
            let _infallible = writeln!(out, "  Contract   {}{label}", chunked(to));
        }
        Some(_) => {}
        None => out.push_str("  Contract   a new one\n"),
    }
    if let Some(spender) = review.act.spender() {
        let _infallible = writeln!(out, "  Spender    {}", chunked(spender));
    }
    for one in tx.authorizations() {
        let _infallible = writeln!(out, "  Code of    {}", chunked(one.address));
    }
    tree(out, &review.call, 1);
    let gwei = |wei: u128| {
        let text = alloy::primitives::utils::format_units(wei, 9).unwrap_or_default();
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let _infallible = writeln!(out, "  From       {}", chunked(review.from()));
    let _infallible = writeln!(
        out,
        "  Nonce {} · Chain {name} ({id}) · Gas {} × at most {} gwei, tip {} gwei",
        tx.nonce(),
        tx.gas_limit(),
        gwei(tx.max_fee_per_gas()),
        gwei(tx.tip_per_gas()),
    );
    let data = tx.input();
    if !data.is_empty() {
        let shown = data.get(..data.len().min(SHOWN_DATA)).unwrap_or_default();
        let more = if data.len() > shown.len() { "…" } else { "" };
        let hex = alloy::primitives::hex::encode(shown);
        let _infallible = writeln!(out, "  Raw data   {} bytes 0x{hex}{more}", data.len());
    }
    let _infallible = writeln!(out, "  Signing hash {}", review.id().0);
}

/// The call and the calls inside it, one a line.
fn tree(out: &mut String, call: &DecodedCall, depth: usize) {
    if call.body != CallBody::Empty || depth > 1 {
        let to = call.to.map_or_else(String::new, |to| format!("{to} "));
        let to = if depth > 1 { to } else { String::new() };
        let _infallible = writeln!(out, "{}{to}{}", "  ".repeat(depth), call.title());
    }
    for inner in &call.inner {
        tree(out, inner, depth.saturating_add(1));
    }
    if call.not_shown > 0 {
        let _infallible =
            writeln!(out, "{}[x] {} more calls inside are not decoded", "  ".repeat(depth), call.not_shown);
    }
}
