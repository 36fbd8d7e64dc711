//! One owner's signature: read, and whose it is.

use alloy::primitives::{Address, B256, Bytes, Signature, eip191_hash_message};

/// A signature of an owner over a Safe transaction's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeSignature {
    /// Whose it is, by the curve; for an approval on the chain, who is named.
    pub signer: Address,
    /// The 65 bytes as the contract takes them.
    pub bytes: Bytes,
    /// True where the owner approves by a transaction of its own: the chain must show it.
    pub on_chain: bool,
}

/// Why a signature is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Not 65 bytes.
    #[error("a signature has 65 bytes; this has {length}")]
    Length {
        /// How many.
        length: usize,
    },
    /// Signed by a contract: it cannot be checked alone.
    #[error("this is the signature of a contract (EIP-1271), which cannot be checked here")]
    Contract,
    /// Not on the curve.
    #[error("this is no signature of any key")]
    NotOnCurve,
}

impl SafeSignature {
    /// The 65 bytes that name an owner whose approval stands on the chain: the contract looks there.
    pub fn on_chain(signer: Address) -> Self {
        let bytes = [signer.into_word().as_slice(), B256::ZERO.as_slice(), &[1]].concat();
        Self { signer, bytes: bytes.into(), on_chain: true }
    }

    /// Reads the forms that the contract knows: over the hash (v 27, 28), over the hash as a message of a wallet (v 31,
    /// 32), and an approval on the chain (v 1).
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn read(bytes: &[u8], hash: B256) -> Result<Self, SignatureError> {
        let Some((body, [v])) = bytes.split_last_chunk::<1>().filter(|(body, _)| body.len() == 64) else {
            return Err(SignatureError::Length { length: bytes.len() });
        };
        // Wallets give 0 and 1 for 27 and 28; 0 and 1 mean other things to the contract only with an owner in r.
        let named = named_owner(body);
        let (signed, parity) = match (*v, named) {
            (1, Some(signer)) => {
                return Ok(Self { signer, bytes: Bytes::copy_from_slice(bytes), on_chain: true });
            }
            (0, Some(_)) => return Err(SignatureError::Contract),
            (0 | 27, _) => (hash, false),
            (1 | 28, _) => (hash, true),
            (31, _) => (eip191_hash_message(hash), false),
            (32, _) => (eip191_hash_message(hash), true),
            _ => return Err(SignatureError::NotOnCurve),
        };
        let signature = Signature::from_bytes_and_parity(body, parity);
        let Ok(signer) = signature.recover_address_from_prehash(&signed) else {
            return Err(SignatureError::NotOnCurve);
        };
        let mut kept = bytes.to_vec();
        if let Some(last) = kept.last_mut()
            && *v < 2
        {
            *last = v.saturating_add(27);
        }
        Ok(Self { signer, bytes: kept.into(), on_chain: false })
    }
}

/// An address in r, where its upper twelve bytes are clean.
fn named_owner(body: &[u8]) -> Option<Address> {
    let (clean, owner) = body.get(..32)?.split_at_checked(12)?;
    clean.iter().all(|byte| *byte == 0).then(|| Address::from_slice(owner))
}

#[cfg(test)]
mod tests {
    use alloy::signers::SignerSync as _;
    use alloy::signers::local::PrivateKeySigner;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_is_read_and_only_over_this_hash() {
        let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(7)).unwrap();
        let (hash, other) = (B256::repeat_byte(1), B256::repeat_byte(2));
        let plain = key.sign_hash_sync(&hash).unwrap().as_bytes();
        assert_eq!(SafeSignature::read(&plain, hash).unwrap().signer, key.address());
        assert_ne!(SafeSignature::read(&plain, other).unwrap().signer, key.address());
        let mut wallet = key.sign_message_sync(hash.as_slice()).unwrap().as_bytes();
        wallet[64] += 4;
        assert_eq!(SafeSignature::read(&wallet, hash).unwrap().signer, key.address());
        let mut low = plain;
        low[64] -= 27;
        assert_eq!(SafeSignature::read(&low, hash).unwrap().bytes[..], plain[..], "as the contract takes it");
        let made = SafeSignature::on_chain(key.address());
        assert_eq!(SafeSignature::read(&made.bytes, hash).unwrap(), made);
        let mut approved = made.bytes.to_vec();
        approved[64] = 0;
        assert_eq!(SafeSignature::read(&approved, hash), Err(SignatureError::Contract));
        assert_eq!(SafeSignature::read(&plain[1..], hash), Err(SignatureError::Length { length: 64 }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..70)) {
            let _either = SafeSignature::read(&bytes, B256::repeat_byte(3));
        }
    }
}
