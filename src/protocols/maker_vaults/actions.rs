//! Leaving a vault: pay the DAI back, take the collateral. A proxy does each in one transaction, an owner in three.

use alloy::primitives::{I256, U256};
use alloy::sol_types::SolCall;

use super::interface::{Join, Jug, Manager, ProxyActions};
use super::positions::Noted;
use crate::protocols::ds_proxy::DsProxy;
use crate::protocols::ray::RAY;
use crate::protocols::{
    Action, Amount, Intent, IntentError, Position, Stage, TakeNow, WAD, blocked_without, with_margin,
};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let new = |parts| Action::of_all(position, intents, parts);
    let blocked = || guard(position, noted);
    let mut all = Vec::new();
    if !noted.urn.art.is_zero() {
        let debt = noted.urn.to_clear().unwrap_or(U256::MAX);
        let repay = new(("repay", format!("Repay all {}", noted.dai.symbol), &noted.dai, debt));
        let note = "With an hour's fee more; what is not needed stays credited to the vault.".to_owned();
        let note = noted.listed.proxy.is_none().then_some(note);
        all.push(Action { stage: Some(Stage::Repay), note, blocked: blocked(), ..repay });
    }
    let freed = if noted.listed.proxy.is_none() { noted.freed_gems() } else { U256::ZERO };
    let units = noted.gems(noted.urn.ink).saturating_add(freed);
    if !units.is_zero() {
        let title = format!("Withdraw all {}", noted.gem.symbol);
        let take = new(("withdraw-collateral", title, &noted.gem, units));
        let limit = noted.gems(noted.urn.most_withdrawable(WAD)).saturating_add(freed);
        let note = (limit < units).then(|| {
            format!("All of it only once the debt is repaid; now at most {}.", noted.gem.show(limit))
        });
        all.push(Action { stage: Some(Stage::Withdraw), note, blocked: blocked(), ..take });
    }
    all
}

fn guard(position: &Position, noted: &Noted) -> Option<String> {
    if !noted.live {
        return Some("Maker was shut down; this program does not settle vaults of that time.".to_owned());
    }
    if noted.listed.proxy.is_none() {
        return blocked_without(&position.code, Manager::frobCall::SELECTOR, "frob");
    }
    blocked_without(&position.code, DsProxy::executeCall::SELECTOR, "execute")
        .or_else(|| blocked_without(&noted.actions_code, ProxyActions::wipeAllCall::SELECTOR, "wipeAll"))
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    match (action.kind, noted.listed.proxy.is_some()) {
        ("repay", true) => repay_by_proxy(action, noted, units),
        ("repay", false) => repay(action, noted, units),
        ("withdraw-collateral", true) => withdraw_by_proxy(action, noted, units),
        ("withdraw-collateral", false) => withdraw(action, noted, units),
        _ => Err(action.not_ours()),
    }
}

fn too_little_left(noted: &Noted) -> IntentError {
    let least = noted.urn.dust.checked_div(RAY).unwrap_or_default();
    let least = noted.dai.show_up(least);
    IntentError::Blocked {
        why: format!("What is left of the debt would be less than {least}, which Maker refuses."),
    }
}

fn outgrown() -> IntentError {
    IntentError::Blocked { why: "The vault's numbers outgrow what can be sent.".to_owned() }
}

/// `-amount` as the contracts take it.
fn minus(amount: U256) -> Result<I256, IntentError> {
    I256::try_from(amount).ok().and_then(I256::checked_neg).ok_or_else(outgrown)
}

fn repay(action: &Action, noted: &Noted, units: U256) -> Result<Vec<Intent>, IntentError> {
    let (contracts, id) = (&noted.contracts, noted.listed.id);
    let (art, good) = noted.urn.clears(units).ok_or_else(outgrown)?;
    let art = if action.amount == Amount::All { noted.urn.art } else { art };
    if !good {
        return Err(too_little_left(noted));
    }
    let drip = Jug::dripCall { ilk: noted.listed.ilk }.abi_encode();
    let drip = Intent::call(contracts.jug, drip, format!("Book the fee of vault {id}"));
    let mut all = vec![drip];
    if !units.is_zero() {
        let call = Join::joinCall { usr: noted.listed.urn, wad: units }.abi_encode();
        let sentence = format!("Pay {} in for vault {id}", action.show(units));
        let pay = Intent::call(contracts.dai_join, call, sentence);
        all.push(pay.taking(&action.asset, contracts.dai_join, units));
    }
    let call = Manager::frobCall { cdp: id, dink: I256::ZERO, dart: minus(art)? }.abi_encode();
    all.push(Intent::call(contracts.manager, call, format!("Clear the debt of vault {id} with it")));
    Ok(all)
}

fn withdraw(action: &Action, noted: &Noted, units: U256) -> Result<Vec<Intent>, IntentError> {
    let (manager, id) = (noted.contracts.manager, noted.listed.id);
    let shown = action.show(units);
    let wanted = units.checked_mul(noted.scale).ok_or_else(outgrown)?;
    // First what lies freed: with the owner, with the vault, and only then what is still pledged.
    let (with_urn, with_owner) = noted.freed;
    let to_move = wanted.saturating_sub(with_owner);
    let to_free = to_move.saturating_sub(with_urn).min(noted.urn.ink);
    let mut all = Vec::new();
    if !to_free.is_zero() {
        let call = Manager::frobCall { cdp: id, dink: minus(to_free)?, dart: I256::ZERO }.abi_encode();
        all.push(Intent::call(manager, call, format!("Free {shown} of vault {id}")));
    }
    if !to_move.is_zero() {
        let call = Manager::fluxCall { cdp: id, dst: action.owner, wad: to_move }.abi_encode();
        all.push(Intent::call(manager, call, format!("Move the freed {} to your name", action.asset.symbol)));
    }
    let call = Join::exitCall { usr: action.owner, wad: units }.abi_encode();
    all.push(Intent::call(noted.gem_join, call, format!("Take {shown} out of Maker")));
    Ok(all)
}

fn by_proxy(noted: &Noted, data: &impl SolCall, sentence: String) -> Option<Intent> {
    let proxy = noted.listed.proxy?;
    let call = DsProxy::executeCall { target: noted.contracts.actions, data: data.abi_encode().into() };
    Some(Intent::call(proxy, call.abi_encode(), sentence))
}

fn repay_by_proxy(action: &Action, noted: &Noted, units: U256) -> Result<Vec<Intent>, IntentError> {
    let (manager, id) = (noted.contracts.manager, noted.listed.id);
    let dai_join = noted.contracts.dai_join;
    let sentence = format!("Repay {} to vault {id}", action.show(units));
    let all = action.amount == Amount::All;
    let intent = if all {
        by_proxy(noted, &ProxyActions::wipeAllCall { manager, daiJoin: dai_join, cdp: id }, sentence)
    } else {
        if !noted.urn.clears(units).ok_or_else(outgrown)?.1 {
            return Err(too_little_left(noted));
        }
        by_proxy(noted, &ProxyActions::wipeCall { manager, daiJoin: dai_join, cdp: id, wad: units }, sentence)
    };
    let (Some(intent), Some(proxy)) = (intent, noted.listed.proxy) else { return Err(action.not_ours()) };
    let allowed = if all { with_margin(units) } else { units };
    let mut intent = intent.taking(&action.asset, proxy, allowed);
    intent.spends = vec![(action.asset.clone(), units)];
    Ok(vec![intent])
}

fn withdraw_by_proxy(action: &Action, noted: &Noted, units: U256) -> Result<Vec<Intent>, IntentError> {
    let (manager, id, join) = (noted.contracts.manager, noted.listed.id, noted.gem_join);
    let shown = action.show(units);
    let intent = if action.asset.address == noted.contracts.weth {
        let call = ProxyActions::freeETHCall { manager, ethJoin: join, cdp: id, wad: units };
        by_proxy(noted, &call, format!("Take {shown} out of vault {id}, paid as ETH"))
    } else {
        let call = ProxyActions::freeGemCall { manager, gemJoin: join, cdp: id, amt: units };
        by_proxy(noted, &call, format!("Take {shown} out of vault {id}"))
    };
    Ok(vec![intent.ok_or_else(|| action.not_ours())?])
}

pub(super) fn take_now(position: &Position, floor: U256) -> Vec<TakeNow> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    // Through the manager it takes three transactions, and a judgement needs one.
    if noted.urn.art.is_zero() || noted.listed.proxy.is_none() || guard(position, noted).is_some() {
        return Vec::new();
    }
    let most = noted.gems(noted.urn.most_withdrawable(floor.max(WAD)));
    let title = format!("Withdraw {}", noted.gem.show(most));
    let parts = ("withdraw-collateral", title, &noted.gem, noted.gems(noted.urn.ink));
    let action = Action { amount: Amount::Exactly(most), ..Action::of_all(position, intents, parts) };
    let taken = most.saturating_mul(noted.scale);
    let left = super::urn::Urn { ink: noted.urn.ink.saturating_sub(taken), ..noted.urn.clone() };
    let now = TakeNow { action, judge: None, by_formula: left.health_factor() };
    (!most.is_zero()).then_some(now).into_iter().collect()
}
