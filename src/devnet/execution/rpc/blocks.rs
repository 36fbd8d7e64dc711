//! Blocks and headers.

use std::sync::Arc;

use alloy::consensus::{Block, BlockBody};
use alloy::eips::eip4895::Withdrawals;
use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{B256, Bytes, U256};
use alloy::rpc::types::{Block as RpcBlock, BlockTransactions, Header as RpcHeader};
use serde_json::Value;

use super::error::RpcError;
use super::params::{Answer, Params, quantity, to_json};
use super::transactions;
use super::view::View;
use crate::devnet::execution::ExecutionBlock;

/// `eth_blockNumber()`.
pub(super) fn number(view: &View<'_>) -> Answer {
    quantity(view.head().number())
}

/// `eth_getBlockByHash(hash, full)`.
pub(super) fn by_hash(view: &View<'_>, params: &Params) -> Answer {
    let hash: B256 = params.required(0)?;
    shown(view, BlockId::hash(hash), params)
}

/// `eth_getHeaderByHash(hash)`, as go-ethereum has it.
pub(super) fn header_by_hash(view: &View<'_>, params: &Params) -> Answer {
    let hash: B256 = params.required(0)?;
    match view.shown(BlockId::hash(hash))? {
        Some(block) => to_json(&header(&block)),
        None => Ok(Value::Null),
    }
}

/// `eth_getBlockByNumber(number, full)`.
pub(super) fn by_number(view: &View<'_>, params: &Params) -> Answer {
    let number: BlockNumberOrTag = params.required(0)?;
    shown(view, number.into(), params)
}

/// `eth_getBlockTransactionCountByHash` and `…ByNumber`.
pub(super) fn transaction_count(view: &View<'_>, params: &Params) -> Answer {
    match view.shown(params.required(0)?)? {
        Some(block) => quantity(u64::try_from(block.transactions.len()).unwrap_or(u64::MAX)),
        None => Ok(Value::Null),
    }
}

/// `debug_getRawHeader(block)`: RLP.
pub(super) fn raw_header(view: &View<'_>, params: &Params) -> Answer {
    let block = raw(view, params)?;
    to_json(&Bytes::from(alloy::rlp::encode(block.header.inner())))
}

/// `debug_getRawBlock(block)`: RLP.
pub(super) fn raw_block(view: &View<'_>, params: &Params) -> Answer {
    let block = raw(view, params)?;
    let body = BlockBody {
        transactions: block.transactions.iter().map(|tx| tx.inner().clone()).collect::<Vec<_>>(),
        ommers: Vec::new(),
        withdrawals: Some(Withdrawals::new(block.withdrawals.clone())),
    };
    to_json(&Bytes::from(alloy::rlp::encode(Block { header: block.header.inner().clone(), body })))
}

/// The block a `debug_` method asks for.
pub(super) fn raw(view: &View<'_>, params: &Params) -> Result<Arc<ExecutionBlock>, RpcError> {
    view.shown(params.required(0)?)?.ok_or_else(|| RpcError::server("block not found"))
}

fn header(block: &ExecutionBlock) -> RpcHeader {
    RpcHeader::from_consensus(block.header.clone(), None, Some(U256::from(block.rlp_length())))
}

fn shown(view: &View<'_>, id: BlockId, params: &Params) -> Answer {
    let full = params.optional(1)?.unwrap_or(false);
    let Some(block) = view.shown(id)? else { return Ok(Value::Null) };
    let transactions = if full {
        BlockTransactions::Full(
            (0..block.transactions.len()).filter_map(|index| transactions::included(&block, index)).collect(),
        )
    } else {
        BlockTransactions::Hashes(block.transactions.iter().map(|tx| *tx.tx_hash()).collect())
    };
    to_json(&RpcBlock {
        header: header(&block),
        uncles: Vec::new(),
        transactions,
        withdrawals: Some(Withdrawals::new(block.withdrawals.clone())),
    })
}
