//! Who receives by what a call itself says: `withdraw(asset, amount, to)` pays `to`.

use alloy::primitives::Address;

use crate::contracts::{AbiValue, CallBody, DecodedCall, NamedValue, PlainCall, PlainValue};

use super::recipient_checks::BURNT;
use super::{Act, ReviewInput};

/// Names of arguments that say who gets something, without case and underscores.
const GETS: [&str; 10] = [
    "to",
    "recipient",
    "receiver",
    "dst",
    "destination",
    "beneficiary",
    "payee",
    "onbehalfof",
    "onbehalf",
    "recipientaddress",
];
/// The same in bundled descriptors.
const LABELS: [&str; 5] = ["To", "For", "Shares to", "Owner", "Debt of"];

/// More are not looked at one by one, which is said.
pub(super) const MOST: usize = 64;

/// Who receives something by a call or a call inside it, each once; without the contract called and without addresses that
/// only stand for one. The recipient of a standard transfer is the act's own.
pub fn receivers(call: &DecodedCall, plain: Option<&PlainCall>) -> Vec<Address> {
    let mut found = Vec::new();
    for field in plain.into_iter().flat_map(|plain| &plain.fields) {
        if let PlainValue::Who(who) = field.value
            && LABELS.contains(&field.label)
        {
            found.push(who);
        }
    }
    of_call(call, &mut found);
    let mut once: Vec<Address> = Vec::new();
    for who in found {
        // Contracts take small numbers in place of an address: itself, the sender, nobody.
        let stands_for_one = who != BURNT && who.iter().take(18).all(|byte| *byte == 0);
        if !stands_for_one && Some(who) != call.to && !once.contains(&who) {
            once.push(who);
        }
    }
    once
}

fn of_call(call: &DecodedCall, found: &mut Vec<Address>) {
    if let CallBody::Function { args, .. } | CallBody::Command { args, .. } = &call.body {
        let called = |who: Address| {
            // What is called with data inside is no receiver: a Safe's own `to`.
            call.inner.iter().any(|inner| inner.to == Some(who) && inner.body != CallBody::Empty)
        };
        let mut named = Vec::new();
        of_values(args, &mut named);
        found.extend(named.into_iter().filter(|who| !called(*who)));
    }
    for inner in &call.inner {
        if inner.body == CallBody::Empty && inner.value.is_some_and(|wei| !wei.is_zero()) {
            found.extend(inner.to);
        }
        of_call(inner, found);
    }
}

fn of_values(values: &[NamedValue], found: &mut Vec<Address>) {
    for one in values {
        let name: String =
            one.name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match &one.value {
            AbiValue::Address(who) if GETS.contains(&name.as_str()) => found.push(*who),
            AbiValue::Tuple(fields) => of_values(fields, found),
            AbiValue::Array(all) => {
                let each = name.strip_suffix('s').unwrap_or(&name);
                if GETS.contains(&each) || GETS.contains(&name.as_str()) {
                    found.extend(all.iter().filter_map(|one| match one {
                        AbiValue::Address(who) => Some(*who),
                        _ => None,
                    }));
                }
                for fields in all.iter().filter_map(AbiValue::as_tuple) {
                    of_values(fields, found);
                }
            }
            _ => {}
        }
    }
}

/// Everybody who receives beside the act's own recipient: by the call, and persons whom the simulation saw paid. The
/// user's own accounts, and contracts of the bundled book that are no token of this call, are none.
pub(super) fn inside(
    act: &Act,
    (call, plain): (&DecodedCall, Option<&PlainCall>),
    input: &ReviewInput<'_>,
) -> Vec<Address> {
    let mut all = match act {
        Act::Contract { .. } => receivers(call, plain),
        _ => Vec::new(),
    };
    for who in &input.paid_inside {
        if !all.contains(who) {
            all.push(*who);
        }
    }
    // A token that it moves is no place to send to, bundled or not.
    let is_token = |who: &Address| input.units.contains_key(who);
    let known = |who: Address| input.book.known(input.chain_id, who).is_some() && !is_token(&who);
    all.retain(|who| act.recipient() != Some(*who) && !input.is_own(*who) && !known(*who));
    all.truncate(MOST);
    all
}
