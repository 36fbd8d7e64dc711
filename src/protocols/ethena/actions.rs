//! Leaving sUSDe: take what has cooled down; redeem at once where that is on, else start the cool-down.

use alloy::sol_types::SolCall as _;

use super::positions::{Noted, StakedUsde};
use crate::protocols::{Action, Asset, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let new = |parts| Action::of_all(position, intents, parts);
    let guard = |selector, function: &str| blocked_without(&position.code, selector, function);
    let (usde, staked) = (noted.usde(), Asset::token(noted.contracts.staked, "sUSDe", 18));
    let mut all = Vec::new();
    if !noted.cooling.is_zero() {
        let claim = new(("unstake", format!("Take {}", usde.show(noted.cooling)), &usde, noted.cooling));
        let early = (!noted.is_due()).then(|| "It has not cooled down yet.".to_owned());
        let blocked = guard(StakedUsde::unstakeCall::SELECTOR, "unstake").or(early);
        all.push(Action { stage: Some(Stage::Claim), blocked, ..claim });
    }
    if noted.shares.is_zero() {
        return all;
    }
    // A new cool-down would start what has cooled down anew: it comes after that is taken.
    if !noted.cooling.is_zero() && noted.is_due() && noted.takes != 0 {
        return all;
    }
    if noted.takes == 0 {
        let redeem = new(("redeem", "Redeem all sUSDe".to_owned(), &staked, noted.shares));
        let blocked = guard(StakedUsde::redeemCall::SELECTOR, "redeem");
        let note = Some(format!("For about {}.", usde.show(noted.worth)));
        all.push(Action { stage: Some(Stage::Free), note, blocked, ..redeem });
        return all;
    }
    let cool = new(("cooldown", "Start the cool-down of all sUSDe".to_owned(), &staked, noted.shares));
    let hours = noted.takes.div_ceil(3_600);
    let restarts = if noted.cooling.is_zero() {
        String::new()
    } else {
        format!(" The {} that cool down already start anew.", usde.show(noted.cooling))
    };
    let note =
        format!("Takes {} days and {} hours, and earns nothing meanwhile.{restarts}", hours / 24, hours % 24);
    let blocked = guard(StakedUsde::cooldownSharesCall::SELECTOR, "cooldownShares");
    all.push(Action { stage: Some(Stage::Queue), note: Some(note), blocked, ..cool });
    all
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let (owner, to) = (action.owner, noted.contracts.staked);
    let units = action.at_most_all()?;
    let shown = action.show(units);
    let intent = match action.kind {
        // The contract pays all of it, whatever is asked.
        "unstake" => {
            let call = StakedUsde::unstakeCall { receiver: owner }.abi_encode();
            Intent::call(to, call, format!("Take {} from Ethena", action.asset.show(action.all)))
        }
        "redeem" => {
            let call = StakedUsde::redeemCall { shares: units, receiver: owner, owner }.abi_encode();
            Intent::call(to, call, format!("Redeem {shown}"))
        }
        "cooldown" => {
            let call = StakedUsde::cooldownSharesCall { shares: units }.abi_encode();
            Intent::call(to, call, format!("Start the cool-down of {shown}"))
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}
