//! One answer of a feed, judged.

use alloy::primitives::{I256, U256};
use alloy::sol;

use super::book::Feed;
use crate::execution::Call;
use crate::protocols::reads::{Reading, read, value};

sol! {
    interface AggregatorV3 {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function decimals() external view returns (uint8);
    }
}

/// A feed may be late by this much before it counts as stale.
const GRACE_SECS: u64 = 600;
/// Most digits behind the point that a feed may have.
const MOST_DECIMALS: u8 = 36;
/// Reads of one feed.
pub(super) const READS: usize = 2;

/// A feed's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// How much of the quote the base is worth, 18 digits behind the point. Above 0.
    pub value: U256,
    /// When it was answered, Unix seconds, by the feed.
    pub updated_at: u64,
    /// Seconds from then to the block.
    pub age_secs: u64,
    /// It should have answered anew before this block.
    pub is_stale: bool,
    /// The round.
    pub round: U256,
}

/// What to read of a feed.
pub(super) fn reads_of(feed: &Feed) -> [Call; READS] {
    [
        read(feed.address, &AggregatorV3::latestRoundDataCall {}),
        read(feed.address, &AggregatorV3::decimalsCall {}),
    ]
}

/// Judges what was read at a block of time `now`.
pub(super) fn judge(feed: &Feed, readings: &[Reading], now: u64) -> Result<Round, String> {
    let (Some(round), Some(decimals)) = (readings.first(), readings.get(1)) else {
        return Err("not read".to_owned());
    };
    let round =
        value::<AggregatorV3::latestRoundDataCall>(round, "a round").map_err(|why| why.to_string())?;
    let decimals = value::<AggregatorV3::decimalsCall>(decimals, "a number below 256");
    let decimals = decimals.map_err(|why| why.to_string())?;
    let updated_at = u64::try_from(round.updatedAt).unwrap_or(u64::MAX);
    if round.answer <= I256::ZERO {
        return Err(format!("the feed answers {}, which is no price", round.answer));
    }
    if updated_at == 0 {
        return Err("the feed has not answered yet".to_owned());
    }
    if updated_at > now {
        return Err("the feed says that it answered after this block".to_owned());
    }
    let value = scaled(round.answer.into_raw(), decimals).ok_or("the feed's answer is out of range")?;
    let age_secs = now.saturating_sub(updated_at);
    let (heartbeat, _) = feed.heartbeat_secs();
    Ok(Round {
        value,
        updated_at,
        age_secs,
        is_stale: age_secs > heartbeat.saturating_add(GRACE_SECS),
        round: U256::from(round.roundId),
    })
}

/// `number` with `decimals` digits behind the point, as one with 18; `None` where it is 0 then or does not fit.
pub(super) fn scaled(number: U256, decimals: u8) -> Option<U256> {
    let ten = U256::from(10);
    let scaled = if decimals <= 18 {
        number.checked_mul(ten.checked_pow(U256::from(18_u8.checked_sub(decimals)?))?)?
    } else if decimals <= MOST_DECIMALS {
        number.checked_div(ten.checked_pow(U256::from(decimals.checked_sub(18)?))?)?
    } else {
        return None;
    };
    (!scaled.is_zero()).then_some(scaled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_eighteen() {
        let one = super::super::ONE;
        assert_eq!(scaled(U256::from(100_000_000), 8), Some(one));
        assert_eq!(scaled(one, 18), Some(one));
        assert_eq!(scaled(one * U256::from(1_000), 21), Some(one));
        assert_eq!(scaled(U256::from(1), 19), None);
        assert_eq!(scaled(U256::MAX, 0), None);
        assert_eq!(scaled(one, 255), None);
    }
}
