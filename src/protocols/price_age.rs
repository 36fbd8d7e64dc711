//! How old the prices are that a lender goes by, where what is behind them says when they were told.

use alloy::primitives::Address;
use alloy::sol;

use super::{Ask, Asset, JointState, ProtocolError, Ticket};

sol! {
    /// A feed that says when it was told.
    interface RoundFeed {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }

    /// What lenders put before a feed, to cap its price or to cross two of them: it has a price and no time, and names the
    /// feeds that it goes by.
    interface FeedAdapter {
        function BASE_TO_USD_AGGREGATOR() external view returns (address);
        function ASSET_TO_USD_AGGREGATOR() external view returns (address);
        function ASSET_TO_PEG() external view returns (address);
        function PEG_TO_BASE() external view returns (address);
    }
}

/// No feed of the lenders read here is told less often than once a day; an hour more is no fault.
const OLD_SECS: u64 = 90_000;

/// What is to be said of the age of prices; nothing where all were told lately.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceAge {
    /// In words, that a price is old; then nothing is offered as safe by it.
    pub old: Option<String>,
    /// In words, that the age of a price cannot be proven.
    pub unproven: Option<String>,
}

impl PriceAge {
    /// Of the price of `symbol`, told so long ago.
    pub(super) fn told(symbol: &str, age_secs: u64) -> Self {
        let old = (age_secs > OLD_SECS).then(|| words(age_secs, symbol));
        Self { old, unproven: None }
    }

    /// Of the price of `symbol`, of which nobody says when it was told.
    pub(super) fn unproven(symbol: &str) -> Self {
        Self::of(&[symbol], None)
    }

    fn of(unproven: &[&str], oldest: Option<(u64, &str)>) -> Self {
        let told = oldest.map(|(age, symbol)| Self::told(symbol, age)).unwrap_or_default();
        let names = unproven.join(", ");
        let unproven = (!unproven.is_empty()).then(|| {
            format!(
                "The age of these prices cannot be proven: {names}. What this market takes them from does not say when it \
                 was told."
            )
        });
        Self { unproven, ..told }
    }

    /// What is to be said, each a sentence, the worst first.
    pub fn sentences(&self) -> impl Iterator<Item = &String> {
        self.old.iter().chain(&self.unproven)
    }
}

/// The age of prices by their feeds; a feed of zero is none.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn price_age(
    state: &JointState,
    feeds: Vec<(Asset, Address)>,
) -> Result<PriceAge, ProtocolError> {
    let known = told(state, feeds.iter().map(|(_, feed)| *feed).collect()).await?;
    let silent: Vec<Address> =
        feeds.iter().zip(&known).filter(|(_, told)| told.is_none()).map(|((_, feed), _)| *feed).collect();
    let mut behind = behind(state, silent).await?.into_iter();
    let now = state.block_ref().timestamp;
    let (mut unproven, mut oldest) = (Vec::new(), None);
    for ((asset, _), told) in feeds.iter().zip(known) {
        let told = if told.is_none() { behind.next().flatten() } else { told };
        let symbol = asset.symbol.as_str();
        match told {
            Some(at) => oldest = oldest.max(Some((now.saturating_sub(at), symbol))),
            None if unproven.contains(&symbol) => {}
            None => unproven.push(symbol),
        }
    }
    Ok(PriceAge::of(&unproven, oldest))
}

/// When each feed was told, Unix seconds. A feed of another kind does not say it, and one that says 0 means nothing by it.
async fn told(state: &JointState, feeds: Vec<Address>) -> Result<Vec<Option<u64>>, ProtocolError> {
    let mut ask = Ask::new();
    let asked: Vec<_> = feeds
        .into_iter()
        .map(|feed| (!feed.is_zero()).then(|| ask.view(feed, &RoundFeed::latestRoundDataCall {})))
        .collect();
    if ask.is_empty() {
        return Ok(vec![None; asked.len()]);
    }
    let answers = ask.run(state).await?;
    let of = |ticket: Option<Ticket<RoundFeed::latestRoundDataCall>>| {
        u64::try_from(answers.get(ticket?).ok()?.updatedAt).ok().filter(|at| *at > 0)
    };
    Ok(asked.into_iter().map(of).collect())
}

/// When what is behind each adapter was told: the oldest of the feeds that it names, where all of them say it.
async fn behind(state: &JointState, adapters: Vec<Address>) -> Result<Vec<Option<u64>>, ProtocolError> {
    let mut ask = Ask::new();
    let asked: Vec<_> = adapters
        .into_iter()
        .map(|one| {
            let base = ask.view(one, &FeedAdapter::BASE_TO_USD_AGGREGATORCall {});
            let asset = ask.view(one, &FeedAdapter::ASSET_TO_USD_AGGREGATORCall {});
            let peg = ask.view(one, &FeedAdapter::ASSET_TO_PEGCall {});
            (base, asset, peg, ask.view(one, &FeedAdapter::PEG_TO_BASECall {}))
        })
        .collect();
    if ask.is_empty() {
        return Ok(Vec::new());
    }
    let answers = ask.run(state).await?;
    let mut all = Vec::new();
    for (base, asset, peg, through) in asked {
        let named = [
            answers.get(base).ok(),
            answers.get(asset).ok(),
            answers.get(peg).ok(),
            answers.get(through).ok(),
        ];
        let feeds: Vec<Address> = named.into_iter().flatten().collect();
        let times: Option<Vec<u64>> = told(state, feeds).await?.into_iter().collect();
        all.push(times.and_then(|times| times.into_iter().min()));
    }
    Ok(all)
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

    #[test]
    fn a_price_told_lately_is_not_spoken_of_and_one_of_no_known_age_is() {
        assert_eq!(PriceAge::told("WETH", OLD_SECS), PriceAge::default());
        let both = PriceAge::of(&["USDC", "DAI"], Some((OLD_SECS + 1, "WETH")));
        let said: Vec<&String> = both.sentences().collect();
        assert!(said[0].starts_with("The price of WETH") && said[1].contains("USDC, DAI"), "{said:?}");
    }
}
