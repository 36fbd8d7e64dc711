//! What may be wrong with typed data: its chain (R24), its contract (R09), what it allows and until when (R24, R08), what
//! nobody can read (R10), what it rests on (R12, R14, R26), what changed meanwhile (R27), and what a device shows (R28).

use alloy::dyn_abi::TypedData;
use alloy::primitives::{Address, U256};

use crate::contracts::{TokenList, sanitise};

use super::finding::{Fact, Finding, Level};
use super::safe_tx::SafeTx;
use super::state_checks::{age, changed, hash_only, refuted, witness_finding};
use super::text::{amount_text, symbol};
use super::typed_permits::deadline;
use super::{CodeStanding, Permission, ReviewInput, Standing};

/// Typed data as it was read.
pub(super) struct Subject<'a> {
    pub(super) data: &'a TypedData,
    /// `None` where its meaning is not known.
    pub(super) permissions: Option<&'a [Permission]>,
    /// It is a Safe's transaction.
    pub(super) safe_tx: Option<&'a SafeTx>,
}

/// The first letters of a Unix second, written as `2025-10-02T…`.
fn utc(second: u64, letters: usize) -> String {
    let time = i64::try_from(second).ok().and_then(|second| jiff::Timestamp::from_second(second).ok());
    let written = time.and_then(|time| time.to_string().get(..letters).map(str::to_owned));
    written.unwrap_or_else(|| second.to_string())
}

fn year(second: u64) -> String {
    utc(second, 4)
}

fn day(second: u64) -> String {
    utc(second, 10)
}

/// Every check, the worst first.
pub(super) fn findings(subject: &Subject<'_>, input: &ReviewInput<'_>) -> Vec<Finding> {
    let mut found = vec![chain(subject.data, input)];
    let named = subject.data.domain.verifying_contract;
    found.extend(named.and_then(|at| contract(at, subject.safe_tx.is_some(), input)));
    found.extend(impostor(subject.data, input));
    match subject.permissions {
        None if subject.safe_tx.is_some() => {
            found.extend(subject.safe_tx.map(|one| one.findings(input)).unwrap_or_default());
        }
        None => {
            let text = "Lifeboat cannot read this data, so you would sign blind.";
            found.push(Finding::danger(10, text, Fact::new("BLIND", &["BLIND"])));
        }
        Some(all) => {
            found.extend(all.iter().map(|one| permission_finding(one, input)));
            found.extend(too_late(subject.data, all, input));
        }
    }
    if input.spender.is_some_and(|facts| !facts.has_code) {
        let text = "The spender is a person's wallet, not a contract. Real apps do not ask for this.";
        found.push(Finding::danger(8, text, Fact::new("WALLET", &["WALLET"])));
    }
    found.extend(ground(input));
    found.sort_by_key(|one| (std::cmp::Reverse(one.level), one.check));
    found
}

/// What it rests on: R12 and R26 where the weakest fact is not proven, R14, the word of others (R26), R27 and R28.
fn ground(input: &ReviewInput<'_>) -> Vec<Finding> {
    let weak = match input.standing {
        Standing::Proven => age(input.state_age_secs),
        Standing::Unverified => {
            let text = "The contracts and accounts that it names could not be proven.";
            Finding::danger(12, text, Fact::new("BLIND", &["BLIND"]))
        }
        Standing::Refuted => refuted(),
    };
    let mut found = vec![weak];
    found.extend(input.witness.as_ref().map(witness_finding));
    found.extend(input.changed.as_deref().map(changed));
    found.extend(input.device.as_ref().filter(|device| device.shows_only_hash).map(hash_only));
    found
}

/// R24: nobody can use it any more. Whoever still asks for it may ask for something else next.
fn too_late(data: &TypedData, all: &[Permission], input: &ReviewInput<'_>) -> Option<Finding> {
    let is_over = |second: u64| second < input.at_secs;
    let rights = all.iter().map(|one| one.until).collect::<Option<Vec<u64>>>();
    let last = rights.and_then(|all| all.into_iter().max());
    let over = deadline(data).filter(|second| is_over(*second)).or(last.filter(|second| is_over(*second)))?;
    let text = format!("Its time was over on {}: no contract takes this signature any more.", day(over));
    Some(Finding::new(24, Level::Caution, text))
}

/// R24's block, and R01 where it passes.
fn chain(data: &TypedData, input: &ReviewInput<'_>) -> Finding {
    match data.domain.chain_id.map(|id| (id, id == U256::from(input.chain_id))) {
        Some((id, false)) => {
            let (name, own) = (&input.chain_name, input.chain_id);
            let text = format!("This signature is for chain {id}. Lifeboat is verified on {name} ({own}).");
            Finding::new(24, Level::Block, text)
        }
        Some((id, true)) => Finding::passed(1, format!("Chain id {id} = verified chain")),
        None => {
            let text = "It names no chain, so it holds on every chain that has this contract.";
            Finding::new(24, Level::Caution, text)
        }
    }
}

/// R09, for the contract that the domain names. Data of a form that is `understood` need no interface.
fn contract(at: Address, understood: bool, input: &ReviewInput<'_>) -> Option<Finding> {
    // Nothing is proven without a head.
    let facts = input.recipient?;
    if !facts.has_code {
        let text = "There is no contract at the address that this data names (proven): somebody else checks the signature.";
        return Some(Finding::new(9, Level::Caution, text));
    }
    let changed = |text: String| Finding::danger(9, text, Fact::new("CHANGED", &["CHANGED"]));
    match &input.code {
        CodeStanding::Matches { name } => {
            return Some(Finding::passed(9, format!("Code matches bundled {name}")));
        }
        CodeStanding::Changed { name } => {
            return Some(changed(format!(
                "The code is not the one shipped for {name}: an upgrade, or an attack."
            )));
        }
        CodeStanding::ChangedSince { day } => {
            return Some(changed(format!(
                "The code is not the one you last called, on {day}: an upgrade, or an attack."
            )));
        }
        CodeStanding::Unknown => {}
    }
    let known = understood || input.book.abi(input.chain_id, at).is_some() || input.units.contains_key(&at);
    let text = "Lifeboat has no verified interface for this contract.";
    (!known).then(|| Finding::new(9, Level::Caution, text))
}

/// A domain that wears a listed token's name at another address.
fn impostor(data: &TypedData, input: &ReviewInput<'_>) -> Option<Finding> {
    let (name, at) = (data.domain.name.as_deref()?, data.domain.verifying_contract?);
    let list = TokenList::of_chain(input.chain_id)?;
    let same = |one: &&crate::contracts::Token| one.name == name || one.symbol == name;
    if list.at(at).is_some() || !list.tokens().iter().any(|one| same(&one)) {
        return None;
    }
    let name = sanitise(name, 64);
    let text = format!("It calls itself “{name}”, but its contract is not the listed {name}.");
    Some(Finding::new(24, Level::Caution, text))
}

/// R24.
fn permission_finding(one: &Permission, input: &ReviewInput<'_>) -> Finding {
    let what = match one.amount {
        None => format!("your {}", symbol(&input.units, one.token)),
        Some(amount) => format!("{} of yours", amount_text(&input.units, one.token, amount)),
    };
    let time = one.until.map_or_else(|| "for ever".to_owned(), |second| format!("until {}", year(second)));
    let text = format!(
        "A signature alone lets {} take {what} {time}. It costs no gas and cannot be seen in Activity.",
        one.spender
    );
    let fact = match (one.amount, one.until) {
        (Some(_), Some(second)) => Fact::new("the year", &[&year(second)]),
        _ => Fact::new("UNLIMITED", &["UNLIMITED"]),
    };
    Finding::danger(24, text, fact)
}

/// The intent.
pub(super) fn sentence(subject: &Subject<'_>, input: &ReviewInput<'_>) -> String {
    if let Some(safe_tx) = subject.safe_tx {
        return safe_tx.sentence();
    }
    match subject.permissions.unwrap_or_default() {
        [] => format!("You sign {} data of unknown meaning.", sanitise(&subject.data.primary_type, 64)),
        [one] => {
            let much = match one.amount {
                None => format!("all your {}", symbol(&input.units, one.token)),
                Some(amount) => format!("up to {}", amount_text(&input.units, one.token, amount)),
            };
            format!("You allow {} to take {much} by this signature alone.", one.spender)
        }
        all => format!("You allow {} tokens to be taken by this signature alone.", all.len()),
    }
}
