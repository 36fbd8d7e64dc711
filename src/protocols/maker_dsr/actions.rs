//! Taking DAI out of the Pot. Nothing is owed against it, so it comes before what must be paid back.

use alloy::sol_types::SolCall as _;

use super::interface::{DsrActions, DsrManager};
use super::positions::{Noted, Way};
use crate::protocols::ds_proxy::DsProxy;
use crate::protocols::{Action, Amount, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let blocked = match &noted.way {
        Way::Manager => blocked_without(&position.code, DsrManager::exitAllCall::SELECTOR, "exitAll"),
        Way::Proxy(_, code) => blocked_without(&position.code, DsProxy::executeCall::SELECTOR, "execute")
            .or_else(|| blocked_without(code, DsrActions::exitAllCall::SELECTOR, "exitAll")),
        Way::Own => return Vec::new(),
    };
    let title = format!("Withdraw all {} from the DSR", noted.dai.symbol);
    let take = Action::of_all(position, intents, ("withdraw", title, &noted.dai, noted.amount));
    vec![Action { stage: Some(Stage::Free), blocked, ..take }]
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let sentence = format!("Take {} out of the DSR", action.show(units));
    let all = action.amount == Amount::All;
    let (pot, join, dst) = (noted.contracts.pot, noted.contracts.dai_join, action.owner);
    let intent = match &noted.way {
        Way::Manager => {
            let data = if all {
                DsrManager::exitAllCall { dst }.abi_encode()
            } else {
                DsrManager::exitCall { dst, wad: units }.abi_encode()
            };
            Intent::call(noted.contracts.manager, data, sentence)
        }
        Way::Proxy(proxy, _) => {
            let data = if all {
                DsrActions::exitAllCall { daiJoin: join, pot }.abi_encode()
            } else {
                DsrActions::exitCall { daiJoin: join, pot, wad: units }.abi_encode()
            };
            let call = DsProxy::executeCall { target: noted.contracts.actions, data: data.into() };
            Intent::call(*proxy, call.abi_encode(), sentence)
        }
        Way::Own => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}
