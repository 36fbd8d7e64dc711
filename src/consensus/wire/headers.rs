//! `LightClientHeader` as each fork sends it.

use alloy::primitives::{Address, B256, FixedBytes, U256};
use alloy::serde::displayfromstr;
use serde::{Deserialize, Serialize};
use ssz_derive::{Decode, Encode};
use ssz_types::serde_utils::hex_var_list;
use ssz_types::{FixedVector, VariableList};
use tree_hash_derive::TreeHash;
use typenum::{U4, U11, U32};

use crate::consensus::BeaconBlockHeader;

/// Altair and Bellatrix: the beacon header alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct AltairHeader {
    pub beacon: BeaconBlockHeader,
}

/// Capella: with the payload header and its branch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct CapellaHeader {
    pub beacon: BeaconBlockHeader,
    pub execution: ExecutionPayloadHeaderCapella,
    pub execution_branch: FixedVector<B256, U4>,
}

/// Deneb, Electra and Fulu.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct DenebHeader {
    pub beacon: BeaconBlockHeader,
    pub execution: ExecutionPayloadHeaderDeneb,
    pub execution_branch: FixedVector<B256, U4>,
}

/// Gloas: the (parent) payload's block hash and its branch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct GloasHeader {
    pub beacon: BeaconBlockHeader,
    pub execution_block_hash: B256,
    pub execution_branch: FixedVector<B256, U11>,
}

/// `ExecutionPayloadHeader` of Capella.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct ExecutionPayloadHeaderCapella {
    pub parent_hash: B256,
    pub fee_recipient: Address,
    pub state_root: B256,
    pub receipts_root: B256,
    pub logs_bloom: FixedBytes<256>,
    pub prev_randao: B256,
    #[serde(with = "displayfromstr")]
    pub block_number: u64,
    #[serde(with = "displayfromstr")]
    pub gas_limit: u64,
    #[serde(with = "displayfromstr")]
    pub gas_used: u64,
    #[serde(with = "displayfromstr")]
    pub timestamp: u64,
    #[serde(with = "hex_var_list")]
    pub extra_data: VariableList<u8, U32>,
    #[serde(with = "displayfromstr")]
    pub base_fee_per_gas: U256,
    pub block_hash: B256,
    pub transactions_root: B256,
    pub withdrawals_root: B256,
}

/// `ExecutionPayloadHeader` of Deneb, Electra and Fulu.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct ExecutionPayloadHeaderDeneb {
    pub parent_hash: B256,
    pub fee_recipient: Address,
    pub state_root: B256,
    pub receipts_root: B256,
    pub logs_bloom: FixedBytes<256>,
    pub prev_randao: B256,
    #[serde(with = "displayfromstr")]
    pub block_number: u64,
    #[serde(with = "displayfromstr")]
    pub gas_limit: u64,
    #[serde(with = "displayfromstr")]
    pub gas_used: u64,
    #[serde(with = "displayfromstr")]
    pub timestamp: u64,
    #[serde(with = "hex_var_list")]
    pub extra_data: VariableList<u8, U32>,
    #[serde(with = "displayfromstr")]
    pub base_fee_per_gas: U256,
    pub block_hash: B256,
    pub transactions_root: B256,
    pub withdrawals_root: B256,
    #[serde(with = "displayfromstr")]
    pub blob_gas_used: u64,
    #[serde(with = "displayfromstr")]
    pub excess_blob_gas: u64,
}
