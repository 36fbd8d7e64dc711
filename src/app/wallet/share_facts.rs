//! R13: how much of the account's value a transaction takes, by a payment or inside a call.

use alloy::primitives::{Address, U256};

use super::super::Reason;
use super::desk::Wallet;
use super::more_facts::Subject;
use super::noted::Noted;
use crate::chain::StateAt;
use crate::protocols::Registry;
use crate::protocols::prices::{PriceBook, PricedAsset, prices};
use crate::protocols::tokens::balances;
use crate::wallet::Asset;
use crate::wallet::review::{Act, CodeStanding, readable};

/// Below this share of an asset itself it cannot be most of the whole.
const WORTH_A_LOOK: u8 = 80;

/// Percent, and of what: `None` for all that the account is worth.
pub(super) type Share = (u8, Option<String>);

/// So much of an asset; `None` is ether.
type Sum = (Option<Address>, U256);

/// What an account loses and gets in one transaction.
#[derive(Debug, Default, PartialEq, Eq)]
struct Moved {
    lost: Vec<Sum>,
    gained: Vec<Sum>,
}

impl Moved {
    fn of(list: &[Sum], asset: Option<Address>) -> U256 {
        list.iter()
            .filter(|(at, _)| *at == asset)
            .fold(U256::ZERO, |sum, (_, more)| sum.saturating_add(*more))
    }
}

/// What a transaction moves by its own words where it pays, else by the simulation; without one, the ether that goes along.
fn moved(subject: &Subject<'_>) -> Moved {
    let Subject { from, tx, act, effects, .. } = *subject;
    let along = Some((None, tx.value())).filter(|(_, wei)| !wei.is_zero());
    match (act, effects) {
        (Act::Pay { .. }, _) => Moved { lost: along.into_iter().collect(), gained: Vec::new() },
        (Act::Token { token, from: owner, amount, .. }, _) if *owner == from => {
            Moved { lost: along.into_iter().chain([(Some(*token), *amount)]).collect(), gained: Vec::new() }
        }
        (_, Some(effects)) => {
            let sums = |gained: bool| {
                let own = effects.changes.iter().filter(|one| one.who == from && one.gained == gained);
                own.filter_map(|one| match one.asset {
                    Asset::Ether => Some((None, one.amount)),
                    Asset::Erc20 { token } => Some((Some(token), one.amount)),
                    Asset::Erc721 { .. } | Asset::Erc1155 { .. } => None,
                })
                .collect()
            };
            Moved { lost: sums(false), gained: sums(true) }
        }
        (_, None) => Moved { lost: along.into_iter().collect(), gained: Vec::new() },
    }
}

impl Wallet {
    /// Whether the contract called is one of the bundled book or of the user's own deployments, with the code that was
    /// looked at: what it takes it takes by rules that are known.
    pub(super) fn is_known_contract(
        &self,
        contract: Option<Address>,
        code: &CodeStanding,
        noted: &Noted,
    ) -> bool {
        let Some(contract) = contract else { return false };
        if matches!(code, CodeStanding::Changed { .. } | CodeStanding::ChangedSince { .. }) {
            return false;
        }
        let own = noted.own.as_ref().is_some_and(|own| {
            let registry = Registry::default().with(own);
            registry.protocols().iter().any(|one| one.anchor() == contract)
        });
        own || self.inner.book.known(self.chain_id(), contract).is_some()
    }

    /// Somebody else gets what it moves: the recipient, somebody whom the call names, or a contract that nobody knows.
    fn goes_to_others(&self, subject: &Subject<'_>, known: bool) -> Result<bool, Reason> {
        let accounts = self.accounts()?;
        let own = |who: &Address| {
            *who == subject.from || accounts.iter().any(|one| one.address == *who && self.is_own(one))
        };
        let bundled = |who: &Address| self.inner.book.known(self.chain_id(), *who).is_some();
        Ok(match (subject.act.recipient(), subject.act) {
            (Some(to), _) => !own(&to),
            (None, Act::Delegate { .. }) => false,
            // What nobody can read may pay anybody, whatever contract it is given to.
            (None, _) => {
                let stranger = subject.receivers.iter().any(|who| !own(who) && !bundled(who));
                !known || !readable(subject.call) || stranger
            }
        })
    }

    /// What there is of a token that somebody may take without limit: what it could be limited to (R07).
    pub(super) async fn held_of_unlimited(&self, state: &StateAt, from: Address, act: &Act) -> Option<U256> {
        match act {
            Act::Approve { token, amount, .. } if Act::is_unlimited(*amount) => {
                self.held(state, from, *token).await.ok().flatten() // without it no limit is offered
            }
            _ => None,
        }
    }

    /// The share of what leaves for others; `None` where it is small or nothing. What comes in return counts as far as the
    /// chain has a price for it. Without prices it is the share of the asset alone.
    pub(super) async fn share(
        &self,
        state: &StateAt,
        (subject, known): (&Subject<'_>, bool),
        ether: U256,
    ) -> Result<Option<Share>, Reason> {
        let moved = moved(subject);
        if moved.lost.is_empty() || !self.goes_to_others(subject, known)? {
            return Ok(None);
        }
        let from = subject.from;
        let mut looked: Vec<(u8, Option<Address>)> = Vec::new();
        for (token, amount) in &moved.lost {
            let held = match token {
                None => ether,
                Some(token) => self.held(state, from, *token).await?.unwrap_or_default(),
            };
            looked.extend(percent(*amount, held).filter(|own| *own >= WORTH_A_LOOK).map(|own| (own, *token)));
        }
        let Some((own, token)) = looked.iter().max_by_key(|(own, _)| *own).copied() else { return Ok(None) };
        if let Some(of_all) = self.share_of_all(state, (from, ether), &moved, &looked).await? {
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

    /// Percent of all that has a price on the chain; `None` where something of what was `looked` at has none.
    async fn share_of_all(
        &self,
        state: &StateAt,
        (from, ether): (Address, U256),
        moved: &Moved,
        looked: &[(u8, Option<Address>)],
    ) -> Result<Option<u8>, Reason> {
        let (chain_id, book) = (self.chain_id(), PriceBook::of_chain(self.chain_id()));
        if book.is_empty() {
            return Ok(None);
        }
        let mut tokens: Vec<Address> = book.feeds.iter().filter_map(|feed| feed.token).collect();
        tokens.extend(book.rates.iter().map(|rate| rate.token));
        tokens.extend(
            book.weth.into_iter().chain(moved.lost.iter().chain(&moved.gained).filter_map(|(at, _)| *at)),
        );
        tokens.sort_unstable();
        tokens.dedup();
        let found =
            balances(state, chain_id, &[from], &tokens).await.map_err(|error| Reason::from(&error))?;
        let Some(owner) = found.owners.first() else { return Ok(None) };
        let mut held: Vec<(Option<Address>, U256, u8)> = vec![(None, ether, 18)];
        for (address, balance) in tokens.iter().zip(&owner.balances) {
            let balance = balance.as_ref().map(|one| *one.value()).unwrap_or_default();
            let decimals = found.facts_of(*address).and_then(|facts| facts.proven_decimals());
            let comes = !Moved::of(&moved.gained, Some(*address)).is_zero();
            if let Some(decimals) = decimals.filter(|_| comes || !balance.is_zero()) {
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
        let (mut all, mut paid, mut got) = (U256::ZERO, U256::ZERO, U256::ZERO);
        let mut priced_at: Vec<Option<Address>> = Vec::new();
        for ((at, balance, decimals), price) in held.iter().zip(&priced) {
            let Some((_, price)) = price.best() else { continue };
            let one = U256::from(10).checked_pow(U256::from(*decimals)).unwrap_or(U256::MAX);
            let worth = |raw: U256| raw.saturating_mul(price) / one;
            all = all.saturating_add(worth(*balance));
            paid = paid.saturating_add(worth(Moved::of(&moved.lost, *at)));
            got = got.saturating_add(worth(Moved::of(&moved.gained, *at)));
            priced_at.push(*at);
        }
        if looked.iter().any(|(_, at)| !priced_at.contains(at)) {
            return Ok(None);
        }
        Ok(percent(paid.saturating_sub(got), all))
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
