//! Leaving EigenLayer: queue what is restaked, and complete what has waited long enough.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::interface::{DelegationManager, QueuedWithdrawalParams};
use super::positions::{Noted, Part};
use crate::protocols::{Action, Asset, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    match noted {
        Noted::Restaked(_, parts) => queue(position, parts),
        Noted::Queued(_, withdrawal, parts, due) => {
            let asset = whole(&format!("withdrawal {}", withdrawal.nonce));
            let title = format!("Take {}", told(parts));
            let action = Action::of_all(position, intents, ("complete", title, &asset, U256::from(1)));
            let selector = DelegationManager::completeQueuedWithdrawalCall::SELECTOR;
            let early = (!due).then(|| "It has not waited long enough yet.".to_owned());
            let other = (withdrawal.withdrawer != position.owner)
                .then(|| format!("Only {} may take it.", withdrawal.withdrawer));
            let blocked =
                blocked_without(&position.code, selector, "completeQueuedWithdrawal").or(other).or(early);
            vec![Action { stage: Some(Stage::Claim), blocked, ..action }]
        }
    }
}

/// Something that is taken as a whole: there is one of it, and no token.
fn whole(what: &str) -> Asset {
    Asset::token(Address::ZERO, what, 0)
}

fn told(parts: &[Part]) -> String {
    parts.iter().map(|part| part.asset.show(part.amount)).collect::<Vec<_>>().join(", ")
}

fn queue(position: &Position, parts: &[(Part, U256)]) -> Vec<Action> {
    let selector = DelegationManager::queueWithdrawalsCall::SELECTOR;
    let mut all = Vec::new();
    for (kind, validators) in [("queue", false), ("queue-validators", true)] {
        let some: Vec<Part> = parts
            .iter()
            .map(|(part, _)| part)
            .filter(|part| part.is_of_validators() == validators)
            .cloned()
            .collect();
        if some.is_empty() {
            continue;
        }
        let asset = whole(if validators { "ether of validators" } else { "restaked tokens" });
        let title = format!("Queue the withdrawal of {}", told(&some));
        let action = Action::of_all(position, intents, (kind, title, &asset, U256::from(1)));
        let note = if validators {
            "Pays only what has left the validators and was accounted for by then."
        } else {
            "Takes about two weeks, and can be slashed until then. Afterwards it has to be taken."
        };
        let blocked = blocked_without(&position.code, selector, "queueWithdrawals");
        let stage = (!validators).then_some(Stage::Queue);
        all.push(Action { stage, note: Some(note.to_owned()), blocked, ..action });
    }
    all
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    match (noted, action.kind) {
        (Noted::Restaked(layer, parts), "queue" | "queue-validators") => {
            let validators = action.kind == "queue-validators";
            let some = parts.iter().filter(|(part, _)| part.is_of_validators() == validators);
            let some: Vec<_> = some.cloned().collect();
            let params = QueuedWithdrawalParams {
                strategies: some.iter().map(|(part, _)| part.strategy).collect(),
                depositShares: some.iter().map(|(_, shares)| *shares).collect(),
                deprecatedWithdrawer: Address::ZERO,
            };
            let parts: Vec<Part> = some.into_iter().map(|(part, _)| part).collect();
            let call = DelegationManager::queueWithdrawalsCall { params: vec![params] }.abi_encode();
            let sentence = format!("Queue the withdrawal of {} from EigenLayer", told(&parts));
            Ok(vec![Intent::call(layer.delegation, call, sentence)])
        }
        (Noted::Queued(layer, withdrawal, parts, _), "complete") => {
            let tokens = parts.iter().map(token).collect();
            let withdrawal = withdrawal.clone();
            let call =
                DelegationManager::completeQueuedWithdrawalCall { withdrawal, tokens, receiveAsTokens: true };
            let sentence = format!("Take {} from EigenLayer", told(parts));
            Ok(vec![Intent::call(layer.delegation, call.abi_encode(), sentence)])
        }
        _ => Err(action.not_ours()),
    }
}

/// What the contract wants to be told of a strategy: for ether the word is not looked at.
fn token(part: &Part) -> Address {
    part.asset.address
}
