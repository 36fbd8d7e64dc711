//! Names where addresses are expected: resolved first, and said what they stand for.

use alloy::primitives::Address;

use super::args::Args;
use super::commands::resolve::outcome_words;
use super::format::provenance;
use super::output::{fail, say};
use super::run::answer_to;
use super::value::Who;
use super::{Exit, commands};
use crate::app::{Answer, ContractAnswer, ContractQuestion, Handle, NameAnswer, Question, Reason, sanitise};

/// Longest name shown, in characters.
const TEXT_CAP: usize = 255;

/// The addresses that these stand for, in their order. What each name was resolved to goes to standard error.
pub(super) async fn addresses(args: &Args, handle: &mut Handle, who: &[Who]) -> Result<Vec<Address>, Exit> {
    let mut found = Vec::with_capacity(who.len());
    for one in who {
        found.push(match one {
            Who::Address(address) => *address,
            Who::Name(name) => resolved(args, handle, name).await?,
        });
    }
    Ok(found)
}

/// The address that this stands for.
pub(super) async fn address(args: &Args, handle: &mut Handle, who: &Who) -> Result<Address, Exit> {
    match who {
        Who::Address(address) => Ok(*address),
        Who::Name(name) => resolved(args, handle, name).await,
    }
}

/// The same where there may be none.
pub(super) async fn optional(
    args: &Args,
    handle: &mut Handle,
    who: Option<&Who>,
) -> Result<Option<Address>, Exit> {
    match who {
        Some(who) => address(args, handle, who).await.map(Some),
        None => Ok(None),
    }
}

async fn resolved(args: &Args, handle: &mut Handle, name: &str) -> Result<Address, Exit> {
    let question = Question::Contract(ContractQuestion::Name(name.to_owned(), args.at.into()));
    let (answer, snapshot) = answer_to(args, handle, &question).await?;
    let Answer::Contract(answer) = answer else { return Err(Exit::Unverified) };
    let ContractAnswer::Name(found) = &*answer else { return Err(Exit::Unverified) };
    let Some(address) = found.address() else { return Err(no_address(args, found)) };
    let name = sanitise(found.name.as_str(), TEXT_CAP);
    say(&format!(
        "{name} is {} ({}). Its owner can change this at any time.",
        address.to_checksum(None),
        provenance(found.at, snapshot.now_ms)
    ));
    Ok(address)
}

fn no_address(args: &Args, found: &NameAnswer) -> Exit {
    let name = sanitise(found.name.as_str(), TEXT_CAP);
    let what = format!("The name {name} does not lead to an address here: {}", outcome_words(found));
    let mut reason = Reason::new(&what, "there is nobody to ask about", "give the 0x address");
    let exit = commands::resolve::exit_of_name(found);
    reason.proven_no = exit == Exit::ProvenNo;
    fail(args, &reason)
}
