//! A simulated block in the shape of the execution API.

use alloy::consensus::constants::{EMPTY_OMMER_ROOT_HASH, EMPTY_WITHDRAWALS};
use alloy::consensus::transaction::{Recovered, TransactionInfo};
use alloy::consensus::{
    Block, BlockBody, Eip658Value, Header, SignableTransaction as _, Signed, TxEip1559, TxEip2930, TxEip4844,
    TxEip4844Variant, TxEip7702, TxEnvelope, TxLegacy, Typed2718 as _,
};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::eips::eip7685::EMPTY_REQUESTS_HASH;
use alloy::primitives::{
    B256, Bloom, Log as PlainLog, Sealed, Signature, TxKind, U256, keccak256, logs_bloom,
};
use alloy::rlp::Encodable as _;
use alloy::rpc::types::{Header as RpcHeader, Log, Transaction};
use alloy_trie::root::ordered_trie_root_encoded;
use serde_json::{Value, json};

use super::calls::revert_words;
use super::error::RpcError;
use super::params::to_json;
use crate::app::{Call, CallStatus, ProvenHeader, RanBlock, RanCall};

/// A transaction that nobody signed, as geth encodes one: its signature is all zeros.
struct Unsigned {
    envelope: TxEnvelope,
    hash: B256,
    encoded: Vec<u8>,
}

/// The block; `base` is the proven one and whether it is the parent.
pub(super) fn block(
    ran: &RanBlock,
    (base, is_first): (&ProvenHeader, bool),
    chain_id: u64,
    full: bool,
) -> Result<Value, RpcError> {
    let all: Vec<Unsigned> = ran.calls.iter().map(|one| unsigned(&one.call, chain_id)).collect();
    let encoded: Vec<&[u8]> = all.iter().map(|one| one.encoded.as_slice()).collect();
    let header = header(ran, base, (ordered_trie_root_encoded(&encoded), receipts_root(ran, &all)));
    let withdrawals = base.fields().withdrawals_root.is_some();
    let body = BlockBody {
        transactions: all.iter().map(|one| one.envelope.clone()).collect(),
        ommers: Vec::new(),
        withdrawals: withdrawals.then(Default::default),
    };
    let size = U256::from(Block { header: header.clone(), body }.length());
    let sealed = Sealed::new_unchecked(header, B256::ZERO);
    let mut shown = to_json(&RpcHeader::from_consensus(sealed, None, Some(size)))?;
    let Some(object) = shown.as_object_mut() else { return Err(RpcError::internal("a header is an object")) };
    // They follow from a state root, which is not computed here.
    for name in ["hash", "stateRoot"] {
        object.insert(name.to_owned(), Value::Null);
    }
    if !is_first {
        object.insert("parentHash".to_owned(), Value::Null);
    }
    let mut transactions = Vec::with_capacity(all.len());
    for ((one, call), index) in all.iter().zip(&ran.calls).zip(0..) {
        transactions.push(if full { transaction(ran, (one, call), index)? } else { json!(one.hash) });
    }
    object.insert("transactions".to_owned(), Value::Array(transactions));
    object.insert("uncles".to_owned(), json!([]));
    if withdrawals {
        object.insert("withdrawals".to_owned(), json!([]));
    }
    object.insert("calls".to_owned(), calls(ran, &all)?);
    Ok(shown)
}

fn header(ran: &RanBlock, base: &ProvenHeader, (transactions, receipts): (B256, B256)) -> Header {
    let fields = base.fields();
    let logs = ran.calls.iter().flat_map(|one| &one.outcome.logs);
    Header {
        parent_hash: base.hash(),
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        beneficiary: ran.beneficiary,
        state_root: B256::ZERO,
        transactions_root: transactions,
        receipts_root: receipts,
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
        parent_beacon_block_root: fields.parent_beacon_block_root.map(|_| B256::ZERO),
        requests_hash: fields.requests_hash.map(|_| EMPTY_REQUESTS_HASH),
        ..Header::default()
    }
}

fn receipts_root(ran: &RanBlock, all: &[Unsigned]) -> B256 {
    let mut gas = 0_u64;
    let receipts = ran.calls.iter().zip(all).map(|(one, unsigned)| {
        gas = gas.saturating_add(one.outcome.gas_used);
        let (status, logs) = (one.outcome.is_success(), &one.outcome.logs);
        receipt(unsigned.envelope.ty(), Eip658Value::Eip658(status), gas, logs)
    });
    ordered_trie_root_encoded(&receipts.collect::<Vec<_>>())
}

fn receipt(kind: u8, status: Eip658Value, cumulative_gas_used: u64, logs: &[PlainLog]) -> Vec<u8> {
    use alloy::consensus::{Receipt, ReceiptEnvelope, ReceiptWithBloom};
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

fn unsigned(call: &Call, chain_id: u64) -> Unsigned {
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
    Unsigned { hash: keccak256(&encoded), encoded, envelope }
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
fn legacy(call: &Call) -> Unsigned {
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
    Unsigned { hash: keccak256(&encoded), encoded, envelope }
}

fn transaction(ran: &RanBlock, (one, call): (&Unsigned, &RanCall), index: u64) -> Result<Value, RpcError> {
    let info = TransactionInfo {
        hash: Some(one.hash),
        index: Some(index),
        block_hash: None,
        block_number: Some(ran.number),
        base_fee: Some(ran.base_fee),
        block_timestamp: Some(ran.timestamp),
    };
    let recovered = Recovered::new_unchecked(one.envelope.clone(), call.call.from);
    let mut shown = to_json(&Transaction::from_transaction(recovered, info))?;
    if let Some(object) = shown.as_object_mut() {
        object.insert("hash".to_owned(), json!(one.hash));
        if one.envelope.is_legacy() {
            object.insert("v".to_owned(), json!("0x0"));
        }
    }
    Ok(shown)
}

fn calls(ran: &RanBlock, all: &[Unsigned]) -> Result<Value, RpcError> {
    let mut first_log = 0_u64;
    let mut shown = Vec::with_capacity(all.len());
    for ((one, unsigned), index) in ran.calls.iter().zip(all).zip(0..) {
        let logs: Vec<Log> = (first_log..)
            .zip(&one.logs)
            .map(|(log_index, inner)| Log {
                inner: inner.clone(),
                block_hash: None,
                block_number: Some(ran.number),
                block_timestamp: Some(ran.timestamp),
                transaction_hash: Some(unsigned.hash),
                transaction_index: Some(index),
                log_index: Some(log_index),
                removed: false,
            })
            .collect();
        first_log = first_log.saturating_add(u64::try_from(logs.len()).unwrap_or_default());
        let outcome = &one.outcome;
        let mut result = json!({
            "returnData": outcome.output,
            "logs": to_json(&logs)?,
            "gasUsed": format!("{:#x}", outcome.gas_used),
            "maxUsedGas": format!("{:#x}", one.most_gas),
            "status": if outcome.is_success() { "0x1" } else { "0x0" },
        });
        let error = match &outcome.status {
            CallStatus::Success => None,
            CallStatus::Revert => Some(json!({
                "code": 3, "message": revert_words(&outcome.output), "data": outcome.output,
            })),
            CallStatus::Halt(words) => Some(json!({ "code": -32015, "message": words })),
        };
        if let (Some(error), Some(object)) = (error, result.as_object_mut()) {
            object.insert("error".to_owned(), error);
        }
        shown.push(result);
    }
    Ok(Value::Array(shown))
}
