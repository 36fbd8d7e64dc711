//! Logs, from the proven receipts of every block in the window: none can be hidden, none invented.

use std::sync::Arc;

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::rpc::types::{Filter, FilterBlockOption, Log};

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::shapes;
use crate::app::ProvenHeader;

/// Most blocks in one query: each that may hold a match costs its receipts.
const MAX_RANGE: u64 = 1_000;
/// Most logs in one answer.
const MAX_LOGS: usize = 10_000;
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most addresses, and most topics in one place, as in geth: each is looked for in the bloom of each block.
const MAX_WANTED: usize = 1_000;
/// Blocks read at once.
const AT_ONCE: usize = 4;

/// `eth_getLogs(filter)`.
pub(super) async fn matching(at: &Pinned, params: &Params) -> Answer {
    to_json(&find(at, &params.required(0)?).await?)
}

/// All logs that `filter` means, oldest first.
pub(super) async fn find(at: &Pinned, filter: &Filter) -> Result<Vec<Log>, RpcError> {
    let blocks = match filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => vec![at.header(BlockId::hash(hash)).await?],
        FilterBlockOption::Range { from_block, to_block } => range(at, from_block, to_block).await?,
    };
    in_blocks(at, filter, &blocks).await
}

/// The logs of `blocks` that `filter` takes, in the order of the blocks.
pub(super) async fn in_blocks(
    at: &Pinned,
    filter: &Filter,
    blocks: &[Arc<ProvenHeader>],
) -> Result<Vec<Log>, RpcError> {
    check_filter(filter)?;
    // The bloom is part of the proven header: where it does not match, nothing in the block can.
    let candidates: Vec<_> =
        blocks.iter().filter(|block| filter.matches_bloom(block.fields().logs_bloom)).cloned().collect();
    let (mut found, mut bytes) = (Vec::new(), 0usize);
    for some in candidates.chunks(AT_ONCE) {
        let reads: Vec<_> = some.iter().map(|block| of_block(at, filter, block)).collect();
        for log in futures::future::try_join_all(reads).await?.into_iter().flatten() {
            bytes = bytes.saturating_add(log.inner.data.data.len());
            found.push(log);
        }
        if found.len() > MAX_LOGS || bytes > MAX_BYTES {
            return Err(RpcError::limit(format!(
                "more than {MAX_LOGS} logs or {MAX_BYTES} bytes of them match: ask for fewer blocks"
            )));
        }
    }
    Ok(found)
}

fn check_filter(filter: &Filter) -> Result<(), RpcError> {
    let most = filter.topics.iter().map(|topics| topics.len()).chain([filter.address.len()]).max();
    if most.is_some_and(|most| most > MAX_WANTED) {
        return Err(RpcError::limit(format!("a filter names {MAX_WANTED} addresses or topics at most")));
    }
    Ok(())
}

async fn of_block(at: &Pinned, filter: &Filter, block: &Arc<ProvenHeader>) -> Result<Vec<Log>, RpcError> {
    let receipts = at.receipts(block).await?;
    if !receipts.iter().any(|receipt| receipt.logs.iter().any(|log| filter.matches(log))) {
        return Ok(Vec::new());
    }
    let body = at.body(block).await?;
    let mut first = 0u64;
    let mut found = Vec::new();
    for ((one, receipt), index) in body.transactions.iter().zip(receipts.iter()).zip(0..) {
        let logs = shapes::logs(block, (one, index), &receipt.logs, first);
        first = first.saturating_add(u64::try_from(receipt.logs.len()).unwrap_or_default());
        found.extend(logs.into_iter().filter(|log| filter.matches(&log.inner)));
    }
    Ok(found)
}

async fn range(
    at: &Pinned,
    from: Option<BlockNumberOrTag>,
    to: Option<BlockNumberOrTag>,
) -> Result<Vec<Arc<ProvenHeader>>, RpcError> {
    let head = at.head().await?.number();
    let (first, last) = (bound(at, from).await?, bound(at, to).await?);
    if first > last {
        return Err(RpcError::invalid_params("invalid block range params"));
    }
    if last > head {
        return Err(RpcError::invalid_params("block range extends beyond current head block"));
    }
    let count = last.saturating_sub(first).saturating_add(1);
    if count > MAX_RANGE {
        return Err(RpcError::limit(format!(
            "{count} blocks are more than the {MAX_RANGE} whose logs are proven at once: ask for fewer"
        )));
    }
    let newest = at.header(BlockId::number(last)).await?;
    let mut blocks = at.reads.reader().back_from(&newest, count).await?;
    blocks.reverse();
    Ok(blocks)
}

async fn bound(at: &Pinned, tag: Option<BlockNumberOrTag>) -> Result<u64, RpcError> {
    match tag.unwrap_or_default() {
        BlockNumberOrTag::Number(number) => Ok(number),
        tag => Ok(at.header(tag.into()).await?.number()),
    }
}
