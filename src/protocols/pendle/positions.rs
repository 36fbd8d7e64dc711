//! A principal token that an account holds, and what it brings once it has expired.

use alloy::primitives::{Address, B256, U256, b256, keccak256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{Pt, Router, Sy, Yt};
use crate::contracts::Erc20;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, Position, Protocol, ProtocolError, Row, WAD,
    check_code, token_facts,
};

/// Its id.
pub const ID: &str = "pendle";

/// A principal token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Principal {
    /// What people call it.
    pub name: String,
    /// The token.
    pub pt: Address,
    /// The router.
    pub router: Address,
}

/// A token that the principal can be redeemed as.
#[derive(Debug, Clone)]
pub(super) struct Out {
    pub(super) asset: Asset,
    /// Units for all of the principal.
    pub(super) amount: U256,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) principal: Principal,
    pub(super) yt: Address,
    pub(super) asset: Asset,
    pub(super) held: U256,
    /// Unix seconds.
    pub(super) expiry: u64,
    pub(super) now: u64,
    /// Empty before it expired.
    pub(super) outs: Vec<Out>,
    /// Code of the contract that does the redeeming for the router; `None` where the router names none.
    pub(super) facet: Option<CodeCheck>,
}

impl Noted {
    pub(super) fn is_expired(&self) -> bool {
        self.now >= self.expiry
    }
}

/// Where the router of version 4 keeps the contract of each function: the third word of its `CoreStorage`.
const FACETS: B256 = b256!("f168c5b0cb4aca9a68f931815c18a144c61ad01d6dd7ca15bd6741672a0ab802");

/// The word of the router's storage that names the contract of a function.
fn slot_of(selector: [u8; 4]) -> U256 {
    let mut key = B256::ZERO;
    for (to, from) in key.0.iter_mut().zip(selector) {
        *to = from;
    }
    U256::from_be_bytes(keccak256([key.0, FACETS.0].concat()).0)
}

/// The code of the contract that redeems for the router.
async fn facet(router: Address, state: &JointState) -> Result<Option<CodeCheck>, ProtocolError> {
    let slot = slot_of(Router::redeemPyToTokenCall::SELECTOR);
    let words = state.state().storage(router, &[slot]).await?;
    let named = words.into_iter().next().map(|word| Address::from_word(word.into_value().into()));
    match named.filter(|facet| !facet.is_zero()) {
        Some(facet) => Ok(Some(check_code(state.state(), facet, None).await?)),
        None => Ok(None),
    }
}

/// `PendleYieldToken._calcSyRedeemableFromPY` after expiry: principal over the larger of both rates, cut.
fn shares_of(principal: U256, stored: U256, rate: U256) -> Option<U256> {
    principal.checked_mul(WAD)?.checked_div(stored.max(rate))
}

#[async_trait]
impl Protocol for Principal {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        format!("Pendle {}", self.name)
    }

    fn anchor(&self) -> Address {
        self.pt
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let held = ask.view(self.pt, &Erc20::balanceOfCall { owner });
        let held = ask.run(state).await?.get(held)?;
        if held.is_zero() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let sy = ask.view(self.pt, &Pt::SYCall {});
        let yt = ask.view(self.pt, &Pt::YTCall {});
        let expiry = ask.view(self.pt, &Pt::expiryCall {});
        let answers = ask.run(state).await?;
        let (sy, yt) = (answers.get(sy)?, answers.get(yt)?);
        let facet = facet(self.router, state).await?;
        let facts = token_facts([self.pt], state).await?;
        let Some(asset) = facts.into_iter().next() else { return Ok(Vec::new()) };
        let mut noted = Noted {
            principal: self.clone(),
            yt,
            asset: asset.clone(),
            held,
            expiry: answers.get(expiry)?.saturating_to::<u64>(),
            now: state.block_ref().timestamp,
            outs: Vec::new(),
            facet,
        };
        let mut row = Row::held(owner, asset, held);
        if noted.is_expired() {
            noted.outs = outs(state, held, (sy, yt)).await?;
            if let Some(out) = noted.outs.first() {
                row = row.worth(out.amount, &out.asset);
            }
        } else {
            let days = noted.expiry.saturating_sub(noted.now).div_ceil(86_400);
            row = row.noted(format!("expires in {days} days"));
        }
        let place = (check_code(state.state(), self.pt, None).await?, state.block_ref());
        Ok(vec![Position::new((ID, self.name.clone()), owner, place, vec![row], Detail::new(noted))])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn finds_functions_elsewhere(&self) -> Option<Address> {
        Some(self.router)
    }
}

/// What `held` of the principal brings, in each token that it can be redeemed as.
async fn outs(
    state: &JointState,
    held: U256,
    (sy, yt): (Address, Address),
) -> Result<Vec<Out>, ProtocolError> {
    let mut ask = Ask::new();
    let stored = ask.view(yt, &Yt::pyIndexStoredCall {});
    let rate = ask.view(sy, &Sy::exchangeRateCall {});
    let tokens = ask.view(sy, &Sy::getTokensOutCall {});
    let answers = ask.run(state).await?;
    let shares = shares_of(held, answers.get(stored)?, answers.get(rate)?);
    let shares = shares.ok_or_else(|| ProtocolError::Inconsistent {
        detail: "the rate of a principal token is 0 or outgrew 256 bits".to_owned(),
    })?;
    let mut ask = Ask::new();
    let asked: Vec<_> = answers
        .get(tokens)?
        .into_iter()
        .map(|token| {
            let question = Sy::previewRedeemCall { tokenOut: token, amountSharesToRedeem: shares };
            (token, ask.view(sy, &question))
        })
        .collect();
    if ask.is_empty() {
        return Ok(Vec::new());
    }
    let previews = ask.run(state).await?;
    let facts =
        token_facts(asked.iter().map(|(token, _)| *token).filter(|token| !token.is_zero()), state).await?;
    let found = asked.into_iter().filter_map(|(token, preview)| {
        // A token that is not paid out now is left out; the others stay.
        let amount = previews.get(preview).ok()?;
        let asset = facts.iter().find(|asset| asset.address == token).cloned();
        Some(Out { asset: asset.unwrap_or_else(Asset::ether), amount })
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_principal_is_one_unit_of_the_asset_at_the_larger_rate() {
        let n = |hundredths: u64| WAD / U256::from(100) * U256::from(hundredths);
        assert_eq!(shares_of(n(12_500), n(120), n(125)), Some(n(10_000)));
        assert_eq!(shares_of(n(12_500), n(125), n(120)), Some(n(10_000)));
        assert_eq!(shares_of(n(1), U256::ZERO, U256::ZERO), None);
    }
}
