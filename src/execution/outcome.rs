//! What a transaction did: its proven index joins it with its receipt.

use alloy::consensus::{Eip658Value, Transaction as _};
use alloy::primitives::{Address, B256, Log, TxKind, U256};

use super::{BlockTransaction, ProofError, Proven, ProvenHeader, Receipt};

/// A log with its computed place in the block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockLog {
    /// Index among all logs of the block.
    pub log_index: u64,
    /// Address, topics, data.
    pub log: Log,
}

/// A transaction and what it did. Nothing here was copied from an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionOutcome {
    /// Index in the block.
    pub index: u64,
    /// The transaction.
    pub transaction: BlockTransaction,
    /// Success; `None` for a receipt before Byzantium, which does not say.
    pub success: Option<bool>,
    /// Gas it used: the difference of cumulative sums.
    pub gas_used: u64,
    /// Cumulative gas up to and including it.
    pub cumulative_gas_used: u64,
    /// What it paid per gas, in wei.
    pub effective_gas_price: u128,
    /// Address of the contract it created, if it was a creation.
    pub contract_address: Option<Address>,
    /// Its logs.
    pub logs: Vec<BlockLog>,
}

impl TransactionOutcome {
    /// Fee in wei, without blob gas.
    pub fn fee(&self) -> U256 {
        U256::from(self.gas_used).saturating_mul(U256::from(self.effective_gas_price))
    }

    /// The transaction's hash.
    pub fn hash(&self) -> B256 {
        self.transaction.hash
    }

    /// Joins the transaction at `index` with the receipt at the same index of the same block.
    ///
    /// # Errors
    /// `MixedBlocks`, `ListLengths`, `IndexOutOfRange`.
    pub fn join(
        at: &ProvenHeader,
        transactions: &Proven<Vec<BlockTransaction>>,
        receipts: &Proven<Vec<Receipt>>,
        index: usize,
    ) -> Result<Proven<Self>, ProofError> {
        if transactions.at().hash != at.hash() || receipts.at().hash != at.hash() {
            return Err(ProofError::MixedBlocks);
        }
        let (all, receipts) = (transactions.value(), receipts.value());
        if all.len() != receipts.len() {
            return Err(ProofError::ListLengths { transactions: all.len(), receipts: receipts.len() });
        }
        let transaction = all.get(index).ok_or(ProofError::IndexOutOfRange { index })?;
        let receipt = receipts.get(index).ok_or(ProofError::IndexOutOfRange { index })?;
        let earlier = receipts.get(..index).unwrap_or_default();
        let gas_before = earlier.last().map_or(0, |receipt| receipt.cumulative_gas_used);
        let logs_before: usize = earlier.iter().map(|receipt| receipt.logs.len()).sum();
        let first_log = logs_before as u64;
        let logs = receipt
            .logs
            .iter()
            .zip(first_log..)
            .map(|(log, log_index)| BlockLog { log_index, log: log.clone() });
        let success = match receipt.status {
            Eip658Value::Eip658(success) => Some(success),
            Eip658Value::PostState(_) => None,
        };
        let outcome = Self {
            index: index as u64,
            success,
            gas_used: receipt.cumulative_gas_used.saturating_sub(gas_before),
            cumulative_gas_used: receipt.cumulative_gas_used,
            effective_gas_price: transaction.envelope.effective_gas_price(at.fields().base_fee_per_gas),
            contract_address: matches!(transaction.envelope.kind(), TxKind::Create)
                .then(|| transaction.sender.create(transaction.envelope.nonce())),
            logs: logs.collect(),
            transaction: transaction.clone(),
        };
        Ok(Proven::new(outcome, at.block_ref()))
    }
}
