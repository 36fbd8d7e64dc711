//! Signs transactions with practice keys.

use alloy::consensus::{SignableTransaction, Signed, TxEnvelope, transaction::Recovered};
use alloy::primitives::Signature;
use alloy::signers::SignerSync;

use super::ChainError;
use super::accounts::{PRACTICE_ACCOUNTS, PracticeAccount};

/// Signs `tx` with the practice account at `index`.
///
/// # Errors
/// [`ChainError::Signer`] where there is no such account.
pub fn sign<T>(index: usize, tx: T) -> Result<Recovered<TxEnvelope>, ChainError>
where
    T: SignableTransaction<Signature>,
    TxEnvelope: From<Signed<T>>,
{
    sign_by(PRACTICE_ACCOUNTS.get(index).ok_or(ChainError::Signer(index))?, tx)
}

/// Signs `tx` with an account of the practice network.
///
/// # Errors
/// [`ChainError::Key`] where its key is none.
pub(super) fn sign_by<T>(account: &PracticeAccount, tx: T) -> Result<Recovered<TxEnvelope>, ChainError>
where
    T: SignableTransaction<Signature>,
    TxEnvelope: From<Signed<T>>,
{
    let signer = account.signer()?;
    let Ok(signature) = signer.sign_hash_sync(&tx.signature_hash()) else {
        return Err(ChainError::Key(account.address));
    };
    Ok(Recovered::new_unchecked(TxEnvelope::from(tx.into_signed(signature)), signer.address()))
}
