//! The price of a market's oracle, computed again from the feeds and vaults that the oracle names.

use alloy::primitives::{Address, U256, U512};

use super::interface::{MorphoFeed, MorphoFeeds, MorphoVault};
use super::positions::Noted;
use crate::protocols::{Ask, JointState, ProtocolError, brief, token_facts};

/// Digits of a price beyond those of the tokens.
const DIGITS: i64 = 36;
/// A difference of less than one part of so many is rounding.
const ROUNDING: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);

/// What the oracle names for one of the two tokens: feeds, and a vault with its sample; zero where there is none.
struct Named {
    feeds: [Address; 2],
    vault: Address,
    sample: U256,
}

/// What one token is worth by that: so many units, for `sample` shares of the vault, of which `10^digits` are one token.
struct Side {
    worth: U256,
    digits: i64,
    sample: U256,
}

/// That the market's price is another one than the oracle's own feeds give now; nothing where it is the same, or where the oracle is not
/// of the kind that Morpho's own factory makes.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn differs(noted: &Noted, state: &JointState) -> Result<Option<String>, ProtocolError> {
    let price = noted.pair.price;
    let Some([base, quote]) = named(noted.params.oracle, state).await? else { return Ok(None) };
    let base = side(&base, noted.collateral.decimals, state).await?;
    let quote = side(&quote, noted.loan.decimals, state).await?;
    let Some(again) = base.zip(quote).and_then(|(base, quote)| computed(&base, &quote)) else {
        return Ok(None);
    };
    if again.abs_diff(price) <= price.max(again) / ROUNDING {
        return Ok(None);
    }
    let decimals = 36_u8.saturating_add(noted.loan.decimals).saturating_sub(noted.collateral.decimals);
    let shown = |price| format!("{} {}", brief(price, decimals), noted.loan.symbol);
    Ok(Some(format!(
        "The market's oracle says {} for 1 {}; computed from the feeds that it names it is {} now.",
        shown(price),
        noted.collateral.symbol,
        shown(again)
    )))
}

async fn named(oracle: Address, state: &JointState) -> Result<Option<[Named; 2]>, ProtocolError> {
    let mut ask = Ask::new();
    let base = ask.view(oracle, &MorphoFeeds::BASE_FEED_1Call {});
    let base_2 = ask.view(oracle, &MorphoFeeds::BASE_FEED_2Call {});
    let base_vault = ask.view(oracle, &MorphoFeeds::BASE_VAULTCall {});
    let base_sample = ask.view(oracle, &MorphoFeeds::BASE_VAULT_CONVERSION_SAMPLECall {});
    let quote = ask.view(oracle, &MorphoFeeds::QUOTE_FEED_1Call {});
    let quote_2 = ask.view(oracle, &MorphoFeeds::QUOTE_FEED_2Call {});
    let quote_vault = ask.view(oracle, &MorphoFeeds::QUOTE_VAULTCall {});
    let quote_sample = ask.view(oracle, &MorphoFeeds::QUOTE_VAULT_CONVERSION_SAMPLECall {});
    let answers = ask.run(state).await?;
    let feeds = (answers.get(base), answers.get(base_2), answers.get(quote), answers.get(quote_2));
    let vaults = (answers.get(base_vault), answers.get(quote_vault));
    let samples = (answers.get(base_sample), answers.get(quote_sample));
    let (Ok(base), Ok(base_2), Ok(quote), Ok(quote_2)) = feeds else { return Ok(None) };
    let ((Ok(base_vault), Ok(quote_vault)), (Ok(one), Ok(other))) = (vaults, samples) else {
        return Ok(None);
    };
    Ok(Some([
        Named { feeds: [base, base_2], vault: base_vault, sample: one },
        Named { feeds: [quote, quote_2], vault: quote_vault, sample: other },
    ]))
}

/// Reads one side; `None` where a feed or the vault gives no number. `decimals` are those of the token, and a vault's asset
/// has its own.
async fn side(named: &Named, decimals: u8, state: &JointState) -> Result<Option<Side>, ProtocolError> {
    let mut ask = Ask::new();
    let feeds: Vec<_> = named.feeds.iter().filter(|feed| !feed.is_zero()).collect();
    let rounds: Vec<_> = feeds
        .into_iter()
        .map(|feed| {
            let round = ask.view(*feed, &MorphoFeed::latestRoundDataCall {});
            (round, ask.view(*feed, &MorphoFeed::decimalsCall {}))
        })
        .collect();
    let vault = (!named.vault.is_zero()).then(|| {
        let assets = ask.view(named.vault, &MorphoVault::convertToAssetsCall { shares: named.sample });
        (assets, ask.view(named.vault, &MorphoVault::assetCall {}))
    });
    let mut side = Side { worth: U256::ONE, digits: i64::from(decimals), sample: named.sample };
    if ask.is_empty() {
        return Ok(Some(side));
    }
    let answers = ask.run(state).await?;
    if let Some((assets, asset)) = vault {
        let (Ok(assets), Ok(asset)) = (answers.get(assets), answers.get(asset)) else { return Ok(None) };
        let facts = token_facts([asset], state).await?;
        side.digits = facts.first().map_or(0, |asset| i64::from(asset.decimals));
        side.worth = assets;
    }
    for (round, decimals) in rounds {
        let (Ok(round), Ok(decimals)) = (answers.get(round), answers.get(decimals)) else { return Ok(None) };
        let Some(worth) = U256::try_from(round.answer).ok().and_then(|one| side.worth.checked_mul(one))
        else {
            return Ok(None);
        };
        side.worth = worth;
        side.digits = side.digits.saturating_add(i64::from(decimals));
    }
    Ok(Some(side))
}

/// As the oracle's own integers: the scale first, then one division rounded down.
fn computed(base: &Side, quote: &Side) -> Option<U256> {
    let digits = DIGITS.checked_add(quote.digits)?.checked_sub(base.digits)?;
    let scale = U256::from(10).checked_pow(U256::from(u64::try_from(digits).ok()?))?;
    let scale = scale.checked_mul(quote.sample)?.checked_div(base.sample)?;
    let wide = U512::from(scale).checked_mul(U512::from(base.worth))?.checked_div(U512::from(quote.worth))?;
    U256::checked_from_limbs_slice(wide.as_limbs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(worth: u64, digits: i64, sample: u64) -> Side {
        Side { worth: U256::from(worth), digits, sample: U256::from(sample) }
    }

    #[test]
    fn a_price_has_36_digits_and_the_difference_of_the_tokens() {
        // 3412.24 dollars by a feed of 8 digits, for a token of 18 against one of 6.
        let price = U256::from(341_224) * U256::from(10).pow(U256::from(36 + 6 - 18 - 2));
        assert_eq!(computed(&side(341_224_000_000, 18 + 8, 1), &side(1, 6, 1)), Some(price));
        // The same of a share that is worth 1.1 of it.
        let worth = U256::from(341_224_000_000_u64) * U256::from(1_100_000_000_000_u64);
        let share = Side { worth, ..side(0, 18 + 8, 1_000_000_000_000) };
        assert_eq!(computed(&share, &side(1, 6, 1)), Some(price * U256::from(11) / U256::from(10)));
        assert_eq!(
            computed(&side(1, 90, 1), &side(1, 6, 1)),
            None,
            "a scale below 1 is none of the factory's"
        );
        assert_eq!(
            (computed(&side(1, 1, 0), &side(1, 1, 1)), computed(&side(1, 1, 1), &side(0, 1, 1))),
            (None, None)
        );
    }
}
