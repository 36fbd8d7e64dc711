//! Burning a position: its tokens and fees to the owner, with minimums. The owner calls; no approval is needed.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::{SolCall as _, SolValue as _};

use super::interface::Manager;
use super::positions::Noted;
use crate::protocols::{
    Action, Asset, Intent, IntentError, Position, Stage, blocked_without, deadline, less_slippage,
};

/// `Actions.BURN_POSITION` and `Actions.TAKE_PAIR` of the position manager.
const BURN_AND_TAKE: [u8; 2] = [0x03, 0x11];
/// `Actions.DECREASE_LIQUIDITY` and `Actions.TAKE_PAIR`.
const DECREASE_AND_TAKE: [u8; 2] = [0x01, 0x11];

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    // Each position is an asset of its own: one NFT, of which there is one.
    let asset = Asset::token(noted.manager, &format!("position {}", noted.id), 0);
    let title = format!("Remove position {} with its fees", noted.id);
    let action = Action::of_all(position, intents, ("remove-liquidity", title, &asset, U256::from(1)));
    let selector = Manager::modifyLiquiditiesCall::SELECTOR;
    let blocked = blocked_without(&position.code, selector, "modifyLiquidities");
    let fails = noted.pays.as_ref().err().map(|why| format!("It would fail now: {why}."));
    let note = Some(noted.price.note("pool"));
    vec![Action { stage: Some(Stage::Free), note, blocked: blocked.or(fails), ..action }]
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let Ok(pays) = &noted.pays else { return Err(action.not_ours()) };
    // The manager holds the minimums against what is withdrawn without the fees.
    let least = |at: usize| {
        let [all, fees] = [pays, &noted.fees].map(|both| both.get(at).copied().unwrap_or_default());
        less_slippage(all.saturating_sub(fees)).saturating_to::<u128>()
    };
    let least = [least(0), least(1)];
    let told: Vec<String> =
        noted.tokens.iter().zip(pays).map(|(asset, amount)| asset.show(*amount)).collect();
    let (told, price) = (told.join(" and "), noted.price.suffix());
    let sentence = format!("Remove position {} of {}: {told}{price}", noted.id, noted.name);
    let intent = Intent::call(noted.manager, burn(noted, action.owner, least), sentence);
    Ok(vec![intent.until(deadline(noted.now))])
}

/// Burns the position and takes both currencies. The minimums do not count fees.
pub(super) fn burn(noted: &Noted, owner: Address, least: [u128; 2]) -> Vec<u8> {
    let [least0, least1] = least;
    let burning = (noted.id, least0, least1, Bytes::new()).abi_encode_params();
    modify(noted, owner, (&BURN_AND_TAKE, burning))
}

/// Takes the fees alone: no liquidity is withdrawn.
pub(super) fn take_fees(noted: &Noted, owner: Address) -> Vec<u8> {
    let decreasing = (noted.id, U256::ZERO, 0_u128, 0_u128, Bytes::new()).abi_encode_params();
    modify(noted, owner, (&DECREASE_AND_TAKE, decreasing))
}

fn modify(noted: &Noted, owner: Address, (steps, first): (&'static [u8; 2], Vec<u8>)) -> Vec<u8> {
    let taking = (noted.key.currency0, noted.key.currency1, owner).abi_encode_params();
    let params: Vec<Bytes> = vec![first.into(), taking.into()];
    let data = (Bytes::from_static(steps), params).abi_encode_params();
    Manager::modifyLiquiditiesCall { unlockData: data.into(), deadline: deadline(noted.now) }.abi_encode()
}
