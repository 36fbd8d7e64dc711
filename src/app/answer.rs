//! Answers as faces show them: proven values, never bare ones.

use std::sync::Arc;

use alloy::primitives::{B256, Bytes, U256};

use super::{ContractAnswer, ProtocolAnswer};
use crate::chain::TransactionStatus;
use crate::execution::{Account, Proven, ProvenHeader};

/// A block: its proven header and the hashes of its transactions, rebuilt to the header's root.
#[derive(Debug, Clone)]
pub struct BlockView {
    /// The header.
    pub header: Arc<ProvenHeader>,
    /// Transaction hashes, in order.
    pub transactions: Proven<Vec<B256>>,
}

/// A proven answer to a [`super::Question`].
#[derive(Debug, Clone)]
pub enum Answer {
    /// Accounts in the order asked.
    Accounts(Vec<Proven<Account>>),
    /// An account and its code.
    AccountWithCode(Proven<Account>, Proven<Bytes>),
    /// A slot's value.
    Storage(Proven<U256>),
    /// A block.
    Block(BlockView),
    /// A transaction's fate; its variants say what of it is proven.
    Transaction(TransactionStatus),
    /// What came out of contracts. Shared: some of it is long.
    Contract(Arc<ContractAnswer>),
    /// About protocols. Shared, as above.
    Protocol(Arc<ProtocolAnswer>),
}
