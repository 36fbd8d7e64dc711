//! Lies about blocks: what a liar shows in place of the true header, transactions or receipts. The hash it gives
//! stays the one asked for.

use alloy::consensus::{
    Header, Receipt, ReceiptEnvelope, Sealed, Signed, TxEnvelope, transaction::Recovered,
};
use alloy::primitives::{Address, B256, U256};

use super::view::one_more;
use crate::devnet::execution::{ExecutionBlock, ExecutionLie};

/// `block` as the lie has it; unchanged by lies about other things.
pub(super) fn doctor(
    lie: ExecutionLie,
    block: &ExecutionBlock,
    parent: Option<&ExecutionBlock>,
) -> ExecutionBlock {
    let mut bent = block.clone();
    match lie {
        ExecutionLie::OtherBlocksHeader => {
            if let Some(parent) = parent {
                bent.header = under_hash(parent.header.inner().clone(), block.hash());
            }
        }
        ExecutionLie::ChangedHeaderField => {
            let state_root = !block.header.state_root;
            bent.header = under_hash(Header { state_root, ..block.header.inner().clone() }, block.hash());
        }
        ExecutionLie::MissingHeaderField => {
            let header = Header {
                requests_hash: None,
                block_access_list_hash: None,
                slot_number: None,
                ..block.header.inner().clone()
            };
            bent.header = under_hash(header, block.hash());
        }
        ExecutionLie::OtherValueTransaction => {
            bent.transactions = bent.transactions.into_iter().map(other_value).collect();
        }
        ExecutionLie::MissingTransaction => {
            bent.transactions.pop();
        }
        other => bend_receipts(other, &mut bent.receipts, parent),
    }
    bent
}

fn bend_receipts(lie: ExecutionLie, receipts: &mut Vec<ReceiptEnvelope>, parent: Option<&ExecutionBlock>) {
    match lie {
        ExecutionLie::DroppedLog => change_logged(receipts, |receipt| {
            receipt.logs.remove(0);
        }),
        ExecutionLie::MovedLog => change_logged(receipts, |receipt| {
            if let Some(log) = receipt.logs.first_mut() {
                log.address = Address::repeat_byte(0x66);
            }
        }),
        ExecutionLie::ChangedStatus => {
            if let Some(last) = receipts.last_mut() {
                change(last, |receipt| receipt.status = (!receipt.status.coerce_status()).into());
            }
        }
        ExecutionLie::SwappedReceipts => {
            if let [first, second, ..] = receipts.as_mut_slice() {
                std::mem::swap(first, second);
            }
        }
        ExecutionLie::MissingReceipt => {
            receipts.pop();
        }
        ExecutionLie::OtherBlocksReceipts => {
            *receipts = parent.map(|parent| parent.receipts.clone()).unwrap_or_default();
        }
        _ => {}
    }
}

fn under_hash(header: Header, hash: B256) -> Sealed<Header> {
    Sealed::new_unchecked(header, hash)
}

fn change_logged(receipts: &mut [ReceiptEnvelope], bend: impl Fn(&mut Receipt)) {
    if let Some(receipt) = receipts.iter_mut().find(|receipt| !receipt.logs().is_empty()) {
        change(receipt, bend);
    }
}

fn change(receipt: &mut ReceiptEnvelope, bend: impl Fn(&mut Receipt)) {
    let mut inner = Receipt {
        status: receipt.status().into(),
        cumulative_gas_used: receipt.cumulative_gas_used(),
        logs: receipt.logs().to_vec(),
    };
    bend(&mut inner);
    *receipt = ReceiptEnvelope::from_typed(receipt.tx_type(), inner);
}

fn other_value(tx: Recovered<TxEnvelope>) -> Recovered<TxEnvelope> {
    let (tx, signer) = tx.into_parts();
    let bent = match tx {
        TxEnvelope::Legacy(signed) => TxEnvelope::Legacy(revalue(signed, |tx| &mut tx.value)),
        TxEnvelope::Eip2930(signed) => TxEnvelope::Eip2930(revalue(signed, |tx| &mut tx.value)),
        TxEnvelope::Eip1559(signed) => TxEnvelope::Eip1559(revalue(signed, |tx| &mut tx.value)),
        TxEnvelope::Eip7702(signed) => TxEnvelope::Eip7702(revalue(signed, |tx| &mut tx.value)),
        other @ TxEnvelope::Eip4844(_) => other,
    };
    Recovered::new_unchecked(bent, signer)
}

fn revalue<T>(signed: Signed<T>, value: impl Fn(&mut T) -> &mut U256) -> Signed<T>
where
    T: alloy::consensus::transaction::RlpEcdsaEncodableTx,
{
    let (mut tx, signature, hash) = signed.into_parts();
    let value = value(&mut tx);
    *value = one_more(*value);
    Signed::new_unchecked(tx, signature, hash)
}
