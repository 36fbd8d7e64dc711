//! The least gas with which a call succeeds, found by running it.

use std::collections::BTreeSet;

use crate::execution::Proven;

use super::{CallBatch, CallError, CallOutcome, StateKey, Witness};

/// Gas of a plain transfer: nothing succeeds with less.
const TRANSFER_GAS: u64 = 21_000;
/// Most gas of one transaction from Osaka on (EIP-7825).
pub(super) const TRANSACTION_GAS_CAP: u64 = 1 << 24;

/// An estimate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GasEstimate {
    /// The least gas limit with which the call succeeds on this state.
    Needs(u64),
    /// It fails with all the gas there is.
    Fails(CallOutcome),
}

/// How far an estimate is.
#[derive(Debug)]
pub enum EstimateStep {
    /// This state is still unknown.
    Need(BTreeSet<StateKey>),
    /// Found.
    Done(Proven<GasEstimate>),
}

/// Searches the least gas for the only call of `batch`. A call is given at most 63/64 of its caller's gas (EIP-150) and
/// refunds come at the end, so what was used is not what is needed: only a run shows that a limit is enough.
///
/// # Errors
/// See [`CallBatch::step`].
pub fn estimate_gas(batch: &CallBatch, known: &Witness) -> Result<EstimateStep, CallError> {
    let asked = batch.calls().first().and_then(|call| call.gas_limit);
    let ceiling = batch.env().gas_limit().min(TRANSACTION_GAS_CAP);
    let mut high = asked.unwrap_or(ceiling).min(ceiling);
    let first = match attempt(batch, known, high)? {
        Attempt::Need(missing) => return Ok(EstimateStep::Need(missing)),
        Attempt::Ran(outcome) => outcome,
    };
    if !first.is_success() {
        return Ok(EstimateStep::Done(Proven::new(GasEstimate::Fails(first), known.at())));
    }
    let mut low = first.gas_used.saturating_sub(1).max(TRANSFER_GAS.saturating_sub(1));
    // The likely answer first: used, with room for 1/64 a level and the stipend.
    let mut guess = first.gas_used.saturating_add(2_300).saturating_mul(64) / 63;
    while low.saturating_add(1) < high {
        let middle = if guess > low && guess < high { guess } else { low.midpoint(high) };
        guess = 0;
        let enough = match attempt(batch, known, middle) {
            Ok(Attempt::Need(missing)) => return Ok(EstimateStep::Need(missing)),
            Ok(Attempt::Ran(outcome)) => outcome.is_success(),
            Err(CallError::Invalid { .. }) => false, // less than the call costs before its first instruction
            Err(other) => return Err(other),
        };
        if enough {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(EstimateStep::Done(Proven::new(GasEstimate::Needs(high), known.at())))
}

enum Attempt {
    Need(BTreeSet<StateKey>),
    Ran(CallOutcome),
}

fn attempt(batch: &CallBatch, known: &Witness, gas: u64) -> Result<Attempt, CallError> {
    let (missing, ran) = batch.pass(known, Some(gas));
    if !missing.is_empty() {
        return Ok(Attempt::Need(missing));
    }
    let (result, _) = ran?.into_iter().next().ok_or(CallError::TooMuch { what: "calls", limit: 0 })?;
    Ok(Attempt::Ran(CallOutcome::of(result)))
}
