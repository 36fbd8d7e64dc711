//! The rule that a claimed piece of execution data broke.

use alloy::primitives::{Address, B256, U256};

/// Why a claim was not taken. Each variant is one rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the sentence of each variant says what its fields are")]
pub enum ProofError {
    #[error("the answer lacks a part of what was asked")]
    AnswerMissing,
    #[error("the header hashes to {found}, not to the proven {expected}")]
    HeaderHash { expected: B256, found: B256 },
    #[error("the header is not well-formed ({detail})")]
    BadHeader { detail: String },
    #[error(
        "the header has fields that this build does not know ({fields}) and no order of them gives its hash"
    )]
    UnknownHeaderField { fields: String },
    #[error("trie node {hash} is missing from the proof")]
    NodeMissing { hash: B256 },
    #[error("a trie node is not well-formed ({detail})")]
    BadNode { detail: &'static str },
    #[error("the proof has {count} nodes or a node of {bytes} bytes; more than a trie can need")]
    ProofTooLarge { count: usize, bytes: usize },
    #[error("the proven account is not well-formed")]
    BadAccount,
    #[error("the claimed {field} of {address} differs from the proven one")]
    AccountClaim { address: Address, field: &'static str },
    #[error("slot {slot:#x} was asked for and not answered")]
    SlotMissing { slot: U256 },
    #[error("slot {slot:#x} was answered and not asked for, or twice")]
    SlotUnasked { slot: U256 },
    #[error("the claimed value of slot {slot:#x} differs from the proven one")]
    SlotValue { slot: U256 },
    #[error("the proven value of slot {slot:#x} is not well-formed")]
    BadSlot { slot: U256 },
    #[error("the code hashes to {found}, not to the account's {expected}")]
    CodeHash { expected: B256, found: B256 },
    #[error("the {list} rebuild to root {found}, not to the header's {expected}")]
    ListRoot { list: &'static str, expected: B256, found: B256 },
    #[error("entry {index} of the {list} is not well-formed ({detail})")]
    BadEntry { list: &'static str, index: usize, detail: String },
    #[error("entry {index} of the {list} is of type {kind}, which this build does not know")]
    UnknownType { list: &'static str, index: usize, kind: u64 },
    #[error("the claimed {field} of transaction {index} differs from the computed one")]
    TransactionClaim { index: usize, field: &'static str },
    #[error("the signature of transaction {index} recovers no sender")]
    BadTransactionSignature { index: usize },
    #[error("the block holds {transactions} transactions and {receipts} receipts")]
    ListLengths { transactions: usize, receipts: usize },
    #[error("index {index} is beyond the list")]
    IndexOutOfRange { index: usize },
    #[error("two proven values of different blocks cannot be combined")]
    MixedBlocks,
    #[error("block {number} is outside what the history contract at block {at} serves")]
    OutsideHistory { number: u64, at: u64 },
    #[error("the history contract holds no hash for block {number}")]
    HistoryEmpty { number: u64 },
}
