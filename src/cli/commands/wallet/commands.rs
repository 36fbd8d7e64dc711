//! The wallet's commands, and who runs each.

use clap::Subcommand;

use super::super::super::Exit;
use super::super::super::args::{Args as Cli, CommandArgs};
use super::super::super::output::{fail, say};
use super::accounts::AccountsArgs;
use super::activity::ActivityArgs;
use super::broadcast::BroadcastArgs;
use super::key::KeyArgs;
use super::replace::ReplaceArgs;
use super::send::{ApproveArgs, RevokeArgs, SendArgs};
use super::sign::{SignArgs, SignWhat};
use super::{accounts, activity, broadcast, key, replace, scan, send, sign};
use crate::app::Handle;

/// The wallet's commands.
#[derive(Debug, Clone, Subcommand)]
pub enum WalletArgs {
    /// Your accounts with their proven balances; `accounts watch` adds one to look at
    Accounts(AccountsArgs),
    /// Make, import, export and list keys; passwords are asked for, never taken from the command line
    Key(KeyArgs),
    /// Send ether, a token, an NFT or a call: simulated on proven state and reviewed before it is signed
    Send(Box<SendArgs>),
    /// Let a spender take a token
    Approve(Box<ApproveArgs>),
    /// Take an approval back
    Revoke(Box<RevokeArgs>),
    /// Sign an offline transaction file, typed data or a message
    Sign(Box<SignArgs>),
    /// Send a signed transaction to every endpoint: raw, from a file, or again from the journal
    Broadcast(BroadcastArgs),
    /// Send a waiting transaction again for a higher fee
    SpeedUp(Box<ReplaceArgs>),
    /// Replace a waiting transaction with nothing to yourself
    Cancel(Box<ReplaceArgs>),
    /// What was signed here and what became of it, by proof; with --scan transfers of your accounts in recent blocks
    Activity(ActivityArgs),
}

/// Whether nobody may be asked for anything while it runs.
pub(in crate::cli) fn is_offline(command: &CommandArgs) -> bool {
    let CommandArgs::Wallet(WalletArgs::Sign(own)) = command else { return false };
    matches!(own.what, SignWhat::Transaction { offline: true, .. })
}

/// Whether it shows a review, which must know what could be imitated.
fn reviews(command: &WalletArgs) -> bool {
    matches!(
        command,
        WalletArgs::Send(_)
            | WalletArgs::Approve(_)
            | WalletArgs::Revoke(_)
            | WalletArgs::Sign(_)
            | WalletArgs::SpeedUp(_)
            | WalletArgs::Cancel(_)
    )
}

/// Runs one of them.
pub(in crate::cli) async fn run(args: &Cli, command: &WalletArgs, handle: &mut Handle) -> Exit {
    if reviews(command)
        && let Err(reason) = handle.wallet().know_of_window()
    {
        return fail(args, &reason);
    }
    let exit = run_one(args, command, handle).await;
    // Whichever command opened the journal first is the only one that knows.
    if let Some(words) = handle.wallet().repaired() {
        say(&words);
    }
    exit
}

async fn run_one(args: &Cli, command: &WalletArgs, handle: &mut Handle) -> Exit {
    match command {
        WalletArgs::Accounts(own) => accounts::accounts(args, handle, own).await,
        WalletArgs::Key(own) => key::key(args, handle, own).await,
        WalletArgs::Send(own) => send::send(args, handle, own).await,
        WalletArgs::Approve(own) => send::approve(args, handle, own).await,
        WalletArgs::Revoke(own) => send::revoke(args, handle, own).await,
        WalletArgs::Sign(own) => sign::sign(args, handle, own).await,
        WalletArgs::Broadcast(own) => broadcast::broadcast(args, handle, own).await,
        WalletArgs::SpeedUp(own) => replace::speed_up(args, handle, own).await,
        WalletArgs::Cancel(own) => replace::cancel(args, handle, own).await,
        WalletArgs::Activity(own) if own.scan.is_some() => scan::scan(args, handle, own).await,
        WalletArgs::Activity(_) => activity::activity(args, handle).await,
    }
}
