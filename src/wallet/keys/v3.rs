//! Web3 Secret Storage, version 3: the key files of geth, Foundry and most others. Read with scrypt or PBKDF2, written
//! with scrypt at geth's standard cost.

use aes::Aes128;
use aes::cipher::{KeyIvInit as _, StreamCipher as _};
use alloy::primitives::{Address, B256, Keccak256, hex};
use ctr::Ctr128BE;
use serde_json::{Value, json};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::secret::random;
use super::{KeyError, PrivateKey, Secret};

/// log2 of scrypt's `n` in files written here: 262,144, geth's standard.
pub const V3_SCRYPT_LOG_N: u8 = 18;
/// Memory that a file may ask for: scrypt's table and its lanes, 128 · r · (n + p) bytes.
const MAX_SCRYPT_BYTES: u64 = 1 << 31;
const MAX_SCRYPT_LANES: u64 = 16;
const MAX_ROUNDS: u64 = 20_000_000;

type Key = Zeroizing<[u8; 32]>;

fn damaged(field: &'static str) -> KeyError {
    KeyError::Damaged { field }
}

fn bytes<const N: usize>(object: &Value, field: &str, name: &'static str) -> Result<[u8; N], KeyError> {
    let text = object.get(field).and_then(Value::as_str).ok_or(damaged(name))?;
    let bytes = hex::decode(text).map_err(|_hex| damaged(name))?;
    bytes.try_into().map_err(|_length| damaged(name))
}

fn number(object: &Value, field: &str, name: &'static str) -> Result<u64, KeyError> {
    object.get(field).and_then(Value::as_u64).ok_or(damaged(name))
}

/// Whether the text is JSON of such a file, whole or not.
pub fn looks_like_v3(text: &[u8]) -> bool {
    let Ok(json) = serde_json::from_slice::<Value>(text) else { return false };
    json.get("crypto").or_else(|| json.get("Crypto")).is_some()
}

/// The address that a file names, where it does; unproven until it is opened.
fn named_address(json: &Value) -> Option<Address> {
    json.get("address")?.as_str()?.parse().ok()
}

/// A file read whole but for what its password opens.
struct Sealed {
    /// The address beside the key, where there is one; unproven until it is opened.
    named: Option<Address>,
    iv: [u8; 16],
    ciphertext: [u8; 32],
    mac: [u8; 32],
    salt: Vec<u8>,
    cost: Cost,
}

/// How the key is derived from the password, within bounds.
enum Cost {
    Scrypt(scrypt::Params),
    Pbkdf2 { rounds: u32 },
}

fn sealed(text: &[u8]) -> Result<Sealed, KeyError> {
    let json: Value = serde_json::from_slice(text).map_err(|_cause| damaged("json"))?;
    if json.get("version").and_then(Value::as_u64) != Some(3) {
        return Err(damaged("version"));
    }
    let crypto = json.get("crypto").or_else(|| json.get("Crypto")).ok_or(damaged("crypto"))?;
    if crypto.get("cipher").and_then(Value::as_str) != Some("aes-128-ctr") {
        return Err(damaged("crypto.cipher"));
    }
    let parameters = crypto.get("cipherparams").unwrap_or(&Value::Null);
    let iv = bytes(parameters, "iv", "crypto.cipherparams.iv")?;
    let ciphertext = bytes(crypto, "ciphertext", "crypto.ciphertext")?;
    let mac = bytes(crypto, "mac", "crypto.mac")?;
    let (salt, cost) = derivation(crypto)?;
    Ok(Sealed { named: named_address(&json), iv, ciphertext, mac, salt, cost })
}

/// Whose key a file says it holds, without opening it; `None` where it names nobody. Unproven until it is opened.
/// Everything but the password is looked at, so that nobody types one for a file that none opens.
///
/// # Errors
/// [`KeyError::Damaged`] where it is no such file; [`KeyError::TooCostly`].
pub fn v3_address(text: &[u8]) -> Result<Option<Address>, KeyError> {
    Ok(sealed(text)?.named)
}

/// Opens a file.
///
/// # Errors
/// [`KeyError::WrongPassword`]; [`KeyError::Damaged`] with the field; [`KeyError::TooCostly`]; [`KeyError::OtherAddress`]
/// where the key is not that of the address beside it.
pub fn import_v3(text: &[u8], password: &Secret) -> Result<PrivateKey, KeyError> {
    let file = sealed(text)?;
    let key = match &file.cost {
        Cost::Scrypt(params) => scrypt_key(password, &file.salt, params)?,
        Cost::Pbkdf2 { rounds } => {
            let mut key = Zeroizing::new([0_u8; 32]);
            pbkdf2::pbkdf2_hmac::<Sha256>(password.expose(), &file.salt, *rounds, key.as_mut());
            key
        }
    };
    if mac_of(&key, &file.ciphertext) != file.mac {
        return Err(KeyError::WrongPassword);
    }
    let mut content = Zeroizing::new(file.ciphertext);
    cipher(&key, &file.iv)?.apply_keystream(content.as_mut());
    let key = PrivateKey::of_bytes(content.as_ref())?;
    match file.named.filter(|named| *named != key.address()) {
        Some(named) => Err(KeyError::OtherAddress { named, found: key.address() }),
        None => Ok(key),
    }
}

/// The first half of the derived key encrypts. It is borrowed, so that no copy of it stays behind.
fn cipher(key: &Key, iv: &[u8; 16]) -> Result<Ctr128BE<Aes128>, KeyError> {
    let (first, _) = key.split_at(16);
    Ctr128BE::<Aes128>::new_from_slices(first, iv).map_err(|_length| damaged("crypto.kdfparams.dklen"))
}

/// The second half tells a wrong password.
fn mac_of(key: &Key, ciphertext: &[u8; 32]) -> B256 {
    let (_, second) = key.split_at(16);
    let mut hasher = Keccak256::new();
    hasher.update(second);
    hasher.update(ciphertext);
    hasher.finalize()
}

/// Salt and cost of the derivation.
fn derivation(crypto: &Value) -> Result<(Vec<u8>, Cost), KeyError> {
    let scrypt = match crypto.get("kdf").and_then(Value::as_str) {
        Some("scrypt") => true,
        Some("pbkdf2") => false,
        _ => return Err(damaged("crypto.kdf")),
    };
    let params = crypto.get("kdfparams").ok_or(damaged("crypto.kdfparams"))?;
    let salt = params.get("salt").and_then(Value::as_str).and_then(|text| hex::decode(text).ok());
    let salt = salt.ok_or(damaged("crypto.kdfparams.salt"))?;
    if number(params, "dklen", "crypto.kdfparams.dklen")? != 32 {
        return Err(damaged("crypto.kdfparams.dklen"));
    }
    Ok((salt, if scrypt { scrypt_cost(params)? } else { pbkdf2_cost(params)? }))
}

fn scrypt_cost(params: &Value) -> Result<Cost, KeyError> {
    let n = number(params, "n", "crypto.kdfparams.n")?;
    let r = number(params, "r", "crypto.kdfparams.r")?;
    let p = number(params, "p", "crypto.kdfparams.p")?;
    if !n.is_power_of_two() || n < 2 {
        return Err(damaged("crypto.kdfparams.n"));
    }
    let memory = n.checked_add(p).and_then(|rows| rows.checked_mul(r)?.checked_mul(128));
    if memory.is_none_or(|bytes| bytes > MAX_SCRYPT_BYTES) || p > MAX_SCRYPT_LANES {
        return Err(KeyError::TooCostly { field: "crypto.kdfparams" });
    }
    let log_n = u8::try_from(n.trailing_zeros()).map_err(|_wide| damaged("crypto.kdfparams.n"))?;
    let narrow = |value: u64| u32::try_from(value).map_err(|_wide| damaged("crypto.kdfparams"));
    scrypt_params(log_n, narrow(r)?, narrow(p)?).map(Cost::Scrypt)
}

fn pbkdf2_cost(params: &Value) -> Result<Cost, KeyError> {
    if params.get("prf").and_then(Value::as_str) != Some("hmac-sha256") {
        return Err(damaged("crypto.kdfparams.prf"));
    }
    let rounds = number(params, "c", "crypto.kdfparams.c")?;
    if rounds > MAX_ROUNDS {
        return Err(KeyError::TooCostly { field: "crypto.kdfparams.c" });
    }
    let rounds = u32::try_from(rounds).map_err(|_wide| damaged("crypto.kdfparams.c"))?;
    Ok(Cost::Pbkdf2 { rounds: rounds.max(1) })
}

fn scrypt_params(log_n: u8, r: u32, p: u32) -> Result<scrypt::Params, KeyError> {
    scrypt::Params::new(log_n, r, p).map_err(|_cause| damaged("crypto.kdfparams"))
}

fn scrypt_key(password: &Secret, salt: &[u8], params: &scrypt::Params) -> Result<Key, KeyError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    scrypt::scrypt(password.expose(), salt, params, key.as_mut())
        .map_err(|_cause| damaged("crypto.kdfparams"))?;
    Ok(key)
}

/// Writes a file that others open. `log_n` is log2 of scrypt's cost; [`V3_SCRYPT_LOG_N`] unless a test is in a hurry.
///
/// # Errors
/// [`KeyError::EmptyPassword`], [`KeyError::NoRandomness`].
pub fn export_v3(key: &PrivateKey, password: &Secret, log_n: u8) -> Result<String, KeyError> {
    if password.is_empty() {
        return Err(KeyError::EmptyPassword);
    }
    let (mut salt, mut iv, mut id) = ([0_u8; 32], [0_u8; 16], [0_u8; 16]);
    random(&mut salt)?;
    random(&mut iv)?;
    random(&mut id)?;
    let derived = scrypt_key(password, &salt, &scrypt_params(log_n, 8, 1)?)?;
    let secret = key.to_secret();
    let mut ciphertext = [0_u8; 32];
    ciphertext.copy_from_slice(secret.expose().get(..32).ok_or(KeyError::NotAKey)?);
    cipher(&derived, &iv)?.apply_keystream(&mut ciphertext);
    let file = json!({
        "version": 3,
        "id": uuid_v4(id),
        "address": hex::encode(key.address()),
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": { "iv": hex::encode(iv) },
            "ciphertext": hex::encode(ciphertext),
            "kdf": "scrypt",
            "kdfparams": { "dklen": 32, "n": 1_u64 << log_n.min(30), "p": 1, "r": 8, "salt": hex::encode(salt) },
            "mac": hex::encode(mac_of(&derived, &ciphertext)),
        },
    });
    Ok(format!("{file:#}\n"))
}

/// Random bytes as a UUID of version 4.
fn uuid_v4(mut id: [u8; 16]) -> String {
    if let Some(byte) = id.get_mut(6) {
        *byte = *byte & 0x0f | 0x40;
    }
    if let Some(byte) = id.get_mut(8) {
        *byte = *byte & 0x3f | 0x80;
    }
    let text = hex::encode(id);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::of_text(text.to_owned())
    }

    /// The two examples of the Web3 Secret Storage definition; both hold one key under `testpassword`.
    const PBKDF2: &str = r#"{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;
    const SCRYPT: &str = r#"{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,
        "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}"#;

    #[test]
    fn the_examples_of_the_definition_open() {
        for file in [PBKDF2, SCRYPT] {
            let key = import_v3(file.as_bytes(), &secret("testpassword")).ok().unwrap();
            assert_eq!(
                hex::encode(key.to_secret().expose()),
                "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"
            );
            assert_eq!(key.address(), address!("008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"));
            assert_eq!(import_v3(file.as_bytes(), &secret("other")).err(), Some(KeyError::WrongPassword));
            assert!(looks_like_v3(file.as_bytes()));
        }
    }

    #[test]
    fn a_written_file_is_read_again() {
        let key = PrivateKey::generate().ok().unwrap();
        let file = export_v3(&key, &secret("pass ✓"), 4).unwrap();
        assert_eq!(import_v3(file.as_bytes(), &secret("pass ✓")).ok().unwrap().address(), key.address());
        let other = file.replace(&hex::encode(key.address()), &"11".repeat(20));
        assert_eq!(
            import_v3(other.as_bytes(), &secret("pass ✓")).err(),
            Some(KeyError::OtherAddress { named: Address::repeat_byte(0x11), found: key.address() })
        );
    }

    #[test]
    fn damage_names_its_field() {
        let field = |from: &str, to: &str| {
            let bent = SCRYPT.replace(from, to);
            assert_ne!(bent, SCRYPT);
            let told = import_v3(bent.as_bytes(), &secret("testpassword")).err().unwrap();
            assert_eq!(
                v3_address(bent.as_bytes()).err().as_ref(),
                Some(&told),
                "before a password is asked for"
            );
            told
        };
        assert_eq!(field("\"scrypt\"", "\"bcrypt\""), KeyError::Damaged { field: "crypto.kdf" });
        assert_eq!(field("\"version\":3", "\"version\":4"), KeyError::Damaged { field: "version" });
        assert_eq!(field("aes-128-ctr", "aes-256-ctr"), KeyError::Damaged { field: "crypto.cipher" });
        assert_eq!(field("\"n\":262144", "\"n\":262143"), KeyError::Damaged { field: "crypto.kdfparams.n" });
        assert_eq!(
            field("\"n\":262144", "\"n\":1099511627776"),
            KeyError::TooCostly { field: "crypto.kdfparams" }
        );
        // A small table under enormous rows asks for as much in its lanes.
        let rows = SCRYPT.replace("\"n\":262144", "\"n\":2").replace("\"r\":1", "\"r\":8388608");
        assert_eq!(
            import_v3(rows.as_bytes(), &secret("testpassword")).err(),
            Some(KeyError::TooCostly { field: "crypto.kdfparams" })
        );
        assert_eq!(field("83dbcc02", "83dbcc"), KeyError::Damaged { field: "crypto.cipherparams.iv" });
        assert_eq!(import_v3(b"{", &secret("x")).err(), Some(KeyError::Damaged { field: "json" }));
        assert_eq!(
            field("\"kdf\":\"scrypt\"", "\"kdf\":\"\"").to_string(),
            "The key file is damaged or of an unknown version (field \"crypto.kdf\"). Nothing was changed."
        );
    }
}
