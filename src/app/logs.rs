//! Logs of a range of blocks: from receipts rebuilt to each block's proven root.

use std::sync::Arc;

use alloy::primitives::Bytes;
use alloy::rpc::types::Filter;

use super::contract_reads::chain_id;
use super::{FoundLog, LogsAnswer, LogsQuestion, Reason};
use crate::chain::{BlockQuery, Heads, PlacedLog, Reader};
use crate::contracts::{AbiBook, decode_log};

/// The logs that `question` means. A block whose proven bloom cannot hold a match is not read.
pub(super) async fn logs(
    reader: &Reader,
    heads: &Heads,
    question: &LogsQuestion,
) -> Result<LogsAnswer, Reason> {
    question.check()?;
    let last = reader.block(heads, question.to).await?;
    let first = match question.from {
        None => last.number().saturating_sub(LogsQuestion::USUAL_BLOCKS.saturating_sub(1)),
        Some(BlockQuery::Number(number)) => number,
        Some(query) => reader.block(heads, query).await?.number(),
    };
    let count = LogsQuestion::count(first, last.number())?;
    let mut blocks = reader.back_from(&last, count).await?;
    blocks.reverse();
    let filter = filter(question);
    let (chain_id, book) = (chain_id(&reader.state_at(Arc::clone(&last)))?, AbiBook::new());
    let logs = reader.logs(&filter, &blocks).await?;
    let logs = logs.into_iter().map(|placed| found(placed, &book, chain_id)).collect();
    Ok(LogsAnswer { first, last: last.block_ref(), logs })
}

fn found(placed: PlacedLog, book: &AbiBook, chain_id: u64) -> FoundLog {
    let PlacedLog { header, transaction, log_index, log, .. } = placed;
    let (topics, data) = (log.data.topics().to_vec(), Bytes::clone(&log.data.data));
    let decoded = Arc::new(decode_log(book, chain_id, log.address, &topics, &data));
    FoundLog { block: header.block_ref(), transaction, log_index, topics, data, decoded }
}

impl LogsQuestion {
    /// Whether the range can be searched, as far as that is known without asking anybody.
    ///
    /// # Errors
    /// A [`Reason`] where both ends are numbers and the range is empty or too long.
    pub fn check(&self) -> Result<(), Reason> {
        match (self.from, self.to) {
            (Some(BlockQuery::Number(first)), BlockQuery::Number(last)) => Self::count(first, last).map(drop),
            _ => Ok(()),
        }
    }

    fn count(first: u64, last: u64) -> Result<u64, Reason> {
        let Some(count) = last.checked_sub(first).map(|more| more.saturating_add(1)) else {
            let what = format!("The first block {first} is behind the last one {last}");
            return Err(Reason::misuse(&what, "name an earlier first block"));
        };
        if count > Self::MOST_BLOCKS {
            let what = format!("{count} blocks are more than the {} searched at once", Self::MOST_BLOCKS);
            return Err(Reason::misuse(&what, "ask for a shorter range"));
        }
        Ok(count)
    }
}

fn filter(question: &LogsQuestion) -> Filter {
    let mut filter = Filter::new().address(question.addresses.clone());
    for (place, values) in filter.topics.iter_mut().zip(&question.topics) {
        *place = values.clone().into();
    }
    filter
}
