//! Shares of a pool that an account holds, and what leaving it would pay now.

use alloy::primitives::{Address, B256, U256};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::{actions, exit};
use super::interface::{PoolV2, Vault};
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::gains::gains;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind, check_code,
    token_facts,
};

/// Its id.
pub const ID: &str = "balancer";

/// How a pool is left in proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Weighted pools.
    Weighted,
    /// Composable stable pools, whose own share is among their tokens.
    ComposableStable,
}

/// A pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pool {
    /// What people call it.
    pub name: String,
    /// What holds the tokens of all pools.
    pub vault: Address,
    /// The pool, which is its share token too.
    pub pool: Address,
    /// How it is left.
    pub kind: Kind,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
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

#[async_trait]
impl Protocol for Pool {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        format!("Balancer {}", self.name)
    }

    fn anchor(&self) -> Address {
        self.pool
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let held = ask.view(self.pool, &Erc20::balanceOfCall { owner });
        let held = ask.run(state).await?.get(held)?;
        if held.is_zero() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let id = ask.view(self.pool, &PoolV2::getPoolIdCall {});
        let recovery = ask.view(self.pool, &PoolV2::inRecoveryModeCall {});
        let answers = ask.run(state).await?;
        let id = answers.get(id)?;
        // The oldest pools have no such mode.
        let recovery = answers.get(recovery).unwrap_or(false);
        let mut ask = Ask::new();
        let tokens = ask.view(self.vault, &Vault::getPoolTokensCall { poolId: id });
        let listed = ask.run(state).await?.get(tokens)?.tokens;
        let mut facts =
            token_facts(std::iter::once(self.pool).chain(listed.clone()), state).await?.into_iter();
        let Some(share) = facts.next() else { return Ok(Vec::new()) };
        let tokens: Vec<Asset> = facts.collect();
        let mut noted = Noted {
            pool: self.clone(),
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
                let others = noted.tokens.iter().zip(pays).filter(|(asset, _)| asset.address != self.pool);
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
        let position = Position::new((ID, self.name.clone()), owner, place, rows, Detail::new(noted));
        Ok(vec![Position { caveats, contract: self.pool, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}
