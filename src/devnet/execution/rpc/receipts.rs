//! Receipts with the fields that RPC derives.

use alloy::consensus::Transaction as _;
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{B256, Bytes};
use alloy::rpc::types::{Log, TransactionReceipt};
use serde_json::Value;

use super::blocks;
use super::params::{Answer, Params, to_json};
use super::view::View;
use crate::devnet::execution::ExecutionBlock;

/// `eth_getTransactionReceipt(hash)`: null where it is not included.
pub(super) fn by_hash(view: &View<'_>, params: &Params) -> Answer {
    let hash: B256 = params.required(0)?;
    let Some((block, index)) = view.locate(hash) else { return Ok(Value::Null) };
    to_json(&receipts(&view.show(block)).into_iter().nth(index))
}

/// `eth_getBlockReceipts(block)`.
pub(super) fn of_block(view: &View<'_>, params: &Params) -> Answer {
    to_json(&view.shown(params.required(0)?)?.map(|block| receipts(&block)))
}

/// `debug_getRawReceipts(block)`: EIP-2718 bytes of each.
pub(super) fn raw(view: &View<'_>, params: &Params) -> Answer {
    let block = blocks::raw(view, params)?;
    let raw: Vec<Bytes> = block.receipts.iter().map(|receipt| receipt.encoded_2718().into()).collect();
    to_json(&raw)
}

/// All receipts of `block` as RPC shows them.
pub(super) fn receipts(block: &ExecutionBlock) -> Vec<TransactionReceipt> {
    let base_fee = block.header.base_fee_per_gas;
    let mut logs_before = 0u64;
    let mut shown = Vec::with_capacity(block.receipts.len());
    for (index, (tx, receipt)) in block.transactions.iter().zip(&block.receipts).enumerate() {
        let (transaction_hash, transaction_index) = (*tx.tx_hash(), u64::try_from(index).ok());
        let first = logs_before;
        logs_before = first.saturating_add(u64::try_from(receipt.logs().len()).unwrap_or_default());
        let mut log_index = first;
        let inner = receipt.clone().map_logs(|log| {
            let shown = Log {
                inner: log,
                block_hash: Some(block.hash()),
                block_number: Some(block.number()),
                block_timestamp: Some(block.header.timestamp),
                transaction_hash: Some(transaction_hash),
                transaction_index,
                log_index: Some(log_index),
                removed: false,
            };
            log_index = log_index.saturating_add(1);
            shown
        });
        let created = tx.kind().is_create().then(|| tx.signer().create(tx.nonce()));
        shown.push(TransactionReceipt {
            inner,
            transaction_hash,
            transaction_index,
            block_hash: Some(block.hash()),
            block_number: Some(block.number()),
            gas_used: block.gas_used_by(index),
            effective_gas_price: tx.effective_gas_price(base_fee),
            blob_gas_used: None,
            blob_gas_price: None,
            from: tx.signer(),
            to: tx.to(),
            contract_address: created,
        });
    }
    shown
}
