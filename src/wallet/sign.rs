//! The only way to a signature: what was approved, and nothing else.

use alloy::consensus::{SignableTransaction, TxEnvelope};
use alloy::eips::eip2718::{Decodable2718 as _, Encodable2718 as _};
use alloy::primitives::{Address, B256, Bytes, keccak256};
use alloy::signers::Signature;

use super::keys::{KeyError, PrivateKey};
use super::{Unsigned, UnsignedError};

/// What a person approved: the bytes to be signed, and their hash as it was shown. Made by a review alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    pub(super) from: Address,
    pub(super) chain_id: u64,
    pub(super) id: ReviewId,
    pub(super) payload: Payload,
}

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Payload {
    /// [`Unsigned::bytes_to_sign`].
    Transaction(Vec<u8>),
    /// EIP-191 or EIP-712 bytes, whose hash is signed.
    Message(Vec<u8>),
}

impl Payload {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Transaction(bytes) | Self::Message(bytes) => bytes,
        }
    }
}

/// Names one review: the hash of the very bytes that would be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReviewId(pub B256);

/// A signed transaction. Its hash is computed here, never taken from an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    raw: Bytes,
    hash: B256,
    from: Address,
    envelope: TxEnvelope,
}

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The bytes are not those that were approved.
    #[error("what would be signed is not what was approved; nothing was signed")]
    Changed,
    /// The key is another account's.
    #[error("this key is of {found}, the transaction is of {expected}; nothing was signed")]
    OtherAccount {
        /// Whose transaction it is.
        expected: Address,
        /// Whose key it is.
        found: Address,
    },
    /// A message where a transaction was expected, or the reverse.
    #[error("this is not the kind of thing that was approved; nothing was signed")]
    Kind,
    /// The bytes cannot be read.
    #[error(transparent)]
    Bytes(#[from] UnsignedError),
    /// The key failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The signature is not the account's: a broken signer.
    #[error("the signature is not of {expected}; nothing was kept")]
    BadSignature {
        /// Whose it should be.
        expected: Address,
    },
}

impl Approved {
    /// The account that signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// What was approved.
    pub fn id(&self) -> ReviewId {
        self.id
    }

    /// The bytes are still those of the review, and of its chain.
    pub(super) fn checked(&self) -> Result<&Payload, SignError> {
        if keccak256(self.payload.bytes()) != self.id.0 {
            return Err(SignError::Changed);
        }
        if let Payload::Transaction(bytes) = &self.payload
            && Unsigned::decode(bytes)?.chain_id() != self.chain_id
        {
            return Err(SignError::Changed);
        }
        Ok(&self.payload)
    }

    /// The transaction, read from the approved bytes.
    ///
    /// # Errors
    /// [`SignError::Kind`], [`SignError::Changed`].
    pub fn unsigned(&self) -> Result<Unsigned, SignError> {
        match self.checked()? {
            Payload::Transaction(bytes) => Ok(Unsigned::decode(bytes)?),
            Payload::Message(_) => Err(SignError::Kind),
        }
    }

    fn own(&self, key: &PrivateKey) -> Result<(), SignError> {
        let (expected, found) = (self.from, key.address());
        if expected == found { Ok(()) } else { Err(SignError::OtherAccount { expected, found }) }
    }

    /// Signs the approved transaction.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&self, key: &PrivateKey) -> Result<Signed, SignError> {
        let unsigned = self.unsigned()?;
        self.own(key)?;
        let envelope = match unsigned {
            Unsigned::Legacy(tx) => envelope(tx, key)?,
            Unsigned::Eip2930(tx) => envelope(tx, key)?,
            Unsigned::Eip1559(tx) => envelope(tx, key)?,
            Unsigned::Eip7702 { mut tx, authorizations } => {
                for one in authorizations {
                    let signature = key.sign_hash(one.signature_hash())?;
                    tx.authorization_list.push(one.into_signed(signature));
                }
                envelope(tx, key)?
            }
        };
        let signed = Signed::of(envelope)?;
        if signed.from == self.from {
            Ok(signed)
        } else {
            Err(SignError::BadSignature { expected: self.from })
        }
    }

    /// Joins the approved transaction with signatures that a device made: of the transaction, and of each authorization in
    /// order. Who signed is recovered, so that a device that signed something else is found out.
    ///
    /// # Errors
    /// [`SignError::BadSignature`]; [`SignError::Kind`] where there are too few or too many.
    pub fn with_signatures(
        &self,
        signature: Signature,
        authorizations: &[Signature],
    ) -> Result<Signed, SignError> {
        let unsigned = self.unsigned()?;
        if unsigned.authorizations().len() != authorizations.len() {
            return Err(SignError::Kind);
        }
        let envelope: TxEnvelope = match unsigned {
            Unsigned::Legacy(tx) => tx.into_signed(signature).into(),
            Unsigned::Eip2930(tx) => tx.into_signed(signature).into(),
            Unsigned::Eip1559(tx) => tx.into_signed(signature).into(),
            Unsigned::Eip7702 { mut tx, authorizations: bare } => {
                let signed = bare.into_iter().zip(authorizations).map(|(one, own)| one.into_signed(*own));
                tx.authorization_list = signed.collect();
                let authority =
                    |one: &alloy::eips::eip7702::SignedAuthorization| one.recover_authority().ok();
                if tx.authorization_list.iter().any(|one| authority(one) != Some(self.from)) {
                    return Err(SignError::BadSignature { expected: self.from });
                }
                tx.into_signed(signature).into()
            }
        };
        let signed = Signed::of(envelope)?;
        if signed.from == self.from {
            Ok(signed)
        } else {
            Err(SignError::BadSignature { expected: self.from })
        }
    }

    /// Signs the approved message or typed data: 65 bytes, `v` 27 or 28.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign_message(&self, key: &PrivateKey) -> Result<Signature, SignError> {
        let Payload::Message(bytes) = self.checked()? else { return Err(SignError::Kind) };
        self.own(key)?;
        Ok(key.sign_hash(keccak256(bytes))?)
    }

    /// Takes a device's signature of the approved message or typed data. Who signed is recovered.
    /// # Errors
    /// [`SignError::BadSignature`], [`SignError::Kind`].
    pub fn with_message_signature(&self, signature: Signature) -> Result<Signature, SignError> {
        let Payload::Message(bytes) = self.checked()? else { return Err(SignError::Kind) };
        match signature.recover_address_from_prehash(&keccak256(bytes)) {
            Ok(from) if from == self.from => Ok(signature),
            _ => Err(SignError::BadSignature { expected: self.from }),
        }
    }
}

fn envelope<T: SignableTransaction<Signature>>(tx: T, key: &PrivateKey) -> Result<TxEnvelope, SignError>
where
    TxEnvelope: From<alloy::consensus::Signed<T>>,
{
    let signature = key.sign_hash(tx.signature_hash())?;
    Ok(tx.into_signed(signature).into())
}

impl Signed {
    fn of(envelope: TxEnvelope) -> Result<Self, SignError> {
        use alloy::consensus::transaction::SignerRecoverable as _;
        let from = envelope
            .recover_signer()
            .map_err(|_no_detail| SignError::BadSignature { expected: Address::ZERO })?;
        let raw: Bytes = envelope.encoded_2718().into();
        Ok(Self { hash: *envelope.tx_hash(), raw, from, envelope })
    }

    /// A raw signed transaction from elsewhere: pasted, from a file, from a device. The sender is recovered.
    ///
    /// # Errors
    /// [`UnsignedError::Undecodable`]: none, or something behind it; [`UnsignedError::NoChain`]; [`UnsignedError::Type`].
    pub fn decode(raw: &[u8]) -> Result<Self, UnsignedError> {
        use alloy::consensus::Transaction as _;
        let bad = |detail: String| UnsignedError::Undecodable { detail };
        if raw.first() == Some(&3) {
            return Err(UnsignedError::Type(3)); // blobs are no wallet's business, and too large to be read unasked
        }
        let mut rest = raw;
        let envelope = TxEnvelope::decode_2718(&mut rest).map_err(|error| bad(error.to_string()))?;
        envelope.chain_id().ok_or(UnsignedError::NoChain)?;
        let signed = Self::of(envelope).map_err(|error| bad(error.to_string()))?;
        if *signed.raw != *raw {
            return Err(bad("bytes after it, or not its canonical form".to_owned()));
        }
        Ok(signed)
    }

    /// EIP-2718 bytes.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// Computed hash.
    pub fn hash(&self) -> B256 {
        self.hash
    }

    /// Recovered sender.
    pub fn from(&self) -> Address {
        self.from
    }

    /// Chain id.
    pub fn chain_id(&self) -> u64 {
        use alloy::consensus::Transaction as _;
        self.envelope.chain_id().unwrap_or_default()
    }

    /// Nonce.
    pub fn nonce(&self) -> u64 {
        use alloy::consensus::Transaction as _;
        self.envelope.nonce()
    }

    /// The transaction as it was before its signature; authorizations that others signed are left out.
    ///
    /// # Errors
    /// [`UnsignedError::Type`] for blobs, which are not made here.
    pub fn unsigned(&self) -> Result<Unsigned, UnsignedError> {
        Ok(match &self.envelope {
            TxEnvelope::Legacy(tx) => Unsigned::Legacy(tx.tx().clone()),
            TxEnvelope::Eip2930(tx) => Unsigned::Eip2930(tx.tx().clone()),
            TxEnvelope::Eip1559(tx) => Unsigned::Eip1559(tx.tx().clone()),
            TxEnvelope::Eip7702(tx) => {
                let mut bare = tx.tx().clone();
                let signed = std::mem::take(&mut bare.authorization_list);
                let authorizations = signed.iter().map(|one| one.inner().clone()).collect();
                Unsigned::Eip7702 { tx: bare, authorizations }
            }
            TxEnvelope::Eip4844(_) => return Err(UnsignedError::Type(3)),
        })
    }
}

#[cfg(test)]
mod tests {
    use alloy::consensus::{TxEip1559, TxEip2930, TxEip7702, TxLegacy};
    use alloy::eips::eip7702::Authorization;
    use alloy::primitives::{TxKind, U256, hex};
    use proptest::prelude::*;

    use super::*;
    use crate::wallet::keys::Secret;

    fn key() -> PrivateKey {
        PrivateKey::of_bytes(&[0x46; 32]).ok().unwrap()
    }

    fn approved(unsigned: &Unsigned) -> Approved {
        Approved {
            from: key().address(),
            chain_id: unsigned.chain_id(),
            id: ReviewId(unsigned.id()),
            payload: Payload::Transaction(unsigned.bytes_to_sign()),
        }
    }

    fn eip_155_example() -> Unsigned {
        Unsigned::Legacy(TxLegacy {
            chain_id: Some(1),
            nonce: 9,
            gas_price: 20_000_000_000,
            gas_limit: 21_000,
            to: TxKind::Call(Address::repeat_byte(0x35)),
            value: U256::from(10).pow(U256::from(18)),
            input: Bytes::new(),
        })
    }

    /// EIP-155 prints the whole signed transaction.
    #[test]
    fn the_example_of_eip_155_is_signed_as_printed() {
        let signed = approved(&eip_155_example()).sign(&key()).unwrap();
        assert_eq!(
            signed.raw().as_ref(),
            hex!(
                "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
            )
        );
        assert_eq!(Signed::decode(signed.raw()).unwrap(), signed);
    }

    #[test]
    fn every_type_comes_back_from_its_raw_bytes() {
        let to = Address::repeat_byte(2);
        let all = [
            eip_155_example(),
            Unsigned::Eip2930(TxEip2930 { chain_id: 5, to: TxKind::Call(to), ..TxEip2930::default() }),
            Unsigned::Eip1559(TxEip1559 { chain_id: 5, to: TxKind::Create, ..TxEip1559::default() }),
            Unsigned::Eip7702 {
                tx: TxEip7702 { chain_id: 5, to, ..TxEip7702::default() },
                authorizations: vec![Authorization { chain_id: U256::from(5), address: to, nonce: 1 }],
            },
        ];
        for unsigned in all {
            let signed = approved(&unsigned).sign(&key()).unwrap();
            assert_eq!((signed.from(), signed.unsigned().unwrap()), (key().address(), unsigned));
            if let TxEnvelope::Eip7702(tx) = &signed.envelope {
                let authority = tx.tx().authorization_list[0].recover_authority().unwrap();
                assert_eq!(authority, key().address());
            }
            let mut longer = signed.raw().to_vec();
            longer.push(0);
            assert!(Signed::decode(&longer).is_err());
        }
    }

    #[test]
    fn another_key_and_another_kind_are_refused() {
        let other = PrivateKey::of_hex(&Secret::of_text("11".repeat(32))).ok().unwrap();
        assert!(matches!(approved(&eip_155_example()).sign(&other), Err(SignError::OtherAccount { .. })));
        assert_eq!(approved(&eip_155_example()).sign_message(&key()).err(), Some(SignError::Kind));
        let elsewhere = Approved { chain_id: 2, ..approved(&eip_155_example()) };
        assert_eq!(elsewhere.sign(&key()).err(), Some(SignError::Changed));
    }

    #[test]
    fn a_device_that_signs_something_else_is_found_out() {
        let own = approved(&eip_155_example());
        let right = key().sign_hash(eip_155_example().id()).ok().unwrap();
        assert_eq!(own.with_signatures(right, &[]).unwrap(), own.sign(&key()).unwrap());
        let other = key().sign_hash(B256::repeat_byte(1)).ok().unwrap();
        let expected = key().address();
        assert_eq!(own.with_signatures(other, &[]), Err(SignError::BadSignature { expected }));
        assert_eq!(own.with_signatures(right, &[right]), Err(SignError::Kind));
    }

    proptest! {
        /// THREATS T30: one changed byte after approval is refused.
        #[test]
        fn one_changed_byte_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let mut bent = approved(&eip_155_example());
            if let Payload::Transaction(bytes) = &mut bent.payload {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            prop_assert_eq!(bent.sign(&key()).err(), Some(SignError::Changed));
        }
    }
}
