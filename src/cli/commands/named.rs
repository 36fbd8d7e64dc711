//! `lifeboat named`: what was named by hand since it cannot be listed from the chain, as the window has it too.

use clap::{Args as ClapArgs, Subcommand};
use serde_json::{Value, json};

use crate::app::{Handle, Named, can_be_named};
use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cli::output::{self, fail, say};

/// Words of `named`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Example:
  lifeboat named                            what is kept for this network
  lifeboat named add uniswap-v4=12345       looked up by positions, exit-plan and the window from now on
  lifeboat named remove uniswap-v4=12345
  lifeboat positions ADDRESS --id uniswap-v4=12345 --keep    looks it up and keeps it

Each network has its own list, in its data folder. Nothing is asked of anybody.")]
pub struct NamedArgs {
    /// What to do; without it the list is shown
    #[command(subcommand)]
    action: Option<NamedAction>,
}

/// What can be done with the list.
#[derive(Debug, Clone, Subcommand)]
enum NamedAction {
    /// Keep something, as uniswap-v4=12345 or balancer=0x…
    Add {
        /// The protocol, and what in it
        #[arg(required = true, value_name = "PROTOCOL=ID")]
        names: Vec<Named>,
    },
    /// Forget it; nothing on the chain changes
    Remove {
        /// As the list shows it
        #[arg(value_name = "PROTOCOL=ID")]
        name: Named,
    },
}

/// Runs it.
pub(in crate::cli) fn run(args: &Args, asked: &NamedArgs, handle: &Handle) -> Exit {
    let snapshot = handle.snapshot();
    snapshot.notices.iter().for_each(|notice| say(&notice.text));
    let all = match &asked.action {
        None => Ok(snapshot.named.to_vec()),
        Some(NamedAction::Add { names }) => {
            can_be_named(snapshot.network.chain_id, None, names).and_then(|()| handle.named().keep(names))
        }
        Some(NamedAction::Remove { name }) => handle.named().forget(name),
    };
    match all {
        Ok(all) => {
            output::answer(args, || as_json(&all), || as_text(&all, &snapshot.network.name));
            Exit::Done
        }
        Err(reason) => fail(args, &reason),
    }
}

fn as_json(all: &[Named]) -> Value {
    let one = |named: &Named| {
        let text = named.to_string();
        let id = text.split_once('=').map_or("", |(_, id)| id);
        json!({"protocol": named.protocol, "id": id})
    };
    json!({"named": all.iter().map(one).collect::<Vec<_>>()})
}

fn as_text(all: &[Named], network: &str) -> String {
    if all.is_empty() {
        return format!("Nothing is named by hand on {network}. Name it: lifeboat named add PROTOCOL=ID\n");
    }
    all.iter().map(|one| format!("{one}\n")).collect()
}
