//! `settings.toml`: the user's own file. It is read, never rewritten.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use serde::Deserialize;

use super::{StorageError, atomic_file};
use crate::networks::CustomNetwork;

/// Everything a user may set. All of it is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Proxy for every request, as `socks5h://127.0.0.1:9050`.
    pub proxy: Option<String>,
    /// By network name.
    pub networks: BTreeMap<String, NetworkSettings>,
    /// The network called `custom`.
    pub custom: Option<CustomNetwork>,
    /// Emulators of hardware signers on this computer, in place of USB.
    pub emulators: Emulators,
}

/// Where the vendors' emulators listen on this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Emulators {
    /// Speculos, its APDU port, as `127.0.0.1:9999`.
    pub ledger: Option<SocketAddr>,
    /// The Trezor emulator, its UDP port, as `127.0.0.1:21324`.
    pub trezor: Option<SocketAddr>,
}

/// Settings of one network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkSettings {
    /// Beacon endpoints in place of the defaults.
    pub beacon: Vec<String>,
    /// Execution endpoints in place of the defaults.
    pub execution: Vec<String>,
    /// First epoch of Gloas, once announced, for builds older than the announcement.
    pub gloas_epoch: Option<u64>,
}

impl Settings {
    /// Reads the file; defaults where there is none.
    ///
    /// # Errors
    /// `Settings` naming line and cause; `Io`.
    pub fn load(path: &Path) -> Result<Self, StorageError> {
        let bad = |detail: String| StorageError::Settings { detail, path: path.to_path_buf() };
        let Some(bytes) = atomic_file::read(path, 1024 * 1024)? else { return Ok(Self::default()) };
        let text = String::from_utf8(bytes).map_err(|error| bad(error.to_string()))?;
        toml::from_str(&text).map_err(|error| bad(error.to_string().trim_end().replace('\n', " ")))
    }
}
