//! Fee questions.

use alloy::consensus::Transaction as _;
use alloy::eips::BlockNumberOrTag;
use alloy::eips::eip1559::BaseFeeParams;
use alloy::primitives::{U64, U256};
use alloy::rpc::types::FeeHistory;

use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::view::View;
use crate::devnet::execution::ExecutionBlock;

/// Most blocks in one fee history.
const MAX_HISTORY: u64 = 1024;
/// Blocks whose tips are looked at for a suggestion.
const TIP_WINDOW: u64 = 20;
/// Suggested tip where no block has a transaction, wei per gas.
const DEFAULT_TIP: u128 = 1_000_000;

/// `eth_gasPrice()`: the head's base fee and a usual tip.
pub(super) fn gas_price(view: &View<'_>) -> Answer {
    let base_fee = u128::from(view.head().header.base_fee_per_gas.unwrap_or_default());
    to_json(&U256::from(base_fee.saturating_add(usual_tip(view))))
}

/// `eth_maxPriorityFeePerGas()`.
pub(super) fn tip(view: &View<'_>) -> Answer {
    to_json(&U256::from(usual_tip(view)))
}

/// `eth_feeHistory(count, newest, percentiles)`.
pub(super) fn history(view: &View<'_>, params: &Params) -> Answer {
    let count = params.required::<U64>(0)?.to::<u64>().min(MAX_HISTORY);
    let newest: BlockNumberOrTag = params.required(1)?;
    let percentiles: Option<Vec<f64>> = params.optional(2)?;
    check_percentiles(percentiles.as_deref().unwrap_or_default())?;
    let newest = view.find(newest.into())?.ok_or_else(|| RpcError::server("request beyond head block"))?;
    let last = newest.number();
    let first = last.saturating_add(1).saturating_sub(count);
    let blocks: Vec<_> = (first..=last)
        .take(usize::try_from(count).unwrap_or_default())
        .filter_map(|number| view.chain.block_by_number(number))
        .collect();
    let mut fees: Vec<u128> =
        blocks.iter().map(|block| block.header.base_fee_per_gas.unwrap_or_default().into()).collect();
    if !fees.is_empty() {
        fees.push(newest.header.next_block_base_fee(BaseFeeParams::ethereum()).unwrap_or_default().into());
    }
    let reward = percentiles
        .filter(|percentiles| !percentiles.is_empty())
        .map(|percentiles| blocks.iter().map(|block| rewards(block, &percentiles)).collect());
    to_json(&FeeHistory {
        base_fee_per_blob_gas: vec![1; fees.len()],
        blob_gas_used_ratio: vec![0.0; blocks.len()],
        gas_used_ratio: blocks.iter().map(|block| used_ratio(block)).collect(),
        oldest_block: first,
        base_fee_per_gas: fees,
        reward,
    })
}

fn check_percentiles(percentiles: &[f64]) -> Result<(), RpcError> {
    let in_range = percentiles.iter().all(|percentile| (0.0..=100.0).contains(percentile));
    let rising = percentiles.is_sorted();
    if in_range && rising && percentiles.len() <= 100 {
        return Ok(());
    }
    Err(RpcError::invalid_params("invalid reward percentile"))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of two gas amounts below 2^53")]
fn used_ratio(block: &ExecutionBlock) -> f64 {
    block.header.gas_used as f64 / block.header.gas_limit.max(1) as f64
}

/// Tips with the gas that paid them, lowest tip first.
fn tips(block: &ExecutionBlock) -> Vec<(u128, u64)> {
    let base_fee = block.header.base_fee_per_gas.unwrap_or_default();
    let mut tips: Vec<_> = block
        .transactions
        .iter()
        .enumerate()
        .map(|(index, tx)| (tx.effective_tip_per_gas(base_fee).unwrap_or_default(), block.gas_used_by(index)))
        .collect();
    tips.sort_unstable();
    tips
}

/// Tip at each percentile of the block's gas.
#[expect(clippy::cast_precision_loss, reason = "gas amounts are far below 2^53")]
fn rewards(block: &ExecutionBlock, percentiles: &[f64]) -> Vec<u128> {
    let tips = tips(block);
    let total: u64 = tips.iter().map(|(_, gas)| gas).sum();
    let at = |percentile: &f64| {
        let threshold = total as f64 * percentile / 100.0;
        let mut passed = 0u64;
        let reached = tips.iter().find(|(_, gas)| {
            passed = passed.saturating_add(*gas);
            passed as f64 >= threshold
        });
        reached.or(tips.last()).map_or(0, |(tip, _)| *tip)
    };
    percentiles.iter().map(at).collect()
}

/// Median tip of the newest blocks.
fn usual_tip(view: &View<'_>) -> u128 {
    let head = view.head().number();
    let mut all: Vec<u128> = (head.saturating_sub(TIP_WINDOW)..=head)
        .filter_map(|number| view.chain.block_by_number(number))
        .flat_map(|block| tips(&block))
        .map(|(tip, _)| tip)
        .collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(DEFAULT_TIP)
}
