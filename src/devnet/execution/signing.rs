//! Signs transactions with practice keys.

use alloy::consensus::{SignableTransaction, Signed, TxEnvelope, transaction::Recovered};
use alloy::primitives::Signature;
use alloy::signers::SignerSync;

use super::ChainError;
use super::accounts;

/// Signs `tx` with the practice account at `index`.
///
/// # Errors
/// [`ChainError::Signer`] where there is no such account.
pub fn sign<T>(index: usize, tx: T) -> Result<Recovered<TxEnvelope>, ChainError>
where
    T: SignableTransaction<Signature>,
    TxEnvelope: From<Signed<T>>,
{
    let signer = accounts::signer(index)?;
    let Ok(signature) = signer.sign_hash_sync(&tx.signature_hash()) else {
        return Err(ChainError::Signer(index));
    };
    Ok(Recovered::new_unchecked(TxEnvelope::from(tx.into_signed(signature)), signer.address()))
}
