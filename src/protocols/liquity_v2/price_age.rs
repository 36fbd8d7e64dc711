//! How old a branch's price is, by the feeds that its price contract names.

use super::interface::PriceFeed;
use super::positions::Branch;
use crate::protocols::price_age::price_age;
use crate::protocols::{Ask, Asset, JointState, PriceAge, ProtocolError};

/// `PriceSource.lastGoodPrice`: a feed failed, and the branch was shut down with the price of before.
const LAST_GOOD: u8 = 2;

impl Branch {
    /// Of the price of `collateral`.
    ///
    /// # Errors
    /// Where state could not be proven.
    pub(super) async fn price_age(
        &self,
        collateral: &Asset,
        state: &JointState,
    ) -> Result<PriceAge, ProtocolError> {
        let mut ask = Ask::new();
        let source = ask.view(self.price_feed, &PriceFeed::priceSourceCall {});
        let ether = ask.view(self.price_feed, &PriceFeed::ethUsdOracleCall {});
        let lido = ask.view(self.price_feed, &PriceFeed::stEthUsdOracleCall {});
        let rocket = ask.view(self.price_feed, &PriceFeed::rEthEthOracleCall {});
        let answers = ask.run(state).await?;
        let (Ok(source), Ok(ether)) = (answers.get(source), answers.get(ether)) else {
            return Ok(PriceAge::unproven(&collateral.symbol));
        };
        if source == LAST_GOOD {
            return Ok(PriceAge::unproven(&collateral.symbol));
        }
        // Beside ether's each branch has at most one of its own.
        let lido = answers.get(lido).ok().map(|one| one.aggregator);
        let rocket = answers.get(rocket).ok().map(|one| one.aggregator);
        let feeds = [Some(ether.aggregator), lido, rocket].into_iter().flatten();
        price_age(state, feeds.map(|feed| (collateral.clone(), feed)).collect()).await
    }
}
