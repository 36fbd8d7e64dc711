//! Many reads as one run, and each answer decoded or the reason why not.
//!
//! One contract that cannot be run, because it asks for endless state or spends all gas, must not take the others with
//! it: a run that fails is cut in halves until the culprit stands alone.

use std::ops::Range;
use std::time::Duration;

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use tokio::time::Instant;

use crate::chain::{ReadError, StateAt};
use crate::contracts::{AbiBook, decode_revert};
use crate::execution::{Call, CallOutcome, CallStatus, Proven};

/// Most gas of one read. Those of honest contracts stay far below; a bomb is cheap to us.
const READ_GAS: u64 = 5_000_000;
/// Runs spent on finding who made the first one fail, and how long after the start the last of them may begin.
const EXTRA_RUNS: usize = 32;
const EXTRA_TIME: Duration = Duration::from_secs(30);
/// So many failures to reach anybody, with nothing read yet, are a failure of them all.
const PATIENCE: usize = 3;

/// Why one read has no value. Never shown as 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Proven: the contract reverted. The words are safe to show.
    #[error("the contract {0}")]
    Refused(String),
    /// Proven: the EVM stopped it.
    #[error("the contract failed: {0}")]
    Halted(String),
    /// Proven: nothing came back.
    #[error("nothing came back: no contract is at this address, or it has no such function")]
    Nothing,
    /// Proven: bytes came back that are not the answer's type.
    #[error("the answer is not {0}")]
    Garbled(&'static str),
    /// Not proven: it could not be read.
    #[error("not read: {0}")]
    NotRead(String),
}

impl NoAnswer {
    /// True where this itself is proven, false where nobody could tell.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        !matches!(self, Self::NotRead(_))
    }
}

/// A read's outcome, or why it could not be run.
pub type Reading = Result<Proven<CallOutcome>, NoAnswer>;

/// A read of one function, with a limit on its gas.
pub(super) fn read<C: SolCall>(to: Address, call: &C) -> Call {
    Call { gas_limit: Some(READ_GAS), ..Call::read(to, call.abi_encode()) }
}

/// The value of a finished read. Bytes behind it are allowed, as every caller in Solidity allows them.
///
/// # Errors
/// See [`NoAnswer`].
pub(super) fn value<C: SolCall>(reading: &Reading, expected: &'static str) -> Result<C::Return, NoAnswer> {
    outcome_value::<C>(reading.as_ref().map_err(Clone::clone)?.value(), expected)
}

/// The value of an outcome, whoever helped to it.
///
/// # Errors
/// See [`NoAnswer`].
pub(super) fn outcome_value<C: SolCall>(
    outcome: &CallOutcome,
    expected: &'static str,
) -> Result<C::Return, NoAnswer> {
    let output = output_of(outcome)?;
    if output.is_empty() {
        return Err(NoAnswer::Nothing);
    }
    C::abi_decode_returns(output).map_err(|_why| NoAnswer::Garbled(expected))
}

/// The bytes of a read that ran to its end.
///
/// # Errors
/// See [`NoAnswer`].
pub(super) fn output(reading: &Reading) -> Result<&[u8], NoAnswer> {
    output_of(reading.as_ref().map_err(Clone::clone)?.value())
}

fn output_of(outcome: &CallOutcome) -> Result<&[u8], NoAnswer> {
    match &outcome.status {
        CallStatus::Success => Ok(&outcome.output),
        CallStatus::Halt(words) => Err(NoAnswer::Halted(words.clone())),
        CallStatus::Revert => {
            Err(NoAnswer::Refused(decode_revert(&AbiBook::new(), 0, None, &outcome.output).to_string()))
        }
    }
}

/// Runs many reads as one, in their order.
///
/// # Errors
/// [`ReadError`] where nothing at all could be read.
pub(super) async fn read_all(state: &StateAt, calls: &[Call]) -> Result<Vec<Reading>, ReadError> {
    let not_run = || Err(NoAnswer::NotRead("it was not reached".to_owned()));
    let mut readings: Vec<Reading> = calls.iter().map(|_| not_run()).collect();
    if calls.is_empty() {
        return Ok(readings);
    }
    let mut open: Vec<Range<usize>> = std::iter::once(0..calls.len()).collect();
    let (mut extra, started) = (EXTRA_RUNS, Instant::now());
    let (mut read_any, mut unreachable) = (false, Vec::new());
    while let Some(range) = open.pop() {
        let some = calls.get(range.clone()).unwrap_or_default();
        let error = match state.calls(some.to_vec()).await {
            Ok(outcomes) => {
                read_any = true;
                put(&mut readings, range, outcomes.into_iter().map(Ok));
                continue;
            }
            Err(error) => error,
        };
        let why = NoAnswer::NotRead(error.to_string());
        if !matches!(error, ReadError::Call(_)) {
            unreachable.push(error);
            if !read_any && (unreachable.len() >= PATIENCE || calls.len() == 1) {
                // The first says the most: who was asked, and who lied.
                return Err(unreachable.swap_remove(0));
            }
        }
        if some.len() > 1 && extra > 1 && started.elapsed() < EXTRA_TIME {
            extra = extra.saturating_sub(2);
            let middle = range.start.midpoint(range.end);
            open.push(middle..range.end);
            open.push(range.start..middle);
        } else {
            put(&mut readings, range, std::iter::repeat(Err(why)));
        }
    }
    Ok(readings)
}

fn put(readings: &mut [Reading], range: Range<usize>, found: impl Iterator<Item = Reading>) {
    for (place, reading) in readings.get_mut(range).unwrap_or_default().iter_mut().zip(found) {
        *place = reading;
    }
}
