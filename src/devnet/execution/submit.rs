//! Is a submitted transaction fit for the pool?

use alloy::consensus::transaction::{Recovered, SignerRecoverable};
use alloy::consensus::{Transaction, TxEnvelope, Typed2718};
use alloy::eips::eip2718::Decodable2718;
use alloy::primitives::U256;
use revm::context::result::EVMError;

use super::evm::{Checks, tx_env};
use super::state::StateView;
use super::{ExecutionChain, SubmitError};

/// Decodes a raw transaction, recovers its sender and checks it against the head's state and rules.
pub(super) fn check(chain: &ExecutionChain, raw: &[u8]) -> Result<Recovered<TxEnvelope>, SubmitError> {
    let mut rest = raw;
    let tx =
        TxEnvelope::decode_2718(&mut rest).map_err(|error| SubmitError::Undecodable(error.to_string()))?;
    if !rest.is_empty() {
        return Err(SubmitError::Undecodable("trailing bytes".to_owned()));
    }
    if tx.is_eip4844() {
        return Err(SubmitError::UnsupportedType(tx.ty()));
    }
    let want = chain.config().chain_id;
    if tx.chain_id() != Some(want) {
        return Err(SubmitError::ChainId { have: tx.chain_id(), want });
    }
    let Ok(signer) = tx.recover_signer() else { return Err(SubmitError::InvalidSender) };
    let tx = Recovered::new_unchecked(tx, signer);
    if chain.waiting(*tx.tx_hash()).is_some() || chain.locate(*tx.tx_hash()).is_some() {
        return Err(SubmitError::AlreadyKnown);
    }
    check_against_head(chain, tx)
}

fn check_against_head(
    chain: &ExecutionChain,
    tx: Recovered<TxEnvelope>,
) -> Result<Recovered<TxEnvelope>, SubmitError> {
    let head = chain.head();
    let state = chain.state(head.hash()).ok_or(SubmitError::NoState)?;
    let next = state.nonce(tx.signer());
    if tx.nonce() < next {
        return Err(SubmitError::NonceTooLow { next, nonce: tx.nonce() });
    }
    if tx.gas_limit() > head.header.gas_limit {
        return Err(SubmitError::ExceedsBlockGasLimit);
    }
    let fee = U256::from(tx.max_fee_per_gas()).saturating_mul(U256::from(tx.gas_limit()));
    let cost = fee.saturating_add(tx.value());
    let balance = state.balance(tx.signer());
    if cost > balance {
        return Err(SubmitError::InsufficientFunds { balance, cost });
    }
    let block_hash = |number: u64| chain.ancestor(head.hash(), number);
    let view = StateView { state, block_hash: &block_hash };
    // The EVM's own validation: intrinsic gas, floor, caps, init code, authorization list, sender's code.
    match chain.env_of(&head).transact(&view, tx_env(&tx), Checks::Pool) {
        Ok(_) => Ok(tx),
        Err(EVMError::Transaction(error)) => Err(SubmitError::Invalid(error.to_string())),
        Err(error) => Err(SubmitError::Invalid(error.to_string())),
    }
}
