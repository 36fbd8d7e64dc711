//! Runs steps one after the other, and reads a wallet on what they leave.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes, U256};

use super::plan::{StepOutcome, WalletChange};
use crate::chain::{ReadError, StateAt};
use crate::contracts::Erc20;
use crate::execution::{Call, CallBatch, CallError, CallOutcome};
use crate::protocols::{Ask, Asset, Intent, JointState, ProtocolError, Ticket, first_word};

/// What a wallet holds, in units by token; ether under the zero address. A token whose balance cannot be read is not in it.
pub(super) type Balances = BTreeMap<Address, U256>;

/// Tokens whose balance cannot be read, and why.
pub(super) type Unread = BTreeMap<Address, String>;

/// Says why a call to a contract of a chain did not succeed.
pub(super) type Why<'a> = dyn Fn((u64, Address), &CallOutcome) -> String + Send + Sync + 'a;

/// Outcomes of `intents` run in turn on what `first` leave.
pub(super) async fn outcomes(
    state: &StateAt,
    owner: Address,
    (first, intents): (&[Call], &[Intent]),
    why: &Why<'_>,
) -> Result<Vec<StepOutcome>, ProtocolError> {
    let calls: Vec<Call> = intents.iter().map(|intent| intent.as_call(owner)).collect();
    let batch = CallBatch::reads(state.evm_env()?, calls).in_turn().after(first.to_vec());
    let ran = match state.run(batch).await {
        // More ether sent than there is: no transaction at all, and no fault of the reads.
        Err(ReadError::Call(CallError::Invalid { detail })) => {
            return Ok(intents.iter().map(|_| StepOutcome::Fails { why: detail.clone() }).collect());
        }
        ran => ran?,
    };
    let chain_id = state.evm_env()?.chain_id();
    let own = ran.into_iter().skip(first.len()).zip(intents);
    Ok(own.map(|(outcome, intent)| judge((chain_id, intent), outcome.value(), why)).collect())
}

fn judge((chain_id, intent): (u64, &Intent), outcome: &CallOutcome, why: &Why<'_>) -> StepOutcome {
    if outcome.is_success() {
        return StepOutcome::Works { gas: outcome.gas_used };
    }
    StepOutcome::Fails { why: why((chain_id, intent.to), outcome) }
}

/// What `owner` holds of `assets` in that state. A token that does not tell it costs only itself: it goes to `unread`.
pub(super) async fn balances(
    joint: &JointState,
    owner: Address,
    assets: impl IntoIterator<Item = Asset>,
    unread: &mut Unread,
) -> Result<Balances, ProtocolError> {
    let mut ask = Ask::new();
    let ether: Ticket<Erc20::balanceOfCall> = ask.call(ether_balance(owner));
    let tokens: Vec<_> = assets
        .into_iter()
        .filter(|asset| !asset.is_ether())
        .map(|asset| (asset.address, ask.view(asset.address, &Erc20::balanceOfCall { owner })))
        .collect();
    let answers = ask.run(joint).await?;
    let (_, outcome) = answers.outcome(ether)?;
    let wei = first_word(&outcome.output)
        .ok_or_else(|| ProtocolError::Inconsistent { detail: "the ether balance is missing".to_owned() })?;
    let mut found = Balances::from([(Address::ZERO, wei)]);
    for (token, ticket) in tokens {
        match answers.get(ticket) {
            Ok(units) => drop(found.insert(token, units)),
            Err(error) => drop(unread.insert(token, contracts_own(error)?)),
        }
    }
    Ok(found)
}

/// In words what a contract does wrong; what is no fault of one contract stays an error.
pub(super) fn contracts_own(error: ProtocolError) -> Result<String, ProtocolError> {
    match error {
        ProtocolError::Refused { .. } | ProtocolError::Unreadable { .. } => Ok(error.to_string()),
        other => Err(other),
    }
}

/// What of `assets` there is more or less of at the end.
pub(super) fn changes(assets: &[Asset], first: &Balances, last: &Balances) -> Vec<WalletChange> {
    let all = assets.iter().filter_map(|asset| {
        // What could not be read is told of elsewhere, and is no zero.
        let (before, after) = (*first.get(&asset.address)?, *last.get(&asset.address)?);
        Some(WalletChange { asset: asset.clone(), before, after })
    });
    all.filter(|one| one.before != one.after).collect()
}

/// Code that returns an account's balance: `BALANCE` of it, stored and returned. As a creation its return data is that
/// word; nothing is created, since nothing of it is kept.
fn ether_balance(owner: Address) -> Call {
    let mut code = vec![0x73];
    code.extend_from_slice(owner.as_slice());
    code.extend_from_slice(&[0x31, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]);
    Call { to: None, input: Bytes::from(code), ..Call::default() }
}
