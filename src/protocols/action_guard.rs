//! What is offered can be called: whichever protocol an action is of, the code that runs has every function it calls. And
//! code that is not the bound one is said to be another one, up to the review: an upgrade must not keep anybody in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use alloy::primitives::{Address, Selector};

use super::{Action, CodeCheck, Position, Protocol, ProtocolError, Verdict, check_code};
use crate::chain::StateAt;

/// Blocks every action that calls a function which the code that runs does not have, and marks every action of a position
/// whose code is not the one that the bundle binds: it stays on offer, and its review calls that a danger.
///
/// # Errors
/// Where code could not be proven.
pub(super) async fn guard(
    positions: &mut [Position],
    protocol: &dyn Protocol,
    state: &StateAt,
) -> Result<(), ProtocolError> {
    let elsewhere = protocol.finds_functions_elsewhere();
    let mut known: BTreeMap<Address, CodeCheck> = BTreeMap::new();
    for position in positions {
        let changed = (position.code.verdict == Verdict::Changed).then(|| protocol.name());
        for action in &mut position.actions {
            action.changed.clone_from(&changed);
            if action.blocked.is_none() {
                action.blocked = missing(action, (elsewhere, state), &mut known).await?;
            }
        }
    }
    Ok(())
}

/// Why one of an action's calls would find no function.
async fn missing(
    action: &Action,
    (elsewhere, state): (Option<Address>, &StateAt),
    known: &mut BTreeMap<Address, CodeCheck>,
) -> Result<Option<String>, ProtocolError> {
    for intent in action.intents().unwrap_or_default() {
        let Some(selector) = intent.selector().filter(|_| elsewhere != Some(intent.to)) else { continue };
        let code = match known.entry(intent.to) {
            Entry::Occupied(code) => code.into_mut(),
            Entry::Vacant(place) => place.insert(check_code(state, intent.to, None).await?),
        };
        if let Some(why) = refused(code, selector) {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

fn refused(code: &CodeCheck, selector: Selector) -> Option<String> {
    if code.verdict == Verdict::NoCode {
        return Some(format!("There is no contract at {}.", code.contract));
    }
    let lacks = !code.has(selector);
    lacks.then(|| {
        format!("The code that runs for {} has no function {selector}: it was changed.", code.contract)
    })
}
