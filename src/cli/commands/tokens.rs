//! `lifeboat tokens`: who holds how much of what, and what a token is.

use alloy::primitives::{Address, U256};
use clap::Args as ClapArgs;
use serde_json::{Value, json};

use crate::app::{
    CollectibleFacts, ContractQuestion, Handle, NoAnswer, OwnerBalances, Question, Snapshot, TokenBalances,
    TokenChoice, TokenFacts, TokenKind, TokenList, TokenQuirk, TokensQuestion,
};
use crate::cli::args::Args;
use crate::cli::format::{ether, units};
use crate::cli::json::proven;
use crate::cli::run::ask;
use crate::cli::text::{line, with_provenance};
use crate::cli::value::{self, Who};
use crate::cli::{Exit, names};

const EXAMPLES: &str = "\
Examples:
  lifeboat tokens 0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045            ether and the common tokens of the bundled list
  lifeboat tokens ME OTHER --token 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48   these accounts in this token only
  lifeboat tokens ME --all                                             the whole list; more to read
  lifeboat tokens --about 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48    what a token says of itself
  lifeboat tokens --collectible 0xBC4CA0EdA7647A8aB7C2061c2E118A18a936f13D:9   who owns it

What is not on the list is not looked for: a light client cannot know every token that exists. A balance that could not
be read says so and is never 0. `(unlisted)` beside a symbol: anybody can make a token with any symbol.";

/// Words of `tokens`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct TokensArgs {
    /// Whose balances
    #[arg(value_name = "ADDRESS", value_parser = value::who, required_unless_present_any = ["about", "collectible"])]
    addresses: Vec<Who>,
    /// Only this token, by its address; may be repeated
    #[arg(long, value_name = "TOKEN", value_parser = value::address)]
    token: Vec<Address>,
    /// The whole bundled list, not only its common part
    #[arg(long, conflicts_with = "token")]
    all: bool,
    /// What this token says of itself
    #[arg(long, value_name = "TOKEN", value_parser = value::address, conflicts_with_all = ["addresses", "token", "all", "collectible"])]
    about: Option<Address>,
    /// One collectible, as CONTRACT:NUMBER; with an address, how many of it that one has
    #[arg(long, value_name = "CONTRACT:NUMBER", value_parser = collectible_id, conflicts_with_all = ["token", "all"])]
    collectible: Option<(Address, U256)>,
}

fn collectible_id(text: &str) -> Result<(Address, U256), String> {
    let (contract, id) =
        text.split_once(':').ok_or("write the contract, a colon, and the number of the collectible")?;
    let id = value::slot(id).map_err(|_why| format!("{id:?} is no number of a collectible"))?;
    Ok((value::address(contract)?, id))
}

/// Runs it.
pub(in crate::cli) async fn run(args: &Args, asked: &TokensArgs, handle: &mut Handle) -> Exit {
    let tag = args.at.into();
    let addresses = match names::addresses(args, handle, &asked.addresses).await {
        Ok(addresses) => addresses,
        Err(exit) => return exit,
    };
    let question = match (asked.about, asked.collectible) {
        (Some(token), _) => ContractQuestion::Token(token, tag),
        (None, Some((contract, id))) => {
            ContractQuestion::Collectible(contract, id, addresses.first().copied(), tag)
        }
        (None, None) => ContractQuestion::Tokens(TokensQuestion {
            owners: addresses,
            tokens: match (asked.token.is_empty(), asked.all) {
                (false, _) => TokenChoice::These(asked.token.clone()),
                (true, true) => TokenChoice::AllListed,
                (true, false) => TokenChoice::Common,
            },
            also: Vec::new(),
            tag,
        }),
    };
    ask(args, handle, Question::Contract(question)).await
}

/// For people: what is held and what could not be read.
pub(super) fn balances_text(answer: &TokenBalances, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let list = TokenList::of_chain(snapshot.network.chain_id);
    for owner in &answer.owners {
        let account = owner.account.value();
        out.push_str(&format!("{}\n  {}\n", account.address.to_checksum(None), ether(account.balance)));
        let mut none = 0_usize;
        for (token, balance) in answer.tokens.iter().zip(&owner.balances) {
            match balance {
                Ok(balance) if balance.value().is_zero() => none = none.saturating_add(1),
                Ok(balance) => out.push_str(&held(*token, *balance.value(), answer.facts_of(*token))),
                Err(why) => {
                    let listed = list.and_then(|list| list.at(*token)).map(|token| token.symbol.clone());
                    let name = listed.unwrap_or_else(|| token.to_checksum(None));
                    out.push_str(&format!("  —  {name}: {why}\n"));
                }
            }
        }
        out.push_str(&rest(none, answer, owner));
    }
    with_provenance(out, answer.at, snapshot)
}

fn held(token: Address, balance: U256, facts: Option<&TokenFacts>) -> String {
    let Some(facts) = facts else {
        return format!("  {balance} of the smallest unit of {}\n", token.to_checksum(None));
    };
    let amount = match facts.proven_decimals() {
        Some(decimals) => units(balance, decimals),
        None => format!("{balance} (smallest unit; its decimals are not known)"),
    };
    let mut notes: Vec<String> = facts.quirks().iter().map(|quirk| quirk_words(*quirk).to_owned()).collect();
    if facts.list_differs() {
        notes.push("the list has other decimals; the contract's count".to_owned());
    }
    if let Some(real) = facts.imitates {
        notes.push(format!("NOT the listed token of that symbol, which is {}", real.to_checksum(None)));
    }
    let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join("; ")) };
    let address =
        if facts.listed.is_some() { String::new() } else { format!("  {}", token.to_checksum(None)) };
    format!("  {amount} {}{address}{notes}\n", facts.shown_symbol())
}

fn rest(none: usize, answer: &TokenBalances, owner: &OwnerBalances) -> String {
    let looked_at = answer.tokens.len();
    if looked_at == 0 {
        return "  No token is listed for this network; name one with --token.\n".to_owned();
    }
    let unread = owner.balances.iter().filter(|one| one.is_err()).count();
    format!("  {looked_at} tokens looked at: {none} are 0, {unread} not read. Others may exist.\n")
}

/// What a departure from EIP-20 means to a holder.
fn quirk_words(quirk: TokenQuirk) -> &'static str {
    match quirk {
        TokenQuirk::FeeOnTransfer => "may keep a fee of each transfer",
        TokenQuirk::Rebasing => "balance changes without a transfer",
        TokenQuirk::Bytes32Symbol => "old form of symbol",
        TokenQuirk::NoReturnValue => "its transfer answers nothing",
        TokenQuirk::Blocklist => "its issuer can freeze an address",
        TokenQuirk::ApproveFromZero => "an allowance must be set to 0 before another",
    }
}

/// For people: one token.
pub(super) fn token_text(token: &TokenFacts, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let said = |found: &Result<String, NoAnswer>| found.clone().unwrap_or_else(|why| format!("— {why}"));
    line(&mut out, "Token", &token.address.to_checksum(None));
    line(&mut out, "Kind", kind_words(token.kind));
    line(&mut out, "Symbol", &said(&token.symbol));
    line(&mut out, "Name", &said(&token.name));
    let decimals = token.decimals.as_ref().map_or_else(|why| format!("— {why}"), ToString::to_string);
    line(&mut out, "Decimals", &decimals);
    let supply = token.total_supply.as_ref().map_or_else(
        |why| format!("— {why}"),
        |supply| token.proven_decimals().map_or_else(|| supply.to_string(), |digits| units(*supply, digits)),
    );
    line(&mut out, "Supply", &supply);
    let listed = match (&token.listed, token.imitates) {
        (Some(listed), _) => format!("yes, as {} ({})", listed.symbol, listed.name),
        (None, Some(real)) => format!("NO. The listed token of that symbol is {}", real.to_checksum(None)),
        (None, None) => "no: nobody vouches for it here".to_owned(),
    };
    line(&mut out, "Listed", &listed);
    for quirk in token.quirks() {
        line(&mut out, "Note", quirk_words(*quirk));
    }
    if token.list_differs() {
        line(&mut out, "Note", "the list has other decimals; the contract's count");
    }
    out.push_str("  Symbol, name and supply are the contract's own words: that it says so is proven.\n");
    with_provenance(out, token.at, snapshot)
}

fn kind_words(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Erc20 => "token (ERC-20)",
        TokenKind::Erc721 => "collectibles, one owner each (ERC-721)",
        TokenKind::Erc1155 => "collectibles, many of each (ERC-1155)",
        TokenKind::NoToken => "none: it answers as no token does",
    }
}

/// For people: one collectible.
pub(super) fn collectible_text(found: &CollectibleFacts, snapshot: &Snapshot) -> String {
    let mut out = String::new();
    line(&mut out, "Collection", &found.collection.address.to_checksum(None));
    line(&mut out, "Called", &found.collection.shown_symbol());
    line(&mut out, "Kind", kind_words(found.collection.kind));
    line(&mut out, "Number", &found.id.to_string());
    let owner = found.owner.as_ref().map_or_else(|why| format!("— {why}"), |who| who.to_checksum(None));
    line(&mut out, "Owner", &owner);
    if let Some(held) = &found.held {
        let held = held.as_ref().map_or_else(|why| format!("— {why}"), ToString::to_string);
        line(&mut out, "Held", &held);
    }
    with_provenance(out, found.at, snapshot)
}

/// What nobody owns is a proven no.
pub(super) fn exit_of_collectible(found: &CollectibleFacts) -> Exit {
    let unread = |why: &NoAnswer| !why.is_proven();
    let held = found.held.as_ref();
    if found.owner.is_ok() || held.is_some_and(|held| held.is_ok()) {
        Exit::Done
    } else if found.owner.as_ref().is_err_and(unread)
        || held.is_some_and(|held| held.as_ref().is_err_and(unread))
    {
        Exit::Unverified
    } else {
        Exit::ProvenNo
    }
}

fn or_why<T>(found: &Result<T, NoAnswer>, value: impl FnOnce(&T) -> Value) -> Value {
    match found {
        Ok(found) => value(found),
        Err(why) => json!({"not_read": why.to_string(), "proven": why.is_proven()}),
    }
}

/// For programs.
pub(super) fn balances_json(answer: &TokenBalances) -> Value {
    let owners: Vec<Value> = answer
        .owners
        .iter()
        .map(|owner| {
            let account = owner.account.value();
            let balances: Vec<Value> = answer
                .tokens
                .iter()
                .zip(&owner.balances)
                .map(|(token, balance)| {
                    let balance = or_why(balance, |one| proven(json!(one.value().to_string()), one.at()));
                    json!({"token": token.to_checksum(None), "balance": balance})
                })
                .collect();
            json!({
                "address": account.address.to_checksum(None),
                "balance_wei": proven(json!(account.balance.to_string()), owner.account.at()),
                "tokens": balances,
            })
        })
        .collect();
    json!({"owners": owners, "tokens": answer.facts.iter().map(facts_json).collect::<Vec<_>>()})
}

/// For programs: one token.
pub(super) fn token_json(token: &TokenFacts) -> Value {
    json!({"token": facts_json(token)})
}

fn facts_json(token: &TokenFacts) -> Value {
    let at = token.at;
    json!({
        "address": token.address.to_checksum(None),
        "kind": match token.kind {
            TokenKind::Erc20 => "erc20",
            TokenKind::Erc721 => "erc721",
            TokenKind::Erc1155 => "erc1155",
            TokenKind::NoToken => "none",
        },
        "symbol": or_why(&token.symbol, |one| proven(json!(one), at)),
        "name": or_why(&token.name, |one| proven(json!(one), at)),
        "decimals": or_why(&token.decimals, |one| proven(json!(one), at)),
        "total_supply": or_why(&token.total_supply, |one| proven(json!(one.to_string()), at)),
        "listed": token.listed.is_some(),
        "imitates": token.imitates.map(|one| one.to_checksum(None)),
        "quirks": token.quirks(),
    })
}

/// For programs: one collectible.
pub(super) fn collectible_json(found: &CollectibleFacts) -> Value {
    json!({
        "collection": facts_json(&found.collection),
        "id": found.id.to_string(),
        "owner": or_why(&found.owner, |who| proven(json!(who.to_checksum(None)), found.at)),
        "held": found.held.as_ref().map(|held| or_why(held, |one| proven(json!(one.to_string()), found.at))),
    })
}
