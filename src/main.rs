//! The `lifeboat` program: starts the practice network where that is asked for, and hands over to a face.

#[cfg(feature = "gui")]
mod practice_desk;
#[cfg(feature = "gui")]
mod scenario;
#[cfg(feature = "gui")]
mod start_window;

use std::process::ExitCode;

use clap::Parser as _;
use lifeboat::app::PracticeKeys;
use lifeboat::cli::{Args, CommandArgs, NetworkArg, PracticeFork};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PracticeAccount};
use lifeboat::devnet::{PRACTICE_CHAIN_ID, PracticeError, PracticeNetwork, PracticeOptions, SignedNode};
use lifeboat::networks::Fork;
use lifeboat::sources::{EndpointConfig, EndpointKind};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let mut args = Args::parse();
    args.practice_keys = practice_keys();
    let filter = EnvFilter::try_from_env("LIFEBOAT_LOG").unwrap_or_else(|_unset| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    #[cfg(feature = "gui")]
    if matches!(args.command, None | Some(CommandArgs::Gui)) {
        return start_window::start_window(&args).into();
    }
    let foreground = match args.command {
        Some(CommandArgs::Practice { slot_seconds, fork }) => Some((slot_seconds, fork)),
        _ => None,
    };
    if foreground.is_none() && args.network != NetworkArg::Practice {
        return lifeboat::cli::run(&args, None).into();
    }
    match practice(&mut args, foreground) {
        Ok(exit) => exit,
        Err(error) => match error.downcast_ref() {
            Some(PracticeError::Node(error)) => lifeboat::cli::no_node(&args, error).into(),
            _ => lifeboat::cli::no_practice(&args, &*error).into(),
        },
    }
}

/// The practice network's own accounts, so that sending can be tried without an import. Everybody knows these keys.
fn practice_keys() -> PracticeKeys {
    let named = |(index, account): (usize, &PracticeAccount)| (format!("practice-{index}"), account.key);
    // Accounts 5 to 9 make the background traffic: a transaction of theirs would meet another with its nonce.
    let keys = PRACTICE_ACCOUNTS.iter().take(5).enumerate().map(named).collect();
    PracticeKeys { chain_id: PRACTICE_CHAIN_ID, keys }
}

/// A practice chain ends with the program, so unless a folder is named nothing of it is kept.
fn practice(
    args: &mut Args,
    foreground: Option<(u64, PracticeFork)>,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let clock = lifeboat::chain::SystemClock;
    let now_ms = move || lifeboat::chain::Clock::unix_ms(&clock);
    let mut options = PracticeOptions::at(now_ms());
    if let Some((seconds, fork)) = foreground {
        options.slot_ms = seconds * 1_000;
        options.fork = match fork {
            PracticeFork::Electra => Fork::Electra,
            PracticeFork::Fulu => Fork::Fulu,
        };
        if let Some(node) = args.execution.first() {
            let mut network = runtime.block_on(SignedNode::start(&options, node.url.clone()))?;
            let _inside = runtime.enter();
            network.run(now_ms);
            runtime.block_on(lifeboat::devnet::foreground_of_node(&network))?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    let mut network = runtime.block_on(PracticeNetwork::start(&options))?;
    let inside = runtime.enter();
    network.run(now_ms);
    if foreground.is_some() {
        runtime.block_on(lifeboat::devnet::foreground(&network))?;
        return Ok(ExitCode::SUCCESS);
    }
    let scratch = tempfile::tempdir()?;
    args.data_dir.get_or_insert_with(|| scratch.path().to_path_buf());
    args.network = NetworkArg::Practice;
    let beacon = network.beacon_endpoints().iter().map(|one| (one.url(), EndpointKind::Beacon));
    let execution = network.execution_endpoints().iter().map(|one| (one.url(), EndpointKind::Execution));
    let endpoints =
        beacon.chain(execution).map(|(url, kind)| EndpointConfig { url: url.clone(), kind }).collect();
    let spec = network.spec().clone();
    // The command line has its own runtime and must not find itself inside this one.
    drop(inside);
    Ok(lifeboat::cli::run(args, Some((spec, endpoints))).into())
}
