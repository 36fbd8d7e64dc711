//! Balances of many accounts in many tokens, in one run.

use std::collections::BTreeSet;

use alloy::primitives::{Address, U256};

use super::facts::{TokenFacts, facts};
use crate::chain::{ReadError, StateAt};
use crate::contracts::{Erc20, TokenList};
use crate::execution::{Account, BlockRef, Call, Proven};
use crate::protocols::reads::{NoAnswer, Reading, read, read_all, value};

/// Reads of one run; more are split, for a run has a limit on the state it may ask for.
const READS_AT_ONCE: usize = 4_000;

/// Most gas of one balance: a token that reads hundreds of slots for it would delay all the others.
const BALANCE_GAS: u64 = 1_500_000;

/// What accounts hold.
#[derive(Debug, Clone)]
pub struct TokenBalances {
    /// Where all of it was proven.
    pub at: BlockRef,
    /// The tokens that were looked at, in the order asked.
    pub tokens: Vec<Address>,
    /// What is known of those that somebody holds, and of those that are not listed.
    pub facts: Vec<TokenFacts>,
    /// The accounts, in the order asked.
    pub owners: Vec<OwnerBalances>,
}

/// What one account holds.
#[derive(Debug, Clone)]
pub struct OwnerBalances {
    /// The account itself; its balance is ether in wei.
    pub account: Proven<Account>,
    /// By token, in the order of [`TokenBalances::tokens`], in the token's smallest unit; or why it is not known.
    pub balances: Vec<Result<Proven<U256>, NoAnswer>>,
}

impl TokenBalances {
    /// What is known of a token.
    #[must_use]
    pub fn facts_of(&self, token: Address) -> Option<&TokenFacts> {
        self.facts.iter().find(|facts| facts.address == token)
    }

    /// How many of all balances could not be read.
    #[must_use]
    pub fn not_read(&self) -> usize {
        self.owners.iter().flat_map(|owner| &owner.balances).filter(|one| one.is_err()).count()
    }
}

/// Balances of `owners` in ether and in `tokens`.
///
/// # Errors
/// [`ReadError`] where the accounts, or nothing at all of the tokens, could be read.
pub async fn balances(
    state: &StateAt,
    chain_id: u64,
    owners: &[Address],
    tokens: &[Address],
) -> Result<TokenBalances, ReadError> {
    let calls: Vec<_> =
        owners.iter().flat_map(|owner| tokens.iter().map(|token| balance_of(*token, *owner))).collect();
    let (accounts, readings) = futures::join!(state.accounts(owners), read_in_parts(state, &calls));
    let readings = readings?;
    let mut rows = readings.chunks(tokens.len().max(1));
    let owners: Vec<OwnerBalances> = accounts?
        .into_iter()
        .map(|account| OwnerBalances {
            account,
            balances: rows.next().unwrap_or_default().iter().map(balance).collect(),
        })
        .collect();
    let wanted = worth_knowing(chain_id, tokens, &owners);
    let facts = facts(state, chain_id, &wanted).await?;
    Ok(TokenBalances { at: state.block_ref(), tokens: tokens.to_vec(), facts, owners })
}

fn balance_of(token: Address, owner: Address) -> Call {
    Call { gas_limit: Some(BALANCE_GAS), ..read(token, &Erc20::balanceOfCall { owner }) }
}

async fn read_in_parts(state: &StateAt, calls: &[Call]) -> Result<Vec<Reading>, ReadError> {
    let mut readings = Vec::with_capacity(calls.len());
    for some in calls.chunks(READS_AT_ONCE) {
        readings.extend(read_all(state, some).await?);
    }
    Ok(readings)
}

fn balance(reading: &Reading) -> Result<Proven<U256>, NoAnswer> {
    let balance = value::<Erc20::balanceOfCall>(reading, "a number")?;
    reading.as_ref().map(|outcome| outcome.clone().map(|_| balance)).map_err(Clone::clone)
}

/// Symbol and decimals matter for what is held and for what is not listed; what failed is not asked again.
fn worth_knowing(chain_id: u64, tokens: &[Address], owners: &[OwnerBalances]) -> Vec<Address> {
    let list = TokenList::of_chain(chain_id);
    let unlisted = |token: &Address| list.is_none_or(|list| list.at(*token).is_none());
    let wanted: BTreeSet<Address> = owners
        .iter()
        .flat_map(|owner| tokens.iter().zip(&owner.balances))
        .filter(|(token, balance)| {
            balance.as_ref().is_ok_and(|balance| !balance.value().is_zero() || unlisted(token))
        })
        .map(|(token, _)| *token)
        .collect();
    tokens.iter().filter(|token| wanted.contains(*token)).copied().collect()
}
