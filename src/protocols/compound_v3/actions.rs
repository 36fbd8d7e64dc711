//! Leaving a Comet: repay the base asset, take the pledges, take what is supplied.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{Comet, CometRewards};
use super::positions::Noted;
use crate::protocols::{
    Action, Amount, Intent, IntentError, Position, Stage, TakeNow, blocked_without, with_margin,
};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let mut all = Vec::new();
    let new = |parts| Action::of_all(position, intents, parts);
    let paused = |is: bool| is.then(|| "The market is paused.".to_owned());
    let no_supply = paused(noted.supply_paused)
        .or_else(|| blocked_without(&position.code, Comet::supplyCall::SELECTOR, "supply"));
    let no_withdrawal = paused(noted.withdraw_paused)
        .or_else(|| blocked_without(&position.code, Comet::withdrawCall::SELECTOR, "withdraw"));
    if let Some((asset, due)) = &noted.reward {
        let claim = new(("claim", format!("Claim {}", asset.show(*due)), asset, *due));
        all.push(Action { stage: Some(Stage::Claim), ..claim });
    }
    let symbol = &noted.base.symbol;
    if !noted.loan.debt.is_zero() {
        let repay = new(("repay", format!("Repay all {symbol}"), &noted.base, noted.loan.debt));
        all.push(Action { stage: Some(Stage::Repay), blocked: no_supply, ..repay.growing() });
    }
    for (index, (asset, pledge)) in noted.pledged.iter().zip(&noted.loan.pledges).enumerate() {
        let title = format!("Withdraw all {}", asset.symbol);
        let take = new(("withdraw-collateral", title, asset, pledge.units));
        let limit = noted.loan.most_withdrawable(index, crate::protocols::WAD);
        let unjudged = !noted.loan.debt.is_zero() && !noted.no_price.is_empty();
        let waits = || {
            let symbols = noted.no_price.join(", ");
            format!(
                "The market's feed gives no price for {symbols} now. Until it does, collateral comes out only once the debt \
                 is repaid."
            )
        };
        let note = unjudged.then(waits).or_else(|| {
            (limit < pledge.units).then(|| {
                format!("All of it only once the debt is repaid; now at most {}.", asset.show(limit))
            })
        });
        all.push(Action { stage: Some(Stage::Withdraw), note, blocked: no_withdrawal.clone(), ..take });
    }
    if !noted.supplied.is_zero() {
        let take = new(("withdraw", format!("Withdraw all {symbol}"), &noted.base, noted.supplied));
        let dry = noted.liquidity.is_zero().then(|| format!("All {symbol} of this market is lent."));
        let short = noted.liquidity < noted.supplied;
        let amount = if short { Amount::Exactly(noted.liquidity) } else { Amount::All };
        let blocked = no_withdrawal.or(dry);
        all.push(Action { stage: Some(Stage::Free), amount, blocked, ..take });
    }
    all
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let (comet, asset) = (noted.market.comet, action.asset.address);
    let units = action.at_most_all()?;
    let shown = action.show(units);
    let everything = action.amount == Amount::All;
    // Only of the base asset does the largest number stand for all of it.
    let number = if everything { U256::MAX } else { units };
    let intent = match action.kind {
        "claim" => {
            let Some(rewards) = noted.market.rewards else { return Err(action.not_ours()) };
            let call = CometRewards::claimCall { comet, src: action.owner, shouldAccrue: true };
            Intent::call(rewards, call.abi_encode(), format!("Claim {shown} from {}", noted.market.name))
        }
        "repay" => {
            let calldata = Comet::supplyCall { asset, amount: number }.abi_encode();
            let allowed = if everything { with_margin(units) } else { units };
            let sentence = format!("Repay {shown} to {}", noted.market.name);
            let mut intent = Intent::call(comet, calldata, sentence).taking(&action.asset, comet, allowed);
            intent.spends = vec![(action.asset.clone(), units)];
            intent
        }
        "withdraw" | "withdraw-collateral" => {
            let amount = if action.kind == "withdraw" { number } else { units };
            let calldata = Comet::withdrawCall { asset, amount }.abi_encode();
            Intent::call(comet, calldata, format!("Withdraw {shown} from {}", noted.market.name))
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}

pub(super) fn take_now(position: &Position, floor: U256) -> Vec<TakeNow> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    if noted.loan.debt.is_zero() || noted.withdraw_paused || !noted.no_price.is_empty() {
        return Vec::new();
    }
    let all = noted.pledged.iter().enumerate().filter_map(|(index, asset)| {
        let units = noted.loan.pledges.get(index)?.units;
        let most = noted.loan.most_withdrawable(index, floor.max(crate::protocols::WAD));
        let title = format!("Withdraw {}", asset.show(most));
        let action = Action::of_all(position, intents, ("withdraw-collateral", title, asset, units));
        let left = noted.loan.with_units(index, units.saturating_sub(most));
        let action = Action { amount: Amount::Exactly(most), ..action };
        (!most.is_zero()).then(|| TakeNow { action, judge: None, by_formula: left.health_factor() })
    });
    all.collect()
}
