//! Code by its proven hash.

use alloy::primitives::{Bytes, keccak256};

use super::{Account, ProofError, Proven};

/// Proves the code of a proven account; an account without code has none.
///
/// # Errors
/// `CodeHash`.
pub fn verify_code(account: &Proven<Account>, code: Bytes) -> Result<Proven<Bytes>, ProofError> {
    let (expected, found) = (account.value().code_hash, keccak256(&code));
    if expected == found {
        Ok(Proven::new(code, account.at()))
    } else {
        Err(ProofError::CodeHash { expected, found })
    }
}
