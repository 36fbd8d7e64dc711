//! Changing one token for another at Sky's own rate. None of it is part of an exit: each is another way to the same worth.

use alloy::primitives::U256;
use alloy::sol_types::SolCall as _;

use super::interface::{DaiUsds, LitePsm, MkrSky};
use super::positions::{Mkr, Noted, Psm};
use crate::protocols::{Action, Amount, Intent, IntentError, Position, blocked_without};

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    let mut all = Vec::new();
    let [dai_psm, usds_psm] = &noted.psms;
    let new = |parts| Action::of_all(position, intents, parts);
    let dollar = &noted.dollar.symbol;
    for (psm, from, held, kinds) in [
        (usds_psm, &noted.usds, noted.usds_held, ("usds-to-dai", "usds-to-dollar")),
        (dai_psm, &noted.dai, noted.dai_held, ("dai-to-usds", "dai-to-dollar")),
    ] {
        if held.is_zero() {
            continue;
        }
        let (to, selector, function) = if kinds.0 == "usds-to-dai" {
            (&noted.dai.symbol, DaiUsds::usdsToDaiCall::SELECTOR, "usdsToDai")
        } else {
            (&noted.usds.symbol, DaiUsds::daiToUsdsCall::SELECTOR, "daiToUsds")
        };
        let blocked = blocked_without(&position.code, selector, function);
        let change = new((kinds.0, format!("Change all {} to {to}", from.symbol), from, held));
        all.push(Action { blocked, note: Some("One to one.".to_owned()), ..change });
        let change = new((kinds.1, format!("Change all {} to {dollar}", from.symbol), from, held));
        all.push(through(psm, noted, change));
    }
    all.extend(noted.mkr.as_ref().map(|mkr| to_sky(mkr, position)));
    all
}

/// The exchange for the dollar token, of no more than the module can pay.
fn through(psm: &Psm, noted: &Noted, change: Action) -> Action {
    let dollar = &noted.dollar;
    let no = |why: &str| Some(format!("Sky's exchange to {} {why}.", dollar.symbol));
    let (got, cost) = psm.terms.buys(change.all).unwrap_or_default();
    let dry = match () {
        () if psm.terms.fee == U256::MAX => no("is halted"),
        () if psm.terms.there.is_zero() => no("has nothing to pay out now"),
        () if got.is_zero() => no("takes no amount that small"),
        () => None,
    };
    let blocked = blocked_without(&psm.code, LitePsm::buyGemCall::SELECTOR, "buyGem").or(dry);
    let short = got == psm.terms.there;
    let amount = if short { Amount::Exactly(cost) } else { Amount::All };
    let note = blocked.is_none().then(|| {
        let limit = if short { "; that is all there is now" } else { "" };
        format!("For {}{limit}.", dollar.show(got))
    });
    Action { amount, note, blocked, ..change }
}

fn to_sky(mkr: &Mkr, position: &Position) -> Action {
    let title = format!("Change all {} to {}", mkr.asset.symbol, mkr.sky.symbol);
    let change = Action::of_all(position, intents, ("mkr-to-sky", title, &mkr.asset, mkr.held));
    let blocked = blocked_without(&mkr.exchange, MkrSky::mkrToSkyCall::SELECTOR, "mkrToSky");
    let note = mkr.worth.map(|worth| format!("For {}; there is no way back.", mkr.sky.show(worth)));
    Action { blocked, note, ..change }
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let (units, usr) = (action.at_most_all()?, action.owner);
    let sentence = |to: &str| format!("Change {} to {to}", action.show(units));
    let contracts = &noted.contracts;
    let [dai_psm, usds_psm] = &noted.psms;
    let intent = match action.kind {
        "usds-to-dai" => {
            let call = DaiUsds::usdsToDaiCall { usr, wad: units }.abi_encode();
            Intent::call(contracts.converter, call, sentence(&noted.dai.symbol)).taking(
                &action.asset,
                contracts.converter,
                units,
            )
        }
        "dai-to-usds" => {
            let call = DaiUsds::daiToUsdsCall { usr, wad: units }.abi_encode();
            Intent::call(contracts.converter, call, sentence(&noted.usds.symbol)).taking(
                &action.asset,
                contracts.converter,
                units,
            )
        }
        "dai-to-dollar" => buy(action, noted, (dai_psm, units))?,
        "usds-to-dollar" => buy(action, noted, (usds_psm, units))?,
        "mkr-to-sky" => {
            let Some(mkr) = &noted.mkr else { return Err(action.not_ours()) };
            let to = mkr.exchange.contract;
            let call = MkrSky::mkrToSkyCall { usr, mkrAmt: units }.abi_encode();
            Intent::call(to, call, sentence(&mkr.sky.symbol)).taking(&action.asset, to, units)
        }
        _ => return Err(action.not_ours()),
    };
    Ok(vec![intent])
}

fn buy(action: &Action, noted: &Noted, (psm, units): (&Psm, U256)) -> Result<Intent, IntentError> {
    let halted = || IntentError::Blocked { why: "Sky's exchange is halted.".to_owned() };
    let (gem, cost) = psm.terms.buys(units).ok_or_else(halted)?;
    let call = LitePsm::buyGemCall { usr: action.owner, gemAmt: gem }.abi_encode();
    let sentence = format!("Change {} to {}", action.asset.show(cost), noted.dollar.show(gem));
    Ok(Intent::call(psm.code.contract, call, sentence).taking(&action.asset, psm.code.contract, cost))
}
