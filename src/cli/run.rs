//! One command from start to exit code.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::Address;

use super::args::{Args, CheckpointAction, CommandArgs};
use super::commands::wallet;
use super::output::{cannot_open, fail, no_window, say};
use super::value::Who;
use super::{Exit, commands, json, names, output, serving, text};
use crate::app::{
    Answer, Command, EndpointConfig, EndpointKind, Handle, Loadable, NetworkSpec, Question, Reason, Request,
    Snapshot, SyncView, SystemClock, Tag, TransactionStatus, open,
};

/// The practice network as the program started it: its specification and endpoints.
pub type Practice = Option<(NetworkSpec, Vec<EndpointConfig>)>;

/// What the arguments ask to be opened.
pub fn request(args: &Args, practice: Practice) -> Request {
    Request {
        network: args.network.into(),
        practice,
        data_dir: args.data_dir.clone(),
        checkpoint: args.checkpoint,
        accept_old: args.accept_old_checkpoint,
        beacon: args.beacon.clone(),
        execution: args.execution.clone(),
    }
}

/// Runs a command to its end. `practice` is what `main` started for `--network practice`.
pub fn run(args: &Args, practice: Practice) -> Exit {
    let Some(command_args) = &args.command else {
        return no_window(args, "This program was built without its window");
    };
    match command_args {
        // Nobody is asked: no core.
        CommandArgs::Decode(asked) => return commands::decode::run(args, asked),
        CommandArgs::Completions { shell } => return commands::shell::completions(*shell),
        CommandArgs::Man(asked) => return commands::shell::man(args, asked),
        CommandArgs::Logs(asked) if let Some(exit) = asked.refused(args) => return exit,
        _ => {}
    }
    let opened = match open(request(args, practice), Arc::new(SystemClock)) {
        Ok(opened) => opened,
        Err(error) => return cannot_open(args, &error),
    };
    let asks_nobody = wallet::is_offline(command_args) || matches!(command_args, CommandArgs::Named(_));
    let opened = if asks_nobody { opened.offline() } else { opened };
    let started = opened
        .with_practice_keys(args.practice_keys.clone())
        .start(Arc::new(|| {}))
        .and_then(|core| Ok((core, runtime(command_args)?)));
    let ((mut handle, thread), runtime) = match started {
        Ok(started) => started,
        Err(error) => {
            let what = format!("The core could not start: {error}");
            return fail(args, &Reason::new(&what, "the system gives no thread", "free some memory"));
        }
    };
    let exit = runtime.block_on(async {
        if let CommandArgs::Serve { port, no_token, allow_origin } = command_args {
            return serving::serve(args, &mut handle, (*port, *no_token, allow_origin.clone())).await;
        }
        let limit = Duration::from_secs(args.timeout);
        match tokio::time::timeout(limit, command(args, command_args, &mut handle)).await {
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

/// A server works on many requests at once; any other command only waits.
fn runtime(command: &CommandArgs) -> std::io::Result<tokio::runtime::Runtime> {
    if matches!(command, CommandArgs::Serve { .. }) {
        return tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

async fn command(args: &Args, command: &CommandArgs, handle: &mut Handle) -> Exit {
    let tag: Tag = args.at.into();
    match command {
        CommandArgs::Gui => no_window(args, "This program was built without its window"),
        CommandArgs::Status | CommandArgs::Practice { .. } | CommandArgs::Serve { .. } => {
            status(args, handle).await
        }
        CommandArgs::Balance { addresses } => {
            ask_of(args, handle, addresses, |who| Some(Question::Accounts(who, tag))).await
        }
        CommandArgs::Account { address } => {
            let one = |who: Vec<Address>| who.first().map(|who| Question::AccountWithCode(*who, tag));
            ask_of(args, handle, std::slice::from_ref(address), one).await
        }
        CommandArgs::Storage { address, slot } => {
            let one = |who: Vec<Address>| who.first().map(|who| Question::Storage(*who, *slot, tag));
            ask_of(args, handle, std::slice::from_ref(address), one).await
        }
        CommandArgs::Block { block } => ask(args, handle, Question::Block(*block)).await,
        CommandArgs::Tx { hash, wait } if wait.wait => {
            wallet::await_transaction(args, handle, *hash, wait).await
        }
        CommandArgs::Tx { hash, .. } => ask(args, handle, Question::Transaction(*hash)).await,
        CommandArgs::Wallet(own) => wallet::run(args, own, handle).await,
        CommandArgs::Call(asked) => commands::call::run(args, asked, handle).await,
        CommandArgs::Tokens(asked) => commands::tokens::run(args, asked, handle).await,
        CommandArgs::Price(asked) => commands::price::run(args, asked, handle).await,
        CommandArgs::Resolve(asked) => commands::resolve::run(args, asked, handle).await,
        CommandArgs::Abi(asked) => commands::abi::run(args, asked, handle).await,
        CommandArgs::Decode(asked) => commands::decode::run(args, asked),
        CommandArgs::Completions { shell } => commands::shell::completions(*shell),
        CommandArgs::Man(asked) => commands::shell::man(args, asked),
        CommandArgs::Logs(asked) => commands::logs::run(args, asked, handle).await,
        CommandArgs::Gas(asked) => commands::gas::run(args, asked, handle).await,
        CommandArgs::Positions(asked) => commands::positions::run(args, asked, handle).await,
        CommandArgs::Named(asked) => commands::named::run(args, asked, handle),
        CommandArgs::ExitPlan(asked) => commands::exit_plan::run(args, asked, handle).await,
        CommandArgs::Approvals(asked) => commands::approvals::run(args, asked, handle).await,
        CommandArgs::Safe(asked) => commands::safe::run(args, asked, handle).await,
        CommandArgs::Endpoints => endpoints(args, handle).await,
        CommandArgs::Checkpoint { action: CheckpointAction::Compare } => compare(args, handle).await,
    }
}

/// Waits for a snapshot that `done` accepts, telling progress and notices on standard error meanwhile.
pub(super) async fn wait(
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
    let ready = |snapshot: &Snapshot| !matches!(snapshot.sync, SyncView::Starting | SyncView::CatchingUp(_));
    let Some(snapshot) = wait(args, handle, ready).await else { return stopped(args) };
    let reason = match &snapshot.sync {
        SyncView::NeedsCheckpoint(reason) | SyncView::Failed(reason) => Some(reason),
        _ => snapshot.no_reads.as_ref(),
    };
    output::answer(args, || json::status(&snapshot, reason), || text::status(&snapshot));
    let Some(reason) = reason else { return Exit::Done };
    say(&reason.to_string());
    Exit::Unverified
}

/// Asks and waits, and prints only why there is no answer.
pub(super) async fn ask_quietly(
    args: &Args,
    handle: &mut Handle,
    question: Question,
) -> Result<Answer, Exit> {
    if handle.send(Command::Ask(question.clone())).is_err() {
        return Err(stopped(args));
    }
    let settled = |snapshot: &Snapshot| {
        matches!(snapshot.answers.get(&question), Some(Loadable::Ready(_) | Loadable::Failed { .. }))
    };
    let Some(snapshot) = wait(args, handle, settled).await else { return Err(stopped(args)) };
    match snapshot.answers.get(&question) {
        Some(Loadable::Ready(answer)) => Ok(answer.clone()),
        Some(Loadable::Failed { reason, .. }) => Err(fail(args, reason)),
        _ => Err(stopped(args)),
    }
}

/// Asks, waits, prints the answer or why there is none.
pub(super) async fn ask(args: &Args, handle: &mut Handle, question: Question) -> Exit {
    let (answer, snapshot) = match answer_to(args, handle, &question).await {
        Ok(found) => found,
        Err(exit) => return exit,
    };
    output::answer(
        args,
        || json::answer(&question, &answer, &snapshot),
        || text::answer(&question, &answer, &snapshot),
    );
    exit_of(&answer)
}

/// Asks and waits; why there is no answer is said here.
pub(super) async fn answer_to(
    args: &Args,
    handle: &mut Handle,
    question: &Question,
) -> Result<(Answer, Arc<Snapshot>), Exit> {
    if handle.send(Command::Ask(question.clone())).is_err() {
        return Err(stopped(args));
    }
    let settled = |snapshot: &Snapshot| {
        matches!(snapshot.answers.get(question), Some(Loadable::Ready(_) | Loadable::Failed { .. }))
    };
    let Some(snapshot) = wait(args, handle, settled).await else { return Err(stopped(args)) };
    match snapshot.answers.get(question) {
        Some(Loadable::Ready(answer)) => Ok((answer.clone(), Arc::clone(&snapshot))),
        Some(Loadable::Failed { reason, .. }) => Err(fail(args, reason)),
        _ => Err(stopped(args)),
    }
}

/// One question about accounts that may be named.
async fn ask_of(
    args: &Args,
    handle: &mut Handle,
    who: &[Who],
    question: impl FnOnce(Vec<Address>) -> Option<Question>,
) -> Exit {
    let addresses = match names::addresses(args, handle, who).await {
        Ok(addresses) => addresses,
        Err(exit) => return exit,
    };
    match question(addresses) {
        Some(question) => ask(args, handle, question).await,
        None => stopped(args),
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
        Answer::Transaction(TransactionStatus::NonceUsed { by: Some(_), .. }) => Exit::ProvenNo,
        Answer::Transaction(_) => Exit::Unverified,
        Answer::Contract(answer) => commands::exit_of(answer),
        Answer::Protocol(answer) => commands::protocols::exit_of(answer),
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
    output::answer(args, || json::probes(&probes), || text::probes(&probes));
    let works = |kind| probes.iter().any(|probe| probe.kind == kind && text::works(probe));
    if works(EndpointKind::Beacon) && works(EndpointKind::Execution) { Exit::Done } else { Exit::Unverified }
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
    output::answer(args, || json::comparison(&comparison), || text::comparison(&comparison));
    if comparison.sources.iter().any(|(_, found)| found.is_ok()) { Exit::Done } else { Exit::Unverified }
}

pub(super) fn stopped(args: &Args) -> Exit {
    fail(
        args,
        &Reason::new(
            "The core stopped before it answered.",
            "this is a fault of the program",
            "report it with the command you ran",
        ),
    )
}

fn timed_out(args: &Args, snapshot: &Snapshot) -> Reason {
    let how_far = match &snapshot.sync {
        SyncView::Following => "the head is verified, the rest is not",
        SyncView::CatchingUp(_) => "still checking sync committees",
        _ => "no endpoint gave a usable start",
    };
    Reason::new(
        &format!("No proven answer within {} s: {how_far}", args.timeout),
        "the endpoints are slow or unreachable",
        "try again with a longer --timeout, or name other endpoints",
    )
}
