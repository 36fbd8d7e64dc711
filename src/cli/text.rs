//! Answers for people.

use std::fmt::Write as _;

use super::format::{age, bytes, ether, plain, proof, provenance};
use crate::app::{
    Account, Answer, BlockView, CheckpointView, EndpointReport, HeadView, Probe, Proven, Snapshot, Standing,
    TransactionOutcome, TransactionStatus,
};

/// The `status` page.
pub(super) fn status(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let network = &snapshot.network;
    line(&mut out, "Network", &format!("{} (chain {})", network.name, network.chain_id));
    if let Some(head) = &snapshot.head {
        line(&mut out, "Head", &head_line(head, snapshot));
    }
    if let Some(finalized) = &snapshot.finalized {
        line(&mut out, "Finalized", &head_line(finalized, snapshot));
    }
    if let Some(checkpoint) = &snapshot.checkpoint {
        line(&mut out, "Checkpoint", &checkpoint_line(checkpoint, snapshot));
    }
    if snapshot.head.is_some() {
        line(&mut out, "Lag", &lag_words(snapshot.lag_slots));
    }
    let traffic = snapshot.traffic;
    let words = format!(
        "{} requests, {} down, {} up",
        traffic.requests,
        bytes(traffic.bytes_down),
        bytes(traffic.bytes_up)
    );
    line(&mut out, "Traffic", &words);
    out.push_str("Endpoints\n");
    snapshot.endpoints.iter().for_each(|one| out.push_str(&endpoint_line(one)));
    out
}

fn lag_words(slots: u64) -> String {
    match slots {
        0..=2 => "none".to_owned(),
        slots => format!("{slots} slots: slots are empty, or this clock is fast"),
    }
}

fn line(out: &mut String, name: &str, text: &str) {
    let _infallible = writeln!(out, "{name:<11}{text}");
}

fn head_line(head: &HeadView, snapshot: &Snapshot) -> String {
    let proven = &head.proven;
    let signed = match proven.participants() {
        0 => "your checkpoint itself".to_owned(),
        some => format!("signed by {some} of {}", proven.committee_size()),
    };
    let age_secs =
        (snapshot.now_ms / 1_000).saturating_sub(snapshot.network.slot_start_ms(proven.slot()) / 1_000);
    let block = head
        .block
        .map_or_else(|| "header not read yet".to_owned(), |block| format!("block {}", block.number));
    format!(
        "slot {} · {block} · {signed} · {} old\n           {}",
        proven.slot(),
        age(age_secs),
        proven.block_hash()
    )
}

fn checkpoint_line(checkpoint: &CheckpointView, snapshot: &Snapshot) -> String {
    let start = checkpoint.slot.map_or(0, |slot| snapshot.network.slot_start_ms(slot));
    let how = if checkpoint.resumed { "continued from the last run" } else { "started from it" };
    let accepted = if checkpoint.accepted_although_old { " · ACCEPTED ALTHOUGH TOO OLD" } else { "" };
    format!(
        "{} · {:?}, {how} · {} old{accepted}",
        checkpoint.root,
        checkpoint.origin,
        age(snapshot.now_ms.saturating_sub(start) / 1_000)
    )
}

fn endpoint_line(one: &EndpointReport) -> String {
    let standing = match &one.standing {
        Standing::Untried => "not asked yet".to_owned(),
        Standing::Healthy => "healthy".to_owned(),
        Standing::Failing { why } => format!("failing: {}", plain(why)),
        Standing::WrongNetwork { why } => format!("WRONG NETWORK: {}", plain(why)),
        Standing::Quarantined { rule } => format!("QUARANTINED, it lied: {}", plain(rule)),
    };
    let latency = one.latency_ms.map(|millis| format!(" · {millis:.0} ms")).unwrap_or_default();
    let carrier = one
        .carrier
        .as_ref()
        .map(|carrier| format!(" · carried by {}", plain(&carrier.to_string())))
        .unwrap_or_default();
    let behind = one.slots_behind.map(|slots| format!(" · {slots} slots behind")).unwrap_or_default();
    format!("  {:<10} {} · {standing}{latency}{carrier}{behind}\n", one.kind.name(), one.id)
}

/// The answer to a question.
pub(super) fn answer(answer: &Answer, snapshot: &Snapshot) -> String {
    match answer {
        Answer::Accounts(accounts) => accounts.iter().map(|one| balance(one, snapshot)).collect(),
        Answer::AccountWithCode(account, code) => {
            let mut out = self::account(account);
            let size = code.value().len();
            line(
                &mut out,
                "Code",
                &if size == 0 { "none".to_owned() } else { format!("{size} bytes, hash verified") },
            );
            with_provenance(out, account.at(), snapshot)
        }
        Answer::Storage(value) => {
            with_provenance(format!("{:#066x}\n{}\n", value.value(), value.value()), value.at(), snapshot)
        }
        Answer::Block(view) => block(view, snapshot),
        Answer::Transaction(status) => transaction(status, snapshot),
    }
}

fn balance(account: &Proven<Account>, snapshot: &Snapshot) -> String {
    let value = account.value();
    let unused = if value.exists { "" } else { " (this account does not exist; that is proven)" };
    let text = format!("{}  {}{unused}\n", value.address.to_checksum(None), ether(value.balance));
    with_provenance(text, account.at(), snapshot)
}

fn account(account: &Proven<Account>) -> String {
    let value = account.value();
    let mut out = String::new();
    line(&mut out, "Address", &value.address.to_checksum(None));
    line(&mut out, "Exists", if value.exists { "yes" } else { "no (proven)" });
    line(&mut out, "Balance", &ether(value.balance));
    line(&mut out, "Nonce", &value.nonce.to_string());
    line(&mut out, "Storage", &value.storage_root.to_string());
    line(&mut out, "Code hash", &value.code_hash.to_string());
    out
}

fn with_provenance(mut text: String, at: crate::app::BlockRef, snapshot: &Snapshot) -> String {
    let _infallible = writeln!(text, "  {}", provenance(at, snapshot.now_ms));
    text
}

fn block(view: &BlockView, snapshot: &Snapshot) -> String {
    let fields = view.header.fields();
    let mut out = String::new();
    line(&mut out, "Block", &format!("{} ({})", fields.number, proof(view.header.finality())));
    line(&mut out, "Hash", &view.header.hash().to_string());
    line(&mut out, "Parent", &fields.parent_hash.to_string());
    line(
        &mut out,
        "Time",
        &format!(
            "{} Unix, {} ago",
            fields.timestamp,
            age((snapshot.now_ms / 1_000).saturating_sub(fields.timestamp))
        ),
    );
    line(&mut out, "State root", &fields.state_root.to_string());
    line(&mut out, "Gas", &format!("{} of {}", fields.gas_used, fields.gas_limit));
    line(
        &mut out,
        "Base fee",
        &fields.base_fee_per_gas.map_or("none".to_owned(), |fee| format!("{fee} wei")),
    );
    line(&mut out, "Fees to", &fields.beneficiary.to_checksum(None));
    line(
        &mut out,
        "Contains",
        &format!("{} transactions, rebuilt to the header's root", view.transactions.value().len()),
    );
    view.transactions.value().iter().for_each(|hash| {
        let _infallible = writeln!(out, "  {hash}");
    });
    with_provenance(out, view.header.block_ref(), snapshot)
}

fn transaction(status: &TransactionStatus, snapshot: &Snapshot) -> String {
    let names =
        |who: &[crate::app::EndpointId]| who.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match status {
        TransactionStatus::Included { outcome, .. } => {
            with_provenance(included(outcome.value(), outcome.at().number), outcome.at(), snapshot)
        }
        TransactionStatus::AwaitingProof { block_hash, said_by, head } => format!(
            "Not proven yet. {} say it is in block {block_hash}, which the verified head (block {head}) does not reach.\n\
             Ask again in a few seconds.\n",
            names(said_by)
        ),
        TransactionStatus::Pending { seen_by, head } => format!(
            "Waiting to be included (unverified: a mempool cannot be proven). Seen by {}.\n\
             It is not in any block up to {head} as far as these endpoints know.\n",
            names(seen_by)
        ),
        TransactionStatus::Unknown { asked, head } => format!(
            "Not known to any of the {} endpoints that answered, up to block {head}.\n\
             That is no proof that it does not exist: it may never have been sent, or be known elsewhere.\n",
            asked.len()
        ),
    }
}

fn included(outcome: &TransactionOutcome, block: u64) -> String {
    let mut out = String::new();
    let word = match outcome.success {
        Some(true) => "succeeded",
        Some(false) => "FAILED (reverted): it cost its fee and changed nothing else",
        None => "included (its time's receipts do not say whether it succeeded)",
    };
    line(&mut out, "Result", word);
    line(&mut out, "Block", &format!("{block}, index {}", outcome.index));
    line(&mut out, "From", &outcome.transaction.sender.to_checksum(None));
    let to = outcome.transaction.to();
    line(&mut out, "To", &to.map_or("a new contract".to_owned(), |to| to.to_checksum(None)));
    if let Some(created) = outcome.contract_address {
        line(&mut out, "Created", &created.to_checksum(None));
    }
    line(&mut out, "Value", &ether(outcome.transaction.value()));
    line(
        &mut out,
        "Fee",
        &format!(
            "{} ({} gas at {} wei)",
            ether(outcome.fee()),
            outcome.gas_used,
            outcome.effective_gas_price
        ),
    );
    line(&mut out, "Logs", &outcome.logs.len().to_string());
    out
}

/// The table of `endpoints`.
pub(super) fn probes(probes: &[Probe], snapshot: &Snapshot) -> String {
    let mut out = String::new();
    for (probe, report) in probes.iter().zip(snapshot.endpoints.iter()) {
        out.push_str(&endpoint_line(report));
        for finding in &probe.findings {
            let words = match &finding.outcome {
                Ok(words) => plain(words),
                Err(error) => format!("NO: {}", plain(&error.to_string())),
            };
            let _infallible = writeln!(out, "             {:<18}{words}", finding.what);
        }
    }
    out.push_str("What an endpoint offers is its own word; what it answers is proven each time.\n");
    out
}
