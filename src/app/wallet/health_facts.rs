//! R20: where a transaction leaves the account's loans, read on the state that it would leave.

use std::sync::Arc;

use alloy::primitives::{Address, U256};

use super::desk::Wallet;
use crate::chain::{ReadError, StateAt};
use crate::contracts::{AbiValue, CallBody, DecodedCall};
use crate::execution::Call;
use crate::protocols::{
    Deployments, Found, JointState, Position, Protocol, ProtocolError, Registry, WAD, aave_v3, compound_v3,
    morpho_blue,
};
use crate::wallet::review::HealthFact;
use crate::wallet::{Asset, Effects, Unsigned};

/// Protocols that lend.
const LENDING: [&str; 3] = [aave_v3::ID, compound_v3::ID, morpho_blue::ID];
/// As the address book names their contracts.
const LENDING_IN_BOOK: [&str; 4] = ["aave-v3", "spark", "compound-v3", "morpho"];

impl Wallet {
    /// The loan that ends worst; `None` where none gets worse.
    pub(super) async fn health_fact(
        &self,
        state: &StateAt,
        (from, tx, call): (Address, &Unsigned, &DecodedCall),
        effects: Option<&Effects>,
        own: Option<&Deployments>,
    ) -> Result<Option<HealthFact>, ReadError> {
        let mut registry = Registry::of_chain(self.chain_id());
        if let Some(own) = own {
            registry = registry.with(own);
        }
        let lenders: Vec<Arc<dyn Protocol>> =
            registry.protocols().iter().filter(|one| LENDING.contains(&one.id())).cloned().collect();
        let Some(effects) = effects.filter(|effects| self.touches_loans(&lenders, call, effects)) else {
            return Ok(None);
        };
        let lending = Registry::new(lenders);
        let before = loans(&lending, from, JointState::alone(state.clone())).await?;
        if before.iter().all(|one| factor(one).is_none()) && effects.failure.is_some() {
            return Ok(None);
        }
        if effects.failure.is_some() {
            return Ok(before.iter().find_map(|loan| withdrawal(&lending, loan, call)));
        }
        let run = Call {
            from,
            to: tx.to(),
            input: tx.input().clone(),
            value: tx.value(),
            gas_limit: Some(tx.gas_limit()),
            ..Call::default()
        };
        let after = loans(&lending, from, JointState::after(state.clone(), vec![run])).await?;
        Ok(worst(&before, &after))
    }

    /// Whether it calls a lender or moves a token of one. Other transactions leave loans as they are.
    fn touches_loans(&self, lenders: &[Arc<dyn Protocol>], call: &DecodedCall, effects: &Effects) -> bool {
        let lends = |address: Address| {
            let known = self.inner.book.known(self.chain_id(), address);
            known.is_some_and(|row| LENDING_IN_BOOK.contains(&row.protocol.as_str()))
                || lenders.iter().any(|one| one.anchor() == address)
        };
        let moved = effects.changes.iter().filter_map(|change| match change.asset {
            Asset::Erc20 { token } => Some(token),
            _ => None,
        });
        // Lenders write a log of everything they do, so one that is called inside is found too.
        calls(call, &lends) || moved.chain(effects.logs.iter().map(|log| log.address)).any(lends)
    }
}

fn calls(call: &DecodedCall, lends: &impl Fn(Address) -> bool) -> bool {
    call.to.is_some_and(lends) || call.inner.iter().any(|inner| calls(inner, lends))
}

async fn loans(registry: &Registry, owner: Address, joint: JointState) -> Result<Vec<Position>, ReadError> {
    let reports = match registry.read_on(owner, &joint).await {
        Ok(reports) => reports,
        Err(ProtocolError::Read(error)) => return Err(error),
        Err(error) => {
            tracing::debug!(%error, "loans could not be read");
            return Ok(Vec::new());
        }
    };
    let positions = reports.into_iter().filter_map(|report| match report.found {
        Found::Positions(positions) => Some(positions),
        Found::NotThere | Found::Failed(_) => None,
    });
    Ok(positions.flatten().collect())
}

fn factor(position: &Position) -> Option<U256> {
    position.health.as_ref()?.factor
}

/// In hundredths, rounded down.
fn hundredths(factor: U256) -> u64 {
    u64::try_from(factor / (WAD / U256::from(100))).unwrap_or(u64::MAX)
}

fn name(position: &Position) -> String {
    format!("{} {}", protocol_name(&position.protocol), position.market)
}

fn protocol_name(id: &str) -> &str {
    match id {
        aave_v3::ID => "Aave",
        compound_v3::ID => "Compound",
        morpho_blue::ID => "Morpho",
        other => other,
    }
}

fn same(one: &Position, other: &Position) -> bool {
    (one.contract, &one.protocol, &one.market) == (other.contract, &other.protocol, &other.market)
}

fn worst(before: &[Position], after: &[Position]) -> Option<HealthFact> {
    let worse = after.iter().filter_map(|loan| {
        let now = factor(loan)?;
        let was = before.iter().find(|old| same(old, loan)).and_then(factor);
        was.is_none_or(|was| now < was).then_some((now, loan))
    });
    let Some((now, loan)) = worse.min_by_key(|(now, _)| *now) else { return cleared(before, after) };
    Some(HealthFact { protocol: name(loan), after: Some(hundredths(now)), most: "nothing".to_owned() })
}

/// A loan of which nothing is owed any more. One that is not there any more may only be one that could not be read.
fn cleared(before: &[Position], after: &[Position]) -> Option<HealthFact> {
    let owed = |old: &&Position| factor(old).is_some();
    let clear = |loan: &&Position| after.iter().any(|one| same(one, loan) && !one.owes());
    let loan = before.iter().filter(owed).find(clear)?;
    Some(HealthFact { protocol: name(loan), after: None, most: "nothing".to_owned() })
}

/// A withdrawal from Aave that fails: where it would have ended, by Aave's own arithmetic.
fn withdrawal(registry: &Registry, loan: &Position, call: &DecodedCall) -> Option<HealthFact> {
    let what_if = aave_v3::what_if(loan)?;
    let CallBody::Function { name: function, args, .. } = &call.body else { return None };
    if call.to != Some(loan.contract) || function != "withdraw" {
        return None;
    }
    let token = args.iter().find_map(|one| one.value.as_address())?;
    let amount = args.iter().find_map(|one| match one.value {
        AbiValue::Uint(amount) => Some(amount),
        _ => None,
    })?;
    let at = what_if.assets.iter().position(|asset| asset.address == token)?;
    let held = what_if.holdings.holdings.get(at)?.collateral;
    let left = held.saturating_sub(amount);
    let after = what_if.holdings.with_collateral(at, left).health_factor()?;
    if after >= WAD {
        return None; // it fails for another reason
    }
    let most = registry.take_now(loan, WAD).into_iter().find(|one| one.action.asset.address == token);
    let most = most.map(|one| one.action.asset.show(one.action.units()));
    Some(HealthFact {
        protocol: name(loan),
        after: Some(hundredths(after)),
        most: most.unwrap_or_else(|| "nothing".to_owned()),
    })
}
