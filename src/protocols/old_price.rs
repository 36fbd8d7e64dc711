//! Whether a price that a lender goes by is old, where the feed behind it says when it was told.

use alloy::primitives::Address;
use alloy::sol;

use super::{Ask, Asset, JointState, ProtocolError};

sol! {
    /// A feed that says when it was told.
    interface RoundFeed {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }
}

/// No feed of the lenders read here is told less often than once a day; an hour more is no fault.
const OLD_SECS: u64 = 90_000;

/// In words, that a price which a loan goes by is old; `None` where none is, or none says when it was told.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn old_price(
    state: &JointState,
    feeds: Vec<(Asset, Address)>,
) -> Result<Option<String>, ProtocolError> {
    let mut ask = Ask::new();
    let asked: Vec<_> = feeds
        .into_iter()
        .filter(|(_, feed)| !feed.is_zero())
        .map(|(asset, feed)| (asset, ask.view(feed, &RoundFeed::latestRoundDataCall {})))
        .collect();
    if ask.is_empty() {
        return Ok(None);
    }
    let answers = ask.run(state).await?;
    let now = state.block_ref().timestamp;
    let old = asked.into_iter().filter_map(|(asset, ticket)| {
        // A feed of another kind does not say it, and one that says 0 means nothing by it.
        let told = u64::try_from(answers.get(ticket).ok()?.updatedAt).ok().filter(|at| *at > 0)?;
        Some((now.saturating_sub(told), asset)).filter(|(age, _)| *age > OLD_SECS)
    });
    Ok(old.max_by_key(|(age, _)| *age).map(|(age, asset)| words(age, &asset.symbol)))
}

fn words(age_secs: u64, symbol: &str) -> String {
    let hours = age_secs / 3_600;
    let age = if hours < 48 { format!("{hours} h") } else { format!("{} d", hours / 24) };
    format!(
        "The price of {symbol} that this market goes by is {age} old: what is computed from it may be wrong, and nothing is \
         offered as safe by it."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_the_unit_that_people_use() {
        assert!(
            words(26 * 3_600, "WETH").starts_with("The price of WETH that this market goes by is 26 h old")
        );
        assert!(words(72 * 3_600 + 5, "WETH").contains("is 3 d old"));
    }
}
