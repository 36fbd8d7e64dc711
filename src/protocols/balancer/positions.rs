//! Shares of a pool that an account holds, and what leaving it would pay now.

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::{actions, exit};
use super::interface::{PoolV2, Vault};
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::gains::gains;
use crate::protocols::named::as_address;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, NamedBy, Position, Protocol, ProtocolError, Row, RowKind,
    check_code, token_facts,
};

/// Its id.
pub const ID: &str = "balancer";

/// Balancer's second release on a chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Balancer {
    /// What holds the tokens of all pools.
    pub vault: Address,
    /// The pools looked at: they cannot be listed by holder.
    #[serde(default)]
    pub pools: Vec<Pool>,
}

/// A pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pool {
    /// What people call it.
    pub name: String,
    /// The pool, which is its share token too.
    pub pool: Address,
}

/// How a pool is left in proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Weighted pools, and stable ones of before.
    Plain,
    /// Composable stable pools, whose own share is among their tokens.
    ComposableStable,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) vault: Address,
    pub(super) pool: Pool,
    pub(super) id: B256,
    pub(super) share: Asset,
    pub(super) held: U256,
    pub(super) recovery: bool,
    /// Tokens as the vault lists them, the pool's own share among them where it is one.
    pub(super) tokens: Vec<Asset>,
    /// What leaving with all shares pays now, or why that fails.
    pub(super) pays: Result<Vec<U256>, String>,
}

impl Noted {
    /// By whether its own share is among its tokens.
    pub(super) fn kind(&self) -> Kind {
        let own = self.tokens.iter().any(|asset| asset.address == self.pool.pool);
        if own { Kind::ComposableStable } else { Kind::Plain }
    }
}

#[async_trait]
impl Protocol for Balancer {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        let none = self.pools.is_empty();
        if none { "Balancer (no pool named)".to_owned() } else { "Balancer".to_owned() }
    }

    fn anchor(&self) -> Address {
        self.vault
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        if self.pools.is_empty() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let balance = Erc20::balanceOfCall { owner };
        let asked: Vec<_> = self.pools.iter().map(|pool| (pool, ask.view(pool.pool, &balance))).collect();
        let answers = ask.run(state).await?;
        let mut found = Vec::new();
        for (pool, held) in asked {
            let held = answers.get(held)?;
            if !held.is_zero() {
                found.push(self.position(owner, state, (pool, held)).await?);
            }
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn named_by(&self) -> Option<NamedBy> {
        Some(NamedBy::Pool)
    }

    fn with_named(&self, what: U256) -> Option<Arc<dyn Protocol>> {
        let pool = as_address(what)?;
        let mut wider = self.clone();
        if wider.pools.iter().all(|known| known.pool != pool) {
            wider.pools.push(Pool { name: format!("pool {pool}"), pool });
        }
        Some(Arc::new(wider))
    }
}

impl Balancer {
    async fn position(
        &self,
        owner: Address,
        state: &JointState,
        (pool, held): (&Pool, U256),
    ) -> Result<Position, ProtocolError> {
        let mut ask = Ask::new();
        let id = ask.view(pool.pool, &PoolV2::getPoolIdCall {});
        let recovery = ask.view(pool.pool, &PoolV2::inRecoveryModeCall {});
        let answers = ask.run(state).await?;
        let id = answers.get(id)?;
        // The oldest pools have no such mode.
        let recovery = answers.get(recovery).unwrap_or(false);
        let mut ask = Ask::new();
        let tokens = ask.view(self.vault, &Vault::getPoolTokensCall { poolId: id });
        let listed = ask.run(state).await?.get(tokens)?.tokens;
        let mut facts =
            token_facts(std::iter::once(pool.pool).chain(listed.clone()), state).await?.into_iter();
        let missing = || ProtocolError::Inconsistent { detail: "a token is missing".to_owned() };
        let share = facts.next().ok_or_else(missing)?;
        let tokens: Vec<Asset> = facts.collect();
        let mut noted = Noted {
            vault: self.vault,
            pool: pool.clone(),
            id,
            share: share.clone(),
            held,
            recovery,
            tokens,
            pays: Ok(Vec::new()),
        };
        let none = vec![U256::ZERO; listed.len()];
        let call = Call { from: owner, ..Call::read(self.vault, exit(&noted, owner, (held, none))) };
        noted.pays = gains(state, call, &listed).await?;
        let mut rows = vec![Row::held(owner, share.clone(), held)];
        let mut caveats = Vec::new();
        match &noted.pays {
            Ok(pays) => {
                let others = noted.tokens.iter().zip(pays).filter(|(asset, _)| asset.address != pool.pool);
                rows.extend(
                    others.map(|(asset, amount)| Row::new(RowKind::Supplied, asset.clone(), *amount, None)),
                );
            }
            Err(why) => {
                caveats.push(format!("What it is worth is not known: leaving the pool fails now ({why})."));
            }
        }
        if recovery {
            caveats
                .push("The pool is in recovery mode: it is left in proportion, by what it holds.".to_owned());
        }
        let place = (check_code(state.state(), self.vault, None).await?, state.block_ref());
        let position = Position::new((ID, pool.name.clone()), owner, place, rows, Detail::new(noted));
        Ok(Position { caveats, contract: pool.pool, ..position })
    }
}
