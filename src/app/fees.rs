//! What gas costs: the base fee follows from proven headers, tips are those that proven blocks were paid.

use alloy::consensus::Transaction as _;
use alloy::eips::eip1559::{BaseFeeParams, calc_next_block_base_fee};

use super::{FeesAnswer, Speed, SpeedFee};
use crate::chain::{Heads, ReadError, Reader};
use crate::execution::{BlockTransaction, ProvenHeader, Receipt};

/// Blocks whose transactions are looked at.
const TIP_BLOCKS: u64 = 5;
/// Tip where nobody paid any, wei per gas: a thousandth of a gwei.
const LEAST_TIP: u128 = 1_000_000;
/// No speed's tip is more than so many times the usual one: a block that somebody paid dearly for is no price.
const MOST_TIMES_USUAL: u128 = 3;
/// Up to here nobody is held back, wei per gas: where half of the gas pays nothing, three times nothing would wait forever.
const HARMLESS_TIP: u128 = 2_000_000_000;
/// By speed: the percentile of gas that paid no more, and the full blocks in a row that the fee outlasts.
const SPEEDS: [(Speed, f64, u32); 3] =
    [(Speed::Slow, 10.0, 2), (Speed::Usual, 50.0, 4), (Speed::Fast, 90.0, 6)];

/// Fees at the newest proven block.
///
/// # Errors
/// [`ReadError`] where the transactions or receipts of a recent block could not be proven.
pub async fn fees(reader: &Reader, heads: &Heads) -> Result<FeesAnswer, ReadError> {
    let head = &heads.optimistic;
    let blocks = reader.back_from(head, TIP_BLOCKS).await?;
    let reads = blocks.iter().map(|block| async {
        let (body, receipts) = futures::try_join!(reader.body(block), reader.receipts(block))?;
        Ok::<_, ReadError>(tips(block, &body.value().transactions, receipts.value()))
    });
    let tips = futures::future::try_join_all(reads).await?;
    let base_fee = head.fields().base_fee_per_gas.unwrap_or_default();
    let next_base_fee = next(head.fields().gas_used, head.fields().gas_limit, base_fee);
    let state = reader.state_at(head.clone());
    let speed = |(speed, percentile, outlasts): (Speed, f64, u32)| {
        let tip = tip_of(&tips, percentile);
        let highest = u128::from(after(next_base_fee, head.fields().gas_limit, outlasts, true));
        SpeedFee { speed, tip, max_fee: highest.saturating_add(tip) }
    };
    let limit = head.fields().gas_limit;
    Ok(FeesAnswer {
        at: head.block_ref(),
        base_fee,
        next_base_fee,
        in_five_blocks: (after(next_base_fee, limit, 4, false), after(next_base_fee, limit, 4, true)),
        next_blob_base_fee: state.evm_env().ok().and_then(|env| env.next_blob_base_fee(head)),
        fullness: blocks.iter().map(|block| fullness(block)).collect(),
        seen: tips.iter().map(Vec::len).sum(),
        speeds: SPEEDS.map(speed),
    })
}

/// The tip of a speed: the median over the blocks of what that share of their gas paid, within the limits (THREATS T39).
fn tip_of(blocks: &[Vec<(u128, u64)>], percentile: f64) -> u128 {
    let at = |percentile| median(blocks.iter().filter_map(|block| tip_at(block, percentile)).collect());
    let most = at(50.0).saturating_mul(MOST_TIMES_USUAL).max(HARMLESS_TIP);
    at(percentile).min(most).max(LEAST_TIP)
}

fn next(gas_used: u64, gas_limit: u64, base_fee: u64) -> u64 {
    calc_next_block_base_fee(gas_used, gas_limit, base_fee, BaseFeeParams::ethereum())
}

/// The base fee after `count` more blocks that are all full, or all empty.
fn after(base_fee: u64, gas_limit: u64, count: u32, full: bool) -> u64 {
    (0..count).fold(base_fee, |fee, _| next(if full { gas_limit } else { 0 }, gas_limit, fee))
}

fn fullness(block: &ProvenHeader) -> u64 {
    block.fields().gas_used.saturating_mul(1_000).checked_div(block.fields().gas_limit).unwrap_or_default()
}

/// Tip (wei per gas) and gas of each transaction of a block, lowest tip first.
pub fn tips(
    block: &ProvenHeader,
    transactions: &[BlockTransaction],
    receipts: &[Receipt],
) -> Vec<(u128, u64)> {
    let base_fee = block.fields().base_fee_per_gas.unwrap_or_default();
    let mut before = 0_u64;
    let mut tips: Vec<(u128, u64)> = transactions
        .iter()
        .zip(receipts)
        .map(|(one, receipt)| {
            let gas = receipt.cumulative_gas_used.saturating_sub(before);
            before = receipt.cumulative_gas_used;
            (one.envelope.effective_tip_per_gas(base_fee).unwrap_or_default(), gas)
        })
        .collect();
    tips.sort_unstable();
    tips
}

/// The tip that `percentile` of a block's gas paid at most; `None` for an empty block.
#[expect(clippy::cast_precision_loss, reason = "gas amounts are far below 2^53")]
pub fn tip_at(tips: &[(u128, u64)], percentile: f64) -> Option<u128> {
    let total: u64 = tips.iter().map(|(_, gas)| gas).sum();
    let threshold = total as f64 * percentile / 100.0;
    let mut passed = 0_u64;
    let reached = tips.iter().find(|(_, gas)| {
        passed = passed.saturating_add(*gas);
        passed as f64 >= threshold
    });
    reached.or(tips.last()).map(|(tip, _)| *tip)
}

fn median(mut values: Vec<u128>) -> u128 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_counts_gas_and_not_heads() {
        // One heavy transaction that paid 1, two light ones that paid more.
        let tips = [(1, 900), (5, 50), (9, 50)];
        assert_eq!(
            (tip_at(&tips, 10.0), tip_at(&tips, 50.0), tip_at(&tips, 92.0), tip_at(&tips, 100.0)),
            (Some(1), Some(1), Some(5), Some(9))
        );
        assert_eq!(tip_at(&[], 50.0), None);
        assert_eq!(median(vec![7, 1, 3]), 3);
        assert_eq!(median(vec![]), 0);
    }

    #[test]
    fn a_block_that_was_paid_dearly_is_no_price() {
        let gwei = 1_000_000_000;
        // A tenth of the gas pays five hundred times the usual tip.
        let dear = vec![(gwei, 880), (500 * gwei, 120)];
        assert_eq!(tip_of(&vec![dear.clone(); 5], 90.0), 3 * gwei);
        assert_eq!(tip_of(&vec![dear; 5], 50.0), gwei);
        // Two blocks of five wholly bought: the usual tip does not follow.
        let (usual, bought) = (vec![(gwei, 1_000)], vec![(900 * gwei, 1_000)]);
        let blocks = [usual.clone(), bought.clone(), usual.clone(), bought, usual];
        assert_eq!((tip_of(&blocks, 50.0), tip_of(&blocks, 90.0)), (gwei, gwei));
        // Half pays nothing, the rest a gwei: who is in a hurry pays it.
        assert_eq!(tip_of(&[vec![(0, 600), (gwei, 400)]], 90.0), gwei);
        assert_eq!(tip_of(&[], 90.0), LEAST_TIP);
    }

    #[test]
    fn the_base_fee_moves_within_an_eighth_a_block() {
        let fee = 1_000_000_000;
        assert_eq!(after(fee, 60_000_000, 1, true), 1_125_000_000);
        assert_eq!(after(fee, 60_000_000, 1, false), 875_000_000);
        assert!(after(fee, 60_000_000, 6, true) > 2 * fee);
    }
}
