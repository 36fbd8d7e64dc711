//! Who receives: R02 checksum, R03 look-alike, R04 first time, R05 contract, R06 unused, R22 clipboard.

use alloy::primitives::{Address, address};

use crate::contracts::sanitise;
use crate::wallet::Asset;

use super::Act;
use super::finding::{Fact, Finding, Level};
use super::input::{AccountFacts, Case, PartyKind};
use super::look_alike::imitates;
use super::receivers::{MOST, receivers};
use super::text::ends;

/// Where things are sent to be destroyed.
const NOBODYS: [Address; 2] = [Address::ZERO, BURNT];
/// Of them the one that nobody means by mistake for himself.
pub(super) const BURNT: Address = address!("000000000000000000000000000000000000dEaD");

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        [checksum(case), look_alike(case), clipboard(case), contract(case), unused(case)]
            .into_iter()
            .flatten()
            .collect();
    found.extend(first_time(case));
    if let Some(to) = case.act.recipient().filter(|to| case.input.is_own(*to)) {
        let whose = if to == case.input.from { "this account" } else { "one of your accounts" };
        found.push(Finding::passed(4, format!("Receiver is {whose}")));
    }
    found
}

/// R02. An address in mixed case carries a checksum; in one case it carries none.
fn checksum(case: &Case<'_>) -> Option<Finding> {
    let typed = case.input.typed.as_deref()?.trim();
    let digits = typed.strip_prefix("0x").or_else(|| typed.strip_prefix("0X")).unwrap_or(typed);
    let address: Address = digits.parse().ok()?;
    let letters = || digits.chars().filter(char::is_ascii_alphabetic);
    let (lower, upper) =
        (letters().any(|c| c.is_ascii_lowercase()), letters().any(|c| c.is_ascii_uppercase()));
    if lower && upper {
        let right = address.to_checksum(None).trim_start_matches("0x") == digits;
        let text =
            "The address has a wrong character: its checksum does not match. Copy it again from its source.";
        return (!right).then(|| Finding::new(2, Level::Block, text));
    }
    let text = "All lower case, so it carries no checksum: compare every character.";
    lower.then(|| Finding::new(2, Level::Note, text))
}

/// R03, for the one paid or allowed, and for whoever receives inside a call.
fn look_alike(case: &Case<'_>) -> Option<Finding> {
    let named = case.act.recipient().or_else(|| case.act.spender());
    let by_act = named.and_then(|to| imitation(case, to, "This address"));
    by_act.or_else(|| {
        case.receivers
            .iter()
            .find_map(|to| imitation(case, *to, &format!("{to}, which receives by this call,")))
    })
}

/// The saved one it imitates most is named.
fn imitation(case: &Case<'_>, to: Address, subject: &str) -> Option<Finding> {
    if case.input.book.known(case.input.chain_id, to).is_some() {
        return None; // it is itself: no other address can be a bundled one
    }
    if case.input.is_own(to) || case.input.party(to).is_some_and(|one| one.kind == PartyKind::Saved) {
        return None; // an address the user compared and saved is nobody's imitation
    }
    let alike = case.input.parties.iter().filter_map(|party| Some((party, imitates(to, party.address)?)));
    let (party, how) = alike.min_by_key(|(_, how)| how.differing)?;
    let (start, end) = ends(party.address, how.leading, how.trailing);
    let both = match (how.leading, how.trailing) {
        (0, _) => format!("Both end {end}"),
        (_, 0) => format!("Both start {start}"),
        _ => format!("Both start {start} and end {end}"),
    };
    let verb = if how.differing == 1 { "differs" } else { "differ" };
    let text = format!(
        "{subject} imitates \"{}\". {both}, but {} of 40 characters {verb}.",
        party.name, how.differing
    );
    Some(Finding::danger(3, text, Fact::of_address(to)))
}

/// R04, for the one paid, for whoever receives inside a call, and for the contract called.
fn first_time(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let known = |address: Address| case.input.is_own(address) || case.input.party(address).is_some();
    if let Some(to) = case.act.recipient() {
        if let Some(moved) = &case.input.moved_name {
            let text = format!("{} now points to another address than on {}.", moved.name, moved.since);
            found.push(Finding::danger(4, text, Fact::of_address(to)));
        } else if !known(to) {
            let text = case.input.unproven(to).map_or_else(
                || "You have never sent to this address from this computer.".to_owned(),
                |one| unproven(&one.name),
            );
            found.push(Finding::new(4, Level::Caution, text));
        }
    }
    for to in case.receivers.iter().filter(|to| !known(**to)) {
        let text = case.input.unproven(*to).map_or_else(
            || format!("You have never sent to {to} from this computer, and it receives by this call."),
            |one| unproven(&one.name),
        );
        found.push(Finding::new(4, Level::Caution, text));
    }
    if case.receivers.len() == MOST {
        let text =
            format!("At least {MOST} addresses receive by this call: more than that are not looked at.");
        found.push(Finding::new(4, Level::Caution, text));
    }
    let called = match case.act {
        Act::Contract { to, .. } | Act::Blind { to } => Some(*to),
        _ => None,
    };
    if called.is_some_and(|to| !known(to)) {
        found.push(Finding::new(4, Level::Caution, "First time you call this contract."));
    }
    found
}

fn unproven(name: &str) -> String {
    format!(
        "“{}” stands in your list of accounts, but no key opened since Lifeboat started says that it is yours: unlock it, or compare the whole address.",
        sanitise(name, 64)
    )
}

/// R05.
fn contract(case: &Case<'_>) -> Option<Finding> {
    let Some(to) = case.act.recipient() else { return lost_inside(case) };
    if NOBODYS.contains(&to) {
        let text = "Nobody has a key of this address: what is sent there is lost.";
        return Some(Finding::danger(5, text, Fact::new("LOST", &["LOST"])));
    }
    let is_token = case.act.contract() == Some(to) || case.input.units.contains_key(&to);
    // A wrapper answers ether with as much of its own token: that is what it is for.
    let own = Asset::Erc20 { token: to };
    let answered = case.input.effects.is_some_and(|effects| {
        effects.changes.iter().any(|one| one.gained && one.who == case.input.from && one.asset == own)
    });
    if is_token && !answered {
        let text = "Tokens sent to their own token contract are usually lost.";
        return Some(Finding::danger(5, text, Fact::new("LOST", &["LOST"])));
    }
    let has_code = case.input.recipient.is_some_and(|facts| facts.has_code);
    has_code.then(|| Finding::new(5, Level::Caution, "The recipient is a contract."))
}

/// R05 for whoever the call itself names to receive. The zero address is left out: routers take it to mean themselves.
fn lost_inside(case: &Case<'_>) -> Option<Finding> {
    if !matches!(case.act, Act::Contract { .. }) {
        return None;
    }
    // By its own arguments: what a token burns of itself on the way is no mistake of the call's.
    let mut named = receivers(case.call, None).into_iter();
    let to = named.find(|to| *to == BURNT || case.input.units.contains_key(to))?;
    let text = match to == BURNT {
        true => format!("{to} receives by this call. Nobody has a key of it: what is sent there is lost."),
        false => {
            format!("{to} receives by this call, and is a token itself: what is sent there is usually lost.")
        }
    };
    Some(Finding::danger(5, text, Fact::new("LOST", &["LOST"])))
}

/// R06.
fn unused(case: &Case<'_>) -> Option<Finding> {
    let to = case.act.recipient()?;
    let facts = case.input.recipient?;
    let text =
        "No balance and no transactions yet (verified). Normal for a new wallet; check for typing errors.";
    let new = facts == AccountFacts::default() && !case.input.is_own(to);
    new.then(|| Finding::new(6, Level::Note, text))
}

/// R22.
fn clipboard(case: &Case<'_>) -> Option<Finding> {
    let to = case.act.recipient()?;
    let copied = case.input.clipboard.as_ref().filter(|copied| copied.address != to)?;
    let text = format!(
        "You copied {}'s address here {} s ago, but pasted a different one. A program may have swapped it.",
        copied.name, copied.secs_ago
    );
    Some(Finding::danger(22, text, Fact::of_address(to)))
}
