//! What is known of a contract: whose code runs, what it answers to, and who says so.

use std::collections::{BTreeMap, BTreeSet};

use alloy::json_abi::{Function, JsonAbi, StateMutability};
use alloy::primitives::{Address, Selector, U256};

use super::contract_reads::chain_id;
use super::{AbiSource, FunctionFacts, InterfaceAnswer, Reason};
use crate::chain::{ReadError, StateAt};
use crate::contracts::{
    AbiBook, BEACON_IMPLEMENTATION, Found, Provenance, ProxyKind, classify_proxy, proxy_slots_to_read,
    sanitise, selectors_in_code,
};
use crate::execution::Call;

/// Longest signature shown, in characters.
const TEXT_CAP: usize = 400;
/// Gas of asking a beacon.
const BEACON_GAS: u64 = 1_000_000;

/// What is known of `address`; `abi` is the user's own interface of it.
pub(super) async fn interface(
    state: &StateAt,
    address: Address,
    abi: Option<&str>,
) -> Result<InterfaceAnswer, Reason> {
    let chain_id = chain_id(state)?;
    let book = book_with(chain_id, address, abi)?;
    let account = state.account(address).await?;
    let code = state.code(address).await?;
    let (proxy, implementation) = proxy_of(state, address).await?;
    let mut answers: BTreeSet<Selector> = selectors_in_code(code.value()).into_iter().collect();
    if let Some(implementation) = implementation {
        answers.extend(selectors_in_code(state.code(implementation).await?.value()));
    }
    let of = |who: Address| book.abi(chain_id, who);
    let own = of(address).map(|found| (AbiSource::Interface(found.provenance.clone()), found));
    let behind = implementation.and_then(|who| {
        let found = of(who)?;
        Some((AbiSource::Implementation(who, found.provenance.clone()), found))
    });
    let mut functions = BTreeMap::new();
    for (_, found) in own.iter().chain(&behind) {
        take(&mut functions, found, &answers);
    }
    let nameless = guess(&mut functions, &book, chain_id, &answers);
    let (reads, writes) = functions.into_values().partition(|(reads, _)| *reads);
    let bare = |all: Vec<(bool, FunctionFacts)>| {
        let mut all: Vec<_> = all.into_iter().map(|(_, facts)| facts).collect();
        all.sort_by(|left, right| left.signature.cmp(&right.signature));
        all
    };
    Ok(InterfaceAnswer {
        account,
        code_size: code.value().len(),
        known: book.known(chain_id, address),
        label: book.label(chain_id, address),
        proxy,
        implementation,
        implementation_label: implementation.and_then(|who| book.label(chain_id, who)),
        abi: own.or(behind).map(|(source, _)| source),
        reads: bare(reads),
        writes: bare(writes),
        nameless,
    })
}

/// The interfaces at hand, with the user's own of `address`.
pub(super) fn book_with(chain_id: u64, address: Address, abi: Option<&str>) -> Result<AbiBook, Reason> {
    let mut book = AbiBook::new();
    if let Some(text) = abi {
        book.add_json(chain_id, address, text).map_err(|why| {
            Reason::misuse(
                &format!("The interface cannot be used: {why}"),
                "give a file that holds an ABI as JSON, or fragments",
            )
        })?;
    }
    Ok(book)
}

/// Whether another contract's code runs, and whose: judged by proven code and slots. A beacon is asked by running it.
pub(super) async fn proxy_of(
    state: &StateAt,
    address: Address,
) -> Result<(ProxyKind, Option<Address>), ReadError> {
    let code = state.code(address).await?;
    let wanted = proxy_slots_to_read(code.value());
    let keys: Vec<U256> = wanted.iter().map(|one| U256::from_be_bytes(one.slot().0)).collect();
    let values = if keys.is_empty() { Vec::new() } else { state.storage(address, &keys).await? };
    let slots =
        wanted.into_iter().zip(values.into_iter().map(crate::execution::Proven::into_value)).collect();
    let kind = classify_proxy(code.value(), &slots);
    let implementation = match kind {
        ProxyKind::Beacon { beacon } => behind_beacon(state, beacon).await?,
        _ => kind.implementation(),
    };
    Ok((kind, implementation))
}

async fn behind_beacon(state: &StateAt, beacon: Address) -> Result<Option<Address>, ReadError> {
    let ask = Call { gas_limit: Some(BEACON_GAS), ..Call::read(beacon, BEACON_IMPLEMENTATION.to_vec()) };
    let outcome = state.call(ask).await?;
    let word = Some(outcome.value()).filter(|outcome| outcome.is_success());
    let word = word.and_then(|outcome| outcome.output.get(..32)).map(U256::from_be_slice);
    Ok(word.filter(|word| !word.is_zero() && word.bit_len() <= 160).map(|word| {
        let bytes: [u8; 32] = word.to_be_bytes();
        Address::from_word(bytes.into())
    }))
}

type Functions = BTreeMap<Selector, (bool, FunctionFacts)>;

fn take(into: &mut Functions, found: &Found<JsonAbi>, answers: &BTreeSet<Selector>) {
    for function in found.item.functions() {
        let selector = function.selector();
        into.entry(selector).or_insert_with(|| facts(function, &found.provenance, answers));
    }
}

/// Names for the selectors that no interface of this contract explains; those without any are returned.
fn guess(into: &mut Functions, book: &AbiBook, chain_id: u64, answers: &BTreeSet<Selector>) -> Vec<Selector> {
    let mut nameless = Vec::new();
    for selector in answers {
        if into.contains_key(selector) {
            continue;
        }
        match book.functions(chain_id, None, *selector).first() {
            Some(found) => {
                into.insert(*selector, facts(&found.item, &Provenance::Guess, answers));
            }
            None => nameless.push(*selector),
        }
    }
    nameless
}

fn facts(
    function: &Function,
    provenance: &Provenance,
    answers: &BTreeSet<Selector>,
) -> (bool, FunctionFacts) {
    let reads = matches!(function.state_mutability, StateMutability::View | StateMutability::Pure);
    let types: Vec<_> = function.outputs.iter().map(|one| one.selector_type().into_owned()).collect();
    let returns = if types.is_empty() { String::new() } else { format!("({})", types.join(",")) };
    let selector = function.selector();
    let facts = FunctionFacts {
        signature: sanitise(&function.signature(), TEXT_CAP),
        returns: sanitise(&returns, TEXT_CAP),
        selector,
        provenance: provenance.clone(),
        in_code: answers.contains(&selector),
        payable: function.state_mutability == StateMutability::Payable,
    };
    (reads, facts)
}
