//! The header of a block that nobody made, with the transactions that nobody signed.

use alloy::consensus::constants::{EMPTY_OMMER_ROOT_HASH, EMPTY_WITHDRAWALS};
use alloy::consensus::{
    Eip658Value, Header, Receipt, ReceiptEnvelope, ReceiptWithBloom, SignableTransaction as _, Signed,
    TxEip1559, TxEip2930, TxEip4844, TxEip4844Variant, TxEip7702, TxEnvelope, TxLegacy, Typed2718 as _,
};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{B256, Bloom, Log, Signature, TxKind, U256, keccak256, logs_bloom};
use alloy_trie::root::ordered_trie_root_encoded;

use crate::execution::ProvenHeader;

use super::{Call, RanBlock};

/// A transaction that nobody signed, as geth encodes one: its signature is all zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsignedTransaction {
    /// It, with a signature that is no one's.
    pub envelope: TxEnvelope,
    /// Its hash as geth has it.
    pub hash: B256,
    encoded: Vec<u8>,
}

/// The header of a block that has run, on the proven block `base`; all of it but its state root, parent and requests.
pub(super) fn header(ran: &RanBlock, base: &ProvenHeader) -> Header {
    let fields = base.fields();
    let logs = ran.calls.iter().flat_map(|one| &one.outcome.logs);
    let encoded: Vec<&[u8]> = ran.calls.iter().map(|one| one.transaction.encoded.as_slice()).collect();
    Header {
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        beneficiary: ran.beneficiary,
        transactions_root: ordered_trie_root_encoded(&encoded),
        receipts_root: receipts_root(ran),
        logs_bloom: logs_bloom(logs),
        number: ran.number,
        gas_limit: ran.gas_limit,
        gas_used: ran.gas_used,
        timestamp: ran.timestamp,
        mix_hash: ran.prev_randao,
        base_fee_per_gas: fields.base_fee_per_gas.map(|_| ran.base_fee),
        withdrawals_root: fields.withdrawals_root.map(|_| EMPTY_WITHDRAWALS),
        blob_gas_used: ran.excess_blob_gas.map(|_| ran.blob_gas_used),
        excess_blob_gas: ran.excess_blob_gas,
        parent_beacon_block_root: fields.parent_beacon_block_root.map(|_| ran.beacon_root),
        ..Header::default()
    }
}

fn receipts_root(ran: &RanBlock) -> B256 {
    let mut gas = 0_u64;
    let receipts = ran.calls.iter().map(|one| {
        gas = gas.saturating_add(one.outcome.gas_used);
        let (status, logs) = (one.outcome.is_success(), &one.outcome.logs);
        receipt(one.transaction.envelope.ty(), Eip658Value::Eip658(status), gas, logs)
    });
    ordered_trie_root_encoded(&receipts.collect::<Vec<_>>())
}

fn receipt(kind: u8, status: Eip658Value, cumulative_gas_used: u64, logs: &[Log]) -> Vec<u8> {
    let bloom: Bloom = logs_bloom(logs);
    let receipt = Receipt { status, cumulative_gas_used, logs: logs.to_vec() };
    let whole = ReceiptWithBloom::new(receipt, bloom);
    match kind {
        1 => ReceiptEnvelope::Eip2930(whole),
        2 => ReceiptEnvelope::Eip1559(whole),
        3 => ReceiptEnvelope::Eip4844(whole),
        4 => ReceiptEnvelope::Eip7702(whole),
        _ => ReceiptEnvelope::Legacy(whole),
    }
    .encoded_2718()
}

/// The transaction that a call would be.
pub(super) fn unsigned(call: &Call, chain_id: u64) -> UnsignedTransaction {
    let envelope = match call.priority_fee {
        Some(tip) => with_tip(call, chain_id, tip),
        None if call.access_list.0.is_empty() => return legacy(call),
        None => TxEip2930 {
            chain_id,
            nonce: call.nonce.unwrap_or_default(),
            gas_price: call.gas_price,
            gas_limit: call.gas_limit.unwrap_or_default(),
            to: kind(call),
            value: call.value,
            access_list: call.access_list.clone(),
            input: call.input.clone(),
        }
        .into_signed(nothing())
        .into(),
    };
    let encoded = envelope.encoded_2718();
    UnsignedTransaction { hash: keccak256(&encoded), encoded, envelope }
}

/// The signature of nobody.
fn nothing() -> Signature {
    Signature::new(U256::ZERO, U256::ZERO, false)
}

fn kind(call: &Call) -> TxKind {
    call.to.map_or(TxKind::Create, TxKind::Call)
}

fn with_tip(call: &Call, chain_id: u64, max_priority_fee_per_gas: u128) -> TxEnvelope {
    let plain = TxEip1559 {
        chain_id,
        nonce: call.nonce.unwrap_or_default(),
        gas_limit: call.gas_limit.unwrap_or_default(),
        max_fee_per_gas: call.gas_price,
        max_priority_fee_per_gas,
        to: kind(call),
        value: call.value,
        access_list: call.access_list.clone(),
        input: call.input.clone(),
    };
    let TxEip1559 { nonce, gas_limit, max_fee_per_gas, value, access_list, input, .. } = plain.clone();
    let authorization_list = call.authorizations.clone();
    let (blob_versioned_hashes, max_fee_per_blob_gas) = (call.blob_hashes.clone(), 0);
    match call.to {
        Some(to) if !authorization_list.is_empty() => TxEip7702 {
            chain_id,
            nonce,
            gas_limit,
            max_fee_per_gas,
            max_priority_fee_per_gas,
            to,
            value,
            access_list,
            authorization_list,
            input,
        }
        .into_signed(nothing())
        .into(),
        Some(to) if !blob_versioned_hashes.is_empty() => {
            let blobs = TxEip4844 {
                chain_id,
                nonce,
                gas_limit,
                max_fee_per_gas,
                max_priority_fee_per_gas,
                to,
                value,
                access_list,
                blob_versioned_hashes,
                max_fee_per_blob_gas,
                input,
            };
            TxEnvelope::Eip4844(Signed::new_unhashed(TxEip4844Variant::TxEip4844(blobs), nothing()))
        }
        _ => plain.into_signed(nothing()).into(),
    }
}

/// Here v is 0 too, which no signature has: it stands where EIP-155 puts the chain id before signing.
fn legacy(call: &Call) -> UnsignedTransaction {
    let tx = TxLegacy {
        chain_id: Some(0),
        nonce: call.nonce.unwrap_or_default(),
        gas_price: call.gas_price,
        gas_limit: call.gas_limit.unwrap_or_default(),
        to: kind(call),
        value: call.value,
        input: call.input.clone(),
    };
    let mut encoded = Vec::new();
    tx.encode_for_signing(&mut encoded);
    let envelope = TxLegacy { chain_id: None, ..tx }.into_signed(nothing()).into();
    UnsignedTransaction { hash: keccak256(&encoded), encoded, envelope }
}
