//! Leaving ether.fi: claim, ask the queue, or redeem at once for a fee.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{Adapter, LiquidityPool, Redemption, Requests, WeEth};
use super::positions::{ETHER, Held, Noted};
use crate::protocols::{Action, Asset, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let new = |parts| Action::of_all(position, intents, parts);
    let [pool, adapter, requests, redemption] = &noted.codes;
    let ether = Asset::ether();
    let mut all = Vec::new();
    let due = noted.claimable.iter().fold(U256::ZERO, |sum, (_, wei)| sum.saturating_add(*wei));
    if !noted.claimable.is_empty() {
        let claim = new(("claim", format!("Claim {}", ether.show(due)), &ether, due));
        let blocked = blocked_without(requests, Requests::claimWithdrawCall::SELECTOR, "claimWithdraw");
        all.push(Action { stage: Some(Stage::Claim), blocked, ..claim });
    }
    let ask = blocked_without(pool, LiquidityPool::requestWithdrawCall::SELECTOR, "requestWithdraw");
    let ask_wrapped = blocked_without(adapter, Adapter::requestWithdrawCall::SELECTOR, "requestWithdraw");
    let redeem = blocked_without(redemption, Redemption::redeemEEthCall::SELECTOR, "redeemEEth");
    let redeem_wrapped = blocked_without(redemption, Redemption::redeemWeEthCall::SELECTOR, "redeemWeEth");
    for (held, kinds, no_ask, no_redeem) in [
        (&noted.eeth, ("request", "redeem"), ask, redeem),
        (&noted.weeth, ("request-wrapped", "redeem-wrapped"), ask_wrapped, redeem_wrapped),
    ] {
        if held.amount.is_zero() {
            continue;
        }
        let (symbol, asset) = (&held.asset.symbol, &held.asset);
        let request = new((kinds.0, format!("Request withdrawal of all {symbol}"), asset, held.amount));
        let note =
            "Takes days. The request is an NFT of yours; keep its number, it cannot be looked up.".to_owned();
        all.push(Action { stage: Some(Stage::Queue), note: Some(note), blocked: no_ask, ..request });
        let redeem = new((kinds.1, format!("Redeem all {symbol} at once"), asset, held.amount));
        all.push(Action { note: for_how_much(held), blocked: no_redeem.or_else(|| dry(held)), ..redeem });
    }
    if !noted.weeth.amount.is_zero() {
        let title = "Unwrap all weETH to eETH".to_owned();
        let unwrap = new(("unwrap", title, &noted.weeth.asset, noted.weeth.amount));
        let blocked = blocked_without(&position.code, WeEth::unwrapCall::SELECTOR, "unwrap");
        all.push(Action { blocked, ..unwrap });
    }
    all
}

fn for_how_much(held: &Held) -> Option<String> {
    let pays = held.at_once?;
    let fee = held.worth.saturating_sub(pays);
    let ether = Asset::ether();
    Some(format!("For {}; the fee is {}.", ether.show(pays), ether.show(fee)))
}

fn dry(held: &Held) -> Option<String> {
    let no = "ether.fi does not redeem that much at once now: ask the queue, or take less.";
    held.at_once.is_none().then(|| no.to_owned())
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let (contracts, owner) = (&noted.contracts, action.owner);
    if action.kind == "claim" {
        let each = noted.claimable.iter().map(|(id, wei)| {
            let call = Requests::claimWithdrawCall { tokenId: *id }.abi_encode();
            let sentence = format!("Claim {} of request {id}", action.asset.show(*wei));
            Intent::call(contracts.requests, call, sentence)
        });
        return Ok(each.collect());
    }
    let units = action.at_most_all()?;
    let shown = action.show(units);
    let (to, call, sentence) = match action.kind {
        "request" => {
            let call = LiquidityPool::requestWithdrawCall { recipient: owner, amount: units }.abi_encode();
            (contracts.pool, call, format!("Ask ether.fi to pay out {shown}"))
        }
        "request-wrapped" => {
            let call = Adapter::requestWithdrawCall { weETHAmount: units, recipient: owner }.abi_encode();
            (contracts.adapter, call, format!("Ask ether.fi to pay out {shown}"))
        }
        "redeem" => {
            let call = Redemption::redeemEEthCall { eEthAmount: units, receiver: owner, outputToken: ETHER };
            (contracts.redemption, call.abi_encode(), format!("Redeem {shown} for ETH at once"))
        }
        "redeem-wrapped" => {
            let call =
                Redemption::redeemWeEthCall { weEthAmount: units, receiver: owner, outputToken: ETHER };
            (contracts.redemption, call.abi_encode(), format!("Redeem {shown} for ETH at once"))
        }
        "unwrap" => {
            let call = WeEth::unwrapCall { weETHAmount: units }.abi_encode();
            return Ok(vec![Intent::call(contracts.weeth, call, format!("Unwrap {shown} to eETH"))]);
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![Intent::call(to, call, sentence).taking(&action.asset, to, units)])
}
