//! Leaving a branch: take the deposit, pay the debt and close. BOLD is burnt from the wallet, so nothing is approved.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{BorrowerOperations, StabilityPool};
use super::positions::{Deposit, Noted, Trove, What};
use crate::protocols::{Action, Amount, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    match &noted.what {
        What::Trove(trove) => vec![close(position, noted, trove)],
        What::Pool(deposit) => vec![leave(position, noted, deposit)],
    }
}

fn close(position: &Position, noted: &Noted, trove: &Trove) -> Action {
    let title = format!("Repay all {} and take {}", noted.bold.symbol, noted.collateral.show(trove.coll));
    let action = Action::of_all(position, intents, ("repay", title, &noted.bold, trove.to_close()));
    let selector = BorrowerOperations::closeTroveCall::SELECTOR;
    let blocked = blocked_without(&position.code, selector, "closeTrove");
    let note = "Closes the trove and gives its gas deposit back; an hour's interest is counted in. Less only lowers the debt.";
    Action { stage: Some(Stage::Repay), note: Some(note.to_owned()), blocked, ..action }
}

fn leave(position: &Position, noted: &Noted, deposit: &Deposit) -> Action {
    let selector = StabilityPool::withdrawFromSPCall::SELECTOR;
    let blocked = blocked_without(&position.code, selector, "withdrawFromSP");
    // A deposit that is used up and has no gain of its own is none to the pool: only what was set aside is left.
    if deposit.bold.is_zero() && deposit.interest.is_zero() && deposit.gain.is_zero() {
        let (asset, all) = (&noted.collateral, deposit.stashed);
        let action =
            Action::of_all(position, intents, ("claim", format!("Claim {}", asset.show(all)), asset, all));
        return Action { stage: Some(Stage::Claim), blocked, ..action };
    }
    let title = format!("Withdraw all {} of the stability pool with its gains", noted.bold.symbol);
    let action = Action::of_all(position, intents, ("leave-pool", title, &noted.bold, deposit.bold));
    Action { stage: Some(Stage::Free), blocked, ..action }
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let shown = action.show(units);
    let everything = action.amount == Amount::All;
    let intent = match (action.kind, &noted.what) {
        ("claim", What::Pool(_)) => {
            let call = StabilityPool::claimAllCollGainsCall {}.abi_encode();
            Intent::call(noted.branch.stability_pool, call, format!("Claim {shown} from the stability pool"))
        }
        ("leave-pool", What::Pool(_)) => {
            let amount = if everything { U256::MAX } else { units };
            let call = StabilityPool::withdrawFromSPCall { amount, doClaim: true }.abi_encode();
            let sentence = format!("Withdraw {shown} and all gains from the stability pool");
            Intent::call(noted.branch.stability_pool, call, sentence)
        }
        ("repay", What::Trove(trove)) => {
            let (operations, id) = (noted.branch.borrower_operations, trove.id);
            let mut intent = if everything {
                let call = BorrowerOperations::closeTroveCall { troveId: id }.abi_encode();
                Intent::call(operations, call, format!("Repay {shown} and close the trove"))
            } else {
                let call = BorrowerOperations::repayBoldCall { troveId: id, boldAmount: units }.abi_encode();
                Intent::call(operations, call, format!("Repay {shown} of the trove"))
            };
            intent.spends.push((action.asset.clone(), units));
            intent
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}
