//! Answers about contracts from the command of each kind, and ABI files of the user.

use std::sync::Arc;

use serde_json::Value;

use super::{abi, call, gas, logs, price, resolve, tokens};

use crate::app::{CallResult, ContractAnswer, GasEstimate, Reason, Snapshot, TokenKind, parse_abi_json};
use crate::cli::Exit;
use crate::cli::args::Args;
use crate::cli::output::misused;

/// Longest ABI file.
const MOST_ABI: u64 = 16 << 20;

/// The answer for people.
pub(in crate::cli) fn text(answer: &ContractAnswer, snapshot: &Snapshot) -> String {
    match answer {
        ContractAnswer::Call(answer) => call::text(answer, snapshot),
        ContractAnswer::Interface(answer) => abi::text(answer, snapshot),
        ContractAnswer::Tokens(answer) => tokens::balances_text(answer, snapshot),
        ContractAnswer::Token(answer) => tokens::token_text(answer, snapshot),
        ContractAnswer::Collectible(answer) => tokens::collectible_text(answer, snapshot),
        ContractAnswer::Prices(answers) => price::text(answers, snapshot),
        ContractAnswer::Name(answer) => resolve::name_text(answer, snapshot),
        ContractAnswer::NameOf(answer) => resolve::reverse_text(answer, snapshot),
        ContractAnswer::Logs(answer) => logs::text(answer, snapshot),
        ContractAnswer::Fees(answer) => gas::fees_text(answer, snapshot),
        ContractAnswer::BaseFees(answer) => gas::history_text(answer, snapshot),
        ContractAnswer::Gas(answer) => gas::gas_text(answer, snapshot),
    }
}

/// The answer for programs.
pub(in crate::cli) fn json(answer: &ContractAnswer) -> Value {
    match answer {
        ContractAnswer::Call(answer) => call::json(answer),
        ContractAnswer::Interface(answer) => abi::json(answer),
        ContractAnswer::Tokens(answer) => tokens::balances_json(answer),
        ContractAnswer::Token(answer) => tokens::token_json(answer),
        ContractAnswer::Collectible(answer) => tokens::collectible_json(answer),
        ContractAnswer::Prices(answers) => price::json(answers),
        ContractAnswer::Name(answer) => resolve::name_json(answer),
        ContractAnswer::NameOf(answer) => resolve::reverse_json(answer),
        ContractAnswer::Logs(answer) => logs::json(answer),
        ContractAnswer::Fees(answer) => gas::fees_json(answer),
        ContractAnswer::BaseFees(answer) => gas::history_json(answer),
        ContractAnswer::Gas(answer) => gas::gas_json(answer),
    }
}

/// A call that failed and a token that is none are proven no; a balance that was not read is not verified.
pub(in crate::cli) fn exit_of(answer: &ContractAnswer) -> Exit {
    match answer {
        ContractAnswer::Call(answer) if matches!(answer.result, CallResult::Offchain(_)) => Exit::Unverified,
        ContractAnswer::Call(answer) if !matches!(answer.result, CallResult::Values(_)) => Exit::ProvenNo,
        ContractAnswer::Token(token) if token.kind == TokenKind::NoToken => Exit::ProvenNo,
        ContractAnswer::Gas(answer) if matches!(answer.estimate.value(), GasEstimate::Fails(_)) => {
            Exit::ProvenNo
        }
        ContractAnswer::Tokens(answer) => {
            let unread =
                answer.owners.iter().flat_map(|owner| &owner.balances).filter_map(|one| one.as_ref().err());
            if unread.into_iter().any(|why| !why.is_proven()) { Exit::Unverified } else { Exit::Done }
        }
        ContractAnswer::Collectible(found) => tokens::exit_of_collectible(found),
        ContractAnswer::Prices(answers) => price::exit_of(answers),
        ContractAnswer::Name(answer) => resolve::exit_of_name(answer),
        ContractAnswer::NameOf(answer) => resolve::exit_of_reverse(answer),
        _ => Exit::Done,
    }
}

/// The user's own ABI: read, and known to be one.
pub(super) fn read_abi(args: &Args, path: &std::path::Path) -> Result<Arc<str>, Exit> {
    let wrong = |why: String| {
        let what = format!("{} cannot be used as an ABI: {why}", path.display());
        misused(
            args,
            &Reason::new(
                &what,
                "nothing was asked of anybody",
                "give a file that holds an ABI as JSON, or fragments",
            ),
        )
    };
    let size = std::fs::metadata(path).map_err(|why| wrong(why.to_string()))?.len();
    if size > MOST_ABI {
        return Err(wrong("it is longer than 16 MiB".to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|why| wrong(why.to_string()))?;
    parse_abi_json(&text).map_err(|why| wrong(why.to_string()))?;
    Ok(text.into())
}
