//! R23: who controls a Safe after a call, and how many of its owners had to sign before it.

use alloy::primitives::{Address, U256};

use crate::chain::{ReadError, StateAt};
use crate::contracts::DecodedCall;
use crate::wallet::review::{SafeChange, safe_change, safe_change_of_owners, threshold_change};
use crate::wallet::{Control, Effects};

/// Where a Safe keeps how many of its owners must sign.
const THRESHOLD: U256 = U256::from_limbs([4, 0, 0, 0]);

/// The change of control in a call; where no call that was read says so, the one in the Safe's own logs.
pub(super) async fn safe_fact(
    state: &StateAt,
    call: &DecodedCall,
    effects: Option<&Effects>,
) -> Result<Option<SafeChange>, ReadError> {
    let by_call = safe_change(call);
    if matches!(by_call, Some(SafeChange::Delegatecall { .. })) {
        return Ok(by_call);
    }
    let said = effects.iter().flat_map(|effects| &effects.control).find_map(|one| match one.what {
        Control::SafeThreshold { after } => Some((one.of, after)),
        _ => None,
    });
    if let Some((safe, to)) = threshold_change(call).or(said) {
        let from = signatures(state, safe).await?;
        if from != to {
            return Ok(Some(SafeChange::Threshold { from, to }));
        }
        return Ok(safe_change_of_owners(call).or_else(|| effects.and_then(by_logs)));
    }
    Ok(by_call.or_else(|| effects.and_then(by_logs)))
}

async fn signatures(state: &StateAt, safe: Address) -> Result<u64, ReadError> {
    let words = state.storage(safe, &[THRESHOLD]).await?;
    Ok(words.first().map_or(0, |word| u64::try_from(*word.value()).unwrap_or(u64::MAX)))
}

fn by_logs(effects: &Effects) -> Option<SafeChange> {
    let one = effects.control.iter().find(|one| one.what.is_safes())?;
    let what = one.what.words(|who| who.to_checksum(None));
    Some(SafeChange::Control { what: format!("{what} (of {})", one.of) })
}
