//! Leaving Lido: claim what is due, ask the queue for the rest, or unwrap.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{WithdrawalQueue as Queue, WstEth};
use super::positions::Noted;
use crate::protocols::{Action, Amount, Asset, Intent, IntentError, Position, Stage, blocked_without};

/// The queue takes any number of parts; more than this would not fit a block.
const MAX_PARTS: usize = 100;

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let paused = noted.paused.then(|| "The withdrawal queue is paused.".to_owned());
    let guard =
        |selector, name: &str| paused.clone().or_else(|| blocked_without(&noted.queue_code, selector, name));
    let action = |kind, title: String, asset: Asset, all| Action {
        protocol: position.protocol.clone(),
        owner: position.owner,
        kind,
        title,
        asset,
        amount: Amount::All,
        all,
        stage: Some(Stage::Queue),
        note: None,
        blocked: None,
        changed: None,
        detail: position.detail.clone(),
        build: intents,
    };
    let mut all = Vec::new();
    let due = noted.claimable.iter().fold(U256::ZERO, |sum, (_, _, ether)| sum.saturating_add(*ether));
    if !due.is_zero() {
        let ether = Asset::ether();
        let claim = action("claim", format!("Claim {}", ether.show(due)), ether, due);
        // A pause stops requests and what makes them due, not the claim of what is due already.
        let claims = Queue::claimWithdrawalsCall::SELECTOR;
        let blocked = blocked_without(&noted.queue_code, claims, "claimWithdrawals");
        all.push(Action { stage: Some(Stage::Claim), blocked, ..claim });
    }
    let days = || Some("Takes days, and stops earning at once; the request is an NFT of yours.".to_owned());
    if !noted.steth.is_zero() {
        let steth = noted.steth_asset();
        let request = action("request", "Request withdrawal of all stETH".to_owned(), steth, noted.steth);
        let blocked = guard(Queue::requestWithdrawalsCall::SELECTOR, "requestWithdrawals");
        all.push(Action {
            blocked: blocked.or_else(|| too_small(noted, noted.steth)),
            note: days(),
            ..request
        });
    }
    if !noted.wsteth.is_zero() {
        let wsteth = noted.wsteth_asset();
        let title = "Request withdrawal of all wstETH".to_owned();
        let request = action("request-wrapped", title, wsteth.clone(), noted.wsteth);
        let blocked = guard(Queue::requestWithdrawalsWstETHCall::SELECTOR, "requestWithdrawalsWstETH");
        all.push(Action { blocked, note: days(), ..request });
        let unwrap = action("unwrap", "Unwrap all wstETH to stETH".to_owned(), wsteth, noted.wsteth);
        all.push(Action { stage: None, ..unwrap });
    }
    all
}

fn too_small(noted: &Noted, amount: U256) -> Option<String> {
    let least = noted.limits.0;
    (amount < least).then(|| format!("The queue takes no less than {least} wei of stETH."))
}

pub(super) fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let (queue, owner) = (noted.contracts.queue, action.owner);
    match action.kind {
        "claim" => {
            let (ids, hints) = noted.claimable.iter().map(|(id, hint, _)| (*id, *hint)).unzip();
            let calldata = Queue::claimWithdrawalsCall { requestIds: ids, hints }.abi_encode();
            let sentence = format!("Claim {} from Lido's queue", action.asset.show(action.all));
            Ok(vec![Intent::call(queue, calldata, sentence)])
        }
        "request" => {
            let units = action.at_most_all()?;
            let amounts = parts(units, noted.limits)?;
            let sentence = format!("Ask Lido's queue to pay out {}", action.show(units));
            let calldata = Queue::requestWithdrawalsCall { amounts, owner }.abi_encode();
            Ok(vec![Intent::call(queue, calldata, sentence).taking(&action.asset, queue, units)])
        }
        "request-wrapped" => {
            let units = action.at_most_all()?;
            // One unit less than the most, since the contract rounds while it unwraps.
            let most = noted.most_wrapped.saturating_sub(U256::from(1));
            let amounts = parts(units, (noted.limits.0, most))?;
            let sentence = format!("Ask Lido's queue to pay out {}", action.show(units));
            let calldata = Queue::requestWithdrawalsWstETHCall { amounts, owner }.abi_encode();
            Ok(vec![Intent::call(queue, calldata, sentence).taking(&action.asset, queue, units)])
        }
        "unwrap" => {
            let units = action.at_most_all()?;
            let sentence = format!("Unwrap {} to stETH", action.show(units));
            let calldata = WstEth::unwrapCall { wstETHAmount: units }.abi_encode();
            Ok(vec![Intent::call(noted.contracts.wsteth, calldata, sentence)])
        }
        _ => Err(action.not_ours()),
    }
}

/// `total` in parts of which none is more than the most nor less than the least of one request.
fn parts(total: U256, (least, most): (U256, U256)) -> Result<Vec<U256>, IntentError> {
    if total < least || most < least || most.is_zero() {
        return Err(IntentError::Blocked { why: format!("The queue takes no less than {least} wei.") });
    }
    let mut rest = total;
    let mut parts = Vec::new();
    while !rest.is_zero() {
        let mut part = rest.min(most);
        let left = rest.saturating_sub(part);
        if !left.is_zero() && left < least {
            part = part.saturating_sub(least); // leaves the last part enough
        }
        parts.push(part);
        rest = rest.saturating_sub(part);
        if parts.len() > MAX_PARTS {
            let most = format!("{MAX_PARTS} requests at once");
            return Err(IntentError::TooMuch { most });
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_are_whole_and_within_the_limits(total in 0u64..200_000, least in 1u64..100, most in 200u64..5_000) {
            let (total, least, most) = (U256::from(total), U256::from(least), U256::from(most));
            match parts(total, (least, most)) {
                Ok(parts) => {
                    prop_assert_eq!(parts.iter().fold(U256::ZERO, |sum, one| sum + *one), total);
                    prop_assert!(parts.iter().all(|one| *one >= least && *one <= most), "{:?}", parts);
                }
                Err(IntentError::Blocked { .. }) => prop_assert!(total < least),
                Err(IntentError::TooMuch { .. }) => prop_assert!(total > most * U256::from(90)),
                Err(other) => prop_assert!(false, "{}", other),
            }
        }
    }
}
