//! R13: how much of the account's value a payment takes.

use alloy::primitives::{Address, U256};

use super::super::Reason;
use super::desk::Wallet;
use crate::chain::StateAt;
use crate::protocols::prices::{PriceBook, PricedAsset, prices};
use crate::protocols::tokens::balances;
use crate::wallet::review::Act;

/// Below this share of the asset itself the payment cannot be most of the whole.
const WORTH_A_LOOK: u8 = 80;

/// Percent, and of what: `None` for all that the account is worth.
pub(super) type Share = (u8, Option<String>);

impl Wallet {
    /// The share of a payment by `from`; `None` where it is small or no payment. Without prices it is the share of the
    /// asset alone.
    pub(super) async fn share(
        &self,
        state: &StateAt,
        (from, act, ether): (Address, &Act, U256),
    ) -> Result<Option<Share>, Reason> {
        let (token, amount) = match act {
            Act::Pay { wei, .. } => (None, *wei),
            Act::Token { token, from: owner, amount, .. } if *owner == from => (Some(*token), *amount),
            _ => return Ok(None),
        };
        let held = match token {
            None => ether,
            Some(token) => self.held(state, from, token).await?.unwrap_or_default(),
        };
        let Some(own) = percent(amount, held).filter(|own| *own >= WORTH_A_LOOK) else { return Ok(None) };
        if let Some(of_all) = self.share_of_all(state, from, (token, amount, ether)).await? {
            return Ok(Some((of_all, None)));
        }
        let of = match token {
            None => "ETH".to_owned(),
            Some(token) => {
                let units = self.units_of(state, &[token]).await?;
                units.get(&token).map_or_else(|| token.to_checksum(None), |(symbol, _)| symbol.clone())
            }
        };
        Ok(Some((own, Some(of))))
    }

    async fn held(&self, state: &StateAt, owner: Address, token: Address) -> Result<Option<U256>, Reason> {
        let found = balances(state, self.chain_id(), &[owner], &[token])
            .await
            .map_err(|error| Reason::from(&error))?;
        let balance = found.owners.first().and_then(|one| one.balances.first());
        Ok(balance.and_then(|one| one.as_ref().ok()).map(|one| *one.value()))
    }

    /// Percent of all that has a price on the chain; `None` where the payment itself has none.
    async fn share_of_all(
        &self,
        state: &StateAt,
        from: Address,
        (token, amount, ether): (Option<Address>, U256, U256),
    ) -> Result<Option<u8>, Reason> {
        let (chain_id, book) = (self.chain_id(), PriceBook::of_chain(self.chain_id()));
        if book.is_empty() {
            return Ok(None);
        }
        let mut tokens: Vec<Address> = book.feeds.iter().filter_map(|feed| feed.token).collect();
        tokens.extend(book.rates.iter().map(|rate| rate.token));
        tokens.extend(book.weth.into_iter().chain(token));
        tokens.sort_unstable();
        tokens.dedup();
        let found =
            balances(state, chain_id, &[from], &tokens).await.map_err(|error| Reason::from(&error))?;
        let Some(owner) = found.owners.first() else { return Ok(None) };
        let mut held: Vec<(Option<Address>, U256, u8)> = vec![(None, ether, 18)];
        for (address, balance) in tokens.iter().zip(&owner.balances) {
            let balance = balance.as_ref().map(|one| *one.value()).unwrap_or_default();
            let decimals = found.facts_of(*address).and_then(|facts| facts.proven_decimals());
            if let Some(decimals) = decimals.filter(|_| !balance.is_zero()) {
                held.push((Some(*address), balance, decimals));
            }
        }
        let asset = |token: Option<Address>| match token {
            Some(token) if book.weth != Some(token) => PricedAsset::Token(token),
            _ => PricedAsset::Ether,
        };
        let assets: Vec<PricedAsset> = held.iter().map(|(token, ..)| asset(*token)).collect();
        let priced = prices(state, chain_id, book, &assets, false).await;
        let priced = priced.map_err(|error| Reason::from(&error))?;
        let (mut all, mut paid) = (U256::ZERO, None);
        for ((at, balance, decimals), price) in held.iter().zip(&priced) {
            let Some((_, price)) = price.best() else { continue };
            let one = U256::from(10).checked_pow(U256::from(*decimals)).unwrap_or(U256::MAX);
            let worth = |raw: U256| raw.saturating_mul(price) / one;
            all = all.saturating_add(worth(*balance));
            if *at == token {
                paid = Some(worth(amount));
            }
        }
        Ok(paid.and_then(|paid| percent(paid, all)))
    }
}

/// Rounded down, at most 100; `None` where there is nothing.
fn percent(part: U256, whole: U256) -> Option<u8> {
    let percent = part.saturating_mul(U256::from(100)).checked_div(whole)?;
    Some(u8::try_from(percent).unwrap_or(100).min(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_percents() {
        let of = |part: u64, whole: u64| percent(U256::from(part), U256::from(whole));
        assert_eq!((of(92, 100), of(999, 1_000), of(5, 0)), (Some(92), Some(99), None));
        assert_eq!((of(500, 100), of(0, 7)), (Some(100), Some(0)));
        assert_eq!(percent(U256::MAX, U256::from(1)), Some(100));
    }
}
