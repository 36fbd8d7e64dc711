//! What assets are worth in dollars, by prices proven on the chain; and what is left out, and why.

use alloy::primitives::{Address, U256};

use super::known::Known;
use super::refresh;
use super::ui_state::UiState;
use crate::app::{
    Answer, ContractAnswer, ContractQuestion, Leg, Loadable, PriceAnswer, Question, Snapshot, Tag,
    TokenBalances,
};

/// Feeds are known on this chain only.
const PRICED_CHAIN: u64 = 1;
/// Ether, as prices are asked for.
pub(super) const ETHER: &str = "ETH";

/// The answer that contracts gave, where there is one.
pub(super) fn answer(held: Option<&Loadable<Answer>>) -> Option<&ContractAnswer> {
    let answer = match held? {
        Loadable::Ready(answer) => answer,
        Loadable::Loading { previous } | Loadable::Failed { previous, .. } => previous.as_ref()?,
    };
    match answer {
        Answer::Contract(answer) => Some(answer),
        _ => None,
    }
}

/// The tokens of an account, where they were read.
pub(super) fn balances<'a>(
    owner: Address,
    snapshot: &'a Snapshot,
    state: &UiState,
) -> Option<&'a TokenBalances> {
    match answer(snapshot.answers.get(&refresh::tokens_question(owner, state)))? {
        ContractAnswer::Tokens(balances) => Some(balances),
        _ => None,
    }
}

/// The question about the prices of what an account holds; `None` where nothing has one.
pub(super) fn question(owner: Address, snapshot: &Snapshot, state: &UiState) -> Option<Question> {
    if snapshot.network.chain_id != PRICED_CHAIN {
        return None;
    }
    let mut asked = vec![ETHER.to_owned()];
    if let Some(balances) = balances(owner, snapshot, state)
        && let Some(owner) = balances.owners.first()
    {
        let held = balances.tokens.iter().zip(&owner.balances);
        let held = held.filter(|(_, one)| one.as_ref().is_ok_and(|one| !one.value().is_zero()));
        asked.extend(held.map(|(token, _)| token.to_checksum(None)));
    }
    Some(Question::Contract(ContractQuestion::Prices(asked, false, Tag::Latest)))
}

/// A price, how it is known, and the oldest feed behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quote {
    /// US dollars for one, 18 digits behind the point.
    pub usd: U256,
    /// How it is known.
    pub known: Known,
    /// The pair of the first feed, and its age in seconds.
    pub feed: Option<(String, u64)>,
}

/// The price of what was asked for under this name.
pub(super) fn quote(
    asked: &str,
    prices: &[PriceAnswer],
    snapshot: &Snapshot,
    state: &UiState,
) -> Option<Quote> {
    let price = &prices.iter().find(|one| one.asked == asked)?.price;
    let (source, usd) = price.best()?;
    let age = source.age_secs();
    let known = match age.filter(|_| source.is_stale()) {
        Some(age) => Known::Stale(age),
        None => Known::state(price.at, snapshot, state.now_ms),
    };
    let feed = source.legs.iter().find_map(|leg| match leg {
        Leg::Feed { pair, round, .. } => Some((pair.clone(), round.age_secs)),
        _ => None,
    });
    Some(Quote { usd, known, feed })
}

/// `raw` units of an asset of `decimals` at `usd` each, in dollars with 18 digits behind the point; rounded down.
pub(super) fn value(raw: U256, decimals: u8, usd: U256) -> Option<U256> {
    let unit = U256::from(10).checked_pow(U256::from(decimals))?;
    raw.checked_mul(usd)?.checked_div(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_and_never_wrap() {
        let usd = |dollars: u64| U256::from(dollars).saturating_mul(U256::from(10).pow(U256::from(18)));
        assert_eq!(value(U256::from(12_400_000_000_u64), 6, usd(1)), Some(usd(12_400)));
        assert_eq!(value(U256::MAX, 6, usd(3_412)), None, "too much is unknown, not wrong");
        assert_eq!(value(U256::from(1), 18, usd(1)), Some(U256::from(1)));
    }
}
