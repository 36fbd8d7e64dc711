//! Why a block could not be built, a head set or a transaction taken.

use alloy::primitives::{Address, B256, U256};
use thiserror::Error;

/// A request of the beacon side that the execution chain cannot meet.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChainError {
    /// No block with that hash was ever built here.
    #[error("block {0} is not known")]
    UnknownBlock(B256),
    /// The block is known, its state is older than the window that is kept.
    #[error("the state of block {0} is no longer kept")]
    StatePruned(B256),
    /// A block must be younger than its parent.
    #[error("timestamp {timestamp_secs} is not after the parent's {parent_secs}")]
    TimestampNotAfterParent {
        /// Time asked for, Unix seconds.
        timestamp_secs: u64,
        /// Time of the parent, Unix seconds.
        parent_secs: u64,
    },
    /// A system contract call failed: the chain itself is broken.
    #[error("system call to {contract} failed: {reason}")]
    SystemCall {
        /// The system contract.
        contract: Address,
        /// What the EVM said.
        reason: String,
    },
    /// A practice key or signature could not be made.
    #[error("practice account {0} cannot sign")]
    Signer(usize),
    /// A key of the practice network makes no signature.
    #[error("the practice key of {0} cannot sign")]
    Key(Address),
    /// Bundled bytecode is not valid hex.
    #[error("bundled bytecode of {0} is not valid hex")]
    Bytecode(&'static str),
    /// A genesis transaction was refused.
    #[error("genesis transaction refused: {0}")]
    Genesis(#[from] SubmitError),
    /// An order of a drill was refused.
    #[error("the drill's transaction was refused: {0}")]
    Drill(#[source] SubmitError),
}

/// Why the pool refuses a transaction. The texts are those that nodes commonly give.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubmitError {
    /// Not an EIP-2718 transaction, or followed by other bytes.
    #[error("rlp: cannot decode transaction: {0}")]
    Undecodable(String),
    /// Types 0, 1, 2 and 4 are taken.
    #[error("transaction type not supported: {0}")]
    UnsupportedType(u8),
    /// Signed for another chain, or for none.
    #[error("invalid chain id for signer: have {have:?} want {want}")]
    ChainId {
        /// Chain id in the transaction.
        have: Option<u64>,
        /// Ours.
        want: u64,
    },
    /// The signature recovers to nobody, or its `s` is in the upper half (EIP-2).
    #[error("invalid sender")]
    InvalidSender,
    /// Already in the pool.
    #[error("already known")]
    AlreadyKnown,
    /// The nonce was used.
    #[error("nonce too low: next nonce {next}, tx nonce {nonce}")]
    NonceTooLow {
        /// The account's next nonce.
        next: u64,
        /// The transaction's.
        nonce: u64,
    },
    /// Value plus the highest fee is more than the balance.
    #[error("insufficient funds for gas * price + value: balance {balance}, tx cost {cost}")]
    InsufficientFunds {
        /// In wei.
        balance: U256,
        /// In wei.
        cost: U256,
    },
    /// A transaction of that nonce waits already and pays nearly as much, or more.
    #[error("replacement transaction underpriced")]
    ReplacementUnderpriced,
    /// More gas than a block holds.
    #[error("exceeds block gas limit")]
    ExceedsBlockGasLimit,
    /// The pool, or this sender's share of it, is full.
    #[error("txpool is full")]
    PoolFull,
    /// The rules of the fork refuse it.
    #[error("invalid transaction: {0}")]
    Invalid(String),
    /// The head's state is not kept.
    #[error("no state at the head")]
    NoState,
}
