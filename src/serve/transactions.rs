//! Transactions by hash.
//!
//! `null` says that nothing is proven, not that there is nothing: that a transaction does not exist cannot be proven.

use std::sync::Arc;

use alloy::primitives::B256;
use serde_json::Value;

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::{blocks, shapes};
use crate::app::{ProvenHeader, TransactionStatus};

/// `eth_getTransactionByHash(hash)`: null until it is proven to be in the chain.
pub(super) async fn by_hash(at: &Pinned, params: &Params) -> Answer {
    let Some((header, index)) = find(at, params.hash(0)?).await? else { return Ok(Value::Null) };
    let body = at.body(&header).await?;
    let one = usize::try_from(index).ok().and_then(|place| body.transactions.get(place));
    to_json(&one.map(|one| shapes::transaction(&header, one, index)))
}

/// `eth_getTransactionReceipt(hash)`: null until it is proven to be in the chain.
pub(super) async fn receipt(at: &Pinned, params: &Params) -> Answer {
    let Some((header, index)) = find(at, params.hash(0)?).await? else { return Ok(Value::Null) };
    let receipts = blocks::receipts_of(at, &header).await?;
    let one = usize::try_from(index).ok().and_then(|place| receipts.into_iter().nth(place));
    Ok(one.unwrap_or(Value::Null))
}

/// Block and index of a transaction that is proven to be in the chain.
pub(super) async fn find(at: &Pinned, hash: B256) -> Result<Option<(Arc<ProvenHeader>, u64)>, RpcError> {
    let heads = at.heads().await?;
    match at.reads.reader().transaction(heads, hash, None).await? {
        TransactionStatus::Included { outcome, header } => Ok(Some((header, outcome.value().index))),
        _ => Ok(None),
    }
}
