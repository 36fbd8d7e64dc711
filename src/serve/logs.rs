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
/// Most addresses, and most topics in one place, as in geth: each is looked for in the bloom of each block.
const MAX_WANTED: usize = 1_000;

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
    let placed = at.reads.reader().logs(filter, blocks).await?;
    Ok(placed.into_iter().map(shapes::placed_log).collect())
}

fn check_filter(filter: &Filter) -> Result<(), RpcError> {
    let most = filter.topics.iter().map(|topics| topics.len()).chain([filter.address.len()]).max();
    if most.is_some_and(|most| most > MAX_WANTED) {
        return Err(RpcError::limit(format!("a filter names {MAX_WANTED} addresses or topics at most")));
    }
    Ok(())
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
