//! One block with everything a node keeps of it.

use alloy::consensus::{
    Block, BlockBody, Header, ReceiptEnvelope, Sealed, TxEnvelope, transaction::Recovered,
};
use alloy::eips::eip2718::Encodable2718;
use alloy::eips::eip4895::{Withdrawal, Withdrawals};
use alloy::primitives::{B256, Bytes};
use alloy::rlp::Encodable;

/// A built block: header, transactions with their senders, receipts, withdrawals.
#[derive(Debug, Clone)]
pub struct ExecutionBlock {
    /// The header with its hash.
    pub header: Sealed<Header>,
    /// Transactions in order, with recovered senders.
    pub transactions: Vec<Recovered<TxEnvelope>>,
    /// One receipt a transaction, in the same order.
    pub receipts: Vec<ReceiptEnvelope>,
    /// Withdrawals of the beacon chain, in order; amounts in Gwei.
    pub withdrawals: Vec<Withdrawal>,
}

impl ExecutionBlock {
    /// Block hash.
    pub fn hash(&self) -> B256 {
        self.header.hash()
    }

    /// Block number.
    pub fn number(&self) -> u64 {
        self.header.number
    }

    /// EIP-2718 bytes of each transaction, as in an execution payload.
    pub fn raw_transactions(&self) -> Vec<Bytes> {
        self.transactions.iter().map(|tx| Bytes::from(tx.encoded_2718())).collect()
    }

    /// Length of the whole block in RLP, bytes.
    pub fn rlp_length(&self) -> usize {
        let body = BlockBody {
            transactions: self.transactions.iter().map(|tx| tx.inner().clone()).collect::<Vec<_>>(),
            ommers: Vec::new(),
            withdrawals: Some(Withdrawals::new(self.withdrawals.clone())),
        };
        Block { header: self.header.inner().clone(), body }.length()
    }

    /// Gas used by the transaction at `index` alone.
    pub fn gas_used_by(&self, index: usize) -> u64 {
        let cumulative = |index: usize| {
            self.receipts.get(index).map_or(0, |receipt: &ReceiptEnvelope| receipt.cumulative_gas_used())
        };
        cumulative(index).saturating_sub(index.checked_sub(1).map_or(0, cumulative))
    }
}
