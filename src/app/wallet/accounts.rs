//! Which accounts there are, who can sign for them, and how keys come in and go out.

use std::path::PathBuf;

use alloy::primitives::Address;
use serde::{Deserialize, Serialize};

use super::super::Reason;
use super::super::devices::{Device, DeviceKind};
use super::desk::{Wallet, locked};
use crate::wallet::keys::{
    DerivationPath, KdfParams, KeyError, KeyKind, Phrase, PrivateKey, SealedKey, Secret, V3_SCRYPT_LOG_N,
    export_v3, import_v3,
};

const NAME: &str = "accounts.json";
/// Since 2 an account may be on a device.
const VERSION: u32 = 2;

/// Where an account's key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// Nowhere here: it is only looked at.
    Watch,
    /// In a key file.
    KeyFile,
    /// Derived from a phrase in a key file.
    Phrase,
    /// A public key of the practice network.
    Practice,
    /// On a hardware signer.
    Device(DeviceKind),
}

impl AccountKind {
    /// As lists name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Watch => "watch-only",
            Self::KeyFile => "key file",
            Self::Phrase => "phrase",
            Self::Practice => "practice key",
            Self::Device(kind) => kind.name(),
        }
    }

    /// It can sign.
    pub fn can_sign(self) -> bool {
        self != Self::Watch
    }
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// The user's name for it.
    pub name: String,
    /// Its address.
    pub address: Address,
    /// Where its key is.
    pub kind: AccountKind,
    /// Derivation path, for an account of a phrase or on a device.
    pub path: Option<String>,
    /// The key file.
    pub file: Option<PathBuf>,
}

impl AccountView {
    /// Where its key is, if that is a hardware signer.
    pub fn device(&self) -> Option<Device> {
        let AccountKind::Device(kind) = self.kind else { return None };
        let path = self.path.as_deref()?.parse().ok()?;
        Some(Device { kind, path })
    }
}

/// How a key comes in.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub enum KeyImport {
    /// 64 hex digits.
    Hex(Secret),
    /// A Web3 Secret Storage file with its own password.
    V3 {
        /// The file.
        file: Vec<u8>,
        /// Its password.
        password: Secret,
    },
    /// A phrase, with the accounts wanted of it.
    Phrase {
        /// Checked words and passphrase.
        phrase: Phrase,
        /// Which accounts.
        paths: Vec<DerivationPath>,
    },
}

/// A watched account, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watched {
    name: String,
    address: Address,
    /// The hardware signer that has its key, and where there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<OnDevice>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OnDevice {
    kind: DeviceKind,
    path: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct WatchedFile {
    version: u32,
    accounts: Vec<Watched>,
}

impl Wallet {
    /// Every account: of key files, practice keys on the practice network, and watched ones.
    ///
    /// # Errors
    /// [`Reason`] where the folder cannot be read.
    pub fn accounts(&self) -> Result<Vec<AccountView>, Reason> {
        let mut found: Vec<AccountView> = Vec::new();
        for (sealed, path) in self.sealed()? {
            let header = sealed.header();
            let kind = match header.kind {
                KeyKind::Key => AccountKind::KeyFile,
                KeyKind::Phrase => AccountKind::Phrase,
            };
            let many = header.accounts.len() > 1;
            for (at, account) in header.accounts.iter().enumerate() {
                let name = if many { format!("{}-{at}", header.name) } else { header.name.clone() };
                let (address, file) = (account.address, Some(path.clone()));
                found.push(AccountView { name, address, kind, path: account.path.clone(), file });
            }
        }
        for (name, key) in &locked(&self.inner.practice).keys {
            if let Ok(key) = PrivateKey::of_bytes(key.as_slice()) {
                let (name, address) = (name.clone(), key.address());
                found.push(AccountView {
                    name,
                    address,
                    kind: AccountKind::Practice,
                    path: None,
                    file: None,
                });
            }
        }
        for watched in self.watched()?.accounts {
            if found.iter().all(|one| one.address != watched.address) {
                let Watched { name, address, device } = watched;
                let kind = device.as_ref().map_or(AccountKind::Watch, |own| AccountKind::Device(own.kind));
                let path = device.map(|own| own.path);
                found.push(AccountView { name, address, kind, path, file: None });
            }
        }
        Ok(found)
    }

    /// The account of that name or address.
    ///
    /// # Errors
    /// [`Reason`] with the names there are.
    pub fn account(&self, name_or_address: &str) -> Result<AccountView, Reason> {
        let asked = name_or_address.trim();
        let all = self.accounts()?;
        let address: Option<Address> = asked.parse().ok();
        let fits = |one: &&AccountView| Some(one.address) == address || one.name.eq_ignore_ascii_case(asked);
        if let Some(found) = all.iter().find(fits) {
            return Ok(found.clone());
        }
        if let Some(address) = address {
            let (kind, name) = (AccountKind::Watch, address.to_checksum(None));
            return Ok(AccountView { name, address, kind, path: None, file: None });
        }
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        let next = match names.is_empty() {
            true => "add one with `lifeboat key new` or `lifeboat key import`".to_owned(),
            false => format!("use one of {}", names.join(", ")),
        };
        Err(Reason::new(&format!("There is no account {asked:?}"), "nothing was done", &next))
    }

    /// Seals a key under a password and keeps it.
    ///
    /// # Errors
    /// [`Reason`]; nothing is left behind then.
    pub fn import(
        &self,
        import: KeyImport,
        name: &str,
        password: &Secret,
        params: KdfParams,
    ) -> Result<Vec<AccountView>, Reason> {
        let sealed = match import {
            KeyImport::Hex(text) => SealedKey::seal_key(&PrivateKey::of_hex(&text)?, name, password, params)?,
            KeyImport::V3 { file, password: own } => {
                SealedKey::seal_key(&import_v3(&file, &own)?, name, password, params)?
            }
            KeyImport::Phrase { phrase, paths } => {
                SealedKey::seal_phrase(&phrase, &paths, name, password, params)?
            }
        };
        self.keep(&sealed)
    }

    /// A new key, sealed and kept.
    ///
    /// # Errors
    /// [`Reason`].
    pub fn new_key(
        &self,
        name: &str,
        password: &Secret,
        params: KdfParams,
    ) -> Result<Vec<AccountView>, Reason> {
        self.keep(&SealedKey::seal_key(&PrivateKey::generate()?, name, password, params)?)
    }

    fn keep(&self, sealed: &SealedKey) -> Result<Vec<AccountView>, Reason> {
        let header = sealed.header();
        let first = header.accounts.first().ok_or(KeyError::Damaged { field: "accounts" })?;
        for (other, _) in self.sealed()? {
            let twice = other.header().accounts.iter().any(|one| header.accounts.contains(one));
            if twice || (!header.name.is_empty() && other.header().name.eq_ignore_ascii_case(&header.name)) {
                let what = format!("There is already a key of this name or account: {}", other.header().name);
                return Err(Reason::new(&what, "nothing was changed", "give it another name with --name"));
            }
        }
        let name = format!("{:x}-{:x}", first.address, alloy::primitives::keccak256(sealed.bytes()));
        let name: String = name.chars().take(57).collect();
        // Read again from its own bytes before it is trusted to a disk: what cannot be opened must not be kept.
        SealedKey::parse(sealed.bytes())?;
        self.inner.data.save_key_file(&name, sealed.bytes())?;
        let wanted: Vec<Address> = header.accounts.iter().map(|one| one.address).collect();
        self.own_accounts(wanted.clone());
        Ok(self.accounts()?.into_iter().filter(|one| wanted.contains(&one.address)).collect())
    }

    /// The account's key as a Web3 Secret Storage file under a password of its own.
    ///
    /// # Errors
    /// [`Reason`]; a wrong password makes the next try wait.
    pub fn export(&self, account: &AccountView, own: &Secret, new: &Secret) -> Result<String, Reason> {
        Ok(export_v3(&self.key_of(account.address, own)?, new, V3_SCRYPT_LOG_N)?)
    }

    /// Watches an account under a name.
    ///
    /// # Errors
    /// [`Reason`] where the name is taken or nothing can be kept.
    pub fn watch(&self, name: &str, address: Address) -> Result<(), Reason> {
        if self.accounts()?.iter().any(|one| one.name.eq_ignore_ascii_case(name) || one.address == address) {
            let what = format!("There is already an account {name:?} or {address}");
            return Err(Reason::new(&what, "nothing was changed", "choose another name"));
        }
        self.keep_watched(Watched { name: printable(name), address, device: None })
    }

    /// A new account may have this name, and this address is not one whose key is here already.
    pub(super) fn may_be_named(&self, name: &str, address: Option<Address>) -> Result<(), Reason> {
        let name = printable(name);
        let is_taken = |one: &AccountView| match Some(one.address) == address {
            true => one.kind.can_sign(),
            false => one.name.eq_ignore_ascii_case(&name),
        };
        match self.accounts()?.into_iter().find(is_taken) {
            Some(one) => {
                let what = format!("There is already an account {:?}, {}", one.name, one.address);
                Err(Reason::new(&what, "nothing was changed", "choose another name or path"))
            }
            None if name.is_empty() => {
                Err(Reason::new("An account needs a name", "nothing was changed", "give it one"))
            }
            None => Ok(()),
        }
    }

    /// Keeps where an account's key is; one that was only watched can sign then.
    pub(super) fn keep_device(
        &self,
        device: &Device,
        name: &str,
        address: Address,
    ) -> Result<AccountView, Reason> {
        let (kind, path) = (device.kind, device.path.to_string());
        let own = OnDevice { kind, path: path.clone() };
        self.keep_watched(Watched { name: printable(name), address, device: Some(own) })?;
        self.own_accounts([address]);
        let (kind, name) = (AccountKind::Device(kind), printable(name));
        Ok(AccountView { name, address, kind, path: Some(path), file: None })
    }

    /// Forgets an account that has no key here.
    pub(super) fn forget_watched(&self, address: Address) -> Result<(), Reason> {
        self.change_watched(|accounts| accounts.retain(|one| one.address != address))
    }

    fn keep_watched(&self, one: Watched) -> Result<(), Reason> {
        self.change_watched(|accounts| {
            accounts.retain(|other| other.address != one.address);
            accounts.push(one);
        })
    }

    fn change_watched(&self, change: impl FnOnce(&mut Vec<Watched>)) -> Result<(), Reason> {
        let mut file = self.watched()?;
        change(&mut file.accounts);
        // A build that knows no devices must not take such an account for a watched one and forget its path.
        file.version = if file.accounts.iter().any(|one| one.device.is_some()) { VERSION } else { 1 };
        let bytes = serde_json::to_vec_pretty(&file).map_err(|error| {
            Reason::new(&error.to_string(), "this is a fault of the program", "report it")
        })?;
        Ok(self.inner.data.save_small(NAME, &bytes)?)
    }

    fn watched(&self) -> Result<WatchedFile, Reason> {
        let Some(bytes) = self.inner.data.load_small(NAME)? else { return Ok(WatchedFile::default()) };
        match serde_json::from_slice::<WatchedFile>(&bytes) {
            Ok(file) if file.version <= VERSION => Ok(file),
            Ok(file) => {
                let what = format!("{NAME} is of version {}, this build knows {VERSION}", file.version);
                Err(Reason::new(&what, "nothing was changed", "use the newer Lifeboat"))
            }
            Err(error) => {
                Err(self.inner.data.set_small_aside(NAME, "the list of accounts", error.to_string()).into())
            }
        }
    }

    /// Every key file that can be read.
    pub(super) fn sealed(&self) -> Result<Vec<(SealedKey, PathBuf)>, Reason> {
        let (files, failed) = self.inner.data.key_files()?;
        for error in failed {
            tracing::warn!(%error, "a key file was left out");
        }
        let mut sealed = Vec::new();
        for file in files {
            match SealedKey::parse(&file.bytes) {
                Ok(key) => sealed.push((key, file.path)),
                Err(error) => tracing::warn!(%error, path = %file.path.display(), "a key file was left out"),
            }
        }
        Ok(sealed)
    }

    /// Key files that cannot be used, with why.
    ///
    /// # Errors
    /// [`Reason`] where the folder cannot be read.
    pub fn damaged_keys(&self) -> Result<Vec<(PathBuf, String)>, Reason> {
        let (files, failed) = self.inner.data.key_files()?;
        let damaged = files.into_iter().filter_map(|file| {
            SealedKey::parse(&file.bytes).err().map(|error| (file.path, error.to_string()))
        });
        let unread = failed.into_iter().map(|error| (self.inner.data.keys_folder(), error.to_string()));
        Ok(damaged.chain(unread).collect())
    }
}

fn printable(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(64).collect()
}
