//! Accounts, slots, code and their proofs.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, U256};
use serde_json::{Value, json};

use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, quantity, to_json};
use super::storage_key::StorageKey;

/// Most slots in one question, as in geth.
const MAX_KEYS: usize = 1_024;

/// `eth_getBalance(address, block)`.
pub(super) async fn balance(at: &Pinned, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let state = at.state(params.block(1)?).await?;
    to_json(&state.account(address).await?.value().balance)
}

/// `eth_getTransactionCount(address, block)`.
pub(super) async fn nonce(at: &Pinned, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let state = at.state(params.block(1)?).await?;
    quantity(state.account(address).await?.value().nonce)
}

/// `eth_getCode(address, block)`.
pub(super) async fn code(at: &Pinned, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let state = at.state(params.block(1)?).await?;
    to_json(state.code(address).await?.value())
}

/// `eth_getStorageAt(address, slot, block)`: 32 bytes.
pub(super) async fn storage_at(at: &Pinned, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let key = StorageKey::parse(&params.required::<String>(1)?)?;
    let state = at.state(params.block(2)?).await?;
    let values = state.storage(address, &[key.slot]).await?;
    let value = values.first().ok_or_else(|| RpcError::internal("a slot is missing"))?;
    to_json(&B256::from(*value.value()))
}

/// `eth_getStorageValues({address: [slot, …], …}, block)`: 32 bytes each, of many contracts in one round trip.
pub(super) async fn storage_values(at: &Pinned, params: &Params) -> Answer {
    let asked: BTreeMap<Address, Vec<String>> = params.required(0)?;
    let count: usize = asked.values().map(Vec::len).sum();
    if count == 0 {
        return Err(RpcError::invalid_params("empty request"));
    }
    check_count(count)?;
    let state = at.state(params.block(1)?).await?;
    let mut keyed = Vec::with_capacity(asked.len());
    for (address, keys) in &asked {
        let slots = keys.iter().map(|key| StorageKey::parse(key).map(|key| key.slot));
        keyed.push((*address, slots.collect::<Result<Vec<U256>, _>>()?));
    }
    let questions: Vec<_> = keyed.iter().map(|(address, slots)| (*address, distinct(slots))).collect();
    let answers = state.read(&questions).await?;
    let mut shown = serde_json::Map::new();
    for (((address, slots), (_, asked)), (_, values)) in keyed.iter().zip(&questions).zip(&answers) {
        let known: BTreeMap<&U256, B256> =
            asked.iter().zip(values).map(|(slot, value)| (slot, B256::from(*value.value()))).collect();
        let values: Vec<_> = slots.iter().map(|slot| known.get(slot)).collect();
        shown.insert(format!("{address:#x}"), to_json(&values)?);
    }
    Ok(Value::Object(shown))
}

/// `eth_getProof(address, slots, block)` (EIP-1186).
pub(super) async fn proof(at: &Pinned, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let keys: Vec<String> = params.optional(1)?.unwrap_or_default();
    check_count(keys.len())?;
    let keys = keys.iter().map(|key| StorageKey::parse(key)).collect::<Result<Vec<_>, _>>()?;
    let slots: Vec<U256> = keys.iter().map(|key| key.slot).collect();
    let state = at.state(params.block(2)?).await?;
    let proof = state.proof(address, &distinct(&slots)).await?;
    let mut storage = Vec::with_capacity(keys.len());
    for key in &keys {
        let slot = proof.slots.iter().find(|slot| slot.key == key.slot);
        let slot = slot.ok_or_else(|| RpcError::internal("a slot is missing"))?;
        storage.push(json!({ "key": key.shown(), "value": slot.value, "proof": slot.nodes }));
    }
    let account = proof.account.value();
    Ok(json!({
        "address": address,
        "accountProof": proof.nodes,
        "balance": account.balance,
        "codeHash": account.code_hash,
        "nonce": format!("{:#x}", account.nonce),
        "storageHash": account.storage_root,
        "storageProof": storage,
    }))
}

fn check_count(count: usize) -> Result<(), RpcError> {
    if count > MAX_KEYS {
        return Err(RpcError::invalid_params(format!("too many slots (max {MAX_KEYS})")));
    }
    Ok(())
}

/// Each slot once: an answer that names one twice is refused.
fn distinct(slots: &[U256]) -> Vec<U256> {
    slots.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}
