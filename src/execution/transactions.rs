//! Transactions of a proven block: the root rebuilt from raw EIP-2718 bytes, hashes and senders computed.

use alloy::consensus::transaction::SignerRecoverable as _;
use alloy::consensus::{Transaction as _, TxEnvelope, Typed2718 as _};
use alloy::eips::eip2718::{Decodable2718 as _, Encodable2718 as _};
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use alloy_trie::root::ordered_trie_root_encoded;
use serde_json::Value;

use super::{ProofError, Proven, ProvenHeader};

const LIST: &str = "transactions";

/// A transaction of a proven block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockTransaction {
    /// Computed hash.
    pub hash: B256,
    /// Recovered sender.
    pub sender: Address,
    /// The decoded transaction.
    pub envelope: TxEnvelope,
}

impl BlockTransaction {
    /// Recipient; `None` creates a contract.
    pub fn to(&self) -> Option<Address> {
        match self.envelope.kind() {
            TxKind::Call(to) => Some(to),
            TxKind::Create => None,
        }
    }
    /// The sender's nonce that it uses.
    pub fn nonce(&self) -> u64 {
        self.envelope.nonce()
    }
    /// Wei sent along.
    pub fn value(&self) -> U256 {
        self.envelope.value()
    }
    /// EIP-2718 type.
    pub fn kind(&self) -> u8 {
        self.envelope.ty()
    }
}

/// Proves the transactions of a JSON-RPC block object with full transactions, in block order.
///
/// # Errors
/// `BadEntry`, `UnknownType`, `ListRoot`, `TransactionClaim`, `BadTransactionSignature`.
pub fn verify_transactions(
    at: &ProvenHeader,
    block: &Value,
) -> Result<Proven<Vec<BlockTransaction>>, ProofError> {
    let claimed = block.get("transactions").and_then(Value::as_array).ok_or(ProofError::AnswerMissing)?;
    let envelopes = claimed
        .iter()
        .enumerate()
        .map(|(index, json)| envelope(index, json))
        .collect::<Result<Vec<_>, _>>()?;
    let proven = prove(at, envelopes)?;
    for (index, (transaction, json)) in proven.value().iter().zip(claimed).enumerate() {
        check_claims(index, transaction, json)?;
    }
    Ok(proven)
}

/// Proves transactions given as raw EIP-2718 bytes, in block order.
///
/// # Errors
/// See [`verify_transactions`].
pub fn verify_raw_transactions(
    at: &ProvenHeader,
    raw: &[Bytes],
) -> Result<Proven<Vec<BlockTransaction>>, ProofError> {
    let envelopes = raw
        .iter()
        .enumerate()
        .map(|(index, bytes)| {
            let mut rest = bytes.as_ref();
            let bad = |detail: String| ProofError::BadEntry { list: LIST, index, detail };
            let envelope = TxEnvelope::decode_2718(&mut rest).map_err(|error| bad(error.to_string()))?;
            if rest.is_empty() { Ok(envelope) } else { Err(bad("bytes after it".to_owned())) }
        })
        .collect::<Result<Vec<_>, _>>()?;
    prove(at, envelopes)
}

/// Sender and nonce of the transaction with this hash, from its JSON-RPC object. The hash vouches for what was signed;
/// that it is in a block, or ever will be, is not proven by this.
///
/// # Errors
/// `BadEntry`, `UnknownType`, `TransactionClaim` where it has another hash, `BadTransactionSignature`.
pub fn signed_nonce(hash: B256, json: &Value) -> Result<(Address, u64), ProofError> {
    let envelope = envelope(0, json)?;
    if keccak256(envelope.encoded_2718()) != hash {
        return Err(ProofError::TransactionClaim { index: 0, field: "hash" });
    }
    let sender =
        envelope.recover_signer().map_err(|_error| ProofError::BadTransactionSignature { index: 0 })?;
    Ok((sender, envelope.nonce()))
}

fn prove(at: &ProvenHeader, envelopes: Vec<TxEnvelope>) -> Result<Proven<Vec<BlockTransaction>>, ProofError> {
    let encoded: Vec<Vec<u8>> = envelopes.iter().map(TxEnvelope::encoded_2718).collect();
    let found = ordered_trie_root_encoded(&encoded);
    let expected = at.transactions_root();
    if found != expected {
        return Err(ProofError::ListRoot { list: LIST, expected, found });
    }
    let transactions = envelopes
        .into_iter()
        .zip(&encoded)
        .enumerate()
        .map(|(index, (envelope, encoded))| {
            let sender =
                envelope.recover_signer().map_err(|_error| ProofError::BadTransactionSignature { index })?;
            Ok(BlockTransaction { hash: keccak256(encoded), sender, envelope })
        })
        .collect::<Result<Vec<_>, ProofError>>()?;
    Ok(Proven::new(transactions, at.block_ref()))
}

fn envelope(index: usize, json: &Value) -> Result<TxEnvelope, ProofError> {
    let kind = json.get("type").and_then(Value::as_str).and_then(super::receipts::quantity);
    if let Some(kind) = kind.filter(|kind| *kind > 4) {
        return Err(ProofError::UnknownType { list: LIST, index, kind });
    }
    // The wire type recomputes nothing from a hash that the endpoint sends: the root below decides.
    serde_json::from_value::<TxEnvelope>(json.clone()).map_err(|error| ProofError::BadEntry {
        list: LIST,
        index,
        detail: error.to_string(),
    })
}

/// What an endpoint says beside the signed fields must agree with what was computed.
fn check_claims(index: usize, proven: &BlockTransaction, json: &Value) -> Result<(), ProofError> {
    let text = |name| json.get(name).and_then(Value::as_str);
    let differs = |field| Err(ProofError::TransactionClaim { index, field });
    if text("hash").is_some_and(|hash| !hash.eq_ignore_ascii_case(&proven.hash.to_string())) {
        return differs("hash");
    }
    if text("from").is_some_and(|from| !from.eq_ignore_ascii_case(&proven.sender.to_string())) {
        return differs("sender");
    }
    Ok(())
}
