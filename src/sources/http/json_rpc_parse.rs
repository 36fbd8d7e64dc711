//! JSON-RPC replies into results, and claims out of JSON values.

use alloy::primitives::{B256, Bytes, U256, hex};
use serde_json::Value;

use crate::sources::{RawAccountProof, RawStorageProof, SourceError};

/// Waiting time where an endpoint limits the rate without saying for how long.
const DEFAULT_WAIT_MS: u64 = 2_000;

/// One reply object to its result. `null` counts as "does not have it".
pub(super) fn result_of(mut reply: Value) -> Result<Value, SourceError> {
    if let Some(error) = reply.get("error").filter(|error| !error.is_null()) {
        return Err(rpc_error(error));
    }
    match reply.get_mut("result").map(Value::take) {
        Some(Value::Null) => Err(SourceError::NotFound),
        Some(result) => Ok(result),
        None => Err(malformed("neither result nor error")),
    }
}

fn rpc_error(error: &Value) -> SourceError {
    let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    let lower = message.to_lowercase();
    let limited = ["rate limit", "too many requests", "limit exceeded", "capacity exceeded"];
    if code == -32005 || code == 429 || limited.iter().any(|words| lower.contains(words)) {
        return SourceError::RateLimited { retry_after_ms: DEFAULT_WAIT_MS };
    }
    if code == -32601 {
        return SourceError::Unsupported { method: "the method" };
    }
    let missing =
        ["header not found", "unknown block", "missing trie node", "block not found", "state not available"];
    if missing.iter().any(|words| lower.contains(words)) {
        return SourceError::NotFound;
    }
    if lower.contains("maximum proof window") {
        return SourceError::Unsupported { method: "proofs that far back" };
    }
    let message = message.chars().filter(|c| !c.is_control()).take(160).collect();
    SourceError::Rpc { code, message }
}

/// A hex quantity of up to 256 bits, leading zeros tolerated.
pub(super) fn quantity(value: &Value) -> Result<U256, SourceError> {
    let digits =
        value.as_str().and_then(|text| text.strip_prefix("0x")).ok_or_else(|| malformed("a quantity"))?;
    if digits.is_empty() {
        return Ok(U256::ZERO);
    }
    U256::from_str_radix(digits, 16).map_err(|error| malformed(&error.to_string()))
}

pub(super) fn quantity_u64(value: &Value) -> Result<u64, SourceError> {
    u64::try_from(quantity(value)?).map_err(|_large| malformed("a quantity beyond 64 bits"))
}

pub(super) fn data(value: &Value) -> Result<Bytes, SourceError> {
    let text = value.as_str().ok_or_else(|| malformed("hex data"))?;
    hex::decode(text).map(Bytes::from).map_err(|error| malformed(&error.to_string()))
}

pub(super) fn hash(value: &Value) -> Result<B256, SourceError> {
    value.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| malformed("a hash"))
}

/// `eth_getProof`'s answer.
pub(super) fn account_proof(value: &Value) -> Result<RawAccountProof, SourceError> {
    let member = |name: &str| value.get(name).ok_or_else(|| malformed(&format!("{name} is missing")));
    let storage = member("storageProof")?.as_array().ok_or_else(|| malformed("storageProof"))?;
    Ok(RawAccountProof {
        nonce: quantity_u64(member("nonce")?)?,
        balance: quantity(member("balance")?)?,
        code_hash: hash(member("codeHash")?)?,
        storage_hash: hash(member("storageHash")?)?,
        account_nodes: nodes(member("accountProof")?)?,
        storage: storage.iter().map(storage_proof).collect::<Result<_, _>>()?,
    })
}

fn storage_proof(value: &Value) -> Result<RawStorageProof, SourceError> {
    let member = |name: &str| value.get(name).ok_or_else(|| malformed(&format!("{name} is missing")));
    Ok(RawStorageProof {
        key: quantity(member("key")?)?,
        value: quantity(member("value")?)?,
        nodes: nodes(member("proof")?)?,
    })
}

fn nodes(value: &Value) -> Result<Vec<Bytes>, SourceError> {
    value.as_array().ok_or_else(|| malformed("a list of nodes"))?.iter().map(data).collect()
}

pub(super) fn malformed(detail: &str) -> SourceError {
    SourceError::Malformed { detail: detail.chars().filter(|c| !c.is_control()).take(120).collect() }
}
