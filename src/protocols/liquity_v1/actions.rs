//! Leaving Liquity v1: take the deposit and the stake, pay the debt and close. Nothing needs an approval.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{BorrowerOperations, StabilityPool, Staking};
use super::positions::{Noted, Trove};
use crate::protocols::{Action, Amount, Asset, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let new = |parts| Action::of_all(position, intents, parts);
    let (ether, lusd, lqty) = (Asset::ether(), noted.lusd(), noted.lqty());
    let mut all = Vec::new();
    if !noted.surplus.is_zero() {
        let claim =
            new(("claim-surplus", format!("Claim {}", ether.show(noted.surplus)), &ether, noted.surplus));
        let selector = BorrowerOperations::claimCollateralCall::SELECTOR;
        let blocked = blocked_without(&position.code, selector, "claimCollateral");
        all.push(Action { stage: Some(Stage::Claim), blocked, ..claim });
    }
    let [deposit, ether_gain, lqty_gain] = noted.deposit;
    if [deposit, ether_gain, lqty_gain].iter().any(|one| !one.is_zero()) {
        let title = "Withdraw all LUSD of the stability pool with its gains".to_owned();
        let leave = new(("leave-pool", title, &lusd, deposit));
        let selector = StabilityPool::withdrawFromSPCall::SELECTOR;
        let blocked = blocked_without(&noted.pool_code, selector, "withdrawFromSP");
        all.push(Action { stage: Some(Stage::Free), blocked, ..leave });
    }
    let [staked, ..] = noted.stake;
    if !staked.is_zero() {
        let leave = new(("unstake", "Unstake all LQTY with its gains".to_owned(), &lqty, staked));
        let blocked = blocked_without(&noted.staking_code, Staking::unstakeCall::SELECTOR, "unstake");
        all.push(Action { stage: Some(Stage::Free), blocked, ..leave });
    }
    if let Some(trove) = &noted.trove {
        all.push(close(position, noted, trove));
    }
    all
}

fn close(position: &Position, noted: &Noted, trove: &Trove) -> Action {
    let needed = trove.debt.saturating_sub(trove.reserve);
    let title = format!("Repay all LUSD and take {}", Asset::ether().show(trove.coll));
    let action = Action::of_all(position, intents, ("repay", title, &noted.lusd(), needed));
    let selector = BorrowerOperations::closeTroveCall::SELECTOR;
    let recovery = trove
        .recovery
        .then(|| "Liquity is in recovery mode: no trove can be closed until it ends.".to_owned());
    let blocked = blocked_without(&position.code, selector, "closeTrove").or(recovery);
    let note = Some("Closes the trove; less than all of it only lowers the debt.".to_owned());
    Action { stage: Some(Stage::Repay), note, blocked, ..action }
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let contracts = &noted.contracts;
    let units = action.at_most_all()?;
    let shown = action.show(units);
    let everything = action.amount == Amount::All;
    let most = if everything { U256::MAX } else { units };
    let intent = match action.kind {
        "claim-surplus" => {
            let call = BorrowerOperations::claimCollateralCall {}.abi_encode();
            Intent::call(contracts.borrower_operations, call, format!("Claim {shown} from Liquity"))
        }
        "leave-pool" => {
            // Without LUSD only the gains are taken: with an amount the pool first wants all troves in good order.
            let amount = if units.is_zero() { U256::ZERO } else { most };
            let call = StabilityPool::withdrawFromSPCall { amount }.abi_encode();
            Intent::call(
                contracts.stability_pool,
                call,
                format!("Withdraw {shown} and all gains from the stability pool"),
            )
        }
        "unstake" => {
            let call = Staking::unstakeCall { LQTYamount: most }.abi_encode();
            Intent::call(contracts.staking, call, format!("Unstake {shown} and take its gains"))
        }
        "repay" => {
            let operations = contracts.borrower_operations;
            let mut intent = if everything {
                let call = BorrowerOperations::closeTroveCall {}.abi_encode();
                Intent::call(operations, call, format!("Repay {shown} and close the trove"))
            } else {
                // A hint that is no good costs gas and nothing else.
                let (owner, amount) = (action.owner, units);
                let call = BorrowerOperations::repayLUSDCall {
                    LUSDAmount: amount,
                    upperHint: owner,
                    lowerHint: owner,
                };
                Intent::call(operations, call.abi_encode(), format!("Repay {shown} of the trove"))
            };
            intent.spends.push((action.asset.clone(), units));
            intent
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}
