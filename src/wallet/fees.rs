//! Three speeds of fee for a draft, and where they come from.

use alloy::eips::eip1559::{BaseFeeParams, calc_next_block_base_fee};
use alloy::primitives::U256;

use crate::execution::HeaderFields;

/// Our own tips where none could be measured, in wei: half a gwei, one, two.
const DEFAULT_TIPS: [u128; 3] = [500_000_000, 1_000_000_000, 2_000_000_000];

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
    /// Transactions of proven blocks.
    Blocks,
    /// Nothing could be measured: our own default.
    Default,
}

/// Fees for the block after a proven one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeQuote {
    /// Base fee of the next block in wei, computed from the proven one (EIP-1559).
    pub base_fee: u64,
    /// Slow, normal, fast.
    pub speeds: [Fees; 3],
    /// Where the tips come from.
    pub basis: TipBasis,
}

impl FeeQuote {
    /// Over a proven header alone: our own tips, and room for a base fee that doubles.
    pub fn with_default_tips(header: &HeaderFields) -> Self {
        let base_fee = next_base_fee(header);
        let room = u128::from(base_fee).saturating_mul(2);
        let speeds = DEFAULT_TIPS.map(|tip| Fees { max_fee: room.saturating_add(tip), tip });
        Self { base_fee, speeds, basis: TipBasis::Default }
    }

    /// Slow.
    pub fn slow(&self) -> Fees {
        let [slow, _, _] = self.speeds;
        slow
    }

    /// Normal.
    pub fn normal(&self) -> Fees {
        let [_, normal, _] = self.speeds;
        normal
    }

    /// Fast.
    pub fn fast(&self) -> Fees {
        let [_, _, fast] = self.speeds;
        fast
    }

    /// What a gas limit is likely to cost, in wei: base fee and tip.
    pub fn likely_cost(&self, fees: Fees, gas: u64) -> U256 {
        let per_gas = u128::from(self.base_fee).saturating_add(fees.tip).min(fees.max_fee);
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
            block_access_list_hash: None,
            slot_number: None,
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
    fn without_tips_the_default_says_so() {
        let quote = FeeQuote::with_default_tips(&header(15_000_000));
        assert_eq!(quote.basis, TipBasis::Default);
        assert_eq!(quote.normal(), Fees { max_fee: 17 * GWEI, tip: GWEI });
        assert_eq!((quote.slow().tip, quote.fast().tip), (GWEI / 2, 2 * GWEI));
        assert_eq!(quote.likely_cost(quote.normal(), 21_000), U256::from(9 * GWEI * 21_000));
    }
}
