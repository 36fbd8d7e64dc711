//! `accounts`: who can sign, and who is only looked at.

use std::fmt::Write as _;

use alloy::primitives::Address;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::super::super::args::Args as Cli;
use super::super::super::format::{ether, provenance};
use super::super::super::json::proven;
use super::super::super::output::{self, fail, say};
use super::super::super::run::stopped;
use super::super::super::{Exit, value};
use super::{flow, remove};
use crate::app::signing::delegate_of;
use crate::app::signing::review::chunked;
use crate::app::{Account, AccountView, Handle, Proven, ReadError, Reason, Tag};

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
    /// Remove an account. What it sent stays in the journal. A key on this computer is deleted with it, for good
    Remove {
        /// Name or address
        account: String,
        /// Confirm without being asked, where no key is deleted
        #[arg(long)]
        yes: bool,
        /// The account's name again: confirms that its key is deleted
        #[arg(long, value_name = "NAME")]
        confirm: Option<String>,
    },
}

/// `accounts`.
pub(in crate::cli) async fn accounts(args: &Cli, handle: &mut Handle, own: &AccountsArgs) -> Exit {
    let wallet = handle.wallet();
    match &own.action {
        None => {}
        Some(AccountsAction::Watch { address, name }) => {
            return match wallet.watch(name, *address) {
                Ok(()) => {
                    let text = format!("Watching     {name}\n             {}\n", chunked(*address));
                    output::answer(args, || json!({"watched": {"name": name, "address": address}}), || text);
                    Exit::Done
                }
                Err(reason) => fail(args, &reason),
            };
        }
        Some(AccountsAction::Remove { account, yes, confirm }) => {
            return remove::remove(args, &wallet, account, (*yes, confirm.as_deref()));
        }
    }
    let all = match wallet.accounts() {
        Ok(all) => all,
        Err(reason) => return fail(args, &reason),
    };
    if let Ok(damaged) = wallet.damaged_keys() {
        damaged.iter().for_each(|(path, why)| say(&format!("{}: {why}", path.display())));
    }
    let balances = match own.offline || all.is_empty() {
        true => Vec::new(),
        false => match balances(args, handle, &all).await {
            Ok(found) => found,
            Err(exit) => return exit,
        },
    };
    let now_ms = handle.snapshot().now_ms;
    output::answer(args, || as_json(&all, &balances), || as_text(&all, &balances, now_ms));
    Exit::Done
}

type Balances = [Found];

/// What is proven of an account.
struct Found {
    account: Proven<Account>,
    /// Whose code it runs (EIP-7702); `None` where it runs none.
    delegate: Option<Address>,
}

async fn balances(args: &Cli, handle: &mut Handle, all: &[AccountView]) -> Result<Vec<Found>, Exit> {
    flow::head(args, handle).await?;
    let reads = handle.reads();
    let heads = reads.heads().ok_or_else(|| stopped(args))?;
    let tag: Tag = args.at.into();
    let header = if tag == Tag::Finalized { heads.finalized } else { heads.optimistic };
    let addresses: Vec<Address> = all.iter().map(|one| one.address).collect();
    let state = reads.state_at(header);
    let told = |error: &ReadError| fail(args, &Reason::from(error));
    let mut found = Vec::with_capacity(all.len());
    for account in state.accounts(&addresses).await.map_err(|error| told(&error))? {
        let delegate = match account.value().has_no_code() {
            true => None,
            false => {
                delegate_of(state.code(account.value().address).await.map_err(|error| told(&error))?.value())
            }
        };
        found.push(Found { account, delegate });
    }
    Ok(found)
}

fn as_json(all: &[AccountView], balances: &Balances) -> Value {
    let rows = all.iter().enumerate().map(|(at, one)| {
        let found = balances.get(at);
        json!({
            "name": one.name, "address": one.address, "kind": one.kind.name(), "can_sign": one.kind.can_sign(),
            "path": one.path,
            "balance_wei": found.map(|found| proven(found.account.value().balance.to_string(), found.account.at())),
            "delegate": found.map(|found| proven(found.delegate.map(|code| code.to_checksum(None)), found.account.at())),
            "nonce": found.map(|found| proven(found.account.value().nonce, found.account.at())),
        })
    });
    json!({"accounts": rows.collect::<Vec<_>>()})
}

fn as_text(all: &[AccountView], balances: &Balances, now_ms: u64) -> String {
    if all.is_empty() {
        return "No accounts. Paste an address to look at it: lifeboat accounts watch ADDRESS NAME\n"
            .to_owned();
    }
    let mut out = String::new();
    for (at, one) in all.iter().enumerate() {
        let _infallible = writeln!(out, "{}  {}\n  {}", one.name, one.kind.name(), chunked(one.address));
        if let Some(path) = &one.path {
            let _infallible = writeln!(out, "  {path}");
        }
        if let Some(found) = balances.get(at) {
            let account = found.account.value();
            let (balance, nonce) = (ether(account.balance), account.nonce);
            let _infallible =
                writeln!(out, "  {balance} · nonce {nonce}\n  {}", provenance(found.account.at(), now_ms));
            if let Some(code) = found.delegate {
                let _infallible = writeln!(
                    out,
                    "  This account runs code of {}. End that: lifeboat send --undelegate --from {}",
                    code.to_checksum(None),
                    one.name
                );
            }
        }
    }
    out
}
