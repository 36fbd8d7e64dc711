//! Proven values in the shapes of the execution API.

use alloy::consensus::transaction::{Recovered, TransactionInfo};
use alloy::consensus::{Block, BlockBody as ConsensusBody, Header, Transaction as _, TxEnvelope};
use alloy::primitives::{Log as PlainLog, Sealed, U256};
use alloy::rlp::{Decodable as _, Encodable as _};
use alloy::rpc::types::{
    Block as RpcBlock, BlockTransactions, Header as RpcHeader, Log, Transaction, TransactionReceipt,
};
use serde_json::Value;

use super::error::RpcError;
use super::params::{Answer, to_json};
use crate::app::{BlockBody, BlockTransaction, PlacedLog, ProvenHeader, Receipt};

/// The header with every field by name.
///
/// # Errors
/// -32004 where the header has fields that this build cannot name.
pub(super) fn header(proven: &ProvenHeader) -> Result<Sealed<Header>, RpcError> {
    let decoded = Header::decode(&mut proven.raw_rlp().as_ref()).ok();
    let header = decoded.filter(|header| header.hash_slow() == proven.hash()).ok_or_else(|| {
        RpcError::unprovable("the header has fields that this build cannot name; install a newer build")
    })?;
    Ok(Sealed::new_unchecked(header, proven.hash()))
}

/// A header as `newHeads` tells it.
pub(super) fn header_alone(proven: &ProvenHeader) -> Answer {
    to_json(&RpcHeader::from_consensus(header(proven)?, None, None))
}

/// A block with its transactions, or with their hashes.
pub(super) fn block(proven: &ProvenHeader, body: &BlockBody, full: bool) -> Answer {
    let header = header(proven)?;
    let transactions = if full {
        let all = body.transactions.iter().zip(0..);
        BlockTransactions::Full(all.map(|(one, index)| transaction(proven, one, index)).collect())
    } else {
        BlockTransactions::Hashes(body.transactions.iter().map(|one| one.hash).collect())
    };
    let size = U256::from(whole(&header, body)?.length());
    let shown = to_json(&RpcBlock {
        header: RpcHeader::from_consensus(header, None, Some(size)),
        uncles: Vec::new(),
        transactions,
        withdrawals: body.withdrawals.clone(),
    })?;
    Ok(shown)
}

/// The block as its RLP has it.
///
/// # Errors
/// -32004 for a block with uncles, all of them from before the merge: endpoints give no proof of what they are.
pub(super) fn whole(header: &Sealed<Header>, body: &BlockBody) -> Result<Block<TxEnvelope>, RpcError> {
    if body.has_ommers {
        return Err(RpcError::unprovable("the block has uncles, and what they are is not proven here"));
    }
    let transactions = body.transactions.iter().map(|one| one.envelope.clone()).collect();
    let withdrawals = body.withdrawals.clone();
    let body = ConsensusBody { transactions, ommers: Vec::new(), withdrawals };
    Ok(Block { header: header.inner().clone(), body })
}

/// A transaction of a proven block.
pub(super) fn transaction(proven: &ProvenHeader, one: &BlockTransaction, index: u64) -> Transaction {
    let info = TransactionInfo {
        hash: Some(one.hash),
        index: Some(index),
        block_hash: Some(proven.hash()),
        block_number: Some(proven.number()),
        base_fee: proven.fields().base_fee_per_gas,
        block_timestamp: Some(proven.timestamp()),
    };
    Transaction::from_transaction(Recovered::new_unchecked(one.envelope.clone(), one.sender), info)
}

/// The logs of one transaction, `first` being the index of the first among the block's.
fn logs(
    proven: &ProvenHeader,
    (one, index): (&BlockTransaction, u64),
    logs: &[PlainLog],
    first: u64,
) -> Vec<Log> {
    let place = |(inner, log_index): (&PlainLog, u64)| Log {
        inner: inner.clone(),
        block_hash: Some(proven.hash()),
        block_number: Some(proven.number()),
        block_timestamp: Some(proven.timestamp()),
        transaction_hash: Some(one.hash),
        transaction_index: Some(index),
        log_index: Some(log_index),
        removed: false,
    };
    logs.iter().zip(first..).map(place).collect()
}

/// A log of a proven block.
pub(super) fn placed_log(placed: PlacedLog) -> Log {
    Log {
        inner: placed.log,
        block_hash: Some(placed.header.hash()),
        block_number: Some(placed.header.number()),
        block_timestamp: Some(placed.header.timestamp()),
        transaction_hash: Some(placed.transaction),
        transaction_index: Some(placed.transaction_index),
        log_index: Some(placed.log_index),
        removed: false,
    }
}

/// All receipts of a proven block, each with what follows from its place. `blob_price` is the block's blob base fee.
pub(super) fn receipts(
    proven: &ProvenHeader,
    transactions: &[BlockTransaction],
    receipts: &[Receipt],
    blob_price: Option<u128>,
) -> Result<Vec<Value>, RpcError> {
    if transactions.len() != receipts.len() {
        return Err(RpcError::internal("transactions and receipts differ in number"));
    }
    let (mut gas_before, mut first_log) = (0u64, 0u64);
    let mut shown = Vec::with_capacity(receipts.len());
    for ((one, receipt), index) in transactions.iter().zip(receipts).zip(0..) {
        let logs = logs(proven, (one, index), &receipt.logs, first_log);
        first_log = first_log.saturating_add(u64::try_from(receipt.logs.len()).unwrap_or_default());
        let gas_used = receipt.cumulative_gas_used.saturating_sub(gas_before);
        gas_before = receipt.cumulative_gas_used;
        let blob_gas_used = one.envelope.blob_gas_used();
        let envelope = &one.envelope;
        let creates = envelope.kind().is_create();
        shown.push(to_json(&TransactionReceipt {
            inner: receipt.envelope(logs),
            transaction_hash: one.hash,
            transaction_index: Some(index),
            block_hash: Some(proven.hash()),
            block_number: Some(proven.number()),
            gas_used,
            effective_gas_price: envelope.effective_gas_price(proven.fields().base_fee_per_gas),
            blob_gas_used,
            blob_gas_price: blob_gas_used.and(blob_price),
            from: one.sender,
            to: one.to(),
            contract_address: creates.then(|| one.sender.create(envelope.nonce())),
        })?);
    }
    Ok(shown)
}
