//! This program's own key file: Argon2id and XChaCha20-Poly1305 under a header that is authenticated with the content.
//!
//! Layout: 8 bytes of magic, the header's length (u32, big endian), the header as JSON, the ciphertext with its tag, and
//! the SHA-256 of all of these. The hash is no defence, it tells a damaged file from a wrong password; the tag is.

use alloy::primitives::{Address, Bytes};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::secret::random;
use super::{DerivationPath, KeyError, MarkKey, Phrase, PrivateKey, Secret};

const MAGIC: &[u8; 8] = b"LBKEY\x00\x01\n";
const HASH_BYTES: usize = 32;
/// Headers and contents are small; anything longer is no key file.
const MAX_BYTES: usize = 64 * 1024;
/// An honest file asks for no more memory than this, in KiB.
const MAX_MEMORY_KIB: u32 = 4 * 1024 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

/// What opening the file costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Parallel lanes.
    pub lanes: u32,
}

impl Default for KdfParams {
    /// 256 MiB and 3 passes: about a second on a computer of today (THREATS T50).
    fn default() -> Self {
        Self { memory_kib: 256 * 1024, passes: 3, lanes: 1 }
    }
}

impl KdfParams {
    fn derive(self, password: &Secret, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        if self.memory_kib > MAX_MEMORY_KIB || self.passes > MAX_PASSES || self.lanes > MAX_LANES {
            return Err(KeyError::TooCostly { field: "kdf" });
        }
        let damaged = |_cause| KeyError::Damaged { field: "kdf" };
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(damaged)?;
        let mut key = Zeroizing::new([0_u8; 32]);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(password.expose(), salt, key.as_mut()).map_err(damaged)?;
        Ok(key)
    }
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// One private key.
    Key,
    /// A recovery phrase with its passphrase.
    Phrase,
}

/// An account that the file can sign for. Readable without the password, changeable only with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedAccount {
    /// Its address.
    pub address: Address,
    /// For a phrase, where it is derived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// What can be read without the password. Every bit of it is authenticated when the file is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedHeader {
    version: u32,
    /// Key or phrase.
    pub kind: KeyKind,
    /// The user's name for it.
    pub name: String,
    /// The accounts.
    pub accounts: Vec<SealedAccount>,
    kdf: String,
    params: KdfParams,
    salt: Bytes,
    cipher: String,
    nonce: Bytes,
}

/// A file's content, opened.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub enum Unsealed {
    /// One key.
    Key(PrivateKey),
    /// A phrase.
    Phrase(Phrase),
}

/// A key file: its header readable, its secret sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKey {
    header: SealedHeader,
    bytes: Vec<u8>,
}

impl SealedKey {
    /// Seals one private key.
    ///
    /// # Errors
    /// [`KeyError::EmptyPassword`], [`KeyError::NoRandomness`].
    pub fn seal_key(
        key: &PrivateKey,
        name: &str,
        password: &Secret,
        params: KdfParams,
    ) -> Result<Self, KeyError> {
        let accounts = vec![SealedAccount { address: key.address(), path: None }];
        Self::seal(KeyKind::Key, name, accounts, &key.to_secret(), (password, params))
    }

    /// Seals a phrase with the accounts at these paths.
    ///
    /// # Errors
    /// As [`SealedKey::seal_key`], and [`KeyError::Path`].
    pub fn seal_phrase(
        phrase: &Phrase,
        paths: &[DerivationPath],
        name: &str,
        password: &Secret,
        params: KdfParams,
    ) -> Result<Self, KeyError> {
        let mut accounts = Vec::with_capacity(paths.len());
        for path in paths {
            let address = phrase.key(path)?.address();
            accounts.push(SealedAccount { address, path: Some(path.to_string()) });
        }
        let content = [phrase.words().expose(), &[0], phrase.passphrase().expose()].concat();
        Self::seal(KeyKind::Phrase, name, accounts, &Secret::new(content), (password, params))
    }

    fn seal(
        kind: KeyKind,
        name: &str,
        accounts: Vec<SealedAccount>,
        content: &Secret,
        (password, params): (&Secret, KdfParams),
    ) -> Result<Self, KeyError> {
        if password.is_empty() {
            return Err(KeyError::EmptyPassword);
        }
        let (mut salt, mut nonce) = ([0_u8; 32], [0_u8; 24]);
        random(&mut salt)?;
        random(&mut nonce)?;
        let header = SealedHeader {
            version: 1,
            kind,
            name: name.chars().filter(|c| !c.is_control()).take(64).collect(),
            accounts,
            kdf: "argon2id".to_owned(),
            params,
            salt: Bytes::copy_from_slice(&salt),
            cipher: "xchacha20-poly1305".to_owned(),
            nonce: Bytes::copy_from_slice(&nonce),
        };
        let damaged = |field| move |_cause| KeyError::Damaged { field };
        let json = serde_json::to_vec(&header).map_err(|_cause| KeyError::Damaged { field: "header" })?;
        let length = u32::try_from(json.len()).map_err(|_cause| KeyError::Damaged { field: "header" })?;
        let mut bytes = [MAGIC.as_slice(), &length.to_be_bytes(), &json].concat();
        let key = params.derive(password, &salt)?;
        let cipher = XChaCha20Poly1305::new_from_slice(key.as_ref()).map_err(damaged("cipher"))?;
        let payload = Payload { msg: content.expose(), aad: &bytes };
        let nonce = XNonce::from(nonce);
        let sealed =
            cipher.encrypt(&nonce, payload).map_err(|_cause| KeyError::Damaged { field: "cipher" })?;
        bytes.extend_from_slice(&sealed);
        bytes.extend_from_slice(&Sha256::digest(&bytes));
        Ok(Self { header, bytes })
    }

    /// Reads a file's header. Nothing is decrypted; what the header says is only certain once the file was opened.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] with the part at fault.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        let (header, _) = split(bytes)?;
        let header: SealedHeader =
            serde_json::from_slice(header).map_err(|_cause| KeyError::Damaged { field: "header" })?;
        if header.version != 1 {
            return Err(KeyError::Damaged { field: "version" });
        }
        if header.kdf != "argon2id" {
            return Err(KeyError::Damaged { field: "kdf" });
        }
        if header.cipher != "xchacha20-poly1305" {
            return Err(KeyError::Damaged { field: "cipher" });
        }
        Ok(Self { header, bytes: bytes.to_vec() })
    }

    /// What can be read without the password.
    pub fn header(&self) -> &SealedHeader {
        &self.header
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Opens the file.
    ///
    /// # Errors
    /// [`KeyError::WrongPassword`]; [`KeyError::TooCostly`]; [`KeyError::OtherAddress`].
    pub fn open(&self, password: &Secret) -> Result<Unsealed, KeyError> {
        self.unsealed(&self.content(password)?)
    }

    fn content(&self, password: &Secret) -> Result<Secret, KeyError> {
        let (_, ciphertext) = split(&self.bytes)?;
        let aad_end = self.bytes.len().saturating_sub(HASH_BYTES).saturating_sub(ciphertext.len());
        let aad = self.bytes.get(..aad_end).unwrap_or_default();
        let key = self.header.params.derive(password, &self.header.salt)?;
        let cipher = XChaCha20Poly1305::new_from_slice(key.as_ref())
            .map_err(|_cause| KeyError::Damaged { field: "cipher" })?;
        let nonce: [u8; 24] =
            self.header.nonce.as_ref().try_into().map_err(|_length| KeyError::Damaged { field: "nonce" })?;
        let content = cipher
            .decrypt(&XNonce::from(nonce), Payload { msg: ciphertext, aad })
            .map_err(|_cause| KeyError::WrongPassword)?;
        Ok(Secret::new(content))
    }

    /// The key of one account of the file.
    ///
    /// # Errors
    /// As [`SealedKey::open`], and [`KeyError::NoSuchAccount`].
    pub fn key_of(&self, address: Address, password: &Secret) -> Result<PrivateKey, KeyError> {
        self.keys_of(address, password).map(|(key, _)| key)
    }

    /// The same, with the key that marks what this file's owner confirmed.
    ///
    /// # Errors
    /// As [`SealedKey::key_of`].
    pub fn keys_of(&self, address: Address, password: &Secret) -> Result<(PrivateKey, MarkKey), KeyError> {
        let missing = KeyError::NoSuchAccount { address };
        let account = self.header.accounts.iter().find(|one| one.address == address).ok_or(missing)?;
        let content = self.content(password)?;
        let key = match (self.unsealed(&content)?, &account.path) {
            (Unsealed::Key(key), _) => key,
            (Unsealed::Phrase(phrase), Some(path)) => phrase.key(&path.parse()?)?,
            (Unsealed::Phrase(_), None) => return Err(KeyError::Damaged { field: "accounts" }),
        };
        if key.address() != address {
            return Err(KeyError::OtherAddress { named: address, found: key.address() });
        }
        Ok((key, MarkKey::of(&content)?))
    }

    fn unsealed(&self, content: &Secret) -> Result<Unsealed, KeyError> {
        match self.header.kind {
            KeyKind::Key => PrivateKey::of_bytes(content.expose()).map(Unsealed::Key),
            KeyKind::Phrase => {
                let damaged = || KeyError::Damaged { field: "content" };
                let at = content.expose().iter().position(|byte| *byte == 0).ok_or_else(damaged)?;
                let part = |bytes: Option<&[u8]>| Secret::new(bytes.unwrap_or_default().to_vec());
                let words = part(content.expose().get(..at));
                let passphrase = part(content.expose().get(at.saturating_add(1)..));
                Phrase::new(&words, passphrase).map(Unsealed::Phrase)
            }
        }
    }
}

/// Header and ciphertext of a file that is whole.
fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), KeyError> {
    let damaged = |field| KeyError::Damaged { field };
    let rest = bytes.strip_prefix(MAGIC.as_slice()).ok_or(damaged("magic"))?;
    if bytes.len() > MAX_BYTES {
        return Err(damaged("length"));
    }
    let (body, hash) =
        bytes.split_at_checked(bytes.len().saturating_sub(HASH_BYTES)).ok_or(damaged("length"))?;
    if Sha256::digest(body).as_slice() != hash {
        return Err(damaged("checksum"));
    }
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(damaged("length"))?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_wide| damaged("length"))?;
    let rest = rest.get(..rest.len().saturating_sub(HASH_BYTES)).ok_or(damaged("length"))?;
    rest.split_at_checked(length).ok_or(damaged("length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAST: KdfParams = KdfParams { memory_kib: 64, passes: 1, lanes: 1 };

    fn secret(text: &str) -> Secret {
        Secret::of_text(text.to_owned())
    }

    fn phrase() -> Phrase {
        let words = secret("test test test test test test test test test test test junk");
        Phrase::new(&words, secret("extra")).ok().unwrap()
    }

    #[test]
    fn the_shipped_cost_is_the_designed_one() {
        assert_eq!(KdfParams::default(), KdfParams { memory_kib: 262_144, passes: 3, lanes: 1 });
    }

    #[test]
    fn a_key_comes_back_with_its_password_only() {
        let key = PrivateKey::generate().ok().unwrap();
        let sealed = SealedKey::seal_key(&key, "Main\n", &secret("right"), FAST).unwrap();
        let again = SealedKey::parse(sealed.bytes()).unwrap();
        assert_eq!((&again, again.header().name.as_str()), (&sealed, "Main"));
        assert_eq!(again.key_of(key.address(), &secret("right")).ok().unwrap().address(), key.address());
        assert_eq!(again.open(&secret("wrong")).err(), Some(KeyError::WrongPassword));
        let other = Address::repeat_byte(1);
        assert_eq!(
            again.key_of(other, &secret("right")).err(),
            Some(KeyError::NoSuchAccount { address: other })
        );
        assert_eq!(SealedKey::seal_key(&key, "x", &secret(""), FAST).err(), Some(KeyError::EmptyPassword));
    }

    #[test]
    fn a_phrase_comes_back_with_its_accounts() {
        let paths = [DerivationPath::standard(0), DerivationPath::ledger_live(3)];
        let sealed = SealedKey::seal_phrase(&phrase(), &paths, "Words", &secret("right"), FAST).unwrap();
        let again = SealedKey::parse(sealed.bytes()).unwrap();
        for (account, path) in again.header().accounts.iter().zip(&paths) {
            let key = again.key_of(account.address, &secret("right")).ok().unwrap();
            assert_eq!(key.address(), phrase().key(path).ok().unwrap().address());
        }
        let text = String::from_utf8_lossy(sealed.bytes()).into_owned();
        assert!(!text.contains("junk") && !text.contains("extra"));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_refused() {
        let key = PrivateKey::generate().ok().unwrap();
        let sealed = SealedKey::seal_key(&key, "Main", &secret("right"), FAST).unwrap();
        for index in 0..sealed.bytes().len() {
            for bit in 0..8 {
                let mut bent = sealed.bytes().to_vec();
                bent[index] ^= 1 << bit;
                assert!(matches!(SealedKey::parse(&bent), Err(KeyError::Damaged { .. })), "{index} {bit}");
            }
            assert!(SealedKey::parse(&sealed.bytes()[..index]).is_err(), "{index}");
        }
    }

    /// Somebody who changes the header and mends the checksum is stopped by the tag.
    #[test]
    fn a_mended_header_does_not_open() {
        let key = PrivateKey::generate().ok().unwrap();
        let sealed = SealedKey::seal_key(&key, "Main", &secret("right"), FAST).unwrap();
        let mut bent = sealed.bytes()[..sealed.bytes().len() - 32].to_vec();
        let at = bent.windows(4).position(|four| four == b"Main").unwrap();
        bent[at] = b'P';
        let hash = Sha256::digest(&bent);
        bent.extend_from_slice(&hash);
        let parsed = SealedKey::parse(&bent).unwrap();
        assert_eq!(parsed.header().name, "Pain");
        assert_eq!(parsed.open(&secret("right")).err(), Some(KeyError::WrongPassword));
    }

    #[test]
    fn a_file_that_asks_for_all_memory_is_refused() {
        let greedy = KdfParams { memory_kib: u32::MAX, passes: 1, lanes: 1 };
        assert_eq!(greedy.derive(&secret("x"), &[0; 32]).err(), Some(KeyError::TooCostly { field: "kdf" }));
    }
}
