//! A claimed header whose raw RLP hashes to a proven hash.

use alloy::primitives::{Address, B64, B256, Bloom, Bytes, U256, keccak256};
use alloy::rlp::{Decodable, Header as RlpHeader};

use super::header_json::candidates;
use super::{BlockRef, ProofError, ProvenAncestor};
use crate::consensus::{Finality, ProvenBlock};

/// The fields of an execution header. Those a fork brought are `None` before it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the yellow paper's and the EIPs' own")]
pub struct HeaderFields {
    pub parent_hash: B256,
    pub ommers_hash: B256,
    pub beneficiary: Address,
    pub state_root: B256,
    pub transactions_root: B256,
    pub receipts_root: B256,
    pub logs_bloom: Bloom,
    pub difficulty: U256,
    pub number: u64,
    pub gas_limit: u64,
    pub gas_used: u64,
    /// Unix seconds.
    pub timestamp: u64,
    pub extra_data: Bytes,
    /// `prev_randao` since the merge.
    pub mix_hash: B256,
    pub nonce: B64,
    /// EIP-1559, wei.
    pub base_fee_per_gas: Option<u64>,
    /// EIP-4895.
    pub withdrawals_root: Option<B256>,
    /// EIP-4844.
    pub blob_gas_used: Option<u64>,
    /// EIP-4844.
    pub excess_blob_gas: Option<u64>,
    /// EIP-4788.
    pub parent_beacon_block_root: Option<B256>,
    /// EIP-7685.
    pub requests_hash: Option<B256>,
    /// EIP-7928.
    pub block_access_list_hash: Option<B256>,
    /// EIP-7843.
    pub slot_number: Option<u64>,
    /// Fields after those, which this build only hashes: how many.
    pub unknown_tail: usize,
}

/// A header that is under a sync-committee signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenHeader {
    fields: HeaderFields,
    hash: B256,
    raw: Bytes,
    finality: Finality,
}

impl ProvenHeader {
    /// From raw RLP (`debug_getRawHeader`).
    ///
    /// # Errors
    /// `HeaderHash`, `BadHeader`.
    pub fn from_rlp(raw: &[u8], proven: &ProvenBlock) -> Result<Self, ProofError> {
        Self::of_hash(raw, proven.block_hash(), proven.finality())
    }

    /// From a JSON-RPC block object: the RLP is rebuilt with every header field the endpoint sent.
    ///
    /// # Errors
    /// `HeaderHash`, `BadHeader`, `UnknownHeaderField`.
    pub fn from_json(block: &serde_json::Value, proven: &ProvenBlock) -> Result<Self, ProofError> {
        Self::of_json(block, proven.block_hash(), proven.finality())
    }

    /// The header of a proven ancestor, from raw RLP.
    ///
    /// # Errors
    /// See [`ProvenHeader::from_rlp`]; also `BadHeader` where the number is not the ancestor's.
    pub fn ancestor_from_rlp(raw: &[u8], ancestor: &ProvenAncestor) -> Result<Self, ProofError> {
        ancestor.check(Self::of_hash(raw, ancestor.hash(), ancestor.finality())?)
    }

    /// The header of a proven ancestor, from a JSON-RPC block object.
    ///
    /// # Errors
    /// See [`ProvenHeader::from_json`].
    pub fn ancestor_from_json(
        block: &serde_json::Value,
        ancestor: &ProvenAncestor,
    ) -> Result<Self, ProofError> {
        ancestor.check(Self::of_json(block, ancestor.hash(), ancestor.finality())?)
    }

    /// Number in a header that hashes to `hash`. The header is real; that it is in the chain is not proven by this.
    ///
    /// # Errors
    /// `HeaderHash`, `BadHeader`.
    pub fn number_of_rlp(raw: &[u8], hash: B256) -> Result<u64, ProofError> {
        Self::of_hash(raw, hash, Finality::Optimistic).map(|header| header.number())
    }

    /// The same from a JSON-RPC block object.
    ///
    /// # Errors
    /// See [`ProvenHeader::number_of_rlp`].
    pub fn number_of_json(block: &serde_json::Value, hash: B256) -> Result<u64, ProofError> {
        Self::of_json(block, hash, Finality::Optimistic).map(|header| header.number())
    }

    fn of_hash(raw: &[u8], expected: B256, finality: Finality) -> Result<Self, ProofError> {
        let hash = keccak256(raw);
        if hash != expected {
            return Err(ProofError::HeaderHash { expected, found: hash });
        }
        Ok(Self { fields: decode(raw)?, hash, raw: Bytes::copy_from_slice(raw), finality })
    }

    fn of_json(block: &serde_json::Value, expected: B256, finality: Finality) -> Result<Self, ProofError> {
        let (known, unknown, with_unknown) = candidates(block)?;
        if keccak256(&known) == expected {
            return Self::of_hash(&known, expected, finality);
        }
        if let Some(raw) = with_unknown.iter().find(|raw| keccak256(raw) == expected) {
            return Self::of_hash(raw, expected, finality);
        }
        if unknown.is_empty() {
            return Err(ProofError::HeaderHash { expected, found: keccak256(&known) });
        }
        Err(ProofError::UnknownHeaderField { fields: unknown.join(", ") })
    }

    /// Every field.
    pub fn fields(&self) -> &HeaderFields {
        &self.fields
    }
    /// Block number.
    pub fn number(&self) -> u64 {
        self.fields.number
    }
    /// Block hash.
    pub fn hash(&self) -> B256 {
        self.hash
    }
    /// Hash of the parent block.
    pub fn parent_hash(&self) -> B256 {
        self.fields.parent_hash
    }
    /// State root after the block.
    pub fn state_root(&self) -> B256 {
        self.fields.state_root
    }
    /// Root of its transactions.
    pub fn transactions_root(&self) -> B256 {
        self.fields.transactions_root
    }
    /// Root of its receipts.
    pub fn receipts_root(&self) -> B256 {
        self.fields.receipts_root
    }
    /// Unix seconds.
    pub fn timestamp(&self) -> u64 {
        self.fields.timestamp
    }
    /// Raw RLP, as hashed.
    pub fn raw_rlp(&self) -> &Bytes {
        &self.raw
    }
    /// Final, or signed as head.
    pub fn finality(&self) -> Finality {
        self.finality
    }
    /// The block as values refer to it.
    pub fn block_ref(&self) -> BlockRef {
        BlockRef {
            number: self.fields.number,
            hash: self.hash,
            timestamp: self.fields.timestamp,
            finality: self.finality,
        }
    }
}

fn decode(raw: &[u8]) -> Result<HeaderFields, ProofError> {
    let bad = |error: alloy::rlp::Error| ProofError::BadHeader { detail: error.to_string() };
    let mut cursor = raw;
    let payload = RlpHeader::decode_bytes(&mut cursor, true).map_err(bad)?;
    if !cursor.is_empty() {
        return Err(ProofError::BadHeader { detail: "bytes after the list".to_owned() });
    }
    let rest = &mut &*payload;
    fields(rest).map_err(bad)
}

fn optional<T: Decodable>(rest: &mut &[u8]) -> Result<Option<T>, alloy::rlp::Error> {
    if rest.is_empty() { Ok(None) } else { T::decode(rest).map(Some) }
}

/// A field of a fork that is still to come: where it has another form after all, it is left to the unknown ones.
fn foreseen<T: Decodable>(rest: &mut &[u8]) -> Option<T> {
    let mut after = *rest;
    let value = T::decode(&mut after).ok()?;
    *rest = after;
    Some(value)
}

fn fields(rest: &mut &[u8]) -> Result<HeaderFields, alloy::rlp::Error> {
    let mut fields = HeaderFields {
        parent_hash: Decodable::decode(rest)?,
        ommers_hash: Decodable::decode(rest)?,
        beneficiary: Decodable::decode(rest)?,
        state_root: Decodable::decode(rest)?,
        transactions_root: Decodable::decode(rest)?,
        receipts_root: Decodable::decode(rest)?,
        logs_bloom: Decodable::decode(rest)?,
        difficulty: Decodable::decode(rest)?,
        number: Decodable::decode(rest)?,
        gas_limit: Decodable::decode(rest)?,
        gas_used: Decodable::decode(rest)?,
        timestamp: Decodable::decode(rest)?,
        extra_data: Decodable::decode(rest)?,
        mix_hash: Decodable::decode(rest)?,
        nonce: Decodable::decode(rest)?,
        base_fee_per_gas: optional(rest)?,
        withdrawals_root: optional(rest)?,
        blob_gas_used: optional(rest)?,
        excess_blob_gas: optional(rest)?,
        parent_beacon_block_root: optional(rest)?,
        requests_hash: optional(rest)?,
        block_access_list_hash: None,
        slot_number: None,
        unknown_tail: 0,
    };
    fields.block_access_list_hash = foreseen(rest);
    fields.slot_number = fields.block_access_list_hash.and_then(|_| foreseen(rest));
    while !rest.is_empty() {
        let header = RlpHeader::decode(rest)?;
        *rest = rest.get(header.payload_length..).ok_or(alloy::rlp::Error::InputTooShort)?;
        fields.unknown_tail = fields.unknown_tail.saturating_add(1);
    }
    Ok(fields)
}

#[cfg(test)]
#[path = "captured_tests.rs"]
mod captured_tests;
