//! Taking the shares of a Curve pool back, with what they earned.

use alloy::sol_types::SolCall as _;

use super::positions::{Noted, RewardPool};
use crate::protocols::{Action, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let new = |parts| Action::of_all(position, intents, parts);
    let name = &noted.pool.name;
    let mut all = Vec::new();
    if !noted.held.is_zero() {
        let blocked = || {
            let selector = RewardPool::withdrawAndUnwrapCall::SELECTOR;
            blocked_without(&position.code, selector, "withdrawAndUnwrap")
        };
        let title = format!("Take all shares of {name} back with rewards");
        let take = new(("withdraw", title, &noted.share, noted.held));
        // Before Curve's pool is left, so that it is then left with all of it.
        all.push(Action { stage: Some(Stage::Claim), blocked: blocked(), ..take });
        let title = format!("Take all shares of {name} back without rewards");
        let bare = new(("withdraw-bare", title, &noted.share, noted.held));
        let note = Some("For when a reward cannot be paid and blocks the way.".to_owned());
        all.push(Action { note, blocked: blocked(), ..bare });
    } else if !noted.earned.is_zero() {
        let crv = noted.crv();
        let claim = new(("claim", format!("Claim {}", crv.show(noted.earned)), &crv, noted.earned));
        let blocked = blocked_without(&position.code, RewardPool::getRewardCall::SELECTOR, "getReward");
        all.push(Action { stage: Some(Stage::Claim), blocked, ..claim });
    }
    all
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let shown = action.show(units);
    let to = noted.pool.rewards;
    let intent = match action.kind {
        "withdraw" | "withdraw-bare" => {
            let claim = action.kind == "withdraw";
            let call = RewardPool::withdrawAndUnwrapCall { amount: units, claim }.abi_encode();
            Intent::call(to, call, format!("Take {shown} back from Convex"))
        }
        "claim" => {
            let call = RewardPool::getRewardCall { account: action.owner, claimExtras: true }.abi_encode();
            Intent::call(to, call, format!("Claim {shown} from Convex"))
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}
