//! The bytes themselves: headers, blocks, transactions and receipts as the chain hashes them.

use std::sync::Arc;

use alloy::eips::BlockId;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::Bytes;
use serde_json::Value;

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::{shapes, transactions};
use crate::app::ProvenHeader;

/// `debug_getRawHeader(block)`: RLP.
pub(super) async fn header(at: &Pinned, params: &Params) -> Answer {
    to_json(meant(at, params).await?.raw_rlp())
}

/// `debug_getRawBlock(block)`: RLP.
pub(super) async fn block(at: &Pinned, params: &Params) -> Answer {
    let header = meant(at, params).await?;
    let body = at.body(&header).await?;
    let whole = shapes::whole(&shapes::header(&header)?, &body)?;
    to_json(&Bytes::from(alloy::rlp::encode(whole)))
}

/// `debug_getRawReceipts(block)`: EIP-2718 bytes of each.
pub(super) async fn receipts(at: &Pinned, params: &Params) -> Answer {
    let header = meant(at, params).await?;
    let receipts = at.receipts(&header).await?;
    let encoded =
        receipts.iter().map(|receipt| Bytes::from(receipt.envelope(receipt.logs.clone()).encoded_2718()));
    to_json(&encoded.collect::<Vec<_>>())
}

/// `debug_getRawTransaction(hash)`: EIP-2718 bytes; null until it is proven to be in the chain.
pub(super) async fn transaction(at: &Pinned, params: &Params) -> Answer {
    let Some((header, index)) = transactions::find(at, params.hash(0)?).await? else {
        return Ok(Value::Null);
    };
    let body = at.body(&header).await?;
    let one = usize::try_from(index).ok().and_then(|place| body.transactions.get(place));
    to_json(&one.map(|one| Bytes::from(one.envelope.encoded_2718())))
}

async fn meant(at: &Pinned, params: &Params) -> Result<Arc<ProvenHeader>, RpcError> {
    at.header(params.required::<BlockId>(0)?).await
}
