//! What a position is worth now: what burning it would pay, fees and hooks included.

use std::sync::Arc;

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol_types::SolValue as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::{actions, burn, take_fees};
use super::interface::{Manager, PoolKey};
use crate::execution::Call;
use crate::protocols::gains::gains;
use crate::protocols::pool_price::{self, PoolPrice};
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, NamedBy, Position, Protocol, ProtocolError, Row,
    RowKind, check_code, token_facts,
};

/// Its id.
pub const ID: &str = "uniswap-v4";

/// Where the pools' manager keeps its pools.
const POOLS: U256 = U256::from_limbs([6, 0, 0, 0]);

/// The position manager of a chain and positions to look at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PositionManager {
    /// What people call it.
    pub name: String,
    /// The contract.
    pub manager: Address,
    /// Numbers of positions.
    #[serde(default)]
    pub ids: Vec<U256>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) name: String,
    pub(super) manager: Address,
    pub(super) id: U256,
    pub(super) key: PoolKey,
    pub(super) tokens: [Asset; 2],
    /// What burning it pays now, or why it cannot be burnt.
    pub(super) pays: Result<[U256; 2], String>,
    /// How much of it are fees.
    pub(super) fees: [U256; 2],
    /// The pool's own price against that of feeds.
    pub(super) price: PoolPrice,
    /// The block's time.
    pub(super) now: u64,
}

#[async_trait]
impl Protocol for PositionManager {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.manager
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let manager = self.manager;
        let mut ask = Ask::new();
        let count = ask.view(manager, &Manager::balanceOfCall { owner });
        let asked: Vec<_> = self
            .ids
            .iter()
            .map(|id| {
                let whose = ask.view(manager, &Manager::ownerOfCall { id: *id });
                let of = ask.view(manager, &Manager::getPoolAndPositionInfoCall { tokenId: *id });
                (*id, whose, of, ask.view(manager, &Manager::getPositionLiquidityCall { tokenId: *id }))
            })
            .collect();
        let answers = ask.run(state).await?;
        let count = answers.get(count)?;
        if count.is_zero() {
            return Ok(Vec::new());
        }
        let code = check_code(state.state(), manager, None).await?;
        let mut found = Vec::new();
        for (id, whose, of, liquidity) in asked {
            // A number that is burnt or was never made is refused.
            if answers.get(whose).ok() != Some(owner) {
                continue;
            }
            let (key, liquidity) = (answers.get(of)?.poolKey, answers.get(liquidity)?);
            found.push(self.position(owner, (code.clone(), state), (id, key, liquidity)).await?);
        }
        let unseen = count.saturating_sub(U256::from(found.len()));
        if !unseen.is_zero() {
            found.push(self.unseen(owner, (code, state), unseen));
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn named_by(&self) -> Option<NamedBy> {
        Some(NamedBy::Position)
    }

    fn with_named(&self, what: U256) -> Option<Arc<dyn Protocol>> {
        let mut wider = self.clone();
        if !wider.ids.contains(&what) {
            wider.ids.push(what);
        }
        Some(Arc::new(wider))
    }
}

impl PositionManager {
    async fn position(
        &self,
        owner: Address,
        (code, state): (CodeCheck, &JointState),
        (id, key, liquidity): (U256, PoolKey, u128),
    ) -> Result<Position, ProtocolError> {
        let currencies = [key.currency0, key.currency1];
        let facts = token_facts(currencies.into_iter().filter(|one| !one.is_zero()), state).await?;
        let asset = |currency: Address| {
            let known = facts.iter().find(|asset| asset.address == currency).cloned();
            known.unwrap_or_else(Asset::ether)
        };
        let tokens = currencies.map(asset);
        let price = self.price(state, &key, &tokens).await;
        let mut noted = Noted {
            name: self.name.clone(),
            manager: self.manager,
            id,
            key,
            tokens,
            pays: Err(String::new()),
            fees: [U256::ZERO; 2],
            price,
            now: state.block_ref().timestamp,
        };
        self.ask_pays(&mut noted, (owner, state), liquidity).await?;
        let [first, second] = &noted.tokens;
        let market = format!("position {id}, {}/{}", first.symbol, second.symbol);
        let nft = Asset::token(self.manager, &format!("position {id}"), 0);
        let mut rows =
            vec![Row::new(RowKind::Held, nft, U256::from(1), None).noted(format!("liquidity {liquidity}"))];
        if let Ok(pays) = &noted.pays {
            for (asset, amount) in noted.tokens.iter().zip(pays) {
                let row = Row::new(RowKind::Supplied, asset.clone(), *amount, None);
                rows.push(row.noted("with fees".to_owned()));
            }
        }
        let mut caveats: Vec<String> = noted.price.caveat().into_iter().collect();
        if let Err(why) = &noted.pays {
            caveats.push(format!("What it holds is not known: burning it fails now ({why})."));
        }
        if !noted.key.hooks.is_zero() {
            let hooks = noted.key.hooks;
            caveats
                .push(format!("The pool runs code of {hooks} on the way out; nobody here vouches for it."));
        }
        let place = (code, state.block_ref());
        let position = Position::new((ID, market), owner, place, rows, Detail::new(noted));
        Ok(Position { caveats, ..position })
    }

    /// Notes what burning it pays, and how much of that are fees.
    async fn ask_pays(
        &self,
        noted: &mut Noted,
        (owner, state): (Address, &JointState),
        liquidity: u128,
    ) -> Result<(), ProtocolError> {
        let currencies = [noted.key.currency0, noted.key.currency1];
        let brought = async |data| {
            let call = Call { from: owner, ..Call::read(self.manager, data) };
            let brought = gains(state, call, &currencies).await?.map(|brought| {
                let at = |index: usize| brought.get(index).copied().unwrap_or_default();
                [at(0), at(1)]
            });
            Ok::<_, ProtocolError>(brought)
        };
        noted.pays = brought(burn(noted, owner, [0; 2])).await?;
        // Without liquidity there are no fees, and nothing to decrease.
        if noted.pays.is_ok() && liquidity > 0 {
            match brought(take_fees(noted, owner)).await? {
                Ok(fees) => noted.fees = fees,
                Err(why) => noted.pays = Err(format!("its fees cannot be told apart: {why}")),
            }
        }
        Ok(())
    }

    /// The price of a pool, by its own slot: the manager has no view for it.
    async fn price(&self, state: &JointState, key: &PoolKey, tokens: &[Asset; 2]) -> PoolPrice {
        match self.root(state, key).await {
            Ok(root) => pool_price::against_feeds(state, tokens, pool_price::even(root)).await,
            Err(_unread) => PoolPrice::Untold,
        }
    }

    /// The root of the price: the lower 160 bits of the first slot of the pool, `pools[keccak256(key)]`.
    async fn root(&self, state: &JointState, key: &PoolKey) -> Result<U256, ProtocolError> {
        let mut ask = Ask::new();
        let pools = ask.view(self.manager, &Manager::poolManagerCall {});
        let pools = ask.run(state).await?.get(pools)?;
        let slot = keccak256((keccak256(key.abi_encode()), POOLS).abi_encode());
        let words = state.state().storage(pools, &[slot.into()]).await?;
        let word = words.first().map(|word| *word.value()).unwrap_or_default();
        Ok(word & (U256::MAX >> 96_usize))
    }

    /// Positions that are there, and of which nothing more is known.
    fn unseen(&self, owner: Address, (code, state): (CodeCheck, &JointState), unseen: U256) -> Position {
        let row = Row::held(owner, Asset::token(self.manager, "positions", 0), unseen);
        let place = (code, state.block_ref());
        let market = "positions not named".to_owned();
        let position = Position::new((ID, market), owner, place, vec![row], Detail::new(()));
        let caveats = vec!["Their numbers cannot be looked up: name them to see what they hold.".to_owned()];
        Position { caveats, ..position }
    }
}

#[cfg(test)]
mod tests {
    use alloy::sol_types::SolCall as _;

    use super::*;

    #[test]
    fn numbers_may_be_left_out() {
        let text = r#"{"name":"Uniswap v4","manager":"0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e"}"#;
        let bare: PositionManager = serde_json::from_str(text).unwrap();
        assert!(bare.ids.is_empty());
        let named: PositionManager =
            serde_json::from_str(&text.replace('}', r#","ids":["0x1","0x2a"]}"#)).unwrap();
        assert_eq!(named.ids, [U256::from(1), U256::from(42)]);
        assert_eq!(Manager::modifyLiquiditiesCall::SELECTOR, [0xdd, 0x46, 0x50, 0x8f]);
    }
}
