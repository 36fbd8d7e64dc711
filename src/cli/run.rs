//! One command from start to exit code.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::B256;

use super::args::{Args, CheckpointAction, CommandArgs};
use super::{Exit, json, text};
use crate::app::{
    Answer, Command, Comparison, EndpointConfig, Handle, Loadable, NetworkSpec, Question, Reason, Request,
    Snapshot, SyncView, SystemClock, Tag, TransactionStatus, open,
};

/// The practice network as the program started it: its specification and endpoints.
pub type Practice = Option<(NetworkSpec, Vec<EndpointConfig>)>;

/// Runs a command to its end. `practice` is what `main` started for `--network practice`.
pub fn run(args: &Args, practice: Practice) -> Exit {
    let request = Request {
        network: args.network.into(),
        practice,
        data_dir: args.data_dir.clone(),
        checkpoint: args.checkpoint,
        accept_old: args.accept_old_checkpoint,
        beacon: args.beacon.clone(),
        execution: args.execution.clone(),
    };
    let started = open(request, Arc::new(SystemClock)).map(|opened| opened.start(Arc::new(|| {})));
    let (mut handle, thread) = match started {
        Ok(Ok(started)) => started,
        Ok(Err(error)) => {
            return fail(args, &reason(&error.to_string(), "the system gives no thread", "free some memory"));
        }
        Err(error) => {
            return fail(
                args,
                &reason(&error.to_string(), "nothing was asked of anybody", "correct it and try again"),
            );
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return fail(args, &reason(&error.to_string(), "the system gives no timer", "free some memory"));
        }
    };
    let exit = runtime.block_on(async {
        let limit = Duration::from_secs(args.timeout);
        match tokio::time::timeout(limit, command(args, &mut handle)).await {
            Ok(exit) => exit,
            Err(_elapsed) => fail(args, &timed_out(args, &handle.snapshot())),
        }
    });
    drop(handle); // stops the core, which first finishes what it writes
    if thread.join().is_err() {
        say("The core stopped unexpectedly.");
    }
    exit
}

async fn command(args: &Args, handle: &mut Handle) -> Exit {
    let tag: Tag = args.at.into();
    match &args.command {
        CommandArgs::Status | CommandArgs::Practice { .. } => status(args, handle).await,
        CommandArgs::Balance { addresses } => {
            ask(args, handle, Question::Accounts(addresses.clone(), tag)).await
        }
        CommandArgs::Account { address } => ask(args, handle, Question::AccountWithCode(*address, tag)).await,
        CommandArgs::Storage { address, slot } => {
            ask(args, handle, Question::Storage(*address, *slot, tag)).await
        }
        CommandArgs::Block { block } => ask(args, handle, Question::Block(*block)).await,
        CommandArgs::Tx { hash } => ask(args, handle, Question::Transaction(*hash)).await,
        CommandArgs::Endpoints => endpoints(args, handle).await,
        CommandArgs::Checkpoint { action: CheckpointAction::Compare } => compare(args, handle).await,
    }
}

/// Waits for a snapshot that `done` accepts, telling progress and notices on standard error meanwhile.
async fn wait(
    args: &Args,
    handle: &mut Handle,
    mut done: impl FnMut(&Snapshot) -> bool,
) -> Option<Arc<Snapshot>> {
    let talk = args.verbose || std::io::stderr().is_terminal();
    let (mut told, mut last) = (0, None);
    handle
        .wait_until(|snapshot| {
            for notice in snapshot.notices.iter().skip(told) {
                say(&notice.text);
            }
            told = snapshot.notices.len();
            if talk && last.as_ref() != Some(&snapshot.sync) {
                progress(&snapshot.sync);
                last = Some(snapshot.sync.clone());
            }
            done(snapshot)
        })
        .await
}

fn progress(sync: &SyncView) {
    match sync {
        SyncView::Starting => say("Starting from the checkpoint…"),
        SyncView::CatchingUp(at) if at.target > at.from => {
            say(&format!("Checking sync committees: period {} of {}…", at.done, at.target));
        }
        _ => {}
    }
}

async fn status(args: &Args, handle: &mut Handle) -> Exit {
    let ready = |snapshot: &Snapshot| match &snapshot.sync {
        SyncView::Following => true,
        SyncView::NeedsCheckpoint(_) | SyncView::Failed(_) => true,
        SyncView::Starting | SyncView::CatchingUp(_) => false,
    };
    let Some(snapshot) = wait(args, handle, ready).await else { return stopped(args) };
    if let SyncView::NeedsCheckpoint(reason) | SyncView::Failed(reason) = &snapshot.sync {
        if !args.json {
            say(&text::status(&snapshot));
        }
        return fail(args, reason);
    }
    print(args, || json::status(&snapshot), || text::status(&snapshot));
    Exit::Done
}

async fn ask(args: &Args, handle: &mut Handle, question: Question) -> Exit {
    if handle.send(Command::Ask(question.clone())).is_err() {
        return stopped(args);
    }
    let settled = |snapshot: &Snapshot| {
        matches!(snapshot.answers.get(&question), Some(Loadable::Ready(_) | Loadable::Failed { .. }))
    };
    let Some(snapshot) = wait(args, handle, settled).await else { return stopped(args) };
    match snapshot.answers.get(&question) {
        Some(Loadable::Ready(answer)) => {
            print(args, || json::answer(answer, &snapshot), || text::answer(answer, &snapshot));
            exit_of(answer)
        }
        Some(Loadable::Failed { reason, .. }) => fail(args, reason),
        _ => stopped(args),
    }
}

/// A transaction that failed is a proven no; one that is not proven to be in the chain is not verified.
fn exit_of(answer: &Answer) -> Exit {
    match answer {
        Answer::Transaction(TransactionStatus::Included { outcome, .. })
            if outcome.value().success == Some(false) =>
        {
            Exit::ProvenNo
        }
        Answer::Transaction(TransactionStatus::Included { .. }) => Exit::Done,
        Answer::Transaction(_) => Exit::Unverified,
        _ => Exit::Done,
    }
}

async fn endpoints(args: &Args, handle: &mut Handle) -> Exit {
    if handle.send(Command::ProbeEndpoints).is_err() {
        return stopped(args);
    }
    let Some(snapshot) = wait(args, handle, |snapshot| snapshot.probes.is_some()).await else {
        return stopped(args);
    };
    let probes = snapshot.probes.clone().unwrap_or_default();
    print(args, || json::probes(&probes, &snapshot), || text::probes(&probes, &snapshot));
    let any = probes.iter().any(|probe| probe.findings.iter().all(|finding| finding.outcome.is_ok()));
    if any { Exit::Done } else { Exit::Unverified }
}

async fn compare(args: &Args, handle: &mut Handle) -> Exit {
    if handle.send(Command::CompareCheckpoints).is_err() {
        return stopped(args);
    }
    let done = |snapshot: &Snapshot| snapshot.comparison.is_some();
    let Some(comparison) = wait(args, handle, done).await.and_then(|snapshot| snapshot.comparison.clone())
    else {
        return stopped(args);
    };
    print(args, || json::comparison(&comparison), || comparison_text(&comparison));
    if comparison.sources.iter().any(|(_, found)| found.is_ok()) { Exit::Done } else { Exit::Unverified }
}

fn comparison_text(comparison: &Comparison) -> String {
    let mut agree: BTreeMap<(u64, B256), usize> = BTreeMap::new();
    let mut out = String::new();
    for (endpoint, found) in &comparison.sources {
        match found {
            Ok((root, slot)) => {
                *agree.entry((*slot, *root)).or_default() += 1;
                out.push_str(&format!("{endpoint}\n  slot {slot}  {root}\n"));
            }
            Err(why) => out.push_str(&format!("{endpoint}\n  no answer: {}\n", super::format::plain(why))),
        }
    }
    for ((slot, root), count) in agree.iter().rev() {
        out.push_str(&format!("{count} of {} say slot {slot}: {root}\n", comparison.sources.len()));
    }
    out.push_str(
        "Unverified: agreement is only as good as the sources are independent. Check the root against one that none \
         of them runs, then use it with --checkpoint ROOT.\n",
    );
    out
}

#[expect(clippy::print_stdout, reason = "the answer, and nothing else, goes to standard output")]
fn print(args: &Args, as_json: impl FnOnce() -> serde_json::Value, as_text: impl FnOnce() -> String) {
    if args.json {
        println!("{:#}", as_json());
    } else {
        print!("{}", as_text());
    }
    drop(std::io::stdout().flush()); // a closed pipe is the reader's choice
}

#[expect(clippy::print_stderr, reason = "everything that is not the answer goes to standard error")]
fn say(text: &str) {
    eprintln!("{}", text.trim_end());
}

fn fail(args: &Args, reason: &Reason) -> Exit {
    if args.json {
        print(args, || json::reason(reason), String::new);
    }
    say(&reason.to_string());
    if reason.proven_no { Exit::ProvenNo } else { Exit::Unverified }
}

fn stopped(args: &Args) -> Exit {
    fail(
        args,
        &reason(
            "The core stopped before it answered.",
            "this is a fault of the program",
            "report it with the command you ran",
        ),
    )
}

fn timed_out(args: &Args, snapshot: &Snapshot) -> Reason {
    let what = format!(
        "No proven answer within {} s ({}).",
        args.timeout,
        match &snapshot.sync {
            SyncView::Following => "the head is verified, the read is not",
            SyncView::CatchingUp(_) => "still checking sync committees",
            _ => "no endpoint gave a usable start",
        }
    );
    reason(
        &what,
        "the endpoints are slow or unreachable",
        "try again with --timeout, or name other endpoints",
    )
}

fn reason(what: &str, means: &str, next: &str) -> Reason {
    Reason { what: what.to_owned(), means: means.to_owned(), next: next.to_owned(), proven_no: false }
}
