//! Logs of a range of blocks: from receipts rebuilt to each block's proven root.

use std::sync::Arc;

use alloy::primitives::Bytes;
use alloy::rpc::types::Filter;

use super::contract_reads::chain_id;
use super::{FoundLog, LogsAnswer, LogsQuestion, Reason};
use crate::chain::{BlockQuery, Heads, ReadError, Reader};
use crate::contracts::{AbiBook, decode_log};
use crate::execution::{BlockTransaction, ProvenHeader, Receipt};

/// Most logs of one answer, and most bytes of their data.
const MOST_LOGS: usize = 10_000;
const MOST_BYTES: usize = 16 << 20;
/// Blocks read at once.
const AT_ONCE: usize = 4;

/// The logs that `question` means. A block whose proven bloom cannot hold a match is not read.
pub(super) async fn logs(
    reader: &Reader,
    heads: &Heads,
    question: &LogsQuestion,
) -> Result<LogsAnswer, Reason> {
    let last = reader.block(heads, question.to).await?;
    let first = match question.from {
        None => last.number().saturating_sub(LogsQuestion::USUAL_BLOCKS.saturating_sub(1)),
        Some(BlockQuery::Number(number)) => number,
        Some(query) => reader.block(heads, query).await?.number(),
    };
    let count = count(first, last.number())?;
    let mut blocks = reader.back_from(&last, count).await?;
    blocks.reverse();
    let filter = filter(question);
    let chain_id = chain_id(&reader.state_at(Arc::clone(&last)))?;
    let candidates: Vec<_> =
        blocks.iter().filter(|block| filter.matches_bloom(block.fields().logs_bloom)).collect();
    let (mut logs, mut bytes) = (Vec::new(), 0_usize);
    for some in candidates.chunks(AT_ONCE) {
        let reads = some.iter().map(|block| of_block(reader, &filter, block, chain_id));
        for log in futures::future::try_join_all(reads).await?.into_iter().flatten() {
            bytes = bytes.saturating_add(log.data.len());
            logs.push(log);
        }
        if logs.len() > MOST_LOGS || bytes > MOST_BYTES {
            return Err(too_many());
        }
    }
    Ok(LogsAnswer { first, last: last.block_ref(), logs })
}

fn count(first: u64, last: u64) -> Result<u64, Reason> {
    let count = last.checked_sub(first).map(|more| more.saturating_add(1));
    let Some(count) = count else {
        let what = format!("The first block {first} is behind the last one {last}");
        return Err(Reason::misuse(&what, "name an earlier first block"));
    };
    if count > LogsQuestion::MOST_BLOCKS {
        let what = format!("{count} blocks are more than the {} searched at once", LogsQuestion::MOST_BLOCKS);
        return Err(Reason::misuse(&what, "ask for a shorter range"));
    }
    Ok(count)
}

fn too_many() -> Reason {
    Reason::new(
        &format!("More than {MOST_LOGS} logs match"),
        "so many are not shown, and none was left out silently",
        "ask for fewer blocks, or name a contract and an event",
    )
}

fn filter(question: &LogsQuestion) -> Filter {
    let mut filter = Filter::new().address(question.addresses.clone());
    for (place, values) in filter.topics.iter_mut().zip(&question.topics) {
        *place = values.clone().into();
    }
    filter
}

async fn of_block(
    reader: &Reader,
    filter: &Filter,
    block: &ProvenHeader,
    chain_id: u64,
) -> Result<Vec<FoundLog>, ReadError> {
    let receipts = reader.receipts(block).await?.into_value();
    if !receipts.iter().any(|receipt| receipt.logs.iter().any(|log| filter.matches(log))) {
        return Ok(Vec::new());
    }
    let body = reader.body(block).await?.into_value();
    Ok(matching(filter, block, (&body.transactions, &receipts), chain_id))
}

fn matching(
    filter: &Filter,
    block: &ProvenHeader,
    (transactions, receipts): (&[BlockTransaction], &[Receipt]),
    chain_id: u64,
) -> Vec<FoundLog> {
    let book = AbiBook::new();
    let all = transactions
        .iter()
        .zip(receipts)
        .flat_map(|(transaction, receipt)| receipt.logs.iter().map(move |log| (transaction.hash, log)));
    let wanted = (0_u64..).zip(all).filter(|(_, (_, log))| filter.matches(log));
    wanted
        .map(|(log_index, (transaction, log))| FoundLog {
            block: block.block_ref(),
            transaction,
            log_index,
            topics: log.data.topics().to_vec(),
            data: Bytes::clone(&log.data.data),
            decoded: Arc::new(decode_log(&book, chain_id, log.address, log.data.topics(), &log.data.data)),
        })
        .collect()
}
