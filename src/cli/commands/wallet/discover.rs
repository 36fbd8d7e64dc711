//! `key discover`, and `key import --phrase --discover`: which accounts of a phrase were used, by proof.

use serde_json::json;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::format::ether;
use super::super::super::json::proven;
use super::super::super::output::{self, fail, misused, say};
use super::key::{KeyAction, ask_phrase};
use super::{flow, secrets};
use crate::app::signing::keys::{KdfParams, Phrase};
use crate::app::signing::review::chunked;
use crate::app::{AccountView, Discovered, Handle, KeyImport, Reason};

/// `key discover`: keeps nothing.
pub(super) async fn show(args: &Cli, handle: &mut Handle, passphrase: bool, descriptor: Option<u32>) -> Exit {
    let phrase = match ask_phrase(passphrase, descriptor) {
        Ok(phrase) => phrase,
        Err(reason) => return misused(args, &reason),
    };
    match found(args, handle, &phrase).await {
        Ok(found) => {
            output::answer(args, || as_json(&found), || as_text(&found));
            Exit::Done
        }
        Err(exit) => exit,
    }
}

/// `key import --phrase --discover`: keeps every used account, or the first where none was used.
pub(super) async fn import(
    args: &Cli,
    handle: &mut Handle,
    action: &KeyAction,
) -> Result<Result<Vec<AccountView>, Reason>, Exit> {
    let KeyAction::Import { phrase: true, passphrase, name, secret_fd, password_fd, .. } = action else {
        let what = "Only a phrase has accounts to discover";
        return Ok(Err(Reason::new(what, "nothing was changed", "add --phrase")));
    };
    let phrase = match ask_phrase(*passphrase, *secret_fd) {
        Ok(phrase) => phrase,
        Err(reason) => return Ok(Err(reason)),
    };
    let found = found(args, handle, &phrase).await?;
    say(&as_text(&found));
    let paths = found.into_iter().map(|one| one.path).collect();
    Ok(secrets::ask_new("New password for this computer", *password_fd).and_then(|password| {
        handle.wallet().import(KeyImport::Phrase { phrase, paths }, name, &password, KdfParams::default())
    }))
}

async fn found(args: &Cli, handle: &mut Handle, phrase: &Phrase) -> Result<Vec<Discovered>, Exit> {
    flow::head(args, handle).await?;
    handle.wallet().discover(phrase).await.map_err(|reason| fail(args, &reason))
}

fn as_text(found: &[Discovered]) -> String {
    let rows = found.iter().map(|one| {
        let account = one.account.value();
        let used = if one.is_used() { "" } else { " · never used" };
        format!(
            "{}  {}\n  {} · nonce {}{used}\n",
            one.path,
            chunked(account.address),
            ether(account.balance),
            account.nonce
        )
    });
    let mut out: String = rows.collect();
    out.push_str("Accounts that hold only tokens are not found this way; take them with --path.\n");
    out
}

fn as_json(found: &[Discovered]) -> serde_json::Value {
    let rows = found.iter().map(|one| {
        let (account, at) = (one.account.value(), one.account.at());
        json!({
            "path": one.path.to_string(), "address": account.address, "used": one.is_used(),
            "balance_wei": proven(account.balance.to_string(), at), "nonce": proven(account.nonce, at),
        })
    });
    json!({ "accounts": rows.collect::<Vec<_>>() })
}
