//! Leaving a pool in proportion. The vault burns the shares of whoever calls; no approval is needed.

use alloy::primitives::{Address, U256};
use alloy::sol_types::{SolCall as _, SolValue as _};

use super::interface::{ExitPoolRequest, Vault};
use super::positions::{Kind, Noted};
use crate::protocols::{Action, Intent, IntentError, Position, Stage, blocked_without, less_slippage};

/// `BasePoolUserData.RECOVERY_MODE_EXIT_KIND`, `WeightedPoolUserData.EXACT_BPT_IN_FOR_TOKENS_OUT` and
/// `StablePoolUserData.EXACT_BPT_IN_FOR_ALL_TOKENS_OUT`.
const RECOVERY: u64 = 255;
const WEIGHTED: u64 = 1;
const COMPOSABLE: u64 = 2;

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let (kind, how) = if noted.recovery { ("recovery-exit", " by the recovery exit") } else { ("exit", "") };
    let title = format!("Leave {} with all shares{how}", noted.pool.name);
    let action = Action::of_all(position, intents, (kind, title, &noted.share, noted.held));
    let blocked = blocked_without(&position.code, Vault::exitPoolCall::SELECTOR, "exitPool");
    let fails = noted.pays.as_ref().err().map(|why| format!("It would fail now: {why}."));
    let note = Some("All tokens in proportion, minimums half a percent below what is paid now.".to_owned());
    vec![Action { stage: Some(Stage::Free), note, blocked: blocked.or(fails), ..action }]
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let Ok(pays) = &noted.pays else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let part = |amount: U256| amount.saturating_mul(units).checked_div(noted.held).unwrap_or_default();
    let own = |asset: &crate::protocols::Asset| asset.address == noted.pool.pool;
    let parts: Vec<U256> = pays.iter().map(|amount| part(*amount)).collect();
    let least = noted.tokens.iter().zip(&parts);
    // Of its own share the pool pays none.
    let least: Vec<U256> =
        least.map(|(asset, part)| if own(asset) { U256::ZERO } else { less_slippage(*part) }).collect();
    let told = noted.tokens.iter().zip(&parts).filter(|(asset, _)| !own(asset));
    let told: Vec<String> = told.map(|(asset, part)| asset.show(*part)).collect();
    let sentence = format!("Leave {}: {}", noted.pool.name, told.join(", "));
    let mut intent = Intent::call(noted.vault, exit(noted, action.owner, (units, least)), sentence);
    intent.spends.push((action.asset.clone(), units));
    Ok(vec![intent])
}

/// `exitPool` with `shares`, and no less than `least` of each token.
pub(super) fn exit(noted: &Noted, owner: Address, (shares, least): (U256, Vec<U256>)) -> Vec<u8> {
    let kind = match noted.kind() {
        _ if noted.recovery => RECOVERY,
        Kind::Plain => WEIGHTED,
        Kind::ComposableStable => COMPOSABLE,
    };
    let request = ExitPoolRequest {
        assets: noted.tokens.iter().map(|asset| asset.address).collect(),
        minAmountsOut: least,
        userData: (U256::from(kind), shares).abi_encode_params().into(),
        toInternalBalance: false,
    };
    Vault::exitPoolCall { poolId: noted.id, sender: owner, recipient: owner, request }.abi_encode()
}
