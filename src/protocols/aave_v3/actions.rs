//! Leaving a market: repay, withdraw, claim, each in every way the contracts offer.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::interface::{Gateway, GatewayWithRateMode, Pool, Rewards};
use super::positions::Noted;
use super::reserve::Reserve;
use super::withdraw_limit::most_withdrawable;
use crate::execution::Call;
use crate::protocols::{
    Action, Amount, Asset, Detail, Intent, IntentError, Position, Stage, TakeNow, blocked_without,
    with_margin,
};

/// Debt at a variable rate, which since 3.2 is the only one.
const VARIABLE: U256 = U256::from_limbs([2, 0, 0, 0]);
const STABLE: U256 = U256::from_limbs([1, 0, 0, 0]);
/// The pool refuses a withdrawal that would leave less than this.
const LIQUIDATION: U256 = crate::protocols::WAD;

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let mut all = Vec::new();
    if let Some((asset, due)) = noted.rewards.first() {
        let claim = new_action(position, noted, 0, ("claim", "Claim all rewards".to_owned(), *due));
        all.push(Action { asset: asset.clone(), stage: Some(Stage::Claim), ..claim });
    }
    for index in 0..noted.reserves.len() {
        all.extend(reserve_actions(position, noted, index));
    }
    all
}

fn new_action(
    position: &Position,
    noted: &Noted,
    about: usize,
    (kind, title, all): (&'static str, String, U256),
) -> Action {
    let asset = noted.reserves.get(about).map_or_else(Asset::ether, |one| one.asset.clone());
    Action {
        protocol: position.protocol.clone(),
        owner: position.owner,
        kind,
        title,
        asset,
        amount: Amount::All,
        all,
        stage: None,
        note: None,
        blocked: None,
        changed: None,
        detail: Detail::new(Noted { about, ..noted.clone() }),
        build: intents,
    }
}

fn reserve_actions(position: &Position, noted: &Noted, index: usize) -> Vec<Action> {
    let Some(one) = noted.reserves.get(index) else { return Vec::new() };
    let symbol = &one.asset.symbol;
    let stopped = stopped(one);
    let guard =
        |selector, name: &str| stopped.clone().or_else(|| blocked_without(&position.code, selector, name));
    let new = |kind, title: String, all| new_action(position, noted, index, (kind, title, all));
    let mut all = Vec::new();
    for (kind, debt) in [("repay", one.variable_debt), ("repay-stable", one.stable_debt)] {
        if !debt.is_zero() {
            let blocked = guard(Pool::repayCall::SELECTOR, "repay");
            let repay = new(kind, format!("Repay all {symbol}"), debt);
            all.push(Action { stage: Some(Stage::Repay), blocked, ..repay });
        }
    }
    if !one.variable_debt.is_zero() && !one.supplied.is_zero() {
        let most = one.variable_debt.min(one.supplied);
        let blocked = guard(Pool::repayWithATokensCall::SELECTOR, "repayWithATokens");
        let repay = new("repay-from-supply", format!("Repay {symbol} from what you supplied"), most);
        let note = Some("Needs nothing in the wallet but gas.".to_owned());
        all.push(Action { blocked, note, ..repay });
    }
    if !one.supplied.is_zero() {
        all.push(withdrawal(
            noted,
            index,
            new("withdraw", format!("Withdraw all {symbol}"), one.supplied),
            guard,
        ));
    }
    if Some(one.asset.address) == noted.market.weth && noted.market.gateway.is_some() {
        all.extend(ether_actions(noted, one, &new, stopped.as_ref()));
    }
    all
}

fn withdrawal(
    noted: &Noted,
    index: usize,
    action: Action,
    guard: impl Fn([u8; 4], &str) -> Option<String>,
) -> Action {
    let Some(one) = noted.reserves.get(index) else { return action };
    let blocked = guard(Pool::withdrawCall::SELECTOR, "withdraw").or_else(|| {
        let dry = one.liquidity.is_zero();
        dry.then(|| {
            format!("All {} of this market is lent: there is nothing to pay out now.", one.asset.symbol)
        })
    });
    let limit = noted
        .set
        .as_ref()
        .filter(|_| noted.factor.is_some())
        .and_then(|set| most_withdrawable(set, index, (one.scaled, one.income), LIQUIDATION));
    let note = limit.filter(|limit| *limit < one.supplied).map(|limit| {
        format!("All of it only once the debt is repaid; now at most {}.", one.asset.show(limit))
    });
    // What is lent cannot be paid out: all there is, and no more.
    let amount = if one.liquidity < one.supplied { Amount::Exactly(one.liquidity) } else { Amount::All };
    Action { stage: Some(Stage::Withdraw), amount, blocked, note, ..action }
}

fn ether_actions(
    noted: &Noted,
    one: &Reserve,
    new: &impl Fn(&'static str, String, U256) -> Action,
    stopped: Option<&String>,
) -> Vec<Action> {
    let guard = |selector, name: &str| {
        let code = noted.gateway_code.as_ref();
        stopped.cloned().or_else(|| blocked_without(code?, selector, name))
    };
    let mut all = Vec::new();
    if !one.variable_debt.is_zero() {
        let selector = if noted.market.rate_mode {
            GatewayWithRateMode::repayETHCall::SELECTOR
        } else {
            Gateway::repayETHCall::SELECTOR
        };
        let blocked = guard(selector, "repayETH");
        all.push(Action {
            blocked,
            ..new("repay-ether", "Repay all WETH with ETH".to_owned(), one.variable_debt)
        });
    }
    if !one.supplied.is_zero() {
        let blocked = guard(Gateway::withdrawETHCall::SELECTOR, "withdrawETH");
        let title = "Withdraw all WETH as ETH".to_owned();
        all.push(Action { blocked, ..new("withdraw-ether", title, one.supplied) });
    }
    all
}

fn stopped(one: &Reserve) -> Option<String> {
    let symbol = &one.asset.symbol;
    if one.flags.paused {
        return Some(format!(
            "Aave has paused {symbol}: it can be neither withdrawn nor repaid until that ends."
        ));
    }
    (!one.flags.active).then(|| format!("{symbol} is not active in this market."))
}

pub(super) fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let Some(one) = noted.reserves.get(noted.about) else { return Err(action.not_ours()) };
    let (pool, owner, asset) = (noted.market.pool, action.owner, one.asset.address);
    let units = action.at_most_all()?;
    let shown = action.show(units);
    // The largest number stands for all of it, interest of the meantime included.
    let number = if action.amount == Amount::All { U256::MAX } else { units };
    let intent = match action.kind {
        "claim" => {
            let Some(rewards) = noted.market.rewards else { return Err(action.not_ours()) };
            let assets = noted.reward_tokens.clone();
            let calldata = Rewards::claimAllRewardsToSelfCall { assets }.abi_encode();
            Intent::call(rewards, calldata, "Claim all rewards of this market".to_owned())
        }
        "repay" | "repay-stable" => {
            let mode = if action.kind == "repay" { VARIABLE } else { STABLE };
            let call = Pool::repayCall { asset, amount: number, interestRateMode: mode, onBehalfOf: owner };
            let allowed = if action.amount == Amount::All { with_margin(units) } else { units };
            let mut intent =
                Intent::call(pool, call.abi_encode(), format!("Repay {shown} to {}", noted.market.name))
                    .taking(&one.asset, pool, allowed);
            intent.spends = vec![(one.asset.clone(), units)];
            intent
        }
        "repay-from-supply" => {
            let call = Pool::repayWithATokensCall { asset, amount: number, interestRateMode: VARIABLE };
            let sentence = format!("Repay {shown} to {} from what you supplied there", noted.market.name);
            Intent::call(pool, call.abi_encode(), sentence)
        }
        "withdraw" => {
            let calldata = Pool::withdrawCall { asset, amount: number, to: owner }.abi_encode();
            Intent::call(pool, calldata, format!("Withdraw {shown} from {}", noted.market.name))
        }
        "withdraw-ether" | "repay-ether" => return ether_intent(action, noted, one).map(|one| vec![one]),
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}

fn ether_intent(action: &Action, noted: &Noted, one: &Reserve) -> Result<Intent, IntentError> {
    let Some(gateway) = noted.market.gateway else { return Err(action.not_ours()) };
    let (pool, owner) = (noted.market.pool, action.owner);
    let units = action.at_most_all()?;
    let everything = action.amount == Amount::All;
    let number = if everything { U256::MAX } else { units };
    let padded = if everything { with_margin(units) } else { units };
    let ether = Asset::ether();
    if action.kind == "withdraw-ether" {
        let calldata = Gateway::withdrawETHCall { pool, amount: number, to: owner }.abi_encode();
        let a_token = Asset::token(one.a_token, &format!("a{}", one.asset.symbol), one.asset.decimals);
        let sentence = format!("Withdraw {} from {}", ether.show(units), noted.market.name);
        let mut intent = Intent::call(gateway, calldata, sentence).taking(&a_token, gateway, padded);
        intent.spends = Vec::new(); // it is paid from the position itself
        return Ok(intent);
    }
    let calldata = if noted.market.rate_mode {
        let call =
            GatewayWithRateMode::repayETHCall { pool, amount: number, rateMode: VARIABLE, onBehalfOf: owner };
        call.abi_encode()
    } else {
        Gateway::repayETHCall { pool, amount: number, onBehalfOf: owner }.abi_encode()
    };
    let sentence =
        format!("Repay {} to {}; what is too much comes back", ether.show_up(units), noted.market.name);
    Ok(Intent::call(gateway, calldata, sentence).sending(padded))
}

pub(super) fn take_now(position: &Position, floor: U256) -> Vec<TakeNow> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let Some(set) = noted.set.as_ref().filter(|_| noted.factor.is_some()) else { return Vec::new() };
    let judge = health_view(noted.market.pool, position.owner);
    let all = noted.reserves.iter().enumerate().filter_map(|(index, one)| {
        let most = most_withdrawable(set, index, (one.scaled, one.income), floor.max(LIQUIDATION))?;
        let most = most.min(one.liquidity);
        let action = new_action(position, noted, index, ("withdraw", String::new(), one.supplied));
        let title = format!("Withdraw {}", one.asset.show(most));
        let blocked = stopped(one);
        let action = Action { title, amount: Amount::Exactly(most), blocked, ..action };
        (!most.is_zero()).then(|| TakeNow { action, judge: Some((judge.clone(), 5)), by_formula: None })
    });
    all.collect()
}

/// The pool's own factor is the sixth word of its answer.
fn health_view(pool: Address, user: Address) -> Call {
    Call::read(pool, Pool::getUserAccountDataCall { user }.abi_encode())
}
