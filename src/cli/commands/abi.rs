//! `lifeboat abi`: what is known of a contract.

use std::path::PathBuf;

use alloy::primitives::Address;
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use super::call::{source_json, source_words};
use super::read_abi;
use crate::app::{
    ContractQuestion, FunctionFacts, Handle, InterfaceAnswer, Provenance, ProxyKind, Question, Snapshot,
};
use crate::cli::args::Args;
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::{line, with_provenance};
use crate::cli::value::{self, Who};
use crate::cli::{Exit, names};

/// Words of `abi`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = "\
Examples:
  lifeboat abi 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48
  lifeboat abi ADDRESS --abi Token.json      does the contract answer to this interface?

Code, code hash and whose code really runs are proven. Names of functions are somebody's word: of the bundled ABIs by
this address, or a guess from four bytes, which is marked. `not in its code`: the ABI has it, the proven code does not
answer to it.")]
pub struct AbiArgs {
    /// The contract
    #[arg(value_parser = value::who)]
    address: Who,
    /// File with your own ABI of it: JSON, or a fragment a line (`function f(address to) returns (bool)`)
    #[arg(long, value_name = "FILE")]
    abi: Option<PathBuf>,
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &AbiArgs, handle: &mut Handle) -> Exit {
    let abi = match asked.abi.as_deref().map(|path| read_abi(args, path)).transpose() {
        Ok(abi) => abi,
        Err(exit) => return exit,
    };
    let address = match names::address(args, handle, &asked.address).await {
        Ok(address) => address,
        Err(exit) => return exit,
    };
    let question = ContractQuestion::Interface(address, args.at.into(), abi);
    ask(args, handle, Question::Contract(question)).await
}

/// For people.
pub(super) fn text(answer: &InterfaceAnswer, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let account = answer.account.value();
    line(&mut out, "Address", &account.address.to_checksum(None));
    let called = match (answer.known, &answer.label) {
        (Some(known), _) => format!("{} ({}), by the bundled address book", known.label, known.protocol),
        (None, Some(label)) => format!("{label}, by the bundled token list"),
        (None, None) => "not in the bundled address book".to_owned(),
    };
    line(&mut out, "Called", &called);
    if answer.code_size == 0 {
        line(&mut out, "Code", "none (proven): a person's account, or nothing yet");
        return with_provenance(out, answer.account.at(), snapshot);
    }
    line(&mut out, "Code", &format!("{} bytes, hash {}", answer.code_size, account.code_hash));
    line(&mut out, "Runs", &proxy_words(answer));
    let source = answer
        .abi
        .as_ref()
        .map_or_else(|| "no ABI; what follows is guessed from the code".to_owned(), source_words);
    line(&mut out, "Functions by", &source);
    list(&mut out, "It reads with", &answer.reads);
    list(&mut out, "It changes things with", &answer.writes);
    if !answer.nameless.is_empty() {
        let all: Vec<_> = answer.nameless.iter().map(ToString::to_string).collect();
        out.push_str(&format!("Nameless\n  {}\n", all.join(" ")));
    }
    with_provenance(out, answer.account.at(), snapshot)
}

fn list(out: &mut String, title: &str, functions: &[FunctionFacts]) {
    if functions.is_empty() {
        return;
    }
    out.push_str(&format!("{title}\n"));
    for one in functions {
        let guess = if one.provenance == Provenance::Guess { "  (a guess by its four bytes)" } else { "" };
        let missing = if one.in_code { "" } else { "  (not in its code)" };
        let payable = if one.payable { "  takes ether" } else { "" };
        out.push_str(&format!(
            "  {}  {}{}{payable}{guess}{missing}\n",
            one.selector, one.signature, one.returns
        ));
    }
}

fn proxy_words(answer: &InterfaceAnswer) -> String {
    let kind = match answer.proxy {
        ProxyKind::NoCode => return "nothing".to_owned(),
        ProxyKind::NotAProxy => return "its own code, as far as known".to_owned(),
        ProxyKind::Diamond => {
            return "the code of several contracts, one by one function (ERC-2535)".to_owned();
        }
        ProxyKind::Eip7702 { .. } => "a person's account that lends its calls (EIP-7702)".to_owned(),
        ProxyKind::Minimal { .. } => "a minimal proxy, fixed for ever (EIP-1167)".to_owned(),
        ProxyKind::Eip1967 { admin, .. } => format!("a proxy (EIP-1967){}", admin_words(admin)),
        ProxyKind::Beacon { beacon } => {
            format!("a proxy that asks the beacon {} whose code it runs", beacon.to_checksum(None))
        }
        ProxyKind::Eip1822 { .. } => "a proxy (EIP-1822)".to_owned(),
        ProxyKind::LegacyOpenZeppelin { admin, .. } => {
            format!("a proxy (OpenZeppelin, before EIP-1967){}", admin_words(admin))
        }
        ProxyKind::Safe { .. } => "a Safe".to_owned(),
    };
    let target = answer.implementation.map_or_else(
        || "; whose code that is could not be told".to_owned(),
        |target| {
            let label = answer.implementation_label.as_ref().map(|label| format!(" ({label})"));
            format!("\n             the code of {}{}", target.to_checksum(None), label.unwrap_or_default())
        },
    );
    format!("{kind}{target}")
}

fn admin_words(admin: Option<Address>) -> String {
    admin.map(|who| format!(", which {} may change", who.to_checksum(None))).unwrap_or_default()
}

/// For programs.
pub(super) fn json(answer: &InterfaceAnswer) -> Value {
    let (account, at) = (answer.account.value(), answer.account.at());
    let functions = |all: &[FunctionFacts]| -> Vec<Value> {
        all.iter()
            .map(|one| {
                json!({
                    "signature": one.signature, "returns": one.returns, "selector": one.selector,
                    "abi": one.provenance, "in_code": one.in_code, "payable": one.payable,
                })
            })
            .collect()
    };
    json!({
        "address": account.address.to_checksum(None),
        "label": answer.label,
        "protocol": answer.known.map(|known| &known.protocol),
        "code_hash": proven(json!(account.code_hash), at),
        "code_size": proven(json!(answer.code_size), at),
        "proxy": proven(json!(answer.proxy), at),
        "implementation": answer.implementation.map(|one| proven(json!(one.to_checksum(None)), at)),
        "implementation_label": answer.implementation_label,
        "abi": answer.abi.as_ref().map(source_json),
        "reads": functions(&answer.reads),
        "writes": functions(&answer.writes),
        "nameless": answer.nameless,
    })
}
