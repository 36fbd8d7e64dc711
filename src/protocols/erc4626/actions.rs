//! Redeeming shares: no approval, by the holder itself.

use alloy::sol_types::SolCall as _;

use super::positions::{Erc4626, Noted};
use crate::protocols::{Action, Amount, Intent, IntentError, Position, Stage, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let (Some(noted), Some(row)) = (position.detail.get::<Noted>(), position.rows.first()) else {
        return Vec::new();
    };
    let dry = noted.most.is_zero().then(|| "The vault pays nothing out now: it lacks liquidity.".to_owned());
    let fails = noted.fails.as_ref().map(|why| format!("It would fail now: {why}."));
    let blocked = blocked_without(&position.code, Erc4626::redeemCall::SELECTOR, "redeem").or(dry).or(fails);
    let worth = row.worth.as_ref().map(|worth| {
        let amount = crate::protocols::brief(worth.amount, worth.decimals);
        format!("For about {amount} {}.", worth.unit)
    });
    let amount = if noted.most < row.amount { Amount::Exactly(noted.most) } else { Amount::All };
    let redeem = Action {
        protocol: position.protocol.clone(),
        owner: position.owner,
        kind: "redeem",
        title: format!("Redeem all {}", row.asset.symbol),
        asset: row.asset.clone(),
        amount,
        all: row.amount,
        stage: Some(Stage::Free),
        note: worth,
        blocked,
        changed: None,
        detail: position.detail.clone(),
        build: intents,
    };
    std::iter::once(redeem).chain(withdraw(position, noted)).collect()
}

/// Another way to the same end, by assets in place of shares.
fn withdraw(position: &Position, noted: &Noted) -> Option<Action> {
    let (asset, most) = noted.withdraw.as_ref().filter(|(_, most)| !most.is_zero())?;
    let title = format!("Withdraw {} by amount", asset.symbol);
    let action = Action::of_all(position, withdraw_intents, ("withdraw", title, asset, *most));
    let blocked = blocked_without(&position.code, Erc4626::withdrawCall::SELECTOR, "withdraw");
    Some(Action { blocked, ..action })
}

fn withdraw_intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let assets = action.at_most_all()?;
    let call = Erc4626::withdrawCall { assets, receiver: action.owner, owner: action.owner };
    let sentence = format!("Withdraw {} from {}", action.asset.show(assets), noted.vault.name);
    Ok(vec![Intent::call(noted.vault.vault, call.abi_encode(), sentence)])
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let shares = action.at_most_all()?;
    let call = Erc4626::redeemCall { shares, receiver: action.owner, owner: action.owner };
    let sentence = format!("Redeem {} from {}", action.asset.show(shares), noted.vault.name);
    Ok(vec![Intent::call(noted.vault.vault, call.abi_encode(), sentence)])
}
