//! Burning rETH for ether: by the holder itself, no approval.

use alloy::sol_types::SolCall as _;

use super::positions::{Noted, Reth};
use crate::protocols::{Action, Amount, Asset, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let (Some(noted), Some(row)) = (position.detail.get::<Noted>(), position.rows.first()) else {
        return Vec::new();
    };
    let most = noted.most();
    let parts = ("burn", "Burn all rETH for ETH".to_owned(), &row.asset, noted.held);
    let burn = Action::of_all(position, intents, parts);
    let there = Asset::ether().show(noted.there);
    let dry = most.is_zero().then(|| "Rocket Pool has no ether to pay out now; a market may.".to_owned());
    let blocked = blocked_without(&position.code, Reth::burnCall::SELECTOR, "burn").or(dry);
    let short = most < noted.held;
    let amount = if short { Amount::Exactly(most) } else { Amount::All };
    let note = short.then(|| format!("Rocket Pool has only {there} to pay out now."));
    vec![Action { stage: Some(Stage::Unwrap), amount, note, blocked, ..burn }]
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    if units > noted.most() {
        return Err(IntentError::TooMuch { most: action.asset.show(noted.most()) });
    }
    let call = Reth::burnCall { rethAmount: units }.abi_encode();
    Ok(vec![Intent::call(noted.token, call, format!("Burn {} for ETH", action.show(units)))])
}
