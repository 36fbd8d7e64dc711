//! Shares of pairs that an account holds. Pairs cannot be listed by holder: those of the tokens named are looked at.

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::pool_price::{self, PoolPrice};
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind, Venue,
    check_code, token_facts,
};

sol! {
    /// Where pairs are found.
    interface Factory {
        function getPair(address tokenA, address tokenB) external view returns (address pair);
        function feeTo() external view returns (address);
    }

    /// A pair.
    interface Pair {
        function balanceOf(address owner) external view returns (uint256);
        function totalSupply() external view returns (uint256);
        function token0() external view returns (address);
        function token1() external view returns (address);
        function getReserves() external view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast);
        function kLast() external view returns (uint256);
    }
}

/// Its id.
pub const ID: &str = "uniswap-v2";

/// A factory of pairs and its router.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PairFactory {
    /// What people call it.
    pub name: String,
    /// The factory.
    pub factory: Address,
    /// The router.
    pub router: Address,
    /// Hash of a pair's code, where that is known: all pairs of a factory have the same.
    #[serde(default)]
    pub pair_code_hash: Option<B256>,
    /// Every pair of two of these is looked at.
    pub tokens: Vec<Address>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) name: String,
    pub(super) router: Address,
    pub(super) pair: Asset,
    pub(super) liquidity: U256,
    pub(super) tokens: [Asset; 2],
    pub(super) amounts: [U256; 2],
    pub(super) price: PoolPrice,
    pub(super) router_code: crate::protocols::CodeCheck,
    pub(super) now: u64,
}

/// What a share of a pair pays out (`Pair.burn`): first the pair mints to its makers a sixth of the growth of its
/// `reserves`, where that is on and `k_last` is not 0; then its `balances` are shared. `None` where a number outgrows 256
/// bits or there is no supply.
pub fn share_of(
    liquidity: U256,
    total: U256,
    (reserves, balances): ([U256; 2], [U256; 2]),
    k_last: Option<U256>,
) -> Option<[U256; 2]> {
    let [first, second] = reserves;
    let mut total = total;
    if let Some(k_last) = k_last.filter(|k_last| !k_last.is_zero()) {
        let (root, last) = (first.checked_mul(second)?.root(2), k_last.root(2));
        if root > last {
            let grown = total.checked_mul(root.checked_sub(last)?)?;
            let minted = grown.checked_div(root.checked_mul(U256::from(5))?.checked_add(last)?)?;
            total = total.checked_add(minted)?;
        }
    }
    let share = |held: U256| liquidity.checked_mul(held)?.checked_div(total);
    let [first, second] = balances;
    Some([share(first)?, share(second)?])
}

#[async_trait]
impl Protocol for PairFactory {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.factory
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let mut asked = Vec::new();
        for (at, one) in self.tokens.iter().enumerate() {
            for other in self.tokens.iter().skip(at.saturating_add(1)) {
                let question = Factory::getPairCall { tokenA: *one, tokenB: *other };
                asked.push(ask.view(self.factory, &question));
            }
        }
        let fee_to = ask.view(self.factory, &Factory::feeToCall {});
        let answers = ask.run(state).await?;
        let fee_is_on = !answers.get(fee_to)?.is_zero();
        let pairs = asked.into_iter().map(|one| answers.get(one)).collect::<Result<Vec<_>, _>>()?;
        let mut ask = Ask::new();
        let held: Vec<_> = pairs
            .into_iter()
            .filter(|pair| !pair.is_zero())
            .map(|pair| (pair, ask.view(pair, &Pair::balanceOfCall { owner })))
            .collect();
        if ask.is_empty() {
            return Ok(Vec::new());
        }
        let answers = ask.run(state).await?;
        let mut found = Vec::new();
        for (pair, ticket) in held {
            let liquidity = answers.get(ticket)?;
            if !liquidity.is_zero() {
                found.push(self.position(owner, state, (pair, liquidity, fee_is_on)));
            }
        }
        futures::future::try_join_all(found).await
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn venue(&self) -> Option<Arc<dyn Venue>> {
        Some(Arc::new(self.clone()))
    }
}

impl PairFactory {
    async fn position(
        &self,
        owner: Address,
        state: &JointState,
        (pair, liquidity, fee_is_on): (Address, U256, bool),
    ) -> Result<Position, ProtocolError> {
        let mut ask = Ask::new();
        let total = ask.view(pair, &Pair::totalSupplyCall {});
        let tokens = (ask.view(pair, &Pair::token0Call {}), ask.view(pair, &Pair::token1Call {}));
        let (reserves, k_last) =
            (ask.view(pair, &Pair::getReservesCall {}), ask.view(pair, &Pair::kLastCall {}));
        let answers = ask.run(state).await?;
        let tokens = [answers.get(tokens.0)?, answers.get(tokens.1)?];
        let mut ask = Ask::new();
        // What the pair pays is shared out of its balances, not of its reserves.
        let balances = tokens.map(|token| ask.view(token, &Erc20::balanceOfCall { owner: pair }));
        let balances_are = ask.run(state).await?;
        let [first, second] = balances;
        let balances = [balances_are.get(first)?, balances_are.get(second)?];
        let reserves = answers.get(reserves)?;
        let k_last = fee_is_on.then(|| answers.get(k_last)).transpose()?;
        let grown = [U256::from(reserves.reserve0), U256::from(reserves.reserve1)];
        let total = answers.get(total)?;
        // The makers' share is minted on the reserves; what is paid is then shared out of the balances.
        let amounts = share_of(liquidity, total, (grown, balances), k_last).ok_or_else(|| {
            ProtocolError::Inconsistent { detail: format!("the share of pair {pair} outgrew 256 bits") }
        })?;
        let facts = token_facts(tokens, state).await?;
        let [first, second] = facts.as_slice() else { return Err(missing()) };
        let market = format!("{}/{}", first.symbol, second.symbol);
        let lp = Asset::token(pair, "LP share", 18);
        let tokens = [first.clone(), second.clone()];
        let noted = Noted {
            name: self.name.clone(),
            router: self.router,
            pair: lp.clone(),
            liquidity,
            tokens: tokens.clone(),
            amounts,
            // A pair's two balances are worth the same at its own price. So are a share's, but those are cut to whole units,
            // and anybody can send somebody a share of very few.
            price: pool_price::against_feeds(state, &tokens, grown).await,
            router_code: check_code(state.state(), self.router, None).await?,
            now: state.block_ref().timestamp,
        };
        let view = Call::read(pair, Pair::balanceOfCall { owner }.abi_encode());
        let mut rows = vec![Row::new(RowKind::Held, lp, liquidity, Some(view))];
        for (asset, amount) in noted.tokens.iter().zip(amounts) {
            rows.push(Row::new(RowKind::Supplied, asset.clone(), amount, None));
        }
        let caveats = noted.price.caveat().into_iter().collect();
        Ok(Position {
            protocol: ID.to_owned(),
            market,
            owner,
            contract: pair,
            rows,
            health: None,
            code: check_code(state.state(), pair, self.pair_code_hash).await?,
            caveats,
            at: state.block_ref(),
            actions: Vec::new(),
            detail: Detail::new(noted),
        })
    }
}

fn missing() -> ProtocolError {
    ProtocolError::Inconsistent { detail: "a token is missing".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_cut_and_the_makers_come_first() {
        let n = U256::from;
        let pair = |reserves: [u64; 2]| (reserves.map(U256::from), reserves.map(U256::from));
        assert_eq!(share_of(n(10), n(100), pair([1_000, 501]), None), Some([n(100), n(50)]));
        // k grew from 100² to 200²; a sixth of the growth is minted: 100·100 / (200·5 + 100) = 9.
        assert_eq!(share_of(n(10), n(100), pair([200, 200]), Some(n(10_000))), Some([n(18), n(18)]));
        assert_eq!(share_of(n(1), n(0), pair([1, 1]), None), None);
    }
}
