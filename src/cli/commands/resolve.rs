//! `lifeboat resolve`: a name's address, an address's name.

use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::follow::{FollowArgs, UNVERIFIED, not_asked, not_asked_json, not_followed, not_followed_json};
use crate::app::{
    ContractQuestion, Handle, NameAnswer, NameOutcome, Question, ReverseAnswer, ReverseOutcome, Snapshot,
    sanitise,
};
use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::{line, with_provenance};
use crate::cli::value::{self, Who};

/// Longest name shown, in characters.
const TEXT_CAP: usize = 255;

/// Words of `resolve`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat resolve vitalik.eth
  lifeboat resolve 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045     its name, believed only if that leads back to it
  lifeboat resolve somebody.cb.id --follow-offchain               asks the web server that the name is kept on

Everything is proven from the ENS registry down. A name is brought to its normal form (ENSIP-15) or refused. Names whose
answer is on a web server (EIP-3668) are said to be so; --follow-offchain asks that server, and what it says is shown as
UNVERIFIED, exits with 3, and stands for no address elsewhere. The owner of a name can change it at any time.
Wherever a command takes an address it takes a name too, and says what it stands for.")]
pub struct ResolveArgs {
    /// A name as `vitalik.eth`, or an address
    #[arg(value_name = "NAME|ADDRESS", value_parser = value::who)]
    who: Who,
    /// Whether web servers are asked
    #[command(flatten)]
    follow: FollowArgs,
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &ResolveArgs, handle: &mut Handle) -> Exit {
    let question = match (&asked.who, asked.follow.consent()) {
        (Who::Name(name), None) => ContractQuestion::Name(name.clone(), args.at.into()),
        (Who::Name(name), Some(consent)) => {
            ContractQuestion::NameByGateways(name.clone(), consent, args.at.into())
        }
        (Who::Address(address), consent) => ContractQuestion::NameOf(*address, consent, args.at.into()),
    };
    ask(args, handle, Question::Contract(question)).await
}

/// A name without an address is a proven no; one that leads off the chain is not verified.
pub(in crate::cli) fn exit_of_name(answer: &NameAnswer) -> Exit {
    match &answer.outcome {
        NameOutcome::Address(_) => Exit::Done,
        NameOutcome::NoResolver | NameOutcome::NoAddress => Exit::ProvenNo,
        NameOutcome::Failed(why) if why.is_proven() => Exit::ProvenNo,
        NameOutcome::Offchain(_)
        | NameOutcome::Told { .. }
        | NameOutcome::NotFollowed(_)
        | NameOutcome::Failed(_) => Exit::Unverified,
    }
}

/// An address without a name is a proven no.
pub(super) fn exit_of_reverse(answer: &ReverseAnswer) -> Exit {
    match &answer.outcome {
        ReverseOutcome::Name(_) => Exit::Done,
        ReverseOutcome::NoName | ReverseOutcome::NotNormal(_) => Exit::ProvenNo,
        ReverseOutcome::Unconfirmed(forward) => match exit_of_name(forward) {
            Exit::Unverified => Exit::Unverified,
            _ => Exit::ProvenNo,
        },
        ReverseOutcome::Failed(why) if why.is_proven() => Exit::ProvenNo,
        ReverseOutcome::Offchain(_)
        | ReverseOutcome::Told { .. }
        | ReverseOutcome::NotFollowed(_)
        | ReverseOutcome::Failed(_) => Exit::Unverified,
    }
}

/// What came of a name, in words.
pub(in crate::cli) fn outcome_words(answer: &NameAnswer) -> String {
    match &answer.outcome {
        NameOutcome::Address(address) => address.to_checksum(None),
        NameOutcome::NoResolver => "none, nobody has set it up (proven)".to_owned(),
        NameOutcome::NoAddress => "none, although the name exists (proven)".to_owned(),
        NameOutcome::Offchain(servers) => not_asked(servers),
        NameOutcome::Told { address, hosts } => {
            let said = address.map_or("that there is none".to_owned(), |one| one.to_checksum(None));
            format!("{UNVERIFIED}: {} says {said}", hosts.join(", "))
        }
        NameOutcome::NotFollowed(end) => not_followed(end),
        NameOutcome::Failed(why) => format!("its resolver gives none: {why}"),
    }
}

/// For people.
pub(super) fn name_text(answer: &NameAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    line(&mut out, "Name", &sanitise(answer.name.as_str(), TEXT_CAP));
    line(&mut out, "Address", &outcome_words(answer));
    if let Some(resolver) = answer.resolver {
        let above = if answer.by_wildcard { ", of a name above it" } else { "" };
        line(&mut out, "Resolver", &format!("{}{above}", resolver.to_checksum(None)));
    }
    if answer.name.is_unusual() {
        line(&mut out, "Note", "it has letters beyond a to z: another name may look the same");
    }
    if let NameOutcome::Told { .. } = &answer.outcome {
        out.push_str(
            "  Nothing proves what a web server says, whatever the resolver checked. Before you send anything there, compare\n  \
             the address with its owner by another way. What is proven is the resolver:\n",
        );
    }
    if answer.address().is_some() {
        out.push_str("  The name's owner can change this at any time.\n");
    }
    with_provenance(out, answer.at, snapshot)
}

/// Where a name that web servers told leads.
fn way_back(forward: Option<&NameAnswer>) -> String {
    match forward {
        Some(forward) => format!(", whose address is {}", outcome_words(forward)),
        None => ", which is no valid name".to_owned(),
    }
}

/// For people.
pub(super) fn reverse_text(answer: &ReverseAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    line(&mut out, "Address", &answer.address.to_checksum(None));
    let shown = |answer: &NameAnswer| sanitise(answer.name.as_str(), TEXT_CAP);
    let words = match &answer.outcome {
        ReverseOutcome::Name(forward) => format!("{}, and that name leads back to it", shown(forward)),
        ReverseOutcome::NoName => "none (proven)".to_owned(),
        ReverseOutcome::NotNormal(text) => format!("it calls itself `{text}`, which is no valid name"),
        ReverseOutcome::Unconfirmed(forward) => format!(
            "NOT CONFIRMED: it calls itself {}, whose address is {}",
            shown(forward),
            outcome_words(forward)
        ),
        ReverseOutcome::Offchain(servers) => not_asked(servers),
        ReverseOutcome::Told { text: None, hosts, .. } => {
            format!("{UNVERIFIED}: {} says that there is none", hosts.join(", "))
        }
        ReverseOutcome::Told { text: Some(text), hosts, forward } => {
            format!("{UNVERIFIED}: {} says {text}{}", hosts.join(", "), way_back(forward.as_deref()))
        }
        ReverseOutcome::NotFollowed(end) => not_followed(end),
        ReverseOutcome::Failed(why) => format!("its resolver gives none: {why}"),
    };
    line(&mut out, "Name", &words);
    with_provenance(out, answer.at, snapshot)
}

fn outcome_json(answer: &NameAnswer) -> Value {
    match &answer.outcome {
        NameOutcome::Address(address) => proven(json!(address.to_checksum(None)), answer.at),
        NameOutcome::NoResolver | NameOutcome::NoAddress => proven(Value::Null, answer.at),
        NameOutcome::Offchain(servers) => not_asked_json(servers),
        NameOutcome::Told { address, hosts } => json!({
            "value": address.map(|one| one.to_checksum(None)),
            "proof": "unverified",
            "said_by": hosts,
        }),
        NameOutcome::NotFollowed(end) => not_followed_json(end),
        NameOutcome::Failed(why) => json!({"not_read": why.to_string(), "proven": why.is_proven()}),
    }
}

/// For programs.
pub(super) fn name_json(answer: &NameAnswer) -> Value {
    json!({
        "name": answer.name.as_str(),
        "node": answer.node,
        "address": outcome_json(answer),
        "resolver": answer.resolver.map(|one| proven(json!(one.to_checksum(None)), answer.at)),
        "wildcard": answer.by_wildcard,
        "unusual_letters": answer.name.is_unusual(),
    })
}

/// For programs.
pub(super) fn reverse_json(answer: &ReverseAnswer) -> Value {
    let (name, unconfirmed) = match &answer.outcome {
        ReverseOutcome::Name(forward) => (proven(json!(forward.name.as_str()), answer.at), Value::Null),
        ReverseOutcome::NoName => (proven(Value::Null, answer.at), Value::Null),
        ReverseOutcome::NotNormal(text) => (proven(Value::Null, answer.at), json!(text)),
        ReverseOutcome::Unconfirmed(forward) => (Value::Null, name_json(forward)),
        ReverseOutcome::Offchain(servers) => (not_asked_json(servers), Value::Null),
        ReverseOutcome::Told { text, hosts, forward } => (
            json!({"value": text, "proof": "unverified", "said_by": hosts}),
            forward.as_deref().map_or(Value::Null, name_json),
        ),
        ReverseOutcome::NotFollowed(end) => (not_followed_json(end), Value::Null),
        ReverseOutcome::Failed(why) => {
            (json!({"not_read": why.to_string(), "proven": why.is_proven()}), Value::Null)
        }
    };
    json!({"address": answer.address.to_checksum(None), "name": name, "unconfirmed": unconfirmed})
}
