//! The rules and the block that code sees.

use alloy::eips::eip4844::{BLOB_TX_MIN_BLOB_GASPRICE, DATA_GAS_PER_BLOB};
use alloy::eips::eip7840::BlobParams;
use alloy::primitives::{B256, U256};
use revm::context::{BlockEnv, CfgEnv};
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::primitives::hardfork::SpecId;

use crate::execution::ProvenHeader;
use crate::networks::{Fork, NetworkSpec};

use super::{CallError, Checks, Overrides};

/// `BLOB_BASE_FEE_UPDATE_FRACTION` of EIP-7691, for 9 blobs a block; every fork so far has kept this proportion.
const FRACTION_AT_NINE_BLOBS: u64 = 5_007_716;
const NINE_BLOBS: u64 = 9;
/// `MAX_BLOBS_PER_BLOCK` of EIP-4844, before the schedule of Electra and Fulu.
const DENEB_MAX_BLOBS: u64 = 6;
/// Largest exponent of the blob price that is computed.
const MOST_EXCESS_FRACTIONS: u64 = 48;

/// The environment of a call at a proven block: that block's own number, time, fee and rules, as `eth_call` has it.
#[derive(Debug, Clone)]
pub struct EvmEnv {
    pub(super) rules: SpecId,
    pub(super) chain_id: u64,
    pub(super) block: BlockEnv,
    blobs: BlobParams,
}

impl EvmEnv {
    /// The environment of the block of `header`.
    ///
    /// # Errors
    /// `UnknownRules` before the merge.
    pub fn of(header: &ProvenHeader, network: &NetworkSpec) -> Result<Self, CallError> {
        let fields = header.fields();
        let slot = network.slot_at(fields.timestamp.saturating_mul(1_000));
        let rules = match network.fork_at(slot) {
            Fork::Bellatrix => SpecId::MERGE,
            Fork::Capella => SpecId::SHANGHAI,
            Fork::Deneb => SpecId::CANCUN,
            Fork::Electra => SpecId::PRAGUE,
            Fork::Fulu => SpecId::OSAKA,
            Fork::Gloas => SpecId::AMSTERDAM,
            Fork::Phase0 | Fork::Altair => return Err(CallError::UnknownRules { number: fields.number }),
        };
        let max_blobs = match rules {
            SpecId::CANCUN => DENEB_MAX_BLOBS,
            _ => network.forks.blob_parameters_at(network.epoch_at(slot)).max_blobs_per_block,
        };
        let fraction = blob_fee_fraction(max_blobs);
        let blob = fields
            .excess_blob_gas
            .map(|excess| BlobExcessGasAndPrice::new(priceable(excess, fraction), fraction));
        let block = BlockEnv {
            number: U256::from(fields.number),
            beneficiary: fields.beneficiary,
            timestamp: U256::from(fields.timestamp),
            gas_limit: fields.gas_limit,
            basefee: fields.base_fee_per_gas.unwrap_or_default(),
            difficulty: fields.difficulty,
            prevrandao: Some(fields.mix_hash),
            blob_excess_gas_and_price: blob,
            // From Amsterdam on the header says it; before, no code can ask.
            slot_num: fields.slot_number.unwrap_or(slot),
        };
        Ok(Self { rules, chain_id: network.chain_id, block, blobs: blob_params(rules, max_blobs) })
    }

    /// Wei per blob gas in this block (EIP-4844); `None` before Cancun.
    pub fn blob_base_fee(&self) -> Option<u128> {
        self.block.blob_excess_gas_and_price.map(|blob| blob.blob_gasprice)
    }

    /// Wei per blob gas in the block after this one of `header`, unless the rules change with it; `None` before Cancun.
    pub fn next_blob_base_fee(&self, header: &ProvenHeader) -> Option<u128> {
        let fields = header.fields();
        let blob_gas = (fields.excess_blob_gas?, fields.blob_gas_used?);
        let excess = self.next_excess_blob_gas(blob_gas, fields.base_fee_per_gas?);
        Some(self.blobs.calc_blob_fee(priceable(excess, blob_fee_fraction(self.blobs.max_blob_count))))
    }

    /// Excess blob gas of the block after one with this excess, blob gas used and base fee.
    pub(super) fn next_excess_blob_gas(&self, (excess, used): (u64, u64), base_fee: u64) -> u64 {
        let fraction = blob_fee_fraction(self.blobs.max_blob_count);
        let (excess, used) = (priceable(excess, fraction), used.min(self.max_blob_gas()));
        self.blobs.next_block_excess_blob_gas_osaka(excess, used, base_fee)
    }

    /// An excess of blob gas with its price.
    pub(super) fn blob_price_of(&self, excess: u64) -> BlobExcessGasAndPrice {
        let fraction = blob_fee_fraction(self.blobs.max_blob_count);
        BlobExcessGasAndPrice::new(priceable(excess, fraction), fraction)
    }

    /// Most blob gas that this block may use.
    pub fn max_blob_gas(&self) -> u64 {
        self.blobs.max_blob_count.saturating_mul(DATA_GAS_PER_BLOB)
    }

    /// Chain id.
    pub fn chain_id(&self) -> u64 {
        self.chain_id
    }

    /// The block as `overrides` have it.
    #[must_use]
    pub fn with(mut self, overrides: &Overrides) -> Self {
        let block = &mut self.block;
        block.number = overrides.number.unwrap_or(block.number);
        block.timestamp = overrides.timestamp.unwrap_or(block.timestamp);
        block.gas_limit = overrides.gas_limit.unwrap_or(block.gas_limit);
        block.beneficiary = overrides.beneficiary.unwrap_or(block.beneficiary);
        block.prevrandao = overrides.prev_randao.or(block.prevrandao);
        block.basefee = overrides.base_fee.unwrap_or(block.basefee);
        self
    }

    /// The rules, and how strictly a call is checked.
    pub(super) fn configure(&self, cfg: &mut CfgEnv, checks: Checks) {
        cfg.set_spec_and_mainnet_gas_params(self.rules);
        cfg.chain_id = self.chain_id;
        if checks == Checks::Transaction {
            return;
        }
        cfg.disable_nonce_check = true;
        cfg.disable_base_fee = true;
        cfg.disable_fee_charge = true;
        cfg.disable_eip3607 = true;
        cfg.disable_block_gas_limit = true;
        cfg.tx_gas_limit_cap = Some(u64::MAX);
    }

    pub(super) fn base_fee(&self) -> u64 {
        self.block.basefee
    }

    pub(super) fn gas_limit(&self) -> u64 {
        self.block.gas_limit
    }
}

/// EIP-4844 with the maximum of the schedule. Its target is half of six, and two thirds of every later maximum; from
/// Osaka on execution has a price in blobs (EIP-7918).
fn blob_params(rules: SpecId, max_blobs: u64) -> BlobParams {
    let target = if rules == SpecId::CANCUN { max_blobs / 2 } else { max_blobs.saturating_mul(2) / 3 };
    BlobParams {
        target_blob_count: target,
        max_blob_count: max_blobs,
        update_fraction: blob_fee_fraction(max_blobs).into(),
        min_blob_fee: BLOB_TX_MIN_BLOB_GASPRICE,
        max_blobs_per_tx: max_blobs,
        blob_base_cost: if rules >= SpecId::OSAKA { BlobParams::osaka().blob_base_cost } else { 0 },
    }
}

/// `BLOB_BASE_FEE_UPDATE_FRACTION` for a maximum of blobs: 3,338,477 for 6, 5,007,716 for 9, 8,346,193 for 15,
/// 11,684,671 for 21 (EIP-4844, 7691, 7892 and 8135).
fn blob_fee_fraction(max_blobs: u64) -> u64 {
    let scaled = FRACTION_AT_NINE_BLOBS.saturating_mul(max_blobs).saturating_add(NINE_BLOBS / 2);
    (scaled / NINE_BLOBS).max(1)
}

/// The excess as far as its price can be computed: the price is *e* to the power of excess over fraction, and beyond
/// some 50 the series overflows 128 bits. A blob then costs a thousand ether a byte, which no chain has seen; but a header
/// may say anything that a committee signs.
fn priceable(excess: u64, fraction: u64) -> u64 {
    excess.min(fraction.saturating_mul(MOST_EXCESS_FRACTIONS))
}

/// The hash of no block.
pub(super) const NO_HASH: B256 = B256::ZERO;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_fee_fractions_are_those_of_the_forks() {
        for (max_blobs, fraction) in [(6, 3_338_477), (9, 5_007_716), (15, 8_346_193), (21, 11_684_671)] {
            assert_eq!(blob_fee_fraction(max_blobs), fraction);
        }
    }

    #[test]
    fn no_excess_makes_the_price_overflow() {
        for (rules, max_blobs) in [(SpecId::CANCUN, 6), (SpecId::PRAGUE, 9), (SpecId::OSAKA, 21)] {
            let (fraction, blobs) = (blob_fee_fraction(max_blobs), blob_params(rules, max_blobs));
            let price =
                |excess| BlobExcessGasAndPrice::new(priceable(excess, fraction), fraction).blob_gasprice;
            let rising = [0, fraction, 10 * fraction, 48 * fraction].map(price);
            assert!(rising.is_sorted() && rising[0] < rising[3], "{rising:?}");
            assert_eq!(price(u64::MAX), rising[3]);
            let excess =
                blobs.next_block_excess_blob_gas_osaka(priceable(u64::MAX, fraction), 786_432, u64::MAX);
            assert!(blobs.calc_blob_fee(priceable(excess, fraction)) > 0);
        }
    }

    #[test]
    fn blob_parameters_are_those_of_the_forks() {
        let known = [
            (SpecId::CANCUN, 6, BlobParams::cancun()),
            (SpecId::PRAGUE, 9, BlobParams::prague()),
            (SpecId::OSAKA, 15, BlobParams::bpo1()),
            (SpecId::OSAKA, 21, BlobParams::bpo2()),
        ];
        for (rules, max_blobs, expected) in known {
            let found = blob_params(rules, max_blobs);
            assert_eq!(BlobParams { max_blobs_per_tx: expected.max_blobs_per_tx, ..found }, expected);
        }
    }
}
