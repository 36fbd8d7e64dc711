//! How old the price of ether is that troves are judged by: that of the feed asked first, where it is its price.

use alloy::primitives::{Address, I256, U256};

use super::interface::{Aggregator, PriceFeed};
use crate::protocols::{Ask, JointState, PriceAge, ProtocolError};

/// Of `price` (18 decimals) as `source` gave it. Where the first feed is broken or late, another one or the last good price
/// stands in, of which nobody says when it was told.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn age(source: Address, price: U256, state: &JointState) -> Result<PriceAge, ProtocolError> {
    let mut ask = Ask::new();
    let feed = ask.view(source, &PriceFeed::priceAggregatorCall {});
    let Ok(feed) = ask.run(state).await?.get(feed) else { return Ok(PriceAge::unproven("ETH")) };
    let mut ask = Ask::new();
    let round = ask.view(feed, &Aggregator::latestRoundDataCall {});
    let decimals = ask.view(feed, &Aggregator::decimalsCall {});
    let answers = ask.run(state).await?;
    let told = match (answers.get(round), answers.get(decimals)) {
        (Ok(round), Ok(decimals)) if scaled(round.answer, decimals) == Some(price) => {
            u64::try_from(round.updatedAt).ok().filter(|at| *at > 0)
        }
        _ => None,
    };
    let since = |at| state.block_ref().timestamp.saturating_sub(at);
    let chain_id = state.state().evm_env()?.chain_id();
    Ok(told
        .map_or_else(|| PriceAge::unproven("ETH"), |at| PriceAge::told_by(feed, "ETH", since(at), chain_id)))
}

/// `PriceFeed._scaleChainlinkPriceByDigits`: an answer with 18 decimals.
fn scaled(answer: I256, decimals: u8) -> Option<U256> {
    let raw = (!answer.is_negative()).then(|| answer.into_raw())?;
    let scale = |digits: u8| U256::from(10).checked_pow(U256::from(digits));
    match 18_u8.checked_sub(decimals) {
        Some(lacks) => raw.checked_mul(scale(lacks)?),
        None => raw.checked_div(scale(decimals.saturating_sub(18))?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_brought_to_18_decimals_as_the_contract_does() {
        let of = |answer: i64, decimals| scaled(I256::try_from(answer).unwrap(), decimals);
        assert_eq!(of(200_000_000_000, 8), Some(U256::from(2_000) * crate::protocols::WAD));
        assert_eq!(of(1_234, 20), Some(U256::from(12)));
        assert_eq!(of(-1, 8), None);
    }
}
