//! Redeeming an expired principal token through the router.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::interface::{Router, SwapData, TokenOutput};
use super::positions::Noted;
use crate::protocols::{Action, Intent, IntentError, Position, Stage, blocked_without, less_slippage};

/// Kinds by the place of the token among those that can be paid.
const KINDS: [&str; 4] = ["redeem", "redeem-as-2", "redeem-as-3", "redeem-as-4"];

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let symbol = &noted.asset.symbol;
    let new = |parts| Action::of_all(position, intents, parts);
    if !noted.is_expired() {
        let wait = new(("redeem", format!("Redeem all {symbol}"), &noted.asset, noted.held));
        let blocked = Some("It has not expired yet: until then it can only be sold on a market.".to_owned());
        return vec![Action { stage: Some(Stage::Free), blocked, ..wait }];
    }
    let mut all = Vec::new();
    for (index, (kind, out)) in KINDS.into_iter().zip(&noted.outs).enumerate() {
        let title = format!("Redeem all {symbol} as {}", out.asset.symbol);
        let redeem = new((kind, title, &noted.asset, noted.held));
        let note = Some(format!("For about {}, at least half a percent less.", out.asset.show(out.amount)));
        let stage = (index == 0).then_some(Stage::Free);
        all.push(Action { stage, note, blocked: guard(noted), ..redeem });
    }
    all
}

fn guard(noted: &Noted) -> Option<String> {
    match &noted.facet {
        Some(facet) => blocked_without(facet, Router::redeemPyToTokenCall::SELECTOR, "redeemPyToToken"),
        None => {
            Some("Pendle's router does not have the function redeemPyToToken: it was changed.".to_owned())
        }
    }
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let at = KINDS.iter().position(|kind| *kind == action.kind).ok_or_else(|| action.not_ours())?;
    let out = noted.outs.get(at).ok_or_else(|| action.not_ours())?;
    let part = out.amount.saturating_mul(units).checked_div(noted.held).unwrap_or_default();
    let (router, token) = (noted.principal.router, out.asset.address);
    let call = Router::redeemPyToTokenCall {
        receiver: action.owner,
        YT: noted.yt,
        netPyIn: units,
        output: plain(token, less_slippage(part)),
    };
    let sentence = format!("Redeem {} for {}", action.show(units), out.asset.show(part));
    Ok(vec![Intent::call(router, call.abi_encode(), sentence).taking(&action.asset, router, units)])
}

/// A token of the wrapper itself, without any exchange on the way.
fn plain(token: Address, least: U256) -> TokenOutput {
    let no_swap =
        SwapData { swapType: 0, extRouter: Address::ZERO, extCalldata: Vec::new().into(), needScale: false };
    TokenOutput {
        tokenOut: token,
        minTokenOut: least,
        tokenRedeemSy: token,
        pendleSwap: Address::ZERO,
        swapData: no_swap,
    }
}
