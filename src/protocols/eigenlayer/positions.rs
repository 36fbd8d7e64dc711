//! What an account has restaked, strategy by strategy, and what it has asked back.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256, address};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{DelegationManager, Strategy, Withdrawal};
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind,
    check_code, token_facts,
};

/// Its id.
pub const ID: &str = "eigenlayer";
/// What stands for ether of validators among the strategies; it is no contract. A share of it is a wei.
const BEACON_ETHER: Address = address!("beaC0eeEeeeeEEeEeEEEEeeEEeEeeeEeeEEBEaC0");

/// EigenLayer on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct EigenLayer {
    /// The delegation manager.
    pub delegation: Address,
}

/// What is in one strategy.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) strategy: Address,
    pub(super) asset: Asset,
    /// Token units that would come out, slashing counted.
    pub(super) amount: U256,
}

impl Part {
    pub(super) fn is_of_validators(&self) -> bool {
        self.strategy == BEACON_ETHER
    }
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) enum Noted {
    /// Restaked: each part with its deposit shares.
    Restaked(EigenLayer, Vec<(Part, U256)>),
    /// In the queue, and whether its time has come.
    Queued(EigenLayer, Withdrawal, Vec<Part>, bool),
}

#[async_trait]
impl Protocol for EigenLayer {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "EigenLayer".to_owned()
    }

    fn anchor(&self) -> Address {
        self.delegation
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let delegation = self.delegation;
        let mut ask = Ask::new();
        let deposited = ask.view(delegation, &DelegationManager::getDepositedSharesCall { staker: owner });
        let queued = ask.view(delegation, &DelegationManager::getQueuedWithdrawalsCall { staker: owner });
        let delay = ask.view(delegation, &DelegationManager::minWithdrawalDelayBlocksCall {});
        let answers = ask.run(state).await?;
        let (deposited, queued) = (answers.get(deposited)?, answers.get(queued)?);
        if deposited.strategies.is_empty() && queued.withdrawals.is_empty() {
            return Ok(Vec::new());
        }
        let strategies = deposited.strategies;
        let mut ask = Ask::new();
        let question =
            DelegationManager::getWithdrawableSharesCall { staker: owner, strategies: strategies.clone() };
        let withdrawable = ask.view(delegation, &question);
        let withdrawable = ask.run(state).await?.get(withdrawable)?;
        let lists = std::iter::once((&strategies, &withdrawable.withdrawableShares))
            .chain(queued.withdrawals.iter().map(|one| &one.strategies).zip(&queued.shares));
        let mut wanted = Vec::new();
        for (strategies, shares) in lists {
            same_length(strategies.len(), shares.len())?;
            wanted.extend(strategies.iter().copied().zip(shares.iter().copied()));
        }
        same_length(queued.withdrawals.len(), queued.shares.len())?;
        same_length(strategies.len(), withdrawable.depositShares.len())?;
        let mut parts = parts(wanted, state).await?.into_iter();
        let code = check_code(state.state(), delegation, None).await?;
        let own: Vec<_> = parts.by_ref().take(strategies.len()).zip(withdrawable.depositShares).collect();
        let mut found = Vec::new();
        if !own.is_empty() {
            found.push(self.restaked(owner, (code.clone(), state), own));
        }
        let delay = answers.get(delay)?;
        for withdrawal in queued.withdrawals {
            let own = parts.by_ref().take(withdrawal.strategies.len()).collect();
            found.push(self.queued(owner, (code.clone(), state, delay), (withdrawal, own)));
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

fn same_length(one: usize, other: usize) -> Result<(), ProtocolError> {
    if one == other {
        return Ok(());
    }
    Err(ProtocolError::Inconsistent { detail: format!("{one} strategies and {other} amounts") })
}

/// Shares of strategies as tokens, in order.
async fn parts(wanted: Vec<(Address, U256)>, state: &JointState) -> Result<Vec<Part>, ProtocolError> {
    let mut ask = Ask::new();
    let asked: Vec<_> = wanted
        .into_iter()
        .map(|(strategy, shares)| {
            let tickets = (strategy != BEACON_ETHER).then(|| {
                let amount = Strategy::sharesToUnderlyingViewCall { amountShares: shares };
                (ask.view(strategy, &Strategy::underlyingTokenCall {}), ask.view(strategy, &amount))
            });
            (strategy, shares, tickets)
        })
        .collect();
    let answers = if ask.is_empty() { None } else { Some(ask.run(state).await?) };
    let mut found = Vec::new();
    for (strategy, shares, tickets) in asked {
        let (token, amount) = match (tickets, &answers) {
            (Some((token, amount)), Some(answers)) => (Some(answers.get(token)?), answers.get(amount)?),
            _ => (None, shares),
        };
        found.push((strategy, token, amount));
    }
    let mut tokens: Vec<Address> = found.iter().filter_map(|(_, token, _)| *token).collect();
    tokens.sort_unstable();
    tokens.dedup();
    let facts = token_facts(tokens, state).await?;
    let facts: BTreeMap<Address, Asset> = facts.into_iter().map(|asset| (asset.address, asset)).collect();
    let part = |(strategy, token, amount): (Address, Option<Address>, U256)| {
        let asset = token.and_then(|token| facts.get(&token).cloned()).unwrap_or_else(Asset::ether);
        Part { strategy, asset, amount }
    };
    Ok(found.into_iter().map(part).collect())
}

impl EigenLayer {
    fn restaked(
        &self,
        owner: Address,
        (code, state): (CodeCheck, &JointState),
        parts: Vec<(Part, U256)>,
    ) -> Position {
        let row = |part: &Part| {
            let row = Row::new(RowKind::Supplied, part.asset.clone(), part.amount, None);
            if part.is_of_validators() { row.noted("of your validators".to_owned()) } else { row }
        };
        let rows = parts.iter().map(|(part, _)| row(part)).collect();
        let validators = parts.iter().any(|(part, _)| part.is_of_validators());
        let detail = Detail::new(Noted::Restaked(*self, parts));
        let place = (code, state.block_ref());
        let position = Position::new((ID, "restaked".to_owned()), owner, place, rows, detail);
        let caveats = if validators {
            vec![
                "Ether of validators is paid only as far as it has left them and was accounted for."
                    .to_owned(),
            ]
        } else {
            Vec::new()
        };
        Position { caveats, ..position }
    }

    fn queued(
        &self,
        owner: Address,
        (code, state, delay): (CodeCheck, &JointState, u32),
        (withdrawal, parts): (Withdrawal, Vec<Part>),
    ) -> Position {
        let at = state.block_ref();
        // `DelegationManager._completeQueuedWithdrawal`: strictly after the delay.
        let until = u64::from(withdrawal.startBlock).saturating_add(u64::from(delay));
        let left = until.saturating_add(1).saturating_sub(at.number);
        let due = left == 0;
        let row = |part: &Part| {
            let kind = if due { RowKind::Claimable } else { RowKind::Waiting };
            let row = Row::new(kind, part.asset.clone(), part.amount, None);
            if due { row } else { row.noted(format!("for {left} more blocks")) }
        };
        let rows = parts.iter().map(row).collect();
        let market = format!("withdrawal {}", withdrawal.nonce);
        let detail = Detail::new(Noted::Queued(*self, withdrawal, parts, due));
        Position::new((ID, market), owner, (code, at), rows, detail)
    }
}
