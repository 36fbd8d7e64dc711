//! `activity`, and following one transaction to its end.

use std::fmt::Write as _;

use alloy::primitives::B256;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::format::utc;
use super::super::super::output::{self, fail, say};
use super::super::super::run::{ask, stopped, wait as wait_for};
use super::review_json;
use crate::app::signing::{State, StatusWord};
use crate::app::{Finality, Handle, Question, Snapshot, TransactionStatus, TransactionView};

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UntilArg {
    /// It is proven to be in a block
    Included,
    /// It is proven to be in a final block
    Final,
}

/// Words of `activity`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  lifeboat activity                                  what was signed here, and what became of it
  lifeboat activity --scan                           transfers of your accounts in the last 100 blocks
  lifeboat activity --scan 1000 --account alice.eth

A scan reads each block whole and proves it: payments in ether, withdrawals of validators, and tokens by their logs.
Blocks that cannot be proven are named and never counted as empty. Ether that contracts pass on inside a call leaves no
trace in a block and is not found. Ctrl+C stops it and prints what was found until then.")]
pub struct ActivityArgs {
    /// Look for transfers in so many recent blocks
    #[arg(long, value_name = "BLOCKS", num_args = 0..=1, default_missing_value = "100",
          value_parser = clap::value_parser!(u64).range(1..=7_200))]
    pub scan: Option<u64>,
    /// With --scan, whose transfers: a name of an account here, or an address; may be repeated. All accounts where nobody is named
    #[arg(long, value_name = "ACCOUNT", requires = "scan")]
    pub account: Vec<String>,
}

/// Waiting for a transaction.
#[derive(Debug, Clone, Args)]
pub struct WaitArgs {
    /// Follow it and say what becomes of it, up to --timeout seconds
    #[arg(long)]
    pub wait: bool,
    /// With --wait, until when
    #[arg(long, value_enum, default_value = "included")]
    pub until: UntilArg,
}

/// One transaction in words.
pub(super) fn transaction_text(one: &TransactionView) -> String {
    let mut out = format!(
        "Transaction  {}\nWhat         {}\nStatus       {}\n             {}\n",
        one.hash,
        one.title,
        one.word.name(),
        one.sentence
    );
    let _infallible = writeln!(out, "From         {} · nonce {}", one.from, one.nonce);
    if let State::Included { fee, .. } = &one.state {
        let _infallible = writeln!(out, "Fee          {} ETH", crate::app::signing::review::ether_up(*fee));
    }
    out
}

/// `activity`: what was signed here, newest first.
pub(in crate::cli) async fn activity(args: &Cli, handle: &mut Handle) -> Exit {
    let wallet = handle.wallet();
    let open = match wallet.activity() {
        Ok(all) => all.iter().any(|one| one.is_open),
        Err(reason) => return fail(args, &reason),
    };
    if open {
        if let Err(exit) = super::flow::head(args, handle).await {
            return exit;
        }
        match wallet.refresh_open().await {
            Ok(all) => all.into_iter().filter_map(Result::err).for_each(|reason| say(&reason.to_string())),
            Err(reason) => return fail(args, &reason),
        }
    }
    let all = match wallet.activity() {
        Ok(all) => all,
        Err(reason) => return fail(args, &reason),
    };
    let coverage = "Only what was signed or sent from this folder. There may be more.";
    output::answer(
        args,
        || json!({"transactions": all.iter().map(review_json::transaction).collect::<Vec<_>>(), "coverage": coverage}),
        || {
            if all.is_empty() {
                return "No activity known on this computer.\n".to_owned();
            }
            let mut out = String::new();
            for one in &all {
                let _infallible = writeln!(
                    out,
                    "{}  {}  {}\n  {}\n  {} · {} · nonce {}",
                    utc(one.signed_at_ms / 1_000),
                    one.word.name(),
                    one.title,
                    one.sentence,
                    one.hash,
                    one.from,
                    one.nonce
                );
            }
            out.push_str(coverage);
            out.push('\n');
            out
        },
    );
    Exit::Done
}

/// `tx --wait`: a transaction of the journal is followed there, any other by its inclusion alone.
pub(in crate::cli) async fn await_transaction(
    args: &Cli,
    handle: &mut Handle,
    hash: B256,
    wait: &WaitArgs,
) -> Exit {
    if matches!(handle.wallet().transaction(hash), Ok(Some(_))) {
        return follow(args, handle, hash, wait).await;
    }
    if let Err(exit) = super::flow::head(args, handle).await {
        return exit;
    }
    let reads = handle.reads();
    let mut last_slot = None;
    loop {
        if let Some(heads) = reads.heads()
            && let Ok(status) = reads.reader().transaction(&heads, hash, None).await
            && is_settled(&status, wait.until)
        {
            return ask(args, handle, Question::Transaction(hash)).await;
        }
        let moved = |snapshot: &Snapshot| {
            let slot = snapshot.head.map(|head| head.proven.slot());
            slot.is_some() && slot != last_slot
        };
        let Some(snapshot) = wait_for(args, handle, moved).await else { return stopped(args) };
        last_slot = snapshot.head.map(|head| head.proven.slot());
    }
}

fn is_settled(status: &TransactionStatus, until: UntilArg) -> bool {
    let is_final = match status {
        TransactionStatus::Included { outcome, .. } => outcome.at().finality == Finality::Final,
        TransactionStatus::NonceUsed { by: Some(_), is_final, .. } => *is_final,
        _ => return false,
    };
    is_final || until == UntilArg::Included
}

/// Follows a transaction of the journal at every head.
pub(in crate::cli) async fn follow(args: &Cli, handle: &mut Handle, hash: B256, wait: &WaitArgs) -> Exit {
    if let Err(exit) = super::flow::head(args, handle).await {
        return exit;
    }
    let wallet = handle.wallet();
    let (mut said, mut last_slot) = (None, None);
    loop {
        let view = match wallet.refresh(hash).await {
            Ok(view) => view,
            // One look that failed says nothing about the transaction: the next head is another chance.
            Err(reason) => {
                say(&reason.what);
                match wallet.transaction(hash) {
                    Ok(Some(view)) => view,
                    _ => return fail(args, &reason),
                }
            }
        };
        if said.as_ref() != Some(&view.sentence) {
            say(&view.sentence);
            said = Some(view.sentence.clone());
        }
        if !wait.wait || is_enough(&view, wait.until) {
            return end(args, &view);
        }
        let moved = |snapshot: &Snapshot| {
            let slot = snapshot.head.map(|head| head.proven.slot());
            slot.is_some() && slot != last_slot
        };
        let Some(snapshot) = wait_for(args, handle, moved).await else { return stopped(args) };
        last_slot = snapshot.head.map(|head| head.proven.slot());
        if let Ok(again) = wallet.rebroadcast_due().await
            && again.contains(&hash)
        {
            say("Sent again to all endpoints.");
        }
    }
}

fn is_enough(view: &TransactionView, until: UntilArg) -> bool {
    match view.word {
        StatusWord::Included | StatusWord::Reverted => until == UntilArg::Included || !view.is_open,
        StatusWord::Final => true,
        StatusWord::Replaced => until == UntilArg::Included || !view.is_open,
        StatusWord::NonceUsed => true, // waiting proves no more
        StatusWord::Saved | StatusWord::Sent | StatusWord::NotSeen | StatusWord::Reorged => false,
    }
}

fn end(args: &Cli, view: &TransactionView) -> Exit {
    output::answer(
        args,
        || json!({ "transaction": review_json::transaction(view) }),
        || transaction_text(view),
    );
    match view.word {
        StatusWord::Included | StatusWord::Final => Exit::Done,
        StatusWord::Reverted | StatusWord::Replaced => Exit::ProvenNo,
        _ => Exit::Unverified,
    }
}
