//! Fees, from proven headers and the transactions of proven blocks.

use alloy::eips::BlockNumberOrTag;
use alloy::eips::eip1559::BaseFeeParams;
use alloy::primitives::{U64, U256};
use alloy::rpc::types::FeeHistory;

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use super::shapes;
use crate::app::{CallError, FeesAnswer, ProvenHeader, ReadError, Speed, fees, tip_at, tips};

/// Most blocks in one history; with percentiles each block costs its body and receipts. Fewer than asked is allowed.
const MAX_BLOCKS: u64 = 1_024;
const MAX_BLOCKS_WITH_TIPS: u64 = 32;
const MAX_PERCENTILES: usize = 100;

/// `eth_gasPrice()`: the next block's base fee and a usual tip.
pub(super) async fn gas_price(at: &Pinned) -> Answer {
    let fees = suggested(at).await?;
    let tip = usual_tip(&fees);
    to_json(&U256::from(u128::from(fees.next_base_fee).saturating_add(tip)))
}

/// `eth_maxPriorityFeePerGas()`: what half the gas of recent blocks paid at most.
pub(super) async fn tip(at: &Pinned) -> Answer {
    to_json(&U256::from(usual_tip(&suggested(at).await?)))
}

async fn suggested(at: &Pinned) -> Result<FeesAnswer, RpcError> {
    at.latest().await?;
    Ok(fees(at.reads.reader(), at.heads().await?).await?)
}

fn usual_tip(fees: &FeesAnswer) -> u128 {
    let usual = fees.speeds.iter().find(|one| one.speed == Speed::Usual);
    usual.map_or(0, |one| one.tip)
}

/// `eth_baseFee()`: of the next block.
pub(super) async fn base_fee(at: &Pinned) -> Answer {
    to_json(&next_base_fee(at.latest().await?)?.map(U256::from))
}

/// `eth_blobBaseFee()`: of the next block.
pub(super) async fn blob_base_fee(at: &Pinned) -> Answer {
    let head = at.latest().await?;
    let env = at.reads.state_at(head.clone()).evm_env()?;
    to_json(&U256::from(env.next_blob_base_fee(head).unwrap_or_default()))
}

/// Wei per blob gas in this block; `None` before Cancun, or where the block's rules are older than this build knows.
pub(super) fn blob_price(
    at: &Pinned,
    header: &std::sync::Arc<ProvenHeader>,
) -> Result<Option<u128>, RpcError> {
    match at.reads.state_at(header.clone()).evm_env() {
        Ok(env) => Ok(env.blob_base_fee()),
        Err(ReadError::Call(CallError::UnknownRules { .. })) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `eth_feeHistory(count, newest, percentiles)`.
pub(super) async fn history(at: &Pinned, params: &Params) -> Answer {
    let count = params.required::<U64>(0)?.to::<u64>();
    let newest: BlockNumberOrTag = params.required(1)?;
    let percentiles: Vec<f64> = params.optional(2)?.unwrap_or_default();
    check_percentiles(&percentiles)?;
    let most = if percentiles.is_empty() { MAX_BLOCKS } else { MAX_BLOCKS_WITH_TIPS };
    let newest = at.header(newest.into()).await?;
    let count = count.min(most);
    if count == 0 {
        return to_json(&FeeHistory::default());
    }
    let mut blocks = at.reads.reader().back_from(&newest, count).await?;
    blocks.reverse();
    let mut history = FeeHistory {
        oldest_block: blocks.first().map_or(0, |block| block.number()),
        reward: (!percentiles.is_empty()).then(Vec::new),
        ..FeeHistory::default()
    };
    for block in &blocks {
        let fields = block.fields();
        let env = at.reads.state_at(block.clone()).evm_env().ok();
        history.base_fee_per_gas.push(fields.base_fee_per_gas.unwrap_or_default().into());
        history.gas_used_ratio.push(ratio(fields.gas_used, fields.gas_limit));
        let blob_fee = env.as_ref().and_then(|env| env.blob_base_fee()).unwrap_or_default();
        history.base_fee_per_blob_gas.push(blob_fee);
        let blob_limit = env.map_or(0, |env| env.max_blob_gas());
        history.blob_gas_used_ratio.push(ratio(fields.blob_gas_used.unwrap_or_default(), blob_limit));
        if let Some(reward) = &mut history.reward {
            let (body, receipts) = futures::try_join!(at.body(block), at.receipts(block))?;
            let tips = tips(block, &body.transactions, &receipts);
            reward.push(percentiles.iter().map(|one| tip_at(&tips, *one).unwrap_or_default()).collect());
        }
    }
    history.base_fee_per_gas.push(next_base_fee(&newest)?.unwrap_or_default().into());
    let next_blob = at.reads.state_at(newest.clone()).evm_env().ok();
    let next_blob = next_blob.and_then(|env| env.next_blob_base_fee(&newest)).unwrap_or_default();
    history.base_fee_per_blob_gas.push(next_blob);
    to_json(&history)
}

fn next_base_fee(header: &ProvenHeader) -> Result<Option<u64>, RpcError> {
    let fields = header.fields();
    if fields.gas_limit < 2 {
        return Ok(fields.base_fee_per_gas); // a limit that no chain has; half of it divides
    }
    Ok(shapes::header(header)?.next_block_base_fee(BaseFeeParams::ethereum()))
}

fn check_percentiles(percentiles: &[f64]) -> Result<(), RpcError> {
    let in_range = percentiles.iter().all(|percentile| (0.0..=100.0).contains(percentile));
    if in_range && percentiles.is_sorted() && percentiles.len() <= MAX_PERCENTILES {
        return Ok(());
    }
    Err(RpcError::invalid_params("percentiles must rise from 0 to 100, at most 100 of them"))
}

#[expect(clippy::cast_precision_loss, reason = "a ratio of two gas amounts below 2^53")]
fn ratio(used: u64, limit: u64) -> f64 {
    if limit == 0 { 0.0 } else { used as f64 / limit as f64 }
}
