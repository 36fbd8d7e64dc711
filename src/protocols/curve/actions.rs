//! Leaving a pool: out of the gauge, then all coins in proportion, or one where the pool pays a fair amount of it.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{Gauge, Leave2, Leave3, Leave4, Swap};
use super::positions::Noted;
use super::share::is_fair;
use crate::protocols::{Action, Intent, IntentError, Position, Stage, blocked_without, less_slippage};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let new = |parts| Action::of_all(position, intents, parts);
    let name = &noted.pool.name;
    let mut all = Vec::new();
    if let (Some(code), false) = (&noted.gauge_code, noted.staked.is_zero()) {
        let title = format!("Take all shares of {name} out of the gauge");
        let leave = new(("leave-gauge", title, &noted.share, noted.staked));
        let blocked = blocked_without(code, Gauge::withdrawCall::SELECTOR, "withdraw");
        // Before the pool is left, so that the pool is then left with all of it.
        all.push(Action { stage: Some(Stage::Claim), blocked, ..leave });
    }
    if noted.held.is_zero() {
        return all;
    }
    let remove = new(("remove", format!("Remove all liquidity of {name}"), &noted.share, noted.held));
    let selector = match noted.pool.coins.len() {
        2 => Some(Leave2::remove_liquidityCall::SELECTOR),
        3 => Some(Leave3::remove_liquidityCall::SELECTOR),
        4 => Some(Leave4::remove_liquidityCall::SELECTOR),
        _ => None,
    };
    let blocked = match selector {
        Some(selector) => blocked_without(&noted.pool_code, selector, "remove_liquidity"),
        None => Some("A pool of that many coins is not known here.".to_owned()),
    };
    let note = Some("All coins in proportion, minimums half a percent below the share of now.".to_owned());
    all.push(Action { stage: Some(Stage::Free), note, blocked, ..remove });
    for (index, quote, fair) in &noted.quotes {
        let Some(coin) = noted.pool.coins.get(*index).map(super::positions::Coin::asset) else { continue };
        let kind = ONE.get(*index).copied().unwrap_or("remove-one");
        let title = format!("Remove all liquidity of {name} as {}", coin.symbol);
        let one = new((kind, title, &noted.share, noted.held));
        let selector = Swap::remove_liquidity_one_coinCall::SELECTOR;
        let unfair = (!is_fair(*quote, *fair)).then(|| {
            format!(
                "The pool is out of balance: it pays {}, less than 98 % of the {} that its virtual price says.",
                coin.show(*quote),
                coin.show(*fair)
            )
        });
        let blocked = blocked_without(&noted.pool_code, selector, "remove_liquidity_one_coin").or(unfair);
        let note = Some(format!("For {}, at least half a percent less.", coin.show(*quote)));
        all.push(Action { note, blocked, ..one });
    }
    all
}

/// Kinds by the index of the coin.
const ONE: [&str; 4] = ["remove-as-0", "remove-as-1", "remove-as-2", "remove-as-3"];

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let units = action.at_most_all()?;
    let (pool, name) = (noted.pool.pool, &noted.pool.name);
    let shown = action.show(units);
    let share_of = |amount: U256| amount.saturating_mul(units).checked_div(action.all).unwrap_or_default();
    if action.kind == "leave-gauge" {
        let Some(gauge) = noted.pool.gauge else { return Err(action.not_ours()) };
        let call = Gauge::withdrawCall { value: units }.abi_encode();
        return Ok(vec![Intent::call(gauge, call, format!("Take {shown} out of the gauge"))]);
    }
    let mut intent = if action.kind == "remove" {
        let least: Vec<U256> = noted.parts.iter().map(|part| less_slippage(share_of(*part))).collect();
        let call = leave(units, &least).ok_or_else(|| action.not_ours())?;
        let coins = noted.pool.coins.iter().zip(&noted.parts);
        let told: Vec<String> = coins.map(|(coin, part)| coin.asset().show(share_of(*part))).collect();
        Intent::call(pool, call, format!("Remove liquidity from {name}: {}", told.join(", ")))
    } else {
        let at = ONE.iter().position(|kind| *kind == action.kind);
        let quote = noted.quotes.iter().find(|(index, _, _)| Some(*index) == at);
        let Some((index, quote, _)) = quote else { return Err(action.not_ours()) };
        let i = i128::try_from(*index).unwrap_or_default();
        // Of less the pool pays no worse a price, so the part of the quote is a safe minimum.
        let min_amount = less_slippage(share_of(*quote));
        let call = Swap::remove_liquidity_one_coinCall { amount: units, i, min_amount }.abi_encode();
        Intent::call(pool, call, format!("Remove {shown} as one coin"))
    };
    // The pool burns its own share token: no approval.
    intent.spends.push((action.asset.clone(), units));
    Ok(vec![intent])
}

fn leave(amount: U256, least: &[U256]) -> Option<Vec<u8>> {
    match *least {
        [a, b] => Some(Leave2::remove_liquidityCall { amount, min_amounts: [a, b] }.abi_encode()),
        [a, b, c] => Some(Leave3::remove_liquidityCall { amount, min_amounts: [a, b, c] }.abi_encode()),
        [a, b, c, d] => Some(Leave4::remove_liquidityCall { amount, min_amounts: [a, b, c, d] }.abi_encode()),
        _ => None,
    }
}
