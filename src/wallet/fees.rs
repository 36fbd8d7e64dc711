//! Three speeds of fee, from the proven base fee and the tips of proven blocks.

use std::sync::Arc;

use alloy::consensus::Transaction as _;
use alloy::eips::eip1559::{BaseFeeParams, calc_next_block_base_fee};
use alloy::primitives::U256;

use crate::chain::{ReadError, Reader};
use crate::execution::{HeaderFields, ProvenHeader};

/// Proven blocks whose tips are measured.
const TIP_BLOCKS: u64 = 3;
/// Fewer tips than this are no measure.
const FEWEST_TIPS: usize = 5;
/// Our own tips where none could be measured, in wei: half a gwei, one, two.
const DEFAULT_TIPS: [u128; 3] = [500_000_000, 1_000_000_000, 2_000_000_000];
/// A tip below a thousandth of a gwei is as good as none.
const LEAST_TIP: u128 = 1_000_000;
/// No tip is proposed above the median times this: a block's outliers are not everybody's price (THREATS T39).
const MOST_TIMES_MEDIAN: u128 = 3;

/// How soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Speed {
    /// When the base fee falls a little.
    Slow,
    /// One of the next blocks.
    #[default]
    Normal,
    /// The next block, even where the base fee rises for several.
    Fast,
}

/// What is paid per gas, in wei.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fees {
    /// Most in all.
    pub max_fee: u128,
    /// Of it to the proposer.
    pub tip: u128,
}

/// Where the tips come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TipBasis {
    /// Transactions of this many proven blocks.
    Blocks(u64),
    /// Nothing could be measured: our own default.
    Default,
}

/// Fees for the block after a proven one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeQuote {
    /// Base fee of the next block in wei, computed from the proven one (EIP-1559).
    pub base_fee: u64,
    /// Tips of the three speeds in wei.
    pub tips: [u128; 3],
    /// Where the tips come from.
    pub basis: TipBasis,
}

impl FeeQuote {
    /// From a proven header and tips that proven transactions paid.
    pub fn new(header: &HeaderFields, mut paid: Vec<u128>, blocks: u64) -> Self {
        let base_fee = next_base_fee(header);
        if paid.len() < FEWEST_TIPS {
            return Self { base_fee, tips: DEFAULT_TIPS, basis: TipBasis::Default };
        }
        paid.sort_unstable();
        let at = |percent: usize| {
            paid.get(paid.len().saturating_sub(1).saturating_mul(percent) / 100).copied().unwrap_or_default()
        };
        let median = at(50).max(LEAST_TIP);
        let most = median.saturating_mul(MOST_TIMES_MEDIAN);
        let tips = [at(10).clamp(LEAST_TIP, most), median, at(90).clamp(LEAST_TIP, most)];
        Self { base_fee, tips, basis: TipBasis::Blocks(blocks) }
    }

    /// Measures the newest proven blocks; where they cannot be read the tips are our default.
    ///
    /// # Errors
    /// None of reading tips: a fee is always proposed.
    pub async fn at(reader: &Reader, head: &Arc<ProvenHeader>) -> Self {
        match paid_tips(reader, head).await {
            Ok((paid, blocks)) => Self::new(head.fields(), paid, blocks),
            Err(error) => {
                tracing::debug!(%error, "tips could not be measured");
                Self::new(head.fields(), Vec::new(), 0)
            }
        }
    }

    /// Fees of one speed. The normal and fast ones bear a base fee that doubles.
    pub fn fees(&self, speed: Speed) -> Fees {
        let [slow, normal, fast] = self.tips;
        let base = u128::from(self.base_fee);
        let (room, tip) = match speed {
            Speed::Slow => (base.saturating_add(base / 4), slow),
            Speed::Normal => (base.saturating_mul(2), normal),
            Speed::Fast => (base.saturating_mul(2), fast),
        };
        Fees { max_fee: room.saturating_add(tip), tip }
    }

    /// What a gas limit is likely to cost at one speed, in wei.
    pub fn likely_cost(&self, speed: Speed, gas: u64) -> U256 {
        let per_gas = u128::from(self.base_fee).saturating_add(self.fees(speed).tip);
        U256::from(per_gas).saturating_mul(U256::from(gas))
    }
}

/// Base fee of the block after this one, in wei.
pub fn next_base_fee(header: &HeaderFields) -> u64 {
    let now = header.base_fee_per_gas.unwrap_or_default();
    if header.gas_limit < 2 {
        return now; // a limit that no chain has; half of it divides
    }
    calc_next_block_base_fee(header.gas_used, header.gas_limit, now, BaseFeeParams::ethereum())
}

async fn paid_tips(reader: &Reader, head: &Arc<ProvenHeader>) -> Result<(Vec<u128>, u64), ReadError> {
    let blocks = reader.back_from(head, TIP_BLOCKS).await?;
    let mut paid = Vec::new();
    for block in &blocks {
        let base_fee = block.fields().base_fee_per_gas.unwrap_or_default();
        let transactions = reader.transactions(block).await?;
        paid.extend(transactions.value().iter().filter_map(|one| one.envelope.effective_tip_per_gas(base_fee)));
    }
    Ok((paid, blocks.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GWEI: u128 = 1_000_000_000;

    fn header(gas_used: u64) -> HeaderFields {
        HeaderFields {
            parent_hash: Default::default(),
            ommers_hash: Default::default(),
            beneficiary: Default::default(),
            state_root: Default::default(),
            transactions_root: Default::default(),
            receipts_root: Default::default(),
            logs_bloom: Default::default(),
            difficulty: U256::ZERO,
            number: 1,
            gas_limit: 30_000_000,
            gas_used,
            timestamp: 0,
            extra_data: Default::default(),
            mix_hash: Default::default(),
            nonce: Default::default(),
            base_fee_per_gas: Some(8_000_000_000),
            withdrawals_root: None,
            blob_gas_used: None,
            excess_blob_gas: None,
            parent_beacon_block_root: None,
            requests_hash: None,
            unknown_tail: 0,
        }
    }

    #[test]
    fn the_next_base_fee_follows_eip_1559() {
        assert_eq!(next_base_fee(&header(15_000_000)), 8_000_000_000);
        assert_eq!(next_base_fee(&header(30_000_000)), 9_000_000_000);
        assert_eq!(next_base_fee(&header(0)), 7_000_000_000);
        assert_eq!(next_base_fee(&HeaderFields { gas_limit: 0, ..header(0) }), 8_000_000_000);
    }

    #[test]
    fn tips_are_measured_and_an_outlier_is_not_everybodys_price() {
        let paid = vec![GWEI, GWEI, GWEI, 2 * GWEI, 2 * GWEI, 900 * GWEI];
        let quote = FeeQuote::new(&header(15_000_000), paid, 3);
        assert_eq!((quote.tips, quote.basis), ([GWEI, GWEI, 2 * GWEI], TipBasis::Blocks(3)));
        let spiked = FeeQuote::new(&header(15_000_000), vec![GWEI, GWEI, GWEI, 900 * GWEI, 900 * GWEI, 900 * GWEI], 3);
        assert_eq!(spiked.tips[2], 3 * GWEI);
        let free = FeeQuote::new(&header(15_000_000), vec![0; 6], 3);
        assert_eq!(free.tips, [LEAST_TIP; 3]);
    }

    #[test]
    fn without_tips_the_default_says_so() {
        let quote = FeeQuote::new(&header(15_000_000), vec![GWEI], 1);
        assert_eq!(quote.basis, TipBasis::Default);
        assert_eq!(quote.fees(Speed::Normal), Fees { max_fee: 17 * GWEI, tip: GWEI });
        assert_eq!(quote.fees(Speed::Slow).max_fee, 10 * GWEI + GWEI / 2);
        assert_eq!(quote.likely_cost(Speed::Normal, 21_000), U256::from(9 * GWEI * 21_000));
    }
}
