//! `sign`: an offline transaction file, typed data, or a message.

use std::path::PathBuf;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{fail, misused, say};
use super::confirm::ConfirmArgs;
use super::flow::{LeaveArgs, leave};
use super::sign_alone::{sign_alone, wanted};
use crate::app::signing::ReviewId;
use crate::app::{Handle, OfflineFile, Reason, ToSign, Wallet};
use clap::{Args, Subcommand};

/// Longest file read.
const MAX_FILE: u64 = 16 << 20;

/// Sign without sending.
#[derive(Debug, Clone, Args)]
pub struct SignArgs {
    /// What
    #[command(subcommand)]
    pub what: SignWhat,
}

/// What can be signed.
#[derive(Debug, Clone, Subcommand)]
pub enum SignWhat {
    /// The transaction of an offline file, as `send --offline-file` writes it
    Transaction {
        /// The file
        file: PathBuf,
        /// Ask nobody: verify the state in the file from this computer's own checkpoint, and review on it
        #[arg(long)]
        offline: bool,
        /// Where the signed transaction goes
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        leave: LeaveArgs,
    },
    /// Typed data (EIP-712), as JSON
    TypedData {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        common: MessageArgs,
    },
    /// A text (EIP-191)
    Message {
        /// The text
        text: String,
        /// It is hex: sign the bytes that it stands for
        #[arg(long)]
        hex: bool,
        #[command(flatten)]
        common: MessageArgs,
    },
}

/// Who signs, and how that is confirmed.
#[derive(Debug, Clone, Args)]
pub struct MessageArgs {
    /// The account that signs: name or address
    #[arg(long, value_name = "ACCOUNT")]
    pub from: Option<String>,
    /// Print the review and stop: nothing is signed
    #[arg(long)]
    pub dry_run: bool,
    /// Write the signature with what was signed to this file, as other tools read it; one that exists is not overwritten
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
}

/// `sign`.
pub(in crate::cli) async fn sign(args: &Cli, handle: &mut Handle, own: &SignArgs) -> Exit {
    match &own.what {
        SignWhat::Transaction { file, offline, out, leave } => {
            transaction(args, handle, (file, *offline, out.as_ref()), leave).await
        }
        SignWhat::TypedData { file, common } => match read(file) {
            Ok(text) => {
                let wanted = ToSign::TypedData(String::from_utf8_lossy(&text).into_owned());
                sign_alone(args, handle, wanted, common).await
            }
            Err(reason) => misused(args, &reason),
        },
        SignWhat::Message { text, hex, common } => match wanted(text, *hex) {
            Ok(wanted) => sign_alone(args, handle, wanted, common).await,
            Err(reason) => misused(args, &reason),
        },
    }
}

async fn transaction(
    args: &Cli,
    handle: &mut Handle,
    (file, offline, out): (&PathBuf, bool, Option<&PathBuf>),
    own: &LeaveArgs,
) -> Exit {
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(reason) => return misused(args, &reason),
    };
    let parsed = OfflineFile::parse(&bytes)
        .map_err(|error| Reason::new(&error.to_string(), "nothing was signed", "make the file again"));
    let draft = match parsed {
        Ok(OfflineFile::Unsigned(draft)) => *draft,
        Ok(OfflineFile::Signed(_)) => {
            let reason = Reason::new(
                "This transaction is signed already",
                "nothing was done",
                "send it with `lifeboat broadcast`",
            );
            return misused(args, &reason);
        }
        Err(reason) => return misused(args, &reason),
    };
    if !offline && let Err(exit) = super::flow::head(args, handle).await {
        return exit;
    }
    let wallet = match offline {
        true => carried(args, handle, &bytes).await,
        false => Ok(handle.wallet()),
    };
    let wallet = match wallet {
        Ok(wallet) => wallet,
        Err(reason) => return fail(args, &reason),
    };
    let account = match wallet.account(&draft.from().to_string()) {
        Ok(account) => account,
        Err(reason) => return misused(args, &reason),
    };
    let prepared = match wallet.prepare_made(draft, own.confirm.noted()).await {
        Ok(prepared) => prepared,
        Err(reason) => return fail(args, &reason),
    };
    let id = prepared.review.id();
    let own = LeaveArgs { no_send: true, ..own.clone() };
    let exit = leave(args, handle, (&account, prepared), &own, None).await;
    if let (Exit::Done, false, Some(out)) = (exit, own.dry_run, out) {
        return write_signed(args, handle, id, out);
    }
    exit
}

/// The wallet on the state that the file carries.
async fn carried(args: &Cli, handle: &Handle, file: &[u8]) -> Result<Wallet, Reason> {
    let state = OfflineFile::state(file)
        .map_err(|error| Reason::new(&error.to_string(), "nothing was signed", "make the file again"))?;
    let Some(state) = state else {
        let what = "The file carries no state";
        return Err(Reason::new(what, "nothing was signed", "make it again without --without-state"));
    };
    let wallet = handle.wallet().on_carried_state(state, args.checkpoint).await?;
    say("The state in the file is verified from this computer's own checkpoint.");
    Ok(wallet)
}

fn write_signed(args: &Cli, handle: &Handle, id: ReviewId, out: &PathBuf) -> Exit {
    let newest = handle
        .wallet()
        .activity()
        .ok()
        .and_then(|all| all.into_iter().find(|one| one.tx.as_ref().is_some_and(|tx| tx.id() == id.0)));
    let signed = newest.and_then(|one| crate::app::signing::Signed::decode(&one.raw).ok());
    let Some(signed) = signed else { return super::super::super::run::stopped(args) };
    match std::fs::write(out, OfflineFile::of_signed(&signed)) {
        Ok(()) => {
            say(&format!("Written: {}. Send it with `lifeboat broadcast {}`.", out.display(), out.display()));
            Exit::Done
        }
        Err(error) => {
            let what = format!("The file could not be written: {error}");
            fail(
                args,
                &Reason::new(&what, "the signed transaction is in the journal", "choose another place"),
            )
        }
    }
}

/// A file of a reasonable length.
pub(super) fn read(path: &std::path::Path) -> Result<Vec<u8>, Reason> {
    let unreadable = |error: std::io::Error| {
        let what = format!("The file {} cannot be read: {error}", path.display());
        Reason::new(&what, "nothing was done", "check the path")
    };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_FILE {
        let what = format!("The file {} is too long ({length} bytes)", path.display());
        return Err(Reason::new(&what, "nothing was done", "check the path"));
    }
    std::fs::read(path).map_err(unreadable)
}
