//! Leaving a market: repay by shares, so that nothing is left; take the collateral; take what is lent.

use alloy::primitives::{Bytes, U256};
use alloy::sol_types::SolCall as _;

use super::interface::Morpho;
use super::positions::{NO_PRICE, Noted};
use crate::protocols::{
    Action, Amount, Intent, IntentError, Position, Stage, TakeNow, WAD, blocked_without, with_margin,
};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let guard = |selector, name: &str| {
        noted.no_rate.clone().or_else(|| blocked_without(&position.code, selector, name))
    };
    let mut all = Vec::new();
    if !noted.pair.debt.is_zero() {
        let title = format!("Repay all {}", noted.loan.symbol);
        let repay = Action::of_all(position, intents, ("repay", title, &noted.loan, noted.pair.debt));
        let blocked = guard(Morpho::repayCall::SELECTOR, "repay");
        all.push(Action { stage: Some(Stage::Repay), blocked, ..repay.growing() });
    }
    if !noted.pair.collateral.is_zero() {
        let title = format!("Withdraw all {}", noted.collateral.symbol);
        let parts = ("withdraw-collateral", title, &noted.collateral, noted.pair.collateral);
        let limit = noted.pair.most_withdrawable(WAD);
        let judged = noted.no_price && !noted.pair.debt.is_zero();
        let waits =
            || format!("{NO_PRICE} Until it does, collateral comes out only once the debt is repaid.");
        let note = judged.then(waits).or_else(|| {
            (limit < noted.pair.collateral).then(|| {
                format!(
                    "All of it only once the debt is repaid; now at most {}.",
                    noted.collateral.show(limit)
                )
            })
        });
        let blocked = guard(Morpho::withdrawCollateralCall::SELECTOR, "withdrawCollateral");
        all.push(Action {
            stage: Some(Stage::Withdraw),
            note,
            blocked,
            ..Action::of_all(position, intents, parts)
        });
    }
    if !noted.supplied.is_zero() {
        let title = format!("Withdraw all {}", noted.loan.symbol);
        let take = Action::of_all(position, intents, ("withdraw", title, &noted.loan, noted.supplied));
        let short = noted.liquidity < noted.supplied;
        let amount = if short { Amount::Exactly(noted.liquidity) } else { Amount::All };
        let dry = noted.liquidity.is_zero().then(|| "All of this market is lent.".to_owned());
        let blocked = guard(Morpho::withdrawCall::SELECTOR, "withdraw").or(dry);
        all.push(Action { stage: Some(Stage::Free), amount, blocked, ..take });
    }
    all
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let (morpho, owner, params) = (noted.morpho, action.owner, noted.params.clone());
    let units = action.at_most_all()?;
    let everything = action.amount == Amount::All;
    let shown = action.show(units);
    let place = format!("Morpho Blue ({})", noted.name);
    // Exactly one of assets and shares is not 0: by shares all of it goes, interest of the meantime included.
    let by = |shares| if everything { (U256::ZERO, shares) } else { (units, U256::ZERO) };
    let intent = match action.kind {
        "repay" => {
            let (assets, shares) = by(noted.borrow_shares);
            let call = Morpho::repayCall {
                marketParams: params,
                assets,
                shares,
                onBehalf: owner,
                data: Bytes::new(),
            };
            let allowed = if everything { with_margin(units) } else { units };
            let mut intent = Intent::call(morpho, call.abi_encode(), format!("Repay {shown} to {place}"))
                .taking(&action.asset, morpho, allowed);
            intent.spends = vec![(action.asset.clone(), units)];
            intent
        }
        "withdraw" => {
            let (assets, shares) = by(noted.supply_shares);
            let call = Morpho::withdrawCall {
                marketParams: params,
                assets,
                shares,
                onBehalf: owner,
                receiver: owner,
            };
            Intent::call(morpho, call.abi_encode(), format!("Withdraw {shown} from {place}"))
        }
        "withdraw-collateral" => {
            let call = Morpho::withdrawCollateralCall {
                marketParams: params,
                assets: units,
                onBehalf: owner,
                receiver: owner,
            };
            Intent::call(morpho, call.abi_encode(), format!("Withdraw {shown} from {place}"))
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}

pub(super) fn take_now(position: &Position, floor: U256) -> Vec<TakeNow> {
    let Some(noted) =
        position.detail.get::<Noted>().filter(|noted| !noted.pair.debt.is_zero() && noted.no_rate.is_none())
    else {
        return Vec::new();
    };
    let most = noted.pair.most_withdrawable(floor.max(WAD));
    if most.is_zero() {
        return Vec::new();
    }
    let title = format!("Withdraw {}", noted.collateral.show(most));
    let parts = ("withdraw-collateral", title, &noted.collateral, noted.pair.collateral);
    let action = Action::of_all(position, intents, parts).with_amount(Amount::Exactly(most));
    let left = super::Pair { collateral: noted.pair.collateral.saturating_sub(most), ..noted.pair };
    vec![TakeNow { action, judge: None, by_formula: left.health_factor() }]
}
