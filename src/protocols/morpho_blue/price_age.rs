//! How old a market's price is, by the feeds that its oracle names.

use alloy::primitives::Address;

use super::interface::MorphoFeeds;
use super::positions::Noted;
use crate::protocols::price_age::price_age;
use crate::protocols::{Ask, JointState, PriceAge, ProtocolError};

/// Of an oracle of the kind that Morpho's own factory makes; any other says nothing of its age.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn age(noted: &Noted, state: &JointState) -> Result<PriceAge, ProtocolError> {
    let oracle = noted.params.oracle;
    let mut ask = Ask::new();
    let base = ask.view(oracle, &MorphoFeeds::BASE_FEED_1Call {});
    let base_2 = ask.view(oracle, &MorphoFeeds::BASE_FEED_2Call {});
    let quote = ask.view(oracle, &MorphoFeeds::QUOTE_FEED_1Call {});
    let quote_2 = ask.view(oracle, &MorphoFeeds::QUOTE_FEED_2Call {});
    let answers = ask.run(state).await?;
    let named = (answers.get(base), answers.get(base_2), answers.get(quote), answers.get(quote_2));
    let (Ok(base), Ok(base_2), Ok(quote), Ok(quote_2)) = named else {
        return Ok(PriceAge::unproven(&noted.collateral.symbol));
    };
    let (collateral, loan) = (&noted.collateral, &noted.loan);
    let all = [(collateral, base), (collateral, base_2), (loan, quote), (loan, quote_2)];
    // One that is zero stands for a price of 1, or for a rate that a vault tells at this very block.
    let feeds: Vec<_> = all.into_iter().filter(|(_, feed)| *feed != Address::ZERO).collect();
    price_age(state, feeds.into_iter().map(|(asset, feed)| (asset.clone(), feed)).collect()).await
}
