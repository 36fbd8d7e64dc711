//! Whether a swap's price is near what a second source on the chain says.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use crate::protocols::prices::{self, PriceBook, PricedAsset};
use crate::protocols::{Asset, Found, Health, JointState, Offer, ProtocolError, Report, Row, Worth};

/// A swap may cost this much more than by the second source, in hundredths of a percent.
const MOST_ABOVE_BPS: u64 = 200;
const ALL_BPS: u64 = 10_000;

/// A worth of fewer of its last digits than these tells the price too roughly: it is cut to whole ones, and anybody may
/// send an account so little of something that nothing but the cut is left.
const LEAST_WORTH: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);

/// US dollars of one smallest unit, with 36 digits behind the point, by who says so.
pub(super) type Prices = BTreeMap<Address, (U256, String)>;

/// What a second source says of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Opinion {
    /// What is paid for what is got, in hundredths of a percent of the second source's price; and who that is.
    Fair(U256, String),
    /// The same, too much.
    Dear(U256, String),
    /// Nobody knows.
    Unknown,
}

/// Adds the prices that the positions' own protocols gave, where those are not old; the first to say one is kept.
pub(super) fn note(prices: &mut Prices, reports: &[Report]) {
    for report in reports {
        let Found::Positions(all) = &report.found else { continue };
        for position in all {
            note_rows(prices, &report.name, position.health.as_ref(), &position.rows);
        }
    }
}

fn note_rows(prices: &mut Prices, name: &str, health: Option<&Health>, rows: &[Row]) {
    // Where nothing is owed nobody looked how old the price is.
    if health.is_some_and(|health| health.price_age.old.is_some() || health.debt.is_zero()) {
        return;
    }
    for row in rows {
        if let Some(price) = price_of(row) {
            prices.entry(row.asset.address).or_insert_with(|| (price, format!("{name}'s own oracle")));
        }
    }
}

fn price_of(row: &Row) -> Option<U256> {
    let told = |worth: &&Worth| worth.unit == "USD" && worth.amount >= LEAST_WORTH;
    let worth = row.worth.as_ref().filter(told)?;
    let digits = 36_u64.saturating_sub(u64::from(worth.decimals));
    let scaled = worth.amount.checked_mul(U256::from(10).checked_pow(U256::from(digits))?)?;
    scaled.checked_div(row.amount).filter(|price| !price.is_zero())
}

/// Adds what price feeds of the chain say of `assets`, where nothing is known yet and the feed is not stale.
///
/// # Errors
/// Where nothing could be read.
pub(super) async fn ask_feeds(
    prices: &mut Prices,
    joint: &JointState,
    assets: &[Asset],
) -> Result<(), ProtocolError> {
    let chain_id = joint.state().evm_env()?.chain_id();
    let book = PriceBook::of_chain(chain_id);
    let unknown: Vec<&Asset> = assets.iter().filter(|one| !prices.contains_key(&one.address)).collect();
    if book.is_empty() || unknown.is_empty() {
        return Ok(());
    }
    let asked: Vec<PricedAsset> = unknown
        .iter()
        .map(|one| {
            let ether = one.is_ether() || book.weth == Some(one.address);
            if ether { PricedAsset::Ether } else { PricedAsset::Token(one.address) }
        })
        .collect();
    let found = prices::prices(joint.state(), chain_id, book, &asked, false).await?;
    for (asset, price) in unknown.into_iter().zip(found) {
        let Some((source, usd)) = price.best() else { continue };
        let scale = U256::from(10).checked_pow(U256::from(asset.decimals));
        let scaled = usd.checked_mul(prices::ONE).zip(scale).and_then(|(usd, scale)| usd.checked_div(scale));
        // A pool's mean is no second source for what a pool sells.
        if let Some(scaled) = scaled.filter(|_| !source.is_stale() && !source.is_from_pool()) {
            prices.insert(asset.address, (scaled, "price feeds on the chain".to_owned()));
        }
    }
    Ok(())
}

/// An opinion on `offer`: by dollars where both prices are known, else by the best other venue.
pub(super) fn opinion(
    prices: &Prices,
    (sell, buy): (Address, Address),
    offer: &Offer,
    others: &[(String, Offer)],
) -> Opinion {
    let dollars = prices.get(&sell).zip(prices.get(&buy));
    if let Some(((sold, _), (bought, source))) = dollars {
        return judge(offer.pays.checked_mul(*sold), offer.gets.checked_mul(*bought), source);
    }
    // What they would give for one unit, compared crosswise.
    let dear = |one: &Offer| one.pays.checked_mul(offer.gets)?.checked_div(one.gets);
    let best = others.iter().filter_map(|(name, one)| Some((dear(one)?, name))).min();
    best.map_or(Opinion::Unknown, |(fair, name)| judge(Some(offer.pays), Some(fair), name))
}

fn judge(paid: Option<U256>, fair: Option<U256>, source: &str) -> Opinion {
    let share = paid.zip(fair).and_then(|(paid, fair)| {
        // Rounded up: never nearer to the source than it is.
        paid.checked_mul(U256::from(ALL_BPS))?
            .checked_add(fair)?
            .checked_sub(U256::from(1))?
            .checked_div(fair)
    });
    match share {
        Some(share) if share <= U256::from(ALL_BPS.saturating_add(MOST_ABOVE_BPS)) => {
            Opinion::Fair(share, source.to_owned())
        }
        Some(share) => Opinion::Dear(share, source.to_owned()),
        None => Opinion::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::{PriceAge, RowKind};

    fn offer(pays: u64, gets: u64) -> Offer {
        Offer::of(U256::from(pays), U256::from(gets), U256::from(gets))
    }

    fn weth() -> Asset {
        Asset::token(Address::repeat_byte(3), "WETH", 18)
    }

    /// So many wei, worth so much with 8 digits behind the point.
    fn row(wei: u128, worth: u64) -> Row {
        let worth = Worth { amount: U256::from(worth), decimals: 8, unit: "USD".to_owned() };
        Row { worth: Some(worth), ..Row::new(RowKind::Collateral, weth(), U256::from(wei), None) }
    }

    /// Anybody can send somebody a few wei of what stands for it: cut to 0.00000001 dollars, they are priced 44 % too low.
    #[test]
    fn dust_prices_nothing() {
        let (dust, owed) = (row(6_000_000, 1), row(5 * 10_u128.pow(18), 15_000 * 100_000_000));
        let mut prices = Prices::new();
        note_rows(&mut prices, "Aave", None, &[dust.clone(), owed]);
        let at_3000 = U256::from(3_000) * U256::from(10).pow(U256::from(18));
        assert_eq!(prices[&weth().address], (at_3000, "Aave's own oracle".to_owned()));
        assert_eq!(price_of(&dust), None);
        assert!(price_of(&row(10_u128.pow(13), 3_000_000)).is_some(), "three cents are enough");
    }

    #[test]
    fn an_old_price_confirms_nothing() {
        let health = |old: Option<&str>, debt: u64| Health {
            price_age: PriceAge { old: old.map(str::to_owned), unproven: None },
            factor: None,
            own_integer: true,
            collateral: U256::ZERO,
            debt: U256::from(debt),
            decimals: 8,
            unit: "USD".to_owned(),
            threshold_bps: U256::ZERO,
            liquidation: Vec::new(),
        };
        let rows = [row(5 * 10_u128.pow(18), 15_000 * 100_000_000)];
        let mut prices = Prices::new();
        note_rows(&mut prices, "Aave", Some(&health(Some("26 h old"), 1)), &rows);
        note_rows(&mut prices, "Aave", Some(&health(None, 0)), &rows);
        assert!(prices.is_empty());
        note_rows(&mut prices, "Aave", Some(&health(None, 1)), &rows);
        assert_eq!(prices.len(), 1);
    }

    #[test]
    fn two_percent_above_the_oracle_is_the_most() {
        let (sell, buy) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let price = |n: u64| (U256::from(n), "Aave".to_owned());
        let prices = Prices::from([(sell, price(2)), (buy, price(1))]);
        let of = |pays| opinion(&prices, (sell, buy), &offer(pays, 2_000), &[]);
        assert_eq!(of(1_000), Opinion::Fair(U256::from(10_000), "Aave".to_owned()));
        assert!(matches!(of(1_020), Opinion::Fair(..)));
        assert_eq!(of(1_021), Opinion::Dear(U256::from(10_210), "Aave".to_owned()));
        let unknown = opinion(&prices, (buy, Address::ZERO), &offer(1, 1), &[]);
        assert_eq!(unknown, Opinion::Unknown, "without a second price nothing is fair");
    }

    #[test]
    fn without_prices_another_venue_is_asked() {
        let (sell, buy) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let others = [("v2".to_owned(), offer(1_000, 2_000)), ("v2b".to_owned(), offer(5_000, 2_000))];
        let of = |pays| opinion(&Prices::new(), (sell, buy), &offer(pays, 2_000), &others);
        assert!(matches!(of(1_020), Opinion::Fair(_, name) if name == "v2"));
        assert!(matches!(of(1_021), Opinion::Dear(..)));
        assert!(matches!(of(500), Opinion::Fair(..)), "cheaper is no harm");
    }
}
