//! R20: where a transaction leaves the account's loans, read on the state that it would leave.

use std::sync::Arc;

use alloy::primitives::{Address, U256};

use super::desk::Wallet;
use crate::chain::{ReadError, StateAt};
use crate::contracts::{AbiValue, CallBody, DecodedCall, TokenList};
use crate::execution::Call;
use crate::protocols::{
    Deployments, Found, JointState, Position, Protocol, ProtocolError, Registry, WAD, aave_v3, compound_v3,
    liquity_v1, liquity_v2, maker_vaults, morpho_blue,
};
use crate::wallet::review::HealthFact;
use crate::wallet::{Asset, Effects, Unsigned};

/// A family that lends.
struct Lender {
    id: &'static str,
    /// As the address book names its contracts.
    in_book: &'static [&'static str],
    /// Moving one of its tokens changes a loan: they are shares of what secures it. A stablecoin is money like any other.
    by_tokens: bool,
}

const LENDERS: [Lender; 6] = [
    Lender { id: aave_v3::ID, in_book: &["aave-v3", "spark"], by_tokens: true },
    Lender { id: compound_v3::ID, in_book: &["compound-v3"], by_tokens: true },
    Lender { id: morpho_blue::ID, in_book: &["morpho"], by_tokens: true },
    Lender { id: maker_vaults::ID, in_book: &["sky-maker"], by_tokens: false },
    Lender { id: liquity_v1::ID, in_book: &["liquity-v1"], by_tokens: false },
    Lender { id: liquity_v2::ID, in_book: &["liquity-v2"], by_tokens: false },
];

/// What was found of the account's loans.
#[derive(Debug, Default)]
pub(super) struct HealthFound {
    /// The loan that ends worst; `None` where none gets worse.
    pub(super) fact: Option<HealthFact>,
    /// A loan that the transaction may touch could not be read: nothing here says that it stays as it is.
    pub(super) unread: bool,
}

/// Loans read at one state.
#[derive(Debug, Default)]
struct Loans {
    found: Vec<Position>,
    unread: bool,
}

impl Wallet {
    /// What the transaction does to the account's loans.
    pub(super) async fn health_fact(
        &self,
        state: &StateAt,
        (from, tx, call): (Address, &Unsigned, &DecodedCall),
        effects: Option<&Effects>,
        own: Option<&Deployments>,
    ) -> Result<HealthFound, ReadError> {
        let mut registry = Registry::of_chain(self.chain_id());
        if let Some(own) = own {
            registry = registry.with(own);
        }
        let Some(effects) = effects else { return Ok(HealthFound::default()) };
        let touched = self.touched(&registry, call, effects);
        if touched.is_empty() {
            return Ok(HealthFound::default());
        }
        let lending = Registry::new(touched);
        let before = loans(&lending, from, JointState::alone(state.clone())).await?;
        if effects.failure.is_some() {
            // Nothing changes; where it would have ended is said of Aave alone.
            let fact = before.found.iter().find_map(|loan| withdrawal(&lending, loan, call));
            return Ok(HealthFound { fact, unread: false });
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
        let unread = before.unread || after.unread || priceless(&before.found, &after.found);
        Ok(HealthFound { fact: worst(&before.found, &after.found), unread })
    }

    /// The lenders whose contract it calls or that log something, or a share of which it moves. Other transactions leave
    /// loans as they are.
    fn touched(&self, registry: &Registry, call: &DecodedCall, effects: &Effects) -> Vec<Arc<dyn Protocol>> {
        let tokens = TokenList::of_chain(self.chain_id());
        let lends = |protocol: &Arc<dyn Protocol>| {
            let family = LENDERS.iter().find(|one| one.id == protocol.id());
            let touches = |address: Address| {
                let Some(family) = family else { return false };
                let known = self.inner.book.known(self.chain_id(), address);
                let in_book = known.is_some_and(|row| family.in_book.contains(&row.protocol.as_str()));
                let is_money = !family.by_tokens && tokens.is_some_and(|list| list.at(address).is_some());
                (in_book && !is_money) || protocol.anchor() == address
            };
            let moved = effects.changes.iter().filter_map(|change| match change.asset {
                Asset::Erc20 { token } => Some(token),
                _ => None,
            });
            // Lenders write a log of everything they do, so one that is called inside is found too.
            calls(call, &touches) || moved.chain(effects.logs.iter().map(|log| log.address)).any(touches)
        };
        registry.protocols().iter().filter(|one| lends(one)).cloned().collect()
    }
}

fn calls(call: &DecodedCall, lends: &impl Fn(Address) -> bool) -> bool {
    call.to.is_some_and(lends) || call.inner.iter().any(|inner| calls(inner, lends))
}

async fn loans(registry: &Registry, owner: Address, joint: JointState) -> Result<Loans, ReadError> {
    let reports = match registry.read_on(owner, &joint).await {
        Ok(reports) => reports,
        Err(ProtocolError::Read(error)) => return Err(error),
        Err(error) => {
            tracing::debug!(%error, "loans could not be read");
            return Ok(Loans { found: Vec::new(), unread: true });
        }
    };
    let mut read = Loans::default();
    for report in reports {
        match report.found {
            Found::Positions(positions) => read.found.extend(positions),
            Found::NotThere => {}
            Found::Failed(error) => {
                tracing::debug!(%error, protocol = report.protocol, "a loan could not be read");
                read.unread = true;
            }
        }
    }
    Ok(read)
}

/// A loan that was weighed before cannot be weighed after: its price is gone.
fn priceless(before: &[Position], after: &[Position]) -> bool {
    let weighed = |old: &&Position| factor(old).is_some();
    let lost = |old: &Position| after.iter().any(|one| same(one, old) && one.owes() && factor(one).is_none());
    before.iter().filter(weighed).any(lost)
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
        maker_vaults::ID => "Maker",
        liquity_v1::ID | liquity_v2::ID => "Liquity",
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
