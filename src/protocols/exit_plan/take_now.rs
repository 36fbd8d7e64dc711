//! What can be taken out at once: the protocol's formula proposes, the contract itself judges.

use alloy::primitives::{Address, U256};

use super::plan::TakeOut;
use crate::chain::StateAt;
use crate::execution::{Call, CallBatch};
use crate::protocols::{Amount, Found, ProtocolError, Registry, Report, TakeNow};

/// Units by which a candidate may be too high, where a contract rounds in its own favour.
const ROUNDING: [u64; 3] = [0, 1, 2];

pub(super) async fn take_now(
    registry: &Registry,
    state: &StateAt,
    (reports, floor): (&[Report], U256),
) -> Result<Vec<TakeOut>, ProtocolError> {
    let mut all = Vec::new();
    for report in reports {
        let Found::Positions(positions) = &report.found else { continue };
        for position in positions {
            for candidate in registry.take_now(position, floor) {
                all.extend(judged(state, &[], (&candidate, floor), &report.name).await?);
            }
        }
    }
    Ok(all)
}

/// The candidate on what `first` leave, or what is left of it by the contract's rounding; `None` where the contract does
/// not agree.
pub(super) async fn judged(
    state: &StateAt,
    first: &[Call],
    (candidate, floor): (&TakeNow, U256),
    market: &str,
) -> Result<Option<TakeOut>, ProtocolError> {
    let owner: Address = candidate.action.owner;
    for less in ROUNDING {
        let units = candidate.action.units().saturating_sub(U256::from(less));
        let action = candidate.action.with_amount(Amount::Exactly(units));
        let Ok(intents) = action.intents() else { return Ok(None) };
        let [intent] = intents.as_slice() else { return Ok(None) };
        let judge = candidate.judge.clone().map(|(call, word)| (Call { from: owner, ..call }, word));
        let mut calls = vec![intent.as_call(owner)];
        calls.extend(judge.iter().map(|(call, _)| call.clone()));
        let batch = CallBatch::reads(state.evm_env()?, calls).in_turn().after(first.to_vec());
        let mut ran = state.run(batch).await?;
        let ran = ran.split_off(first.len().min(ran.len()));
        let good = ran.iter().all(|one| one.value().is_success());
        let word = match (&judge, ran.last()) {
            (Some((_, word)), Some(told)) => {
                let at = word.saturating_mul(32);
                told.value().output.get(at..at.saturating_add(32)).map(U256::from_be_slice)
            }
            _ => candidate.by_formula,
        };
        if let Some(ends_at) = word.filter(|factor| good && *factor >= floor) {
            let (market, asset, intent) = (market.to_owned(), action.asset.clone(), intent.clone());
            return Ok(Some(TakeOut { market, asset, units, intent, ends_at }));
        }
    }
    Ok(None)
}
