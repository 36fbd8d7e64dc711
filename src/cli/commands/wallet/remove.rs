//! `accounts remove`: what goes, what stays, and a confirmation.

use std::io::{IsTerminal as _, stdin};

use serde_json::json;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{self, misused, say};
use super::confirm::line;
use crate::app::signing::review::chunked;
use crate::app::{AccountView, Reason, Removal, Wallet};

pub(super) fn remove(args: &Cli, wallet: &Wallet, named: &str, answer: (bool, Option<&str>)) -> Exit {
    let removed = wallet.account(named).and_then(|account| {
        let removal = wallet.removal(&account)?;
        say(&words(&account, &removal));
        let typed = confirmed(&account, answer)?;
        wallet.remove(&account, &typed)
    });
    match removed {
        Err(reason) => misused(args, &reason),
        Ok(gone) => {
            let names: Vec<&str> = gone.iter().map(|one| one.name.as_str()).collect();
            let rows = || gone.iter().map(|one| json!({"name": one.name, "address": one.address})).collect();
            output::answer(
                args,
                || json!({"removed": serde_json::Value::Array(rows())}),
                || format!("Removed      {}\n", names.join(", ")),
            );
            Exit::Done
        }
    }
}

fn words(account: &AccountView, removal: &Removal) -> String {
    let mut out = String::new();
    for one in &removal.accounts {
        out.push_str(&format!("{}  {}\n  {}\n", one.name, one.kind.name(), chunked(one.address)));
    }
    out.push_str(match account.holds_key() {
        true => {
            "Its key is deleted here and cannot be brought back. Without another copy (the words on paper, a key file, \
             another computer) the account is lost for good."
        }
        false => "Only its name, address and path are forgotten; it can be added again.",
    });
    if removal.accounts.len() > 1 {
        out.push_str("\nEvery account above is of the same phrase and goes with it.");
    }
    match removal.waiting {
        0 => {}
        1 => out.push_str(
            "\nOne of its transactions is not in a final block: it can still be included, and cannot be sped up or \
             cancelled without the key.",
        ),
        many => out.push_str(&format!(
            "\n{many} of its transactions are not in a final block: they can still be included, and cannot be sped up \
             or cancelled without the key."
        )),
    }
    out.push_str("\nWhat it sent stays in the journal.");
    out
}

/// The name where a key goes, else a yes.
fn confirmed(account: &AccountView, (yes, confirm): (bool, Option<&str>)) -> Result<String, Reason> {
    let nobody = |next: &str| Err(Reason::new("Nobody confirmed it", "nothing was removed", next));
    match (account.holds_key(), confirm, stdin().is_terminal()) {
        (_, Some(typed), _) => Ok(typed.to_owned()),
        (false, None, _) if yes => Ok(String::new()),
        (true, None, true) => line(&format!("Type its name, {}, to delete the key: ", account.name)),
        (true, None, false) => nobody("name it again with --confirm NAME"),
        (false, None, true) if line("Remove it? Type yes: ")?.trim().eq_ignore_ascii_case("yes") => {
            Ok(String::new())
        }
        (false, None, true) => nobody("nothing"),
        (false, None, false) => nobody("run it with --yes"),
    }
}
