//! Lies about state: what a liar makes of a true account proof.

use alloy::eips::{BlockId, eip2935};
use alloy::primitives::{Address, B256, KECCAK256_EMPTY, U256};
use alloy::rpc::types::{EIP1186AccountProofResponse, EIP1186StorageProof};
use alloy::serde::JsonStorageKey;
use alloy_trie::EMPTY_ROOT_HASH;

use super::error::RpcError;
use super::state::prove;
use super::view::{View, one_more};
use crate::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD};

/// What was asked with `eth_getProof`.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) address: Address,
    pub(super) keys: Vec<JsonStorageKey>,
    pub(super) block: BlockId,
}

type Proof = EIP1186AccountProofResponse;

/// The answer to `question` as the lie has it.
pub(super) fn bend(view: &View<'_>, lie: ExecutionLie, question: &Question) -> Result<Proof, RpcError> {
    let mut proof = prove(view, question)?;
    match lie {
        ExecutionLie::BalancePlusOne => proof.balance = one_more(proof.balance),
        ExecutionLie::NoncePlusOne => proof.nonce = proof.nonce.wrapping_add(1),
        ExecutionLie::OtherAccountsProof => {
            proof = prove_other(view, question, other_account(question.address))?;
        }
        ExecutionLie::OlderRootProof => {
            proof = prove(view, &Question { block: BlockId::number(1), ..question.clone() })?;
        }
        ExecutionLie::AbsentAccount => proof = absent(view, question)?,
        ExecutionLie::EmptyProof => {
            proof.account_proof.clear();
            for slot in &mut proof.storage_proof {
                slot.proof.clear();
            }
        }
        ExecutionLie::TruncatedProof => {
            proof.account_proof.pop();
            for slot in &mut proof.storage_proof {
                slot.proof.pop();
            }
        }
        ExecutionLie::UnrelatedNodes => unrelated(view, question, &mut proof)?,
        other => bend_slots(view, other, question, &mut proof)?,
    }
    Ok(proof)
}

fn bend_slots(
    view: &View<'_>,
    lie: ExecutionLie,
    question: &Question,
    proof: &mut Proof,
) -> Result<(), RpcError> {
    match lie {
        ExecutionLie::MissingSlot => {
            proof.storage_proof.pop();
        }
        ExecutionLie::ExtraSlot => {
            let keys = vec![JsonStorageKey::Hash(B256::repeat_byte(0xee))];
            let extra = prove(view, &Question { keys, ..question.clone() })?;
            proof.storage_proof.extend(extra.storage_proof);
        }
        ExecutionLie::SlotValueOff => {
            if let Some(slot) = proof.storage_proof.first_mut() {
                slot.value = one_more(slot.value);
            }
        }
        ExecutionLie::OtherSlotsProof => {
            let other = |key: &JsonStorageKey| {
                JsonStorageKey::Hash(B256::from(one_more(U256::from_be_bytes(key.as_b256().0))))
            };
            let keys = question.keys.iter().map(other).collect();
            let others = prove(view, &Question { keys, ..question.clone() })?.storage_proof;
            proof.storage_proof = rekeyed(others, &question.keys);
        }
        ExecutionLie::OtherContractsStorage => {
            let other = Question { address: other_contract(question.address), ..question.clone() };
            let other = prove(view, &other)?;
            (proof.storage_hash, proof.storage_proof) = (other.storage_hash, other.storage_proof);
        }
        _ => {}
    }
    Ok(())
}

/// A contract that is not `address`.
pub(super) fn other_contract(address: Address) -> Address {
    if address == PRACTICE_GOLD { PRACTICE_DOLLAR } else { PRACTICE_GOLD }
}

fn other_account(address: Address) -> Address {
    PRACTICE_ACCOUNTS
        .iter()
        .map(|account| account.address)
        .find(|other| *other != address)
        .unwrap_or_default()
}

fn prove_other(view: &View<'_>, question: &Question, other: Address) -> Result<Proof, RpcError> {
    let proof = prove(view, &Question { address: other, ..question.clone() })?;
    Ok(Proof { address: question.address, ..proof })
}

fn absent(view: &View<'_>, question: &Question) -> Result<Proof, RpcError> {
    let proof = prove_other(view, question, Address::repeat_byte(0xdd))?;
    Ok(Proof { code_hash: KECCAK256_EMPTY, storage_hash: EMPTY_ROOT_HASH, ..proof })
}

fn unrelated(view: &View<'_>, question: &Question, proof: &mut Proof) -> Result<(), RpcError> {
    let address = eip2935::HISTORY_STORAGE_ADDRESS;
    let keys = vec![JsonStorageKey::Number(U256::ZERO)];
    let history = prove(view, &Question { address, keys, block: question.block })?;
    let nodes: Vec<_> = history.storage_proof.into_iter().flat_map(|slot| slot.proof).collect();
    proof.account_proof.clone_from(&nodes);
    for slot in &mut proof.storage_proof {
        slot.proof.clone_from(&nodes);
    }
    Ok(())
}

fn rekeyed(slots: Vec<EIP1186StorageProof>, keys: &[JsonStorageKey]) -> Vec<EIP1186StorageProof> {
    slots.into_iter().zip(keys).map(|(slot, key)| EIP1186StorageProof { key: *key, ..slot }).collect()
}
