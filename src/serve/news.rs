//! Blocks that came since a block: what subscriptions and filters tell.

use std::sync::Arc;

use super::context::Pinned;
use super::error::RpcError;
use crate::app::ProvenHeader;

/// Blocks told after a pause; of a longer one only the newest.
const MAX_NEWS: u64 = 256;

/// The blocks of the verified chain that came after `seen`, oldest first. After a reorganisation also those that took the
/// place of blocks told before.
pub(super) async fn since(at: &Pinned, seen: &Arc<ProvenHeader>) -> Result<Vec<Arc<ProvenHeader>>, RpcError> {
    let head = at.head().await?;
    if head.hash() == seen.hash() {
        return Ok(Vec::new());
    }
    let distance = head.number().saturating_sub(seen.number()).clamp(1, MAX_NEWS);
    let mut blocks = at.reads.reader().back_from(head, distance).await?;
    blocks.reverse();
    Ok(blocks)
}
