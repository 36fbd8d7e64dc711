//! `eth_getLogs`.

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::Bloom;
use alloy::rpc::types::{Filter, FilterBlockOption, Log};

use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::receipts::receipts;
use super::view::View;
use crate::devnet::execution::{ExecutionBlock, ExecutionLie};

/// Most blocks in one query.
const MAX_RANGE: u64 = 10_000;

/// `eth_getLogs(filter)`.
pub(super) fn matching(view: &View<'_>, params: &Params) -> Answer {
    let filter: Filter = params.required(0)?;
    if view.lie() == Some(ExecutionLie::NoLogs) {
        return to_json(&Vec::<Log>::new());
    }
    let mut found = Vec::new();
    match filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => {
            let block = view.shown(BlockId::hash(hash))?.ok_or_else(|| RpcError::server("unknown block"))?;
            collect(&filter, &block, &mut found);
        }
        FilterBlockOption::Range { from_block, to_block } => {
            let first = bound(view, from_block)?;
            let last = bound(view, to_block)?;
            if first > last {
                return Err(RpcError::invalid_params("invalid block range params"));
            }
            if last.saturating_sub(first) >= MAX_RANGE {
                return Err(RpcError::invalid_params(format!("exceed maximum block range: {MAX_RANGE}")));
            }
            for number in first..=last.min(view.head().number()) {
                if let Some(block) = view.shown(BlockId::number(number))? {
                    collect(&filter, &block, &mut found);
                }
            }
        }
    }
    to_json(&found)
}

fn bound(view: &View<'_>, tag: Option<BlockNumberOrTag>) -> Result<u64, RpcError> {
    match tag {
        Some(BlockNumberOrTag::Number(number)) => Ok(number),
        tag => {
            let block = view.find(tag.unwrap_or_default().into())?;
            block.map(|block| block.number()).ok_or_else(|| RpcError::server("unknown block"))
        }
    }
}

fn collect(filter: &Filter, block: &ExecutionBlock, found: &mut Vec<Log>) {
    let bloom: Bloom = block.header.logs_bloom;
    if !filter.matches_bloom(bloom) {
        return;
    }
    for receipt in receipts(block) {
        found.extend(receipt.inner.logs().iter().filter(|log| filter.matches(&log.inner)).cloned());
    }
}
