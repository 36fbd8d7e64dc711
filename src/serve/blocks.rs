//! Blocks and their receipts.

use std::sync::Arc;

use alloy::eips::{BlockId, BlockNumberOrTag};
use serde_json::Value;

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, quantity, to_json};
use super::shapes;
use crate::app::ProvenHeader;

/// `eth_getBlockByHash(hash, full)`.
pub(super) async fn by_hash(at: &Pinned, params: &Params) -> Answer {
    shown(at, BlockId::hash(params.hash(0)?), params).await
}

/// `eth_getBlockByNumber(number, full)`.
pub(super) async fn by_number(at: &Pinned, params: &Params) -> Answer {
    shown(at, params.required::<BlockNumberOrTag>(0)?.into(), params).await
}

async fn shown(at: &Pinned, id: BlockId, params: &Params) -> Answer {
    let full = params.optional(1)?.unwrap_or(false);
    let Some(header) = at.known(id).await? else { return Ok(Value::Null) };
    let body = at.body(&header).await?;
    shapes::block(&header, &body, full)
}

/// `eth_getHeaderByHash(hash)`.
pub(super) async fn header_by_hash(at: &Pinned, params: &Params) -> Answer {
    header(at, BlockId::hash(params.hash(0)?)).await
}

/// `eth_getHeaderByNumber(number)`.
pub(super) async fn header_by_number(at: &Pinned, params: &Params) -> Answer {
    header(at, params.required::<BlockNumberOrTag>(0)?.into()).await
}

async fn header(at: &Pinned, id: BlockId) -> Answer {
    match at.known(id).await? {
        Some(header) => shapes::header_alone(&header),
        None => Ok(Value::Null),
    }
}

/// `eth_getBlockTransactionCountByHash(hash)`.
pub(super) async fn count_by_hash(at: &Pinned, params: &Params) -> Answer {
    count(at, BlockId::hash(params.hash(0)?)).await
}

/// `eth_getBlockTransactionCountByNumber(number)`.
pub(super) async fn count_by_number(at: &Pinned, params: &Params) -> Answer {
    count(at, params.required::<BlockNumberOrTag>(0)?.into()).await
}

async fn count(at: &Pinned, id: BlockId) -> Answer {
    let Some(header) = at.known(id).await? else { return Ok(Value::Null) };
    quantity(u64::try_from(at.body(&header).await?.transactions.len()).unwrap_or(u64::MAX))
}

/// `eth_getBlockReceipts(block)`.
pub(super) async fn receipts(at: &Pinned, params: &Params) -> Answer {
    match at.known(params.required(0)?).await? {
        Some(header) => to_json(&receipts_of(at, &header).await?),
        None => Ok(Value::Null),
    }
}

/// All receipts of a proven block, as shown.
pub(super) async fn receipts_of(at: &Pinned, header: &Arc<ProvenHeader>) -> Result<Vec<Value>, RpcError> {
    let (body, receipts) = futures::try_join!(at.body(header), at.receipts(header))?;
    let blob_price = super::fees::blob_price(at, header)?;
    shapes::receipts(header, &body.transactions, &receipts, blob_price)
}

/// `eth_getTransactionByBlockHashAndIndex(hash, index)`.
pub(super) async fn transaction_by_hash(at: &Pinned, params: &Params) -> Answer {
    transaction(at, BlockId::hash(params.hash(0)?), params).await
}

/// `eth_getTransactionByBlockNumberAndIndex(number, index)`.
pub(super) async fn transaction_by_number(at: &Pinned, params: &Params) -> Answer {
    transaction(at, params.required::<BlockNumberOrTag>(0)?.into(), params).await
}

async fn transaction(at: &Pinned, id: BlockId, params: &Params) -> Answer {
    let index = params.required::<alloy::primitives::U64>(1)?.to::<u64>();
    let Some(header) = at.known(id).await? else { return Ok(Value::Null) };
    let body = at.body(&header).await?;
    let one = usize::try_from(index).ok().and_then(|place| body.transactions.get(place));
    to_json(&one.map(|one| shapes::transaction(&header, one, index)))
}
