//! What may be taken and what code runs: R07 unlimited, R08 a wallet as spender, R09 unknown code, R10 unreadable,
//! R25 delegation.

use alloy::primitives::{Address, U256};

use crate::contracts::{CallBody, DecodedCall};
use crate::wallet::{Allowance, Approval, TxType};

use super::Act;
use super::finding::{Fact, Finding, Level};
use super::input::{Case, CodeStanding};
use super::text::symbol;

pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        [unlimited(case), wallet_spender(case), unknown_code(case), unreadable(case)]
            .into_iter()
            .flatten()
            .collect();
    found.extend(delegation(case));
    let grants = case.input.effects.is_some_and(|effects| !effects.approvals.is_empty());
    if case.act.spender().is_none() && case.input.effects.is_some() && !grants {
        found.push(Finding::passed(7, "No approval is created"));
    }
    found
}

/// R07, by the call itself and by what the simulation saw given inside it.
fn unlimited(case: &Case<'_>) -> Option<Finding> {
    let by_call = match case.act {
        Act::Approve { token, amount, .. } => Act::is_unlimited(*amount).then_some(*token),
        Act::ApproveItem { collection, id, sure: false, .. } => Act::is_unlimited(*id).then_some(*collection),
        Act::ApproveAll { collection, approved: true, .. } => Some(*collection),
        _ => None,
    };
    let by_effect = || {
        case.input.effects?.approvals.iter().find_map(|one| match one.allowance {
            Allowance::Erc20 { amount } => Act::is_unlimited(amount).then_some(one.token),
            // Permit2 keeps allowances in 160 bits.
            Allowance::Permit2 { amount, .. } => Act::is_unlimited(amount).then_some(one.token),
            Allowance::Operator { allowed } => allowed.then_some(one.token),
            Allowance::Erc721 { .. } => None,
        })
    };
    let token = by_call.or_else(by_effect)?;
    let what = symbol(&case.input.units, token);
    let text = format!("The spender may take all your {what}, now and later, without asking.");
    Some(Finding::danger(7, text, Fact::new("UNLIMITED", &["UNLIMITED"])))
}

/// R08, for the spender that the call names and for those of calls inside it.
fn wallet_spender(case: &Case<'_>) -> Option<Finding> {
    let inside = case.input.effects.is_some_and(|effects| effects.approvals.iter().any(Approval::gives));
    if case.act.spender().is_none() && !inside {
        return None;
    }
    let wallet = case.input.spender.is_some_and(|facts| !facts.has_code);
    let text = "The spender is a person's wallet, not a contract. Real apps do not ask for this.";
    wallet.then(|| Finding::danger(8, text, Fact::new("WALLET", &["WALLET"])))
}

/// R09.
fn unknown_code(case: &Case<'_>) -> Option<Finding> {
    let to = case.act.contract()?;
    match &case.input.code {
        CodeStanding::Changed { name } => {
            let text = format!("The code is not the one shipped for {name}: an upgrade, or an attack.");
            return Some(Finding::danger(9, text, Fact::new("CHANGED", &["CHANGED"])));
        }
        CodeStanding::Matches { name } => {
            return Some(Finding::passed(9, format!("Code matches bundled {name}")));
        }
        CodeStanding::ChangedSince { day } => {
            let text =
                format!("The code is not the one you last called, on {day}: an upgrade, or an attack.");
            return Some(Finding::danger(9, text, Fact::new("CHANGED", &["CHANGED"])));
        }
        CodeStanding::Unknown => {}
    }
    let book = case.input.book;
    let known = book.abi(case.input.chain_id, to).is_some() || case.input.units.contains_key(&to);
    let text = "Lifeboat has no verified interface for this contract.";
    (!known).then(|| Finding::new(9, Level::Caution, text))
}

/// R10: calldata of unknown meaning, here or in a call inside; and creation code, which nobody reads.
fn unreadable(case: &Case<'_>) -> Option<Finding> {
    let blind = match case.act {
        Act::Blind { .. } | Act::Create => true,
        Act::Contract { .. } => !readable(case.call),
        _ => false,
    };
    let text = "Lifeboat cannot read this call, so you would sign blind.";
    blind.then(|| Finding::danger(10, text, Fact::new("BLIND", &["BLIND"])))
}

/// Whether every call of the tree can be read, and every command of plans in bytes.
pub fn readable(call: &DecodedCall) -> bool {
    let body = match &call.body {
        CallBody::Raw(_) | CallBody::Misfit { .. } => false,
        CallBody::Function { trailing, .. } => *trailing == 0,
        CallBody::Empty | CallBody::Command { .. } => true,
    };
    body && call.not_shown == 0 && call.inner.iter().all(readable)
}

/// What a transaction with a delegation may not be: one that does something else as well, or carries several.
fn beside(case: &Case<'_>) -> Option<String> {
    if case.tx.kind() != TxType::Eip7702 {
        return None;
    }
    match case.tx.authorizations().len() {
        1 if case.tx.is_nothing_of(case.input.from) => None,
        1 => Some(
            "This delegates your account and does something else as well. Lifeboat signs a delegation alone."
                .to_owned(),
        ),
        count => Some(format!("This carries {count} delegations. Lifeboat signs one, and alone.")),
    }
}

/// R25, and what THREATS T36 forbids.
fn delegation(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(beside(case).map(|text| Finding::new(25, Level::Block, text)));
    for one in case.tx.authorizations() {
        let next = case.tx.nonce().saturating_add(1);
        if one.nonce != next {
            let text = format!(
                "The delegation is for nonce {}, and this transaction is followed by {next}: it would do nothing now, and anybody could use it later.",
                one.nonce
            );
            found.push(Finding::new(25, Level::Block, text));
        }
        if one.chain_id != U256::from(case.input.chain_id) {
            let text =
                "The delegation would hold on other chains too. Lifeboat signs it for this chain alone.";
            found.push(Finding::new(25, Level::Block, text));
        }
        if one.address == Address::ZERO {
            continue;
        }
        let code = one.address.to_checksum(None);
        if !case.input.delegate_is_bundled {
            let text = format!("Lifeboat delegates only to code that it ships, and {code} is none of it.");
            found.push(Finding::new(25, Level::Block, text));
        }
        let text = format!("This gives the code at {code} full control of your account.");
        found.push(Finding::danger(25, text, Fact::new("CONTROL", &["CONTROL"])));
    }
    found
}
