//! Blocks that came since a block: what subscriptions and filters tell.

use std::sync::Arc;

use super::context::Pinned;
use super::error::RpcError;
use crate::app::{ProvenHeader, Reader};

/// Blocks told after a pause; of a longer one only the newest.
const MAX_NEWS: u64 = 256;

/// The blocks of the verified chain that came after `seen`, oldest first. After a reorganisation also those that took the
/// place of blocks told before.
pub(super) async fn since(at: &Pinned, seen: &Arc<ProvenHeader>) -> Result<Vec<Arc<ProvenHeader>>, RpcError> {
    let head = at.head().await?;
    if head.hash() == seen.hash() {
        return Ok(Vec::new());
    }
    let reader = at.reads.reader();
    let distance = head.number().saturating_sub(seen.number()).clamp(1, MAX_NEWS);
    let mut blocks = reader.back_from(head, distance).await?;
    let mut told = Arc::clone(seen);
    // Where the newest of what was told is not the parent of the oldest news, both lines are followed back to where they
    // part. A block that the chain left may be known to nobody any more: its line then ends, and what is new is told.
    while let Some(oldest) = blocks.last().cloned()
        && oldest.parent_hash() != told.hash()
        && u64::try_from(blocks.len()).unwrap_or(u64::MAX) < MAX_NEWS
        && oldest.number() > 0
    {
        if told.number() < oldest.number() {
            blocks.push(parent(reader, &oldest).await?);
        } else if let Ok(before) = parent(reader, &told).await {
            told = before;
        } else {
            break;
        }
    }
    blocks.reverse();
    Ok(blocks)
}

async fn parent(reader: &Reader, child: &Arc<ProvenHeader>) -> Result<Arc<ProvenHeader>, RpcError> {
    let line = reader.back_from(child, 2).await?;
    line.into_iter().nth(1).ok_or_else(|| RpcError::internal("a block has no parent"))
}
