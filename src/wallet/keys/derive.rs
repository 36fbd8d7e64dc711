//! From words to keys: the seed of BIP-39 and the tree of BIP-32, in buffers that are overwritten.
//!
//! The libraries that do this write the words, the passphrase and the keys on the way into memory that they give back as it
//! is: there they would outlive every lock (THREATS T51).

use alloy::signers::k256::Scalar;
use alloy::signers::k256::ecdsa::SigningKey;
use alloy::signers::k256::elliptic_curve::PrimeField as _;
use pbkdf2::hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::{KeyError, PrivateKey};

/// Bits of one word.
pub(super) const WORD_BITS: usize = 11;
/// First hardened index of BIP-32.
pub(super) const HARDENED: u32 = 1 << 31;
const ROUNDS: u32 = 2_048;
const SALT: &str = "mnemonic";
/// The longest entropy, and the byte that holds its checksum.
const MAX_ENTROPY: usize = 33;

/// 64 bytes that are overwritten.
pub(super) type Seed = Zeroizing<[u8; 64]>;

/// Whether the last word's checksum is that of the others. `words` are places in the list.
pub(super) fn fits_checksum(words: impl Iterator<Item = usize>) -> bool {
    let mut bytes = Zeroizing::new([0_u8; MAX_ENTROPY]);
    let mut at = 0_usize;
    for word in words {
        for place in (0..WORD_BITS).rev() {
            if let Some(byte) = bytes.get_mut(at / 8) {
                *byte |= u8::from(word >> place & 1 == 1) << (7 - at % 8);
            }
            at = at.saturating_add(1);
        }
    }
    // A 33rd of the bits checks the others.
    let checked = at / 33;
    let entropy = checked.saturating_mul(4);
    let (Some(content), Some(last)) = (bytes.get(..entropy), bytes.get(entropy)) else { return false };
    let hash = Sha256::digest(content).first().copied().unwrap_or_default();
    (4..=8).contains(&checked) && (hash ^ last) >> (8 - checked) == 0
}

/// The seed of a phrase under its passphrase, which BIP-39 takes in NFKD.
pub(super) fn seed(words: &str, passphrase: &str) -> Seed {
    // A text that grows leaves its beginnings behind, so there is room for all.
    let room: usize = passphrase.nfkd().map(char::len_utf8).sum();
    let mut salt = Zeroizing::new(String::with_capacity(SALT.len().saturating_add(room)));
    salt.push_str(SALT);
    salt.extend(passphrase.nfkd());
    let mut seed = Zeroizing::new([0_u8; 64]);
    pbkdf2::pbkdf2_hmac::<Sha512>(words.as_bytes(), salt.as_bytes(), ROUNDS, seed.as_mut());
    seed
}

/// The key at these steps from the seed: index, and whether it is hardened. `None` where there is none; that is one
/// seed or index in 2^127.
pub(super) fn key_at(seed: &[u8], steps: &[(u32, bool)]) -> Option<Result<PrivateKey, KeyError>> {
    let mut at = Extended::of(&hmac(b"Bitcoin seed", &[seed])?)?;
    for (index, hardened) in steps {
        at = at.child(*index, *hardened)?;
    }
    Some(PrivateKey::of_bytes(at.key.as_ref()))
}

/// A private key of the tree with its chain code.
struct Extended {
    key: Zeroizing<[u8; 32]>,
    chain: Zeroizing<[u8; 32]>,
}

impl Extended {
    fn of(halves: &Seed) -> Option<Self> {
        let (key, chain) = halves.split_at(32);
        let mut own = Self { key: Zeroizing::new([0; 32]), chain: Zeroizing::new([0; 32]) };
        own.key.copy_from_slice(key);
        own.chain.copy_from_slice(chain);
        SigningKey::from_slice(key).is_ok().then_some(own)
    }

    fn child(&self, index: u32, hardened: bool) -> Option<Self> {
        let number = if hardened { index | HARDENED } else { index }.to_be_bytes();
        let halves = if hardened {
            hmac(self.chain.as_ref(), &[&[0], self.key.as_ref(), &number])?
        } else {
            let public = SigningKey::from_slice(self.key.as_ref()).ok()?;
            let public = public.verifying_key().to_encoded_point(true);
            hmac(self.chain.as_ref(), &[public.as_bytes(), &number])?
        };
        let mut halves = halves;
        let sum = Zeroizing::new(scalar(halves.get(..32)?)?.add(&*scalar(self.key.as_ref())?));
        halves.get_mut(..32)?.copy_from_slice(&Zeroizing::new(<[u8; 32]>::from(sum.to_repr()))[..]);
        Self::of(&halves)
    }
}

/// A number below the curve's order.
fn scalar(bytes: &[u8]) -> Option<Zeroizing<Scalar>> {
    let mut own = Zeroizing::new([0_u8; 32]);
    own.copy_from_slice(bytes.get(..32)?);
    Option::from(Scalar::from_repr((*own).into())).map(Zeroizing::new)
}

/// HMAC-SHA512. It takes keys of any length.
pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> Option<Seed> {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    let mut out = Zeroizing::new([0_u8; 64]);
    out.copy_from_slice(&mac.finalize().into_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use alloy::primitives::hex;

    use super::*;

    /// A seed, the steps from it, and the private key there.
    type Vector = (&'static str, &'static [(u32, bool)], &'static str);

    /// Test vectors 1, 2 and 4 of BIP-32: seed, steps, the private key there. The last has a key that begins with a zero.
    #[test]
    fn bip32_vectors() {
        let one = "000102030405060708090a0b0c0d0e0f";
        let two = "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875726f6c696663605d5a5754514e4b484542";
        let four = "3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678";
        let vectors: [Vector; 6] = [
            (one, &[], "e8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35"),
            (one, &[(0, true)], "edb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea"),
            (
                one,
                &[(0, true), (1, false)],
                "3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368",
            ),
            (
                one,
                &[(0, true), (1, false), (2, true), (2, false), (1_000_000_000, false)],
                "471b76e389e528d6de6d816857e012c5455051cad6660850e58372a6c3e6e7c8",
            ),
            (two, &[(0, false)], "abe74a98f6c7eabee0428f53798f0ab8aa1bd37873999041703c742f15ac7e1e"),
            (four, &[(0, true)], "00d948e9261e41362a688b916f297121ba6bfb2274a3575ac0e456551dfd7f7e"),
        ];
        for (seed, steps, expected) in vectors {
            let key = key_at(&hex::decode(seed).unwrap(), steps).unwrap().ok().unwrap();
            assert_eq!(hex::encode(key.to_secret().expose()), expected, "{steps:?}");
        }
    }

    #[test]
    fn a_checksum_is_of_all_the_words() {
        // abandon … about; one place off; a number of words that no phrase has.
        let words = |count: usize, last: usize| std::iter::repeat_n(0, count).chain([last]);
        assert!(fits_checksum(words(11, 3)));
        assert!((0..2_048).filter(|last| fits_checksum(words(11, *last))).count() == 128);
        assert!((0..2_048).filter(|last| fits_checksum(words(23, *last))).count() == 8);
        assert!(!fits_checksum(words(11, 4)) && !fits_checksum(words(26, 3)) && !fits_checksum(words(0, 0)));
    }
}
