//! Transactions: included, waiting, submitted.

use alloy::consensus::transaction::TransactionInfo;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{B256, Bytes, U64, keccak256};
use alloy::rpc::types::Transaction;
use serde_json::Value;

use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::view::View;
use crate::devnet::execution::{ExecutionBlock, ExecutionChain, ExecutionLie, SubmitError};

/// The transaction at `index` of `block`, as RPC shows it.
pub(super) fn included(block: &ExecutionBlock, index: usize) -> Option<Transaction> {
    let tx = block.transactions.get(index)?.clone();
    let info = TransactionInfo {
        hash: Some(*tx.tx_hash()),
        index: u64::try_from(index).ok(),
        block_hash: Some(block.hash()),
        block_number: Some(block.number()),
        base_fee: block.header.base_fee_per_gas,
        block_timestamp: Some(block.header.timestamp),
    };
    Some(Transaction::from_transaction(tx, info))
}

/// `eth_getTransactionByHash(hash)`: included, waiting (`blockHash` null) or null.
pub(super) fn by_hash(view: &View<'_>, params: &Params) -> Answer {
    let hash: B256 = params.required(0)?;
    if let Some((block, index)) = view.locate(hash) {
        return to_json(&included(&view.show(block), index));
    }
    let waiting = match view.lie() {
        Some(ExecutionLie::HiddenTransaction) => None,
        Some(ExecutionLie::PendingForIncluded) => view
            .chain
            .locate(hash)
            .and_then(|(block, index)| block.transactions.get(index).cloned())
            .or_else(|| view.chain.waiting(hash).cloned()),
        _ => view.chain.waiting(hash).cloned(),
    };
    to_json(&waiting.map(|tx| Transaction::from_transaction(tx, TransactionInfo::default())))
}

/// `eth_getTransactionByBlockHashAndIndex` and `…ByBlockNumberAndIndex`.
pub(super) fn by_index(view: &View<'_>, params: &Params) -> Answer {
    let index: U64 = params.required(1)?;
    let block = view.shown(params.required(0)?)?;
    let index = usize::try_from(index.to::<u64>()).unwrap_or(usize::MAX);
    to_json(&block.and_then(|block| included(&block, index)))
}

/// `debug_getRawTransaction(hash)` and `eth_getRawTransactionByHash`: EIP-2718 bytes, `0x` where it is not known.
pub(super) fn raw(view: &View<'_>, params: &Params) -> Answer {
    let hash: B256 = params.required(0)?;
    let known = match view.locate(hash) {
        Some((block, index)) => view.show(block).transactions.get(index).cloned(),
        None => view.chain.waiting(hash).cloned(),
    };
    to_json(&known.map(|tx| Bytes::from(tx.encoded_2718())).unwrap_or_default())
}

/// `eth_sendRawTransaction(bytes)`.
pub(super) fn send(chain: &mut ExecutionChain, lie: Option<ExecutionLie>, params: &Params) -> Answer {
    let raw: Bytes = params.required(0)?;
    match lie {
        Some(ExecutionLie::DroppedSubmission) => to_json(&keccak256(&raw)),
        Some(ExecutionLie::FalselyKnown) => Err(SubmitError::AlreadyKnown.into()),
        Some(ExecutionLie::FalseNonceTooLow) => {
            Err(SubmitError::NonceTooLow { next: u64::MAX, nonce: 0 }.into())
        }
        Some(ExecutionLie::OtherSubmissionHash) => {
            let hash = chain.submit(&raw).map_err(RpcError::from)?;
            to_json(&keccak256(hash))
        }
        _ => to_json(&chain.submit(&raw).map_err(RpcError::from)?),
    }
}

/// `eth_pendingTransactions()`: what waits in the pool.
pub(super) fn pending(view: &View<'_>) -> Answer {
    let waiting: Vec<Value> = view
        .chain
        .waiting_transactions()
        .filter_map(|tx| to_json(&Transaction::from_transaction(tx.clone(), TransactionInfo::default())).ok())
        .collect();
    Ok(Value::Array(waiting))
}
