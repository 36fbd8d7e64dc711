//! `accounts`: who can sign, and who is only looked at.

use std::fmt::Write as _;

use alloy::primitives::Address;
use clap::{Args, Subcommand};
use serde_json::json;

use super::super::super::args::Args as Cli;
use super::super::super::format::{ether, provenance};
use super::super::super::output::{self, fail, say};
use super::super::super::{Exit, value};
use super::flow;
use crate::app::signing::review::chunked;
use crate::app::{Handle, Tag};

/// Accounts.
#[derive(Debug, Clone, Args)]
pub struct AccountsArgs {
    /// What to do; without it they are listed with their balances
    #[command(subcommand)]
    pub action: Option<AccountsAction>,
    /// List without asking anybody for balances
    #[arg(long)]
    pub offline: bool,
}

/// What can be done with accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum AccountsAction {
    /// Watch an address under a name; no key is needed to look
    Watch {
        /// 0x and 40 hex digits
        #[arg(value_parser = value::address)]
        address: Address,
        /// Your name for it
        name: String,
    },
}

/// `accounts`.
pub(in crate::cli) async fn accounts(args: &Cli, handle: &mut Handle, own: &AccountsArgs) -> Exit {
    let wallet = handle.wallet();
    if let Some(AccountsAction::Watch { address, name }) = &own.action {
        return match wallet.watch(name, *address) {
            Ok(()) => {
                let text = format!("Watching     {name}\n             {}\n", chunked(*address));
                output::answer(args, || json!({"watched": {"name": name, "address": address}}), || text);
                Exit::Done
            }
            Err(reason) => fail(args, &reason),
        };
    }
    let all = match wallet.accounts() {
        Ok(all) => all,
        Err(reason) => return fail(args, &reason),
    };
    if let Ok(damaged) = wallet.damaged_keys() {
        damaged.iter().for_each(|(path, why)| say(&format!("{}: {why}", path.display())));
    }
    let mut balances = Vec::new();
    if !own.offline && !all.is_empty() {
        if let Err(exit) = flow::head(args, handle).await {
            return exit;
        }
        let reads = handle.reads();
        let Some(heads) = reads.heads() else { return super::super::super::run::stopped(args) };
        let tag: Tag = args.at.into();
        let header = if tag == Tag::Finalized { heads.finalized } else { heads.optimistic };
        let addresses: Vec<Address> = all.iter().map(|one| one.address).collect();
        match reads.state_at(header).accounts(&addresses).await {
            Ok(found) => balances = found,
            Err(error) => return fail(args, &crate::app::Reason::from(&error)),
        }
    }
    let now_ms = handle.snapshot().now_ms;
    let row = |at: usize| balances.get(at);
    output::answer(
        args,
        || {
            let rows = all.iter().enumerate().map(|(at, one)| {
                json!({
                    "name": one.name, "address": one.address, "kind": one.kind.name(), "can_sign": one.kind.can_sign(),
                    "path": one.path,
                    "balance_wei": row(at).map(|found| super::super::super::json::proven(found.value().balance.to_string(), found.at())),
                    "nonce": row(at).map(|found| super::super::super::json::proven(found.value().nonce, found.at())),
                })
            });
            json!({"accounts": rows.collect::<Vec<_>>()})
        },
        || {
            if all.is_empty() {
                return "No accounts. Paste an address to look at it: lifeboat accounts watch ADDRESS NAME\n"
                    .to_owned();
            }
            let mut out = String::new();
            for (at, one) in all.iter().enumerate() {
                let _infallible =
                    writeln!(out, "{}  {}\n  {}", one.name, one.kind.name(), chunked(one.address));
                if let Some(path) = &one.path {
                    let _infallible = writeln!(out, "  {path}");
                }
                if let Some(found) = row(at) {
                    let (balance, nonce) = (ether(found.value().balance), found.value().nonce);
                    let _infallible =
                        writeln!(out, "  {balance} · nonce {nonce}\n  {}", provenance(found.at(), now_ms));
                }
            }
            out
        },
    );
    Exit::Done
}
