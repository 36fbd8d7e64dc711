//! Logs of a run of blocks, from receipts rebuilt to each block's proven root: none can be hidden, none invented.

use std::sync::Arc;

use alloy::primitives::{B256, Log};
use alloy::rpc::types::Filter;

use crate::execution::ProvenHeader;

use super::{ReadError, Reader};

/// Most logs of one answer, and most bytes of their data.
const MAX_LOGS: usize = 10_000;
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Blocks read at once.
const AT_ONCE: usize = 4;

/// A log in its place.
#[derive(Debug, Clone)]
pub struct PlacedLog {
    /// Header of its block.
    pub header: Arc<ProvenHeader>,
    /// The transaction that wrote it.
    pub transaction: B256,
    /// That transaction's place in the block.
    pub transaction_index: u64,
    /// Its place among all logs of the block.
    pub log_index: u64,
    /// Address, topics, data.
    pub log: Log,
}

impl Reader {
    /// Every log of `blocks` that `filter` takes, in the order of the blocks. A block whose proven bloom cannot hold a
    /// match is not read. Which blocks the filter names does not matter here.
    ///
    /// # Errors
    /// [`ReadError::TooManyLogs`]; and where the receipts of a block could not be proven.
    pub async fn logs(
        &self,
        filter: &Filter,
        blocks: &[Arc<ProvenHeader>],
    ) -> Result<Vec<PlacedLog>, ReadError> {
        let candidates: Vec<_> =
            blocks.iter().filter(|block| filter.matches_bloom(block.fields().logs_bloom)).collect();
        let (mut found, mut bytes) = (Vec::new(), 0_usize);
        for some in candidates.chunks(AT_ONCE) {
            let reads = some.iter().map(|block| self.logs_of(filter, block));
            for placed in futures::future::try_join_all(reads).await?.into_iter().flatten() {
                bytes = bytes.saturating_add(placed.log.data.data.len());
                found.push(placed);
            }
            if found.len() > MAX_LOGS || bytes > MAX_BYTES {
                return Err(ReadError::TooManyLogs { limit: MAX_LOGS, bytes: MAX_BYTES });
            }
        }
        Ok(found)
    }

    async fn logs_of(&self, filter: &Filter, block: &Arc<ProvenHeader>) -> Result<Vec<PlacedLog>, ReadError> {
        let receipts = self.receipts(block).await?.into_value();
        if !receipts.iter().any(|receipt| receipt.logs.iter().any(|log| filter.matches(log))) {
            return Ok(Vec::new());
        }
        let transactions = self.transactions(block).await?.into_value();
        let all =
            transactions.iter().zip(&receipts).zip(0_u64..).flat_map(|((one, receipt), index)| {
                receipt.logs.iter().map(move |log| (one.hash, index, log))
            });
        let wanted = (0_u64..).zip(all).filter(|(_, (_, _, log))| filter.matches(log));
        let placed = wanted.map(|(log_index, (transaction, transaction_index, log))| PlacedLog {
            header: Arc::clone(block),
            transaction,
            transaction_index,
            log_index,
            log: log.clone(),
        });
        Ok(placed.collect())
    }
}
