//! Unwrapping: burns the token and pays the ether, no approval needed.

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::Weth;
use crate::protocols::{Action, Amount, Asset, Intent, IntentError, Position, Stage, blocked_without};

sol! {
    /// The part of WETH9 that pays out.
    interface Weth9 {
        function withdraw(uint256 wad) external;
        function deposit() external payable;
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
        changed: None,
        detail: position.detail.clone(),
        build: intents,
    }]
}

/// The calls that turn ether into what stands for it at `weth` and back; what they need of its code.
pub(in crate::protocols) fn wrap(weth: Address, units: U256) -> Intent {
    let sentence = format!("Wrap {} to WETH", Asset::ether().show_up(units));
    Intent::call(weth, Weth9::depositCall {}.abi_encode(), sentence).sending(units)
}

/// See [`wrap`].
pub(in crate::protocols) fn unwrap(weth: Address, units: U256) -> Intent {
    let asset = Asset::token(weth, "WETH", 18);
    let sentence = format!("Unwrap {} to ETH", asset.show_up(units));
    let mut intent = Intent::call(weth, Weth9::withdrawCall { wad: units }.abi_encode(), sentence);
    intent.spends.push((asset, units));
    intent
}

pub(super) fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(weth) = action.detail.get::<Weth>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let sentence = format!("Unwrap {} to ETH", action.show(units));
    let calldata = Weth9::withdrawCall { wad: units }.abi_encode();
    Ok(vec![Intent::call(weth.token, calldata, sentence)])
}
