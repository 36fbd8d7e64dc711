//! A simulated block in the shape of the execution API.

use alloy::consensus::transaction::{Recovered, TransactionInfo};
use alloy::consensus::{Block, BlockBody};
use alloy::primitives::{B256, Sealed, U256};
use alloy::rlp::Encodable as _;
use alloy::rpc::types::{Header as RpcHeader, Log, Transaction};
use serde_json::{Value, json};

use super::calls::revert_words;
use super::error::RpcError;
use super::params::to_json;
use crate::app::{CallStatus, RanBlock, RanCall};

/// The block as the execution API has it.
pub(super) fn block(ran: &RanBlock, full: bool) -> Result<Value, RpcError> {
    let header = ran.header.clone();
    let withdrawals = header.withdrawals_root.is_some();
    let body = BlockBody {
        transactions: ran.calls.iter().map(|one| one.transaction.envelope.clone()).collect(),
        ommers: Vec::new(),
        withdrawals: withdrawals.then(Default::default),
    };
    let size = U256::from(Block { header: header.clone(), body }.length());
    let sealed = Sealed::new_unchecked(header, ran.hash.unwrap_or_default());
    let mut shown = to_json(&RpcHeader::from_consensus(sealed, None, Some(size)))?;
    let Some(object) = shown.as_object_mut() else { return Err(RpcError::internal("a header is an object")) };
    for (name, is_known) in [
        ("hash", ran.hash.is_some()),
        ("stateRoot", ran.has_state_root),
        ("parentHash", ran.has_parent_hash),
        // No requests hash to this; it stands where they are not known.
        ("requestsHash", ran.header.requests_hash != Some(B256::ZERO)),
    ] {
        if !is_known {
            object.insert(name.to_owned(), Value::Null);
        }
    }
    let mut transactions = Vec::with_capacity(ran.calls.len());
    for (call, index) in ran.calls.iter().zip(0..) {
        transactions.push(if full { transaction(ran, call, index)? } else { json!(call.transaction.hash) });
    }
    object.insert("transactions".to_owned(), Value::Array(transactions));
    object.insert("uncles".to_owned(), json!([]));
    if withdrawals {
        object.insert("withdrawals".to_owned(), json!([]));
    }
    object.insert("calls".to_owned(), calls(ran)?);
    Ok(shown)
}

fn transaction(ran: &RanBlock, call: &RanCall, index: u64) -> Result<Value, RpcError> {
    let one = &call.transaction;
    let info = TransactionInfo {
        hash: Some(one.hash),
        index: Some(index),
        block_hash: ran.hash,
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

fn calls(ran: &RanBlock) -> Result<Value, RpcError> {
    let mut first_log = 0_u64;
    let mut shown = Vec::with_capacity(ran.calls.len());
    for (one, index) in ran.calls.iter().zip(0..) {
        let logs: Vec<Log> = (first_log..)
            .zip(&one.logs)
            .map(|(log_index, inner)| Log {
                inner: inner.clone(),
                block_hash: ran.hash,
                block_number: Some(ran.number),
                block_timestamp: Some(ran.timestamp),
                transaction_hash: Some(one.transaction.hash),
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
