//! Unwrapping: burns the token and pays the ether, no approval needed.

use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::Weth;
use crate::protocols::{Action, Amount, Intent, IntentError, Position, Stage, blocked_without};

sol! {
    /// The part of WETH9 that pays out.
    interface Weth9 {
        function withdraw(uint256 wad) external;
    }
}

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(row) = position.rows.first() else { return Vec::new() };
    vec![Action {
        protocol: position.protocol.clone(),
        owner: position.owner,
        kind: "unwrap",
        title: "Unwrap all WETH to ETH".to_owned(),
        asset: row.asset.clone(),
        amount: Amount::All,
        all: row.amount,
        stage: Some(Stage::Unwrap),
        note: None,
        blocked: blocked_without(&position.code, Weth9::withdrawCall::SELECTOR, "withdraw"),
        detail: position.detail.clone(),
        build: intents,
        changed: None,
    }]
}

pub(super) fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(weth) = action.detail.get::<Weth>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let sentence = format!("Unwrap {} to ETH", action.show(units));
    let calldata = Weth9::withdrawCall { wad: units }.abi_encode();
    Ok(vec![Intent::call(weth.token, calldata, sentence)])
}
