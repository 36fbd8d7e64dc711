//! `lifeboat call`: any function of any contract, run here on proven state.

use std::path::PathBuf;

use alloy::primitives::{Address, U256};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::follow::{FollowArgs, UNVERIFIED, not_asked, not_followed, not_followed_json};
use super::read_abi;
use crate::app::{
    AbiSource, BlockQuery, CallAnswer, CallOutcome, CallQuestion, CallResult, CallStatus, ContractQuestion,
    Handle, Provenance, Question, Snapshot, Tag, value_text, values_json, values_text,
};
use crate::cli::args::Args;
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::{line, with_provenance};
use crate::cli::value::{self, Who};
use crate::cli::{Exit, names};

const EXAMPLES: &str = "\
Examples:
  lifeboat call 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48 'balanceOf(address)(uint256)' 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045
  lifeboat call 0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0 stEthPerToken     the bundled ABI knows this contract
  lifeboat call ADDRESS 'pool((address token, uint24 fee) key)(uint128 liquidity)' '(0x…, 500)'
  lifeboat call ADDRESS transfer TO 5 --abi token.json --from ME             would it work? nothing is sent

The types in the second pair of brackets say how to read what comes back; without them it is shown as words of 32 bytes.
A function that reverts exits with 1: at that block this is proven. One that sends its caller to web servers (EIP-3668)
exits with 3, whether they were asked or not: what they say is never proven.";

/// Words of `call`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct CallArgs {
    /// The contract
    #[arg(value_parser = value::who)]
    address: Who,
    /// `name(types)(types it returns)`; or a name alone, where an ABI is bundled or given
    signature: String,
    /// Arguments: 5, 0xabcd, [1, 2] for an array, (1, 2) for a tuple
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,
    /// On the state after this block: a number, a hash, `latest` or `finalized`
    #[arg(long, value_parser = value::block)]
    block: Option<BlockQuery>,
    /// Who calls; the zero address where nobody is named
    #[arg(long, value_name = "ADDRESS", value_parser = value::who)]
    from: Option<Who>,
    /// Wei sent along; the caller must have them
    #[arg(long, value_name = "WEI", value_parser = value::slot, default_value = "0")]
    value: U256,
    /// File with the contract's ABI: JSON (a list, or a compiler's or explorer's file), or a fragment a line
    #[arg(long, value_name = "FILE")]
    abi: Option<PathBuf>,
    /// Whether web servers are asked
    #[command(flatten)]
    follow: FollowArgs,
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &CallArgs, handle: &mut Handle) -> Exit {
    let abi = match asked.abi.as_deref().map(|path| read_abi(args, path)).transpose() {
        Ok(abi) => abi,
        Err(exit) => return exit,
    };
    let (to, from) = match parties(args, asked, handle).await {
        Ok(parties) => parties,
        Err(exit) => return exit,
    };
    let question = CallQuestion {
        to,
        function: asked.signature.clone(),
        args: asked.args.clone(),
        from,
        value: asked.value,
        at: asked.block.unwrap_or_else(|| Tag::from(args.at).into()),
        abi,
        gateways: asked.follow.consent(),
    };
    ask(args, handle, Question::Contract(ContractQuestion::Call(question))).await
}

/// Who is called and by whom.
async fn parties(
    args: &Args,
    asked: &CallArgs,
    handle: &mut Handle,
) -> Result<(Address, Option<Address>), Exit> {
    let to = names::address(args, handle, &asked.address).await?;
    Ok((to, names::optional(args, handle, asked.from.as_ref()).await?))
}

/// For people.
pub(super) fn text(answer: &CallAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let label = answer.label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
    line(&mut out, "Contract", &format!("{}{label}", answer.to.to_checksum(None)));
    line(&mut out, "Function", &answer.signature);
    line(&mut out, "Known by", &source_words(&answer.abi));
    if !answer.arguments.is_empty() {
        line(&mut out, "Arguments", &values_text(&answer.arguments));
    }
    if answer.would_change {
        line(&mut out, "Note", "sent as a transaction, this function changes things; nothing was sent");
    }
    result_lines(&mut out, "Result", &answer.result, answer.outcome.value());
    match &answer.told {
        None => {}
        Some(Ok(told)) => {
            line(&mut out, UNVERIFIED, &format!("what follows is what {} says", told.hosts.join(", ")));
            result_lines(&mut out, "Told", &told.result, &told.outcome);
            out.push_str(
                "  Nothing proves it, whatever the contract checked. What is proven is the contract:\n",
            );
        }
        Some(Err(end)) => line(&mut out, "Answer", &not_followed(end)),
    }
    with_provenance(out, answer.outcome.at(), snapshot)
}

fn result_lines(out: &mut String, title: &str, result: &CallResult, outcome: &CallOutcome) {
    match result {
        CallResult::Values(values) if values.is_empty() => line(out, title, "nothing, and no failure"),
        CallResult::Values(values) => {
            for one in values {
                let name = if one.name.is_empty() { String::new() } else { format!("{}: ", one.name) };
                let shown = value_text(&one.value);
                line(out, title, &format!("{}{shown}  ({})", crate::app::plain(&name), one.solidity_type));
            }
        }
        other => line(out, title, &failure_words(other)),
    }
    if matches!(result, CallResult::Unread(_)) {
        line(out, "Bytes", &outcome.output.to_string());
    }
}

/// A failed call in words.
pub(super) fn failure_words(result: &CallResult) -> String {
    match result {
        CallResult::Values(_) => "it works".to_owned(),
        CallResult::Unread(why) => format!("not readable: {why}"),
        CallResult::Reverted(revert) => revert.to_string(),
        CallResult::Halted(why) => format!("failed: {why}"),
        CallResult::Offchain(servers) => not_asked(servers),
    }
}

/// Who says what the bytes mean.
pub(super) fn source_words(source: &AbiSource) -> String {
    match source {
        AbiSource::Signature => "the signature you gave".to_owned(),
        AbiSource::Interface(provenance) => provenance_words(provenance),
        AbiSource::Implementation(address, provenance) => {
            format!("{}, of {} whose code it runs", provenance_words(provenance), address.to_checksum(None))
        }
    }
}

/// Who says so.
pub(super) fn provenance_words(provenance: &Provenance) -> String {
    match provenance {
        Provenance::User => "your ABI file".to_owned(),
        Provenance::Bundled { protocol } => format!("the bundled ABI ({protocol})"),
        Provenance::Guess => "a guess: other contracts have a function of this name".to_owned(),
    }
}

/// For programs.
pub(super) fn json(answer: &CallAnswer) -> Value {
    let result = proven(result_json(&answer.result, answer.outcome.value()), answer.outcome.at());
    let told = answer.told.as_ref().map(|told| match told {
        Ok(told) => json!({
            "value": result_json(&told.result, &told.outcome),
            "proof": "unverified",
            "said_by": told.hosts,
        }),
        Err(end) => not_followed_json(end),
    });
    json!({
        "address": answer.to.to_checksum(None),
        "label": answer.label,
        "function": answer.signature,
        "arguments": values_json(&answer.arguments),
        "calldata": answer.calldata,
        "abi": source_json(&answer.abi),
        "would_change_state": answer.would_change,
        "result": result,
        "offchain": told,
    })
}

fn result_json(result: &CallResult, outcome: &CallOutcome) -> Value {
    let (values, failure) = match result {
        CallResult::Values(values) => (values_json(values), Value::Null),
        other => (Value::Null, json!(failure_words(other))),
    };
    let status = match outcome.status {
        CallStatus::Success => "success",
        CallStatus::Revert => "reverted",
        CallStatus::Halt(_) => "halted",
    };
    json!({
        "status": status,
        "values": values,
        "failure": failure,
        "output": outcome.output,
        "gas_used": outcome.gas_used,
    })
}

/// Who says what the bytes mean, for programs.
pub(super) fn source_json(source: &AbiSource) -> Value {
    match source {
        AbiSource::Signature => json!({"from": "signature"}),
        AbiSource::Interface(provenance) => json!(provenance),
        AbiSource::Implementation(address, provenance) => {
            let mut value = json!(provenance);
            if let Some(object) = value.as_object_mut() {
                object.insert("implementation".to_owned(), json!(address.to_checksum(None)));
            }
            value
        }
    }
}
