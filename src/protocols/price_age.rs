//! How old the prices are that a lender goes by, where what is behind them says when they were told.

use alloy::primitives::{Address, address};
use alloy::sol;

use super::prices::PriceBook;
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
/// A feed of which the bundle knows how often it is told may be late by this much.
const GRACE_SECS: u64 = 600;

/// Feeds that only lenders go by (Chainlink's SVR of ether and of bitcoin on mainnet, and what is behind them): told as
/// often as those of the book.
const OF_LENDERS: [Address; 4] = [
    address!("5424384B256154046E9667dDFaaa5e550145215e"),
    address!("5147eA642CAEF7BD9c1265AadcA78f997AbB9649"),
    address!("b41E773f507F7a7EA890b1afB7d2b660c30C8B0A"),
    address!("85355da30ee4b35F4B30759Bd49a1EBE3fc41Bdb"),
];
const OF_LENDERS_SECS: u64 = 3_600;

/// How old a feed's price may be: by what the bundle knows of that feed, else by the rarest there is.
fn limit(book: &PriceBook, feed: Address) -> u64 {
    let known = book.feeds.iter().find(|one| one.address == feed).and_then(|one| one.heartbeat);
    let known = known.or_else(|| OF_LENDERS.contains(&feed).then_some(OF_LENDERS_SECS));
    known.map_or(OLD_SECS, |heartbeat| heartbeat.saturating_add(GRACE_SECS))
}

/// How old a price is, and how old it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Age {
    secs: u64,
    limit: u64,
}

impl Age {
    /// The worse of two: the one that is late by more, and of those that are not the older one.
    fn worse(self, other: Self) -> Self {
        let key = |one: &Self| (one.secs.saturating_sub(one.limit), one.secs);
        if key(&other) > key(&self) { other } else { self }
    }
}

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
        Self::within(symbol, Age { secs: age_secs, limit: OLD_SECS })
    }

    /// Of the price of `symbol` that `feed` told so long ago.
    pub(super) fn told_by(feed: Address, symbol: &str, age_secs: u64, chain_id: u64) -> Self {
        let limit = limit(PriceBook::of_chain(chain_id), feed);
        Self::within(symbol, Age { secs: age_secs, limit })
    }

    fn within(symbol: &str, age: Age) -> Self {
        let old = (age.secs > age.limit).then(|| words(age.secs, symbol));
        Self { old, unproven: None }
    }

    /// Of the price of `symbol`, of which nobody says when it was told.
    pub(super) fn unproven(symbol: &str) -> Self {
        Self::of(&[symbol], None)
    }

    fn of(unproven: &[&str], worst: Option<(Age, &str)>) -> Self {
        let told = worst.map(|(age, symbol)| Self::within(symbol, age)).unwrap_or_default();
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
    let book = PriceBook::of_chain(state.state().evm_env()?.chain_id());
    let known = told((state, book), feeds.iter().map(|(_, feed)| *feed).collect()).await?;
    let silent: Vec<Address> =
        feeds.iter().zip(&known).filter(|(_, told)| told.is_none()).map(|((_, feed), _)| *feed).collect();
    let mut behind = behind((state, book), silent).await?.into_iter();
    let (mut unproven, mut worst) = (Vec::new(), None::<(Age, &str)>);
    for ((asset, _), told) in feeds.iter().zip(known) {
        let told = if told.is_none() { behind.next().flatten() } else { told };
        let symbol = asset.symbol.as_str();
        match told {
            Some(age) => {
                worst = Some(match worst {
                    Some((before, whose)) if before.worse(age) == before => (before, whose),
                    _ => (age, symbol),
                });
            }
            None if unproven.contains(&symbol) => {}
            None => unproven.push(symbol),
        }
    }
    Ok(PriceAge::of(&unproven, worst))
}

/// How old each feed's price is. A feed of another kind does not say it, and one that says 0 means nothing by it.
async fn told(
    (state, book): (&JointState, &PriceBook),
    feeds: Vec<Address>,
) -> Result<Vec<Option<Age>>, ProtocolError> {
    let mut ask = Ask::new();
    let asked: Vec<_> = feeds
        .into_iter()
        .map(|feed| (feed, (!feed.is_zero()).then(|| ask.view(feed, &RoundFeed::latestRoundDataCall {}))))
        .collect();
    if ask.is_empty() {
        return Ok(vec![None; asked.len()]);
    }
    let answers = ask.run(state).await?;
    let now = state.block_ref().timestamp;
    let of = |(feed, ticket): (Address, Option<Ticket<RoundFeed::latestRoundDataCall>>)| {
        let at = u64::try_from(answers.get(ticket?).ok()?.updatedAt).ok().filter(|at| *at > 0)?;
        Some(Age { secs: now.saturating_sub(at), limit: limit(book, feed) })
    };
    Ok(asked.into_iter().map(of).collect())
}

/// How old what is behind each adapter is: the worst of the feeds that it names, where all of them say it.
async fn behind(
    (state, book): (&JointState, &PriceBook),
    adapters: Vec<Address>,
) -> Result<Vec<Option<Age>>, ProtocolError> {
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
        let ages: Option<Vec<Age>> = told((state, book), feeds).await?.into_iter().collect();
        all.push(ages.and_then(|ages| ages.into_iter().reduce(Age::worse)));
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
        let late = Age { secs: OLD_SECS + 1, limit: OLD_SECS };
        let both = PriceAge::of(&["USDC", "DAI"], Some((late, "WETH")));
        let said: Vec<&String> = both.sentences().collect();
        assert!(said[0].starts_with("The price of WETH") && said[1].contains("USDC, DAI"), "{said:?}");
    }

    /// The price of ether is told every hour: one of a day ago was taken for fresh.
    #[test]
    fn a_feed_that_is_told_every_hour_is_old_after_two() {
        let ether = address!("5f4eC3Df9cbd43714FE2740f5E3616155c5b8419");
        let of = |feed, secs| PriceAge::told_by(feed, "WETH", secs, 1).old.is_some();
        // What Aave goes by on mainnet is another one: it was given a day.
        assert!(OF_LENDERS.into_iter().all(|feed| of(feed, 7_200) && !of(feed, 3_600)));
        assert!(!of(ether, 3_600 + GRACE_SECS) && of(ether, 3_601 + GRACE_SECS) && of(ether, 7_200));
        assert!(!of(Address::ZERO, OLD_SECS) && of(Address::ZERO, OLD_SECS + 1));
        let other_chain = PriceAge::told_by(ether, "WETH", 7_200, 5);
        assert_eq!(other_chain, PriceAge::default(), "nothing is known of that feed there");
    }

    #[test]
    fn the_worst_price_is_the_one_that_is_late() {
        let (hourly, daily) = (Age { secs: 8_000, limit: 4_200 }, Age { secs: 80_000, limit: OLD_SECS });
        assert_eq!(hourly.worse(daily), hourly);
        assert_eq!(daily.worse(hourly), hourly);
        let older = Age { secs: 80_001, limit: OLD_SECS };
        assert_eq!(daily.worse(older), older);
    }
}
