//! Taking a position out, or only its fees. The owner calls; no approval is needed.

use alloy::primitives::{Bytes, U256};
use alloy::sol_types::SolCall as _;

use super::positions::{DecreaseLiquidityParams, Nfpm, Noted, collect_all};
use crate::protocols::{
    Action, Amount, Asset, Intent, IntentError, Position, Stage, blocked_without, deadline, less_slippage,
};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    // Each position is an asset of its own: one NFT, of which there is one.
    let asset = Asset::token(noted.manager, &format!("position {}", noted.id), 0);
    let fails = noted.payout.fails.as_ref().map(|why| format!("It would fail now: {why}."));
    let blocked = blocked_without(&position.code, Nfpm::multicallCall::SELECTOR, "multicall").or(fails);
    let new = |kind, title: String| Action {
        protocol: position.protocol.clone(),
        owner: position.owner,
        kind,
        title,
        asset: asset.clone(),
        amount: Amount::All,
        all: U256::from(1),
        stage: None,
        note: None,
        blocked: blocked.clone(),
        changed: None,
        detail: position.detail.clone(),
        build: intents,
    };
    let mut all = vec![Action {
        stage: Some(Stage::Free),
        note: Some(noted.price.note("pool")),
        ..new("remove-liquidity", format!("Remove position {} with its fees", noted.id))
    }];
    if noted.payout.fees.iter().any(|fee| !fee.is_zero()) {
        all.push(new("collect", format!("Collect the fees of position {}", noted.id)));
    }
    all
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let [first, second] = &noted.tokens;
    let told = |amounts: [U256; 2]| {
        let [a, b] = amounts;
        format!("{} and {}", first.show(a), second.show(b))
    };
    let collect = collect_all(noted.id, action.owner).abi_encode();
    if action.kind == "collect" {
        let sentence = format!("Collect the fees of position {}: {}", noted.id, told(noted.payout.fees));
        return Ok(vec![Intent::call(noted.manager, collect, sentence)]);
    }
    if action.kind != "remove-liquidity" {
        return Err(action.not_ours());
    }
    let mut calls: Vec<Bytes> = Vec::new();
    if noted.liquidity > 0 {
        let [amount0_min, amount1_min] = noted.payout.amounts.map(less_slippage);
        let params = DecreaseLiquidityParams {
            tokenId: noted.id,
            liquidity: noted.liquidity,
            amount0Min: amount0_min,
            amount1Min: amount1_min,
            deadline: deadline(noted.now),
        };
        calls.push(Nfpm::decreaseLiquidityCall { params }.abi_encode().into());
    }
    calls.push(collect.into());
    calls.push(Nfpm::burnCall { tokenId: noted.id }.abi_encode().into());
    let (amounts, price) = (told(noted.payout.amounts), noted.price.suffix());
    let sentence = format!("Remove position {} of {}: {amounts}, and its fees{price}", noted.id, noted.name);
    let calldata = Nfpm::multicallCall { data: calls }.abi_encode();
    Ok(vec![Intent::call(noted.manager, calldata, sentence).until(deadline(noted.now))])
}
