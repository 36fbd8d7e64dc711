//! The whole body of a proven block: transactions, withdrawals, and whether it has ommers.

use alloy::consensus::EMPTY_OMMER_ROOT_HASH;
use alloy::eips::eip4895::{Withdrawal, Withdrawals};
use alloy::rlp::Encodable as _;
use alloy_trie::root::ordered_trie_root_with_encoder;
use serde_json::Value;

use super::{BlockTransaction, ProofError, Proven, ProvenHeader, verify_transactions};

const LIST: &str = "withdrawals";

/// What a block holds beside its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockBody {
    /// Transactions, in order.
    pub transactions: Vec<BlockTransaction>,
    /// Withdrawals, in order; `None` before Shanghai.
    pub withdrawals: Option<Withdrawals>,
    /// False for every block since the merge. What the ommers are is not looked into.
    pub has_ommers: bool,
}

/// Proves the body of a JSON-RPC block object with full transactions.
///
/// # Errors
/// As [`verify_transactions`]; also `BadEntry` and `ListRoot` for withdrawals.
pub fn verify_body(at: &ProvenHeader, block: &Value) -> Result<Proven<BlockBody>, ProofError> {
    let withdrawals = match at.fields().withdrawals_root {
        None => None,
        Some(expected) => Some(withdrawals(block, expected)?),
    };
    let has_ommers = at.fields().ommers_hash != EMPTY_OMMER_ROOT_HASH;
    let transactions = verify_transactions(at, block)?;
    Ok(transactions.map(|transactions| BlockBody { transactions, withdrawals, has_ommers }))
}

fn withdrawals(block: &Value, expected: alloy::primitives::B256) -> Result<Withdrawals, ProofError> {
    let claimed = block.get(LIST).and_then(Value::as_array).ok_or(ProofError::AnswerMissing)?;
    let parse = |(index, json): (usize, &Value)| {
        serde_json::from_value::<Withdrawal>(json.clone()).map_err(|error| ProofError::BadEntry {
            list: LIST,
            index,
            detail: error.to_string(),
        })
    };
    let list = claimed.iter().enumerate().map(parse).collect::<Result<Vec<_>, _>>()?;
    let found = ordered_trie_root_with_encoder(&list, |one, out| one.encode(out));
    if found == expected {
        Ok(Withdrawals::new(list))
    } else {
        Err(ProofError::ListRoot { list: LIST, expected, found })
    }
}
