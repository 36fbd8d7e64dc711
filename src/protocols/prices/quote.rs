//! Prices: every way to one that the book has, walked in one run, and each kept with its age.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use super::book::{Feed, PriceBook, PricedAsset, Rate};
use super::feed::{self, Round};
use super::pool::{self, Mean, PoolOf};
use super::{ONE, rate};
use crate::chain::{ReadError, StateAt};
use crate::contracts::AbiBook;
use crate::execution::{BlockRef, Call};
use crate::protocols::reads::{Reading, read_all};

/// Rates of rates are followed this far.
const MOST_RATES: usize = 3;
/// Interface of vaults in the address book.
const VAULT: &str = "erc4626/ERC4626";

/// What an asset is worth in US dollars, by every way there is. Proven at [`Price::at`].
#[derive(Debug, Clone)]
pub struct Price {
    /// The asset.
    pub asset: PricedAsset,
    /// The ways, the firmest first. Empty where nobody here vouches for any.
    pub sources: Vec<PriceSource>,
    /// Where it was proven.
    pub at: BlockRef,
}

impl Price {
    /// The price to show: the first that is not stale, else the first there is.
    #[must_use]
    pub fn best(&self) -> Option<(&PriceSource, U256)> {
        let mut known = self.sources.iter().filter_map(|one| Some((one, one.usd.as_ref().ok().copied()?)));
        let first = known.next()?;
        let fresh = std::iter::once(first).chain(known).find(|(source, _)| !source.is_stale());
        Some(fresh.unwrap_or(first))
    }
}

/// One way to a price.
#[derive(Debug, Clone)]
pub struct PriceSource {
    /// Its steps, from the asset to the dollar, as far as they could be read.
    pub legs: Vec<Leg>,
    /// US dollars for one whole asset, 18 digits behind the point; or why there are none. Safe to show.
    pub usd: Result<U256, String>,
}

impl PriceSource {
    /// One of its feeds should have answered anew.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.legs.iter().any(|leg| matches!(leg, Leg::Feed { round, .. } if round.is_stale))
    }

    /// Age of its oldest feed's answer at the block, in seconds; `None` without a feed.
    #[must_use]
    pub fn age_secs(&self) -> Option<u64> {
        let ages = self.legs.iter().filter_map(|leg| match leg {
            Leg::Feed { round, .. } => Some(round.age_secs),
            _ => None,
        });
        ages.max()
    }

    /// It is a pool's price: as firm as the liquidity behind it.
    #[must_use]
    pub fn is_from_pool(&self) -> bool {
        self.legs.iter().any(|leg| matches!(leg, Leg::Pool { .. }))
    }
}

/// One step of the way to a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// A feed's answer.
    Feed {
        /// `ETH/USD`.
        pair: String,
        /// The contract that was asked.
        address: Address,
        /// Its answer.
        round: Round,
        /// Seconds within which it answers anew.
        heartbeat_secs: u64,
        /// That is assumed, not known.
        heartbeat_assumed: bool,
    },
    /// A token's own rate.
    Rate {
        /// The token, which was asked.
        token: Address,
        /// The function.
        function: &'static str,
        /// Worth of one, 18 digits behind the point.
        value: U256,
    },
    /// A vault's rate.
    Vault {
        /// The vault, which was asked.
        vault: Address,
        /// Its asset.
        asset: Address,
        /// Worth of one share in that, 18 digits behind the point.
        value: U256,
    },
    /// A pool's mean price.
    Pool {
        /// The pool, which was asked.
        pool: Address,
        /// Its fee in millionths.
        fee: u16,
        /// The token that is priced.
        token: Address,
        /// The one it is priced in.
        other: Address,
        /// The mean.
        mean: Mean,
    },
}

impl Leg {
    fn value(&self) -> U256 {
        match self {
            Self::Feed { round, .. } => round.value,
            Self::Rate { value, .. } | Self::Vault { value, .. } => *value,
            Self::Pool { mean, .. } => mean.value,
        }
    }
}

/// A step that is to be read.
#[derive(Debug, Clone, PartialEq)]
enum Step<'a> {
    Feed(&'a Feed),
    Rate(&'a Rate),
    Vault { vault: Address, asset: Address, share: U256 },
    Pool(PoolOf),
}

impl Step<'_> {
    fn reads(&self) -> Vec<Call> {
        match self {
            Self::Feed(one) => feed::reads_of(one).to_vec(),
            Self::Rate(one) => vec![rate::read_of(one)],
            Self::Vault { vault, asset, share } => rate::reads_of_vault(*vault, *asset, *share).to_vec(),
            Self::Pool(one) => pool::reads_of(*one).to_vec(),
        }
    }

    fn judge(&self, readings: &[Reading], now: u64) -> Result<Leg, String> {
        match self {
            Self::Feed(one) => {
                let (heartbeat_secs, heartbeat_assumed) = one.heartbeat_secs();
                let round = feed::judge(one, readings, now).map_err(|why| format!("{}: {why}", one.pair))?;
                let (pair, address) = (one.pair.clone(), one.address);
                Ok(Leg::Feed { pair, address, round, heartbeat_secs, heartbeat_assumed })
            }
            Self::Rate(one) => {
                let reading = readings.first().ok_or("not read")?;
                let value = rate::judge(reading).map_err(|why| format!("{}: {why}", one.function))?;
                Ok(Leg::Rate { token: one.token, function: one.function, value })
            }
            Self::Vault { vault, asset, .. } => {
                let value = rate::judge_vault(readings).map_err(|why| format!("convertToAssets: {why}"))?;
                Ok(Leg::Vault { vault: *vault, asset: *asset, value })
            }
            Self::Pool(one) => {
                let mean = pool::judge(*one, readings).map_err(|why| format!("pool {}: {why}", one.pool))?;
                let PoolOf { pool, fee, token, other } = *one;
                Ok(Leg::Pool { pool, fee, token, other, mean })
            }
        }
    }
}

type Way<'a> = Vec<Step<'a>>;

/// What these assets are worth. With `second_opinion` pools are asked for those that have a feed too; what has no other
/// way is asked of pools always.
///
/// # Errors
/// [`ReadError`] where nothing could be read.
pub async fn prices(
    state: &StateAt,
    chain_id: u64,
    book: &PriceBook,
    assets: &[PricedAsset],
    second_opinion: bool,
) -> Result<Vec<Price>, ReadError> {
    let mut ways: Vec<Vec<Way<'_>>> = assets.iter().map(|asset| ways_of(book, asset, 0)).collect();
    let probes = Probes::of((book, chain_id), assets, &ways, second_opinion);
    probes.add(state, book, &mut ways).await?;
    let mut steps: Vec<Step<'_>> = Vec::new();
    for step in ways.iter().flatten().flatten() {
        if !steps.contains(step) {
            steps.push(step.clone());
        }
    }
    let reads: Vec<Vec<Call>> = steps.iter().map(Step::reads).collect();
    let readings = read_all(state, &reads.concat()).await?;
    let (at, mut rest) = (state.block_ref(), readings.as_slice());
    let mut legs = Vec::with_capacity(steps.len());
    for (step, reads) in steps.iter().zip(&reads) {
        let (own, after) = rest.split_at_checked(reads.len()).unwrap_or((rest, &[]));
        rest = after;
        legs.push((step, step.judge(own, at.timestamp)));
    }
    let walked = |way: &Way<'_>| walk(way, &legs);
    Ok(assets
        .iter()
        .zip(&ways)
        .map(|(asset, ways)| Price {
            asset: asset.clone(),
            sources: deepest_pools(ways.iter().map(walked).collect()),
            at,
        })
        .collect())
}

/// The ways that are known without reading: the firmest first.
fn ways_of<'a>(book: &'a PriceBook, asset: &PricedAsset, depth: usize) -> Vec<Way<'a>> {
    let mut ways = Vec::new();
    let rate = book.rate_of(asset).filter(|_| depth < MOST_RATES);
    for feed in book.feeds_of(asset) {
        let rest = match feed.quote() {
            "USD" => Some(Vec::new()),
            "ETH" => book.feed_of_pair("ETH/USD").map(|to_usd| vec![Step::Feed(to_usd)]),
            "BTC" => book.feed_of_pair("BTC/USD").map(|to_usd| vec![Step::Feed(to_usd)]),
            _ => None,
        };
        ways.extend(rest.map(|rest| [vec![Step::Feed(feed)], rest].concat()));
    }
    // Straight to the dollar goes before a detour.
    ways.sort_by_key(Vec::len);
    let of_rate = rate.and_then(|rate| {
        let rest = ways_of(book, &rate.of, depth.saturating_add(1)).into_iter().next()?;
        Some([vec![Step::Rate(rate)], rest].concat())
    });
    ways.extend(of_rate);
    ways
}

/// What must be asked before more ways are known: vaults and pools.
struct Probes {
    calls: Vec<Call>,
    vaults: Vec<(usize, Address)>,
    pairs: Vec<(usize, Address, Address)>,
}

impl Probes {
    fn of(
        (book, chain_id): (&PriceBook, u64),
        assets: &[PricedAsset],
        ways: &[Vec<Way<'_>>],
        second_opinion: bool,
    ) -> Self {
        let names = AbiBook::new();
        let is_known_vault = |token: Address| {
            names.known(chain_id, token).is_some_and(|row| row.abis.iter().any(|abi| abi == VAULT))
        };
        let (mut calls, mut vaults, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        for (at, (asset, ways)) in assets.iter().zip(ways).enumerate() {
            let token = match asset {
                PricedAsset::Token(token) => Some(*token),
                PricedAsset::Ether => book.weth,
                PricedAsset::Named(_) => None,
            };
            let Some(token) = token else { continue };
            if *asset != PricedAsset::Ether && (ways.is_empty() || is_known_vault(token)) {
                calls.extend(rate::probes(token));
                vaults.push((at, token));
            }
            if second_opinion || ways.is_empty() {
                let others = book.weth.into_iter().chain(book.dollar).filter(|other| *other != token);
                pairs.extend(others.map(|other| (at, token, other)));
            }
        }
        if let Some(factory) = book.pools {
            calls.extend(pairs.iter().flat_map(|(_, token, other)| pool::probes(factory, *token, *other)));
        } else {
            pairs.clear();
        }
        Self { calls, vaults, pairs }
    }

    /// Asks, and adds the ways that were found.
    async fn add<'a>(
        self,
        state: &StateAt,
        book: &'a PriceBook,
        ways: &mut [Vec<Way<'a>>],
    ) -> Result<(), ReadError> {
        let readings = read_all(state, &self.calls).await?;
        let (vaults, pools) =
            readings.split_at_checked(self.vaults.len().saturating_mul(rate::PROBES)).unwrap_or_default();
        for ((at, vault), readings) in self.vaults.iter().zip(vaults.chunks(rate::PROBES)) {
            let way = rate::vault(readings).and_then(|(asset, share)| {
                let worth =
                    if book.weth == Some(asset) { PricedAsset::Ether } else { PricedAsset::Token(asset) };
                let rest = ways_of(book, &worth, 0).into_iter().next()?;
                Some([vec![Step::Vault { vault: *vault, asset, share }], rest].concat())
            });
            if let Some(ways) = ways.get_mut(*at) {
                ways.extend(way);
            }
        }
        for ((at, token, other), readings) in self.pairs.iter().zip(pools.chunks(pool::PROBES)) {
            let worth =
                if book.weth == Some(*other) { PricedAsset::Ether } else { PricedAsset::Token(*other) };
            let Some(rest) = ways_of(book, &worth, 0).into_iter().next() else { continue };
            let found = pool::found(readings, *token, *other);
            if let Some(ways) = ways.get_mut(*at) {
                ways.extend(found.into_iter().map(|one| [vec![Step::Pool(one)], rest.clone()].concat()));
            }
        }
        Ok(())
    }
}

fn walk(way: &Way<'_>, legs: &[(&Step<'_>, Result<Leg, String>)]) -> PriceSource {
    let mut walked = Vec::with_capacity(way.len());
    let mut usd = Ok(ONE);
    for step in way {
        let leg = legs.iter().find(|(one, _)| *one == step).map(|(_, leg)| leg.clone());
        match leg.unwrap_or_else(|| Err("not read".to_owned())) {
            Ok(leg) => {
                usd = usd.and_then(|worth| times(worth, leg.value()));
                walked.push(leg);
            }
            Err(why) => {
                usd = Err(why);
                break;
            }
        }
    }
    PriceSource { legs: walked, usd }
}

/// A product in fixed point; never 0.
fn times(left: U256, right: U256) -> Result<U256, String> {
    let product = left.checked_mul(right).and_then(|wide| wide.checked_div(ONE));
    product.filter(|worth| !worth.is_zero()).ok_or_else(|| "the price is out of range".to_owned())
}

/// Of the pools of one pair only the deepest is kept: a shallow one is cheap to move. A pool that has no price is left
/// out where another has one.
fn deepest_pools(sources: Vec<PriceSource>) -> Vec<PriceSource> {
    let mut kept = Vec::new();
    let mut pools: BTreeMap<Address, (u128, PriceSource)> = BTreeMap::new();
    let mut failed = None;
    for source in sources {
        match source.legs.first() {
            Some(Leg::Pool { other, mean, .. }) => {
                let (other, depth) = (*other, mean.liquidity);
                if pools.get(&other).is_none_or(|(best, _)| *best < depth) {
                    pools.insert(other, (depth, source));
                }
            }
            Some(_) => kept.push(source),
            None if source.usd.as_ref().is_err_and(|why| why.starts_with("pool ")) => failed = Some(source),
            None => kept.push(source),
        }
    }
    if pools.is_empty() && kept.is_empty() {
        kept.extend(failed);
    }
    kept.extend(pools.into_values().map(|(_, source)| source));
    kept
}
