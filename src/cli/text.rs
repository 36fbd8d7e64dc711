//! Answers for people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use alloy::primitives::{Address, B256, U256};

use super::format::{age, bytes, ether, proof, provenance, utc};
use crate::app::{
    Account, Answer, BlockView, CheckpointView, Comparison, EndpointKind, EndpointReport, HeadView,
    NonceUser, Probe, Proven, Question, Snapshot, Standing, SyncView, TransactionOutcome, TransactionStatus,
    plain,
};

/// The `status` page.
pub(super) fn status(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let network = &snapshot.network;
    line(&mut out, "Network", &format!("{} (chain {})", network.name, network.chain_id));
    line(&mut out, "State", state_words(snapshot));
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

fn state_words(snapshot: &Snapshot) -> &'static str {
    match (&snapshot.sync, &snapshot.no_reads) {
        (SyncView::Following, None) => "verified, following the head",
        (SyncView::Following, Some(_)) => "the head is verified, but nothing can be read at it",
        (SyncView::Starting, _) => "starting",
        (SyncView::CatchingUp(_), _) => "catching up",
        (SyncView::NeedsCheckpoint(_), _) => "NOT VERIFIED: it needs a checkpoint that you trust",
        (SyncView::Failed(_), _) => "NOT VERIFIED",
    }
}

fn lag_words(slots: u64) -> String {
    match slots {
        0..=2 => "none".to_owned(),
        slots => format!("{slots} slots: they are empty, the endpoints are behind, or this clock is fast"),
    }
}

/// One line of an answer: what, and its value.
pub(super) fn line(out: &mut String, name: &str, text: &str) {
    let _infallible = writeln!(out, "{name:<13}{text}");
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
        "slot {} · {block} · {signed} · {} old\n             {}",
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
pub(super) fn answer(question: &Question, answer: &Answer, snapshot: &Snapshot) -> String {
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
            let mut out = String::new();
            if let Question::Storage(address, slot, _) = question {
                line(&mut out, "Address", &address.to_checksum(None));
                line(&mut out, "Slot", &slot.to_string());
            }
            let absent =
                if *value.value() == U256::ZERO { " (never written or cleared; proven)" } else { "" };
            line(&mut out, "Value", &format!("{:#066x}", value.value()));
            line(&mut out, "Decimal", &format!("{}{absent}", value.value()));
            with_provenance(out, value.at(), snapshot)
        }
        Answer::Block(view) => block(view, snapshot),
        Answer::Transaction(status) => transaction(status, snapshot),
        Answer::Contract(answer) => super::commands::text(answer, snapshot),
        Answer::Protocol(answer) => super::commands::protocols::text(answer, snapshot),
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
    line(&mut out, "Storage root", &value.storage_root.to_string());
    line(&mut out, "Code hash", &value.code_hash.to_string());
    out
}

/// The text, and under it how it is known.
pub(super) fn with_provenance(mut text: String, at: crate::app::BlockRef, snapshot: &Snapshot) -> String {
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
            "{}, {} ago",
            utc(fields.timestamp),
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
        TransactionStatus::NonceUsed { account, nonce, by, .. } => {
            with_provenance(nonce_used(account.value().address, *nonce, by.as_ref()), account.at(), snapshot)
        }
        TransactionStatus::Unknown { asked, head } => format!(
            "Not known to any of the {} endpoints that answered, up to block {head}.\n\
             That is no proof that it does not exist: it may never have been sent, or be known elsewhere.\n",
            asked.len()
        ),
    }
}

fn nonce_used(sender: Address, nonce: u64, by: Option<&NonceUser>) -> String {
    let sender = sender.to_checksum(None);
    match by {
        Some(NonceUser { hash, header }) => format!(
            "Another transaction with nonce {nonce} was included: {hash}. This one can never run.\n\
             It is in block {}; both are of {sender}.\n",
            header.number()
        ),
        None => format!(
            "Nonce {nonce} of {sender} is used. By which transaction was not found in the last 120 blocks: it may have \
             been this one, which no endpoint shows in a block.\n"
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

/// Everything that was asked for was there.
pub(super) fn works(probe: &Probe) -> bool {
    probe.findings.iter().all(|finding| finding.outcome.is_ok())
}

/// The table of `endpoints`, and what is left without each carrier.
pub(super) fn probes(probes: &[Probe]) -> String {
    let mut out = String::new();
    for probe in probes {
        let verdict = if works(probe) { "works" } else { "DOES NOT SERVE US" };
        let carrier = probe.carrier.as_ref().map_or("unknown".to_owned(), |carrier| plain(&carrier.0));
        let _infallible =
            writeln!(out, "{:<10} {} · {verdict} · carried by {carrier}", probe.kind.name(), probe.endpoint);
        for finding in &probe.findings {
            let words = match &finding.outcome {
                Ok(words) => plain(words),
                Err(error) => format!("NO: {}", plain(&error.to_string())),
            };
            let _infallible = writeln!(out, "             {:<18}{words}", finding.what);
        }
    }
    out.push_str(&diversity(probes));
    out.push_str("What an endpoint offers is its own word; what it answers is proven each time.\n");
    out
}

/// Endpoints with one carrier fail together.
fn diversity(probes: &[Probe]) -> String {
    let usable = |kind, without: Option<&str>| {
        let kept = |probe: &&Probe| {
            let carrier = probe.carrier.as_ref().map(|carrier| carrier.0.as_str());
            probe.kind == kind && works(probe) && (without.is_none() || carrier != without)
        };
        probes.iter().filter(kept).count()
    };
    let (beacon, execution) = (usable(EndpointKind::Beacon, None), usable(EndpointKind::Execution, None));
    let mut out = format!("{beacon} beacon and {execution} execution endpoints work.\n");
    let carriers: BTreeSet<&str> = probes
        .iter()
        .filter(|probe| works(probe))
        .filter_map(|probe| Some(probe.carrier.as_ref()?.0.as_str()))
        .collect();
    for carrier in carriers {
        let left = |kind| format!("{} of {}", usable(kind, Some(carrier)), usable(kind, None));
        let _infallible = writeln!(
            out,
            "  without {} you keep {} beacon and {} execution",
            plain(carrier),
            left(EndpointKind::Beacon),
            left(EndpointKind::Execution)
        );
    }
    out
}

/// How many sources name each root, newest slot first.
pub(super) fn agreement(comparison: &Comparison) -> Vec<(u64, B256, usize)> {
    let mut agree: BTreeMap<(u64, B256), usize> = BTreeMap::new();
    for (root, slot) in comparison.sources.iter().filter_map(|(_, found)| found.as_ref().ok()) {
        *agree.entry((*slot, *root)).or_default() += 1;
    }
    agree.into_iter().rev().map(|((slot, root), count)| (slot, root, count)).collect()
}

/// `checkpoint compare`.
pub(super) fn comparison(comparison: &Comparison) -> String {
    let mut out = String::new();
    for (endpoint, found) in &comparison.sources {
        let _infallible = match found {
            Ok((root, slot)) => writeln!(out, "{endpoint}\n  slot {slot}  {root}"),
            Err(why) => writeln!(out, "{endpoint}\n  no answer: {}", plain(why)),
        };
    }
    for (slot, root, count) in agreement(comparison) {
        let _infallible = writeln!(out, "{count} of {} say slot {slot}: {root}", comparison.sources.len());
    }
    out.push_str(
        "Unverified: agreement is only as good as the sources are independent. Check the root against one\n\
         that none of them runs, then use it with --checkpoint ROOT.\n",
    );
    out
}
