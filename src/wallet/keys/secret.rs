//! Bytes that nobody may see twice: overwritten when dropped, and without a way to print or copy them.

use alloy::primitives::Address;
use alloy::primitives::B256;
use alloy::signers::local::PrivateKeySigner;
use alloy::signers::{Signature, SignerSync as _};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::KeyError;

/// A password, a phrase or key bytes. Zeroed when dropped; neither `Debug` nor `Clone`, so that no log can hold it.
#[derive(Zeroize, ZeroizeOnDrop)]
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes bytes over; the caller's own copy, if it kept one, is the caller's to wipe.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Takes text over without copying it.
    pub fn of_text(text: String) -> Self {
        Self(text.into_bytes())
    }

    /// The bytes, for as long as they are needed.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text; `None` where they are not UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Compares without telling by its time how much was right.
    pub fn same(&self, other: &Self) -> bool {
        let differs = self.0.iter().zip(&other.0).fold(0_u8, |seen, (left, right)| seen | (left ^ right));
        self.0.len() == other.0.len() && differs == 0
    }
}

/// A secp256k1 private key, opened. Zeroed when dropped; neither `Debug` nor `Clone`.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub struct PrivateKey(PrivateKeySigner);

impl PrivateKey {
    /// From 32 bytes.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] for another length, zero, or a number beyond the curve's order.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        PrivateKeySigner::from_slice(bytes).map(Self).map_err(|_secret_in_it| KeyError::NotAKey)
    }

    /// From 64 hex digits, with or without 0x.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`].
    pub fn of_hex(text: &Secret) -> Result<Self, KeyError> {
        let text = text.text().ok_or(KeyError::NotAKey)?.trim();
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
        alloy::primitives::hex::decode_to_slice(digits, bytes.as_mut()).map_err(|_hex| KeyError::NotAKey)?;
        Self::of_bytes(bytes.as_ref())
    }

    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`KeyError::NoRandomness`].
    pub fn generate() -> Result<Self, KeyError> {
        loop {
            let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
            random(bytes.as_mut())?;
            // One number in 2^128 is no key; another is drawn then.
            if let Ok(key) = Self::of_bytes(bytes.as_ref()) {
                return Ok(key);
            }
        }
    }

    /// The account's address.
    pub fn address(&self) -> Address {
        self.0.address()
    }

    /// The key's 32 bytes.
    pub fn to_secret(&self) -> Secret {
        let mut bytes = self.0.credential().to_bytes();
        let secret = Secret::new(bytes.to_vec());
        bytes.iter_mut().for_each(Zeroize::zeroize);
        secret
    }

    /// Signs a hash. Deterministic (RFC 6979), low `s`.
    pub(in crate::wallet) fn sign_hash(&self, hash: B256) -> Result<Signature, KeyError> {
        self.0.sign_hash_sync(&hash).map_err(|_no_detail| KeyError::NotAKey)
    }
}

/// Fills `bytes` from the system's source of randomness.
pub(in crate::wallet) fn random(bytes: &mut [u8]) -> Result<(), KeyError> {
    getrandom::fill(bytes).map_err(|_cause| KeyError::NoRandomness)
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;

    #[test]
    fn a_key_is_read_and_its_address_is_known() {
        let text = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        let key = PrivateKey::of_hex(&Secret::of_text(text.to_owned())).ok().unwrap();
        assert_eq!(key.address(), address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"));
        let again = PrivateKey::of_bytes(key.to_secret().expose()).ok().unwrap();
        assert_eq!(again.address(), key.address());
        let bare = Secret::of_text(text.trim_start_matches("0x").to_owned());
        assert!(PrivateKey::of_hex(&bare).is_ok());
    }

    #[test]
    fn what_is_no_key_is_refused_without_repeating_it() {
        let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
        for text in ["", "0x12", &"0".repeat(64), order, &"g".repeat(64)] {
            let error = PrivateKey::of_hex(&Secret::of_text(text.to_owned())).err().unwrap();
            assert!(!error.to_string().contains(text) || text.is_empty(), "{error}");
        }
    }

    #[test]
    fn secrets_compare_by_all_their_bytes() {
        let secret = |text: &str| Secret::of_text(text.to_owned());
        assert!(secret("same").same(&secret("same")));
        assert!(!secret("same").same(&secret("sane")) && !secret("same").same(&secret("sam")));
        assert!(secret("").is_empty());
    }

    #[test]
    fn two_new_keys_differ() {
        let (one, two) = (PrivateKey::generate().ok().unwrap(), PrivateKey::generate().ok().unwrap());
        assert_ne!(one.address(), two.address());
    }
}
