//! Which feeds, rates and pools are asked, and what a person means by a symbol.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use alloy::primitives::{Address, address};
use serde::Deserialize;

use crate::contracts::{TokenList, sanitise};

/// Heartbeat where none is known: most feeds answer at least once a day.
const USUAL_HEARTBEAT_SECS: u64 = 86_400;

/// A price feed (Chainlink's `AggregatorV3`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Feed {
    /// `ETH/USD`: base and quote.
    pub pair: String,
    /// The contract that is asked.
    pub address: Address,
    /// The token that the base is; `None` for ether, currencies and what is no token here.
    #[serde(default)]
    pub token: Option<Address>,
    /// Seconds within which it answers anew, where that is known.
    #[serde(default)]
    pub heartbeat: Option<u64>,
}

impl Feed {
    /// What is priced.
    #[must_use]
    pub fn base(&self) -> &str {
        self.pair.split_once('/').map_or(&self.pair, |(base, _)| base)
    }

    /// In what it is priced.
    #[must_use]
    pub fn quote(&self) -> &str {
        self.pair.split_once('/').map_or("", |(_, quote)| quote)
    }

    /// Seconds within which it answers anew, and whether that is only assumed.
    #[must_use]
    pub fn heartbeat_secs(&self) -> (u64, bool) {
        (self.heartbeat.unwrap_or(USUAL_HEARTBEAT_SECS), self.heartbeat.is_none())
    }
}

/// A token that says itself what it is worth in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The token, which is the contract that is asked.
    pub token: Address,
    /// A function without arguments that answers how much of the other one is worth, with 18 digits behind the point.
    pub function: &'static str,
    /// The other.
    pub of: PricedAsset,
}

/// Something that has a price.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PricedAsset {
    /// Ether, wrapped or not.
    Ether,
    /// A token.
    Token(Address),
    /// What a feed names and no token here is: `BTC`, `EUR`.
    Named(String),
}

/// What a person's word does not mean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssetError {
    /// Nothing of that symbol.
    #[error("no listed token and no feed is called `{0}`; give the token's address")]
    Unknown(String),
    /// Symbols are not unique.
    #[error("several listed tokens are called `{symbol}`; give one's address: {choices}")]
    Several {
        /// The symbol.
        symbol: String,
        /// Their addresses.
        choices: String,
    },
}

/// The ways to prices on one chain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceBook {
    /// Feeds.
    pub feeds: Vec<Feed>,
    /// Tokens with a rate of their own.
    pub rates: Vec<Rate>,
    /// Wrapped ether.
    pub weth: Option<Address>,
    /// A token worth a dollar, in which pools are looked for too.
    pub dollar: Option<Address>,
    /// The factory of Uniswap v3 pools.
    pub pools: Option<Address>,
}

const WETH: Address = address!("C02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2");
const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
const UNISWAP_V3_FACTORY: Address = address!("1F98431c8aD98523631AE4a59f267346ea31F984");
const STETH: Address = address!("ae7ab96520DE3A18E5e111B5EaAb095312D7fE84");

impl PriceBook {
    /// The bundled book of a chain; empty where none is bundled.
    #[must_use]
    pub fn of_chain(chain_id: u64) -> &'static Self {
        static MAINNET: OnceLock<PriceBook> = OnceLock::new();
        static NONE: OnceLock<PriceBook> = OnceLock::new();
        if chain_id == 1 { MAINNET.get_or_init(Self::mainnet) } else { NONE.get_or_init(Self::default) }
    }

    fn mainnet() -> Self {
        // Shipped with the program and read by a test; a broken list would be an empty one, never a panic.
        let feeds = serde_json::from_str(include_str!("../../../assets/feeds.json")).unwrap_or_default();
        let rate = |token, function, of| Rate { token, function, of };
        Self {
            feeds,
            rates: vec![
                rate(
                    address!("7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0"),
                    "stEthPerToken()",
                    PricedAsset::Token(STETH),
                ),
                rate(
                    address!("ae78736Cd615f374D3085123A210448E74Fc6393"),
                    "getExchangeRate()",
                    PricedAsset::Ether,
                ),
                rate(
                    address!("Be9895146f7AF43049ca1c1AE358B0541Ea49704"),
                    "exchangeRate()",
                    PricedAsset::Ether,
                ),
                rate(address!("Cd5fE23C85820F7B72D0926FC9b05b43E359b7ee"), "getRate()", PricedAsset::Ether),
            ],
            weth: Some(WETH),
            dollar: Some(USDC),
            pools: Some(UNISWAP_V3_FACTORY),
        }
    }

    /// True where nothing has a price.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.feeds.is_empty() && self.rates.is_empty() && self.pools.is_none()
    }

    /// What a symbol or an address means.
    ///
    /// # Errors
    /// See [`AssetError`].
    pub fn asset(&self, chain_id: u64, text: &str) -> Result<PricedAsset, AssetError> {
        let asked = text.trim();
        if let Ok(address) = asked.parse::<Address>() {
            return Ok(self.token(address));
        }
        if asked.eq_ignore_ascii_case("eth") {
            return Ok(PricedAsset::Ether);
        }
        let listed = TokenList::of_chain(chain_id).map(|list| list.find(asked)).unwrap_or_default();
        let surest = listed.iter().map(|token| token.tier).min();
        let all: BTreeSet<Address> =
            listed.iter().filter(|one| Some(one.tier) == surest).map(|one| one.address).collect();
        let mut addresses = all.iter();
        match (addresses.next(), addresses.next()) {
            (Some(only), None) => return Ok(self.token(*only)),
            (Some(_), Some(_)) => {
                let choices: Vec<String> = all.iter().map(|one| one.to_checksum(None)).collect();
                return Err(AssetError::Several { symbol: sanitise(asked, 64), choices: choices.join(", ") });
            }
            _ => {}
        }
        let named = self.feeds.iter().find(|feed| feed.base().eq_ignore_ascii_case(asked));
        named
            .map(|feed| {
                feed.token.map_or_else(|| PricedAsset::Named(feed.base().to_owned()), PricedAsset::Token)
            })
            .ok_or_else(|| AssetError::Unknown(sanitise(asked, 64)))
    }

    fn token(&self, address: Address) -> PricedAsset {
        if self.weth == Some(address) { PricedAsset::Ether } else { PricedAsset::Token(address) }
    }

    /// Feeds that price this asset.
    pub(super) fn feeds_of(&self, asset: &PricedAsset) -> impl Iterator<Item = &Feed> {
        self.feeds.iter().filter(move |feed| match asset {
            PricedAsset::Ether => feed.token.is_none() && feed.base() == "ETH",
            PricedAsset::Token(address) => feed.token == Some(*address),
            PricedAsset::Named(name) => feed.token.is_none() && feed.base() == name,
        })
    }

    /// The feed of a pair of currencies, as `BTC/USD`.
    pub(super) fn feed_of_pair(&self, pair: &str) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.token.is_none() && feed.pair == pair)
    }

    /// The rate that a token has of itself.
    pub(super) fn rate_of(&self, asset: &PricedAsset) -> Option<&Rate> {
        let PricedAsset::Token(address) = asset else { return None };
        self.rates.iter().find(|rate| rate.token == *address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_feeds_are_whole_and_name_listed_tokens() {
        let book = PriceBook::of_chain(1);
        assert!(book.feeds.len() > 100, "{}", book.feeds.len());
        let addresses: BTreeSet<Address> = book.feeds.iter().map(|feed| feed.address).collect();
        assert_eq!(addresses.len(), book.feeds.len(), "a feed stands twice");
        for feed in &book.feeds {
            assert!(["USD", "ETH", "BTC"].contains(&feed.quote()), "{}", feed.pair);
            if let Some(token) = feed.token {
                let listed = TokenList::mainnet().at(token).unwrap();
                assert!(listed.symbol.eq_ignore_ascii_case(feed.base()), "{} {}", feed.pair, listed.symbol);
            }
        }
        assert_eq!(
            book.feed_of_pair("ETH/USD").unwrap().address,
            address!("5f4eC3Df9cbd43714FE2740f5E3616155c5b8419")
        );
        let raw: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../../assets/feeds.json")).unwrap();
        for row in raw {
            let text = row["address"].as_str().unwrap();
            assert!(Address::parse_checksummed(text, None).is_ok(), "{text}");
        }
    }

    #[test]
    fn symbols_mean_listed_tokens_or_feeds() {
        let book = PriceBook::of_chain(1);
        assert_eq!(book.asset(1, "eth"), Ok(PricedAsset::Ether));
        assert_eq!(book.asset(1, "WETH"), Ok(PricedAsset::Ether));
        assert_eq!(book.asset(1, "usdc"), Ok(PricedAsset::Token(USDC)));
        assert_eq!(book.asset(1, "BTC"), Ok(PricedAsset::Named("BTC".to_owned())));
        assert!(
            matches!(book.asset(1, "nothing\u{202e}"), Err(AssetError::Unknown(text)) if !text.contains('\u{202e}'))
        );
        assert!(PriceBook::of_chain(10).is_empty());
        assert!(matches!(PriceBook::of_chain(10).asset(10, "BTC"), Err(AssetError::Unknown(_))));
    }
}
