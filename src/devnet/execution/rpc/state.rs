//! Accounts, slots, code and their proofs.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rpc::types::{EIP1186AccountProofResponse, EIP1186StorageProof};
use alloy::serde::JsonStorageKey;

use super::bend::{Question, bend, other_contract};
use super::error::RpcError;
use super::params::{Answer, Params, quantity, to_json};
use super::view::{View, one_more};
use crate::devnet::execution::ExecutionLie;

/// Most slots in one `eth_getProof`, as in geth.
const MAX_PROOF_KEYS: usize = 1024;

/// `eth_getBalance(address, block)`.
pub(super) fn balance(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let (_, state) = view.state(params.block(1)?)?;
    let balance = state.balance(address);
    let lie = view.lie() == Some(ExecutionLie::BalancePlusOne);
    to_json(&if lie { one_more(balance) } else { balance })
}

/// `eth_getTransactionCount(address, block)`; `pending` counts what waits in the pool.
pub(super) fn nonce(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let id = params.block(1)?;
    let (_, state) = view.state(id)?;
    let mut nonce = state.nonce(address);
    if id.is_pending() {
        nonce = view.chain.pool().pending_nonce(address, nonce);
    }
    let lie = view.lie() == Some(ExecutionLie::NoncePlusOne);
    quantity(nonce.wrapping_add(u64::from(lie)))
}

/// `eth_getCode(address, block)`.
pub(super) fn code(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let (_, state) = view.state(params.block(1)?)?;
    let code = state.code(address);
    to_json(&match view.lie() {
        Some(ExecutionLie::OtherContractsCode) => state.code(other_contract(address)),
        Some(ExecutionLie::EmptyCode) => Bytes::new(),
        Some(ExecutionLie::TrailingCodeByte) => [&code[..], &[0]].concat().into(),
        _ => code,
    })
}

/// `eth_getStorageAt(address, slot, block)`: 32 bytes.
pub(super) fn storage_at(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let key: JsonStorageKey = params.required(1)?;
    let (_, state) = view.state(params.block(2)?)?;
    let value = state.slot(address, slot_of(&key));
    let lie = view.lie() == Some(ExecutionLie::SlotValueOff);
    to_json(&B256::from(if lie { one_more(value) } else { value }))
}

/// `eth_getProof(address, slots, block)` (EIP-1186).
pub(super) fn proof(view: &View<'_>, params: &Params) -> Answer {
    let question = Question {
        address: params.required(0)?,
        keys: params.optional(1)?.unwrap_or_default(),
        block: params.block(2)?,
    };
    if question.keys.len() > MAX_PROOF_KEYS {
        return Err(RpcError::invalid_params(format!("too many slots (max {MAX_PROOF_KEYS})")));
    }
    to_json(&match view.lie() {
        Some(lie) => bend(view, lie, &question)?,
        None => prove(view, &question)?,
    })
}

/// The true answer to `question`.
pub(super) fn prove(view: &View<'_>, question: &Question) -> Result<EIP1186AccountProofResponse, RpcError> {
    let (_, state) = view.state(question.block)?;
    let address = question.address;
    let account = state.account(address).cloned().unwrap_or_default();
    let storage_proof = question
        .keys
        .iter()
        .map(|key| EIP1186StorageProof {
            key: *key,
            value: state.slot(address, slot_of(key)),
            proof: state.prove_slot(address, slot_of(key)),
        })
        .collect();
    Ok(EIP1186AccountProofResponse {
        address,
        balance: account.balance,
        code_hash: account.code_hash,
        nonce: account.nonce,
        storage_hash: account.storage.root(),
        account_proof: state.prove_account(address),
        storage_proof,
    })
}

fn slot_of(key: &JsonStorageKey) -> U256 {
    U256::from_be_bytes(key.as_b256().0)
}
