//! `speed-up` and `cancel`.

use alloy::primitives::B256;
use clap::Args;

use super::super::super::args::Args as Cli;
use super::super::super::output::{fail, misused, say};
use super::super::super::{Exit, value};
use super::flow::{LeaveArgs, head, leave};
use crate::app::{Handle, Replacement};

/// Replace a waiting transaction.
#[derive(Debug, Clone, Args)]
pub struct ReplaceArgs {
    /// Its hash, as `lifeboat activity` shows it
    #[arg(value_parser = value::hash)]
    pub hash: B256,
    #[command(flatten)]
    pub leave: LeaveArgs,
}

/// `speed-up`.
pub(in crate::cli) async fn speed_up(args: &Cli, handle: &mut Handle, own: &ReplaceArgs) -> Exit {
    replace(args, handle, own, Replacement::SpeedUp).await
}

/// `cancel`.
pub(in crate::cli) async fn cancel(args: &Cli, handle: &mut Handle, own: &ReplaceArgs) -> Exit {
    replace(args, handle, own, Replacement::Cancel).await
}

async fn replace(args: &Cli, handle: &mut Handle, own: &ReplaceArgs, kind: Replacement) -> Exit {
    if let Err(exit) = head(args, handle).await {
        return exit;
    }
    let wallet = handle.wallet();
    // It may have landed since anybody looked.
    let view = match wallet.refresh(own.hash).await {
        Ok(view) => view,
        Err(reason) => return misused(args, &reason),
    };
    if let Ok(Some(first)) = wallet.blocked_by(own.hash) {
        say(&format!("Transaction {} is blocking this one: {}", first.nonce, first.hash));
    }
    let prepared = match wallet.prepare_replacement(own.hash, kind).await {
        Ok(prepared) => prepared,
        Err(reason) => return fail(args, &reason),
    };
    let account = match wallet.account(&view.from.to_string()) {
        Ok(account) => account,
        Err(reason) => return misused(args, &reason),
    };
    let heading = format!("{}\n{}", kind.heading(view.nonce), Replacement::RACE);
    leave(args, handle, (&account, prepared), &own.leave, Some(&heading)).await
}
