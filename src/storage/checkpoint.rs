//! The newest finalized checkpoint and the light-client store that belongs to it.

use alloy::primitives::{B256, Bytes};
use serde::{Deserialize, Serialize};

use super::{DataDir, StorageError, atomic_file};

/// Format of the file. A newer one is set aside, older ones are migrated.
const VERSION: u32 = 1;
/// The store holds two committees of 25 kB; hex doubles that.
const MAX_BYTES: u64 = 1024 * 1024;

/// Where the trust of a stored checkpoint began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It came with the build.
    Shipped,
    /// The user gave its root.
    User,
}

/// What a restart goes on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCheckpoint {
    version: u32,
    /// Which chain it is of.
    pub genesis_validators_root: B256,
    /// Root of the newest finalized header.
    pub root: B256,
    /// Its slot.
    pub slot: u64,
    /// Slot of the newest head seen: an older one is never shown as new.
    pub head_slot: u64,
    /// Unix milliseconds of the save.
    pub saved_at_ms: u64,
    /// Where its trust began.
    pub origin: Origin,
    /// The user went on although a checkpoint was beyond the weak-subjectivity bound.
    pub accepted_although_old: bool,
    /// The light-client store, as `consensus` wrote it.
    pub store: Bytes,
}

impl SavedCheckpoint {
    /// A record of the current version.
    pub fn new(genesis_validators_root: B256, root: B256, slot: u64, store: Vec<u8>) -> Self {
        Self {
            version: VERSION,
            genesis_validators_root,
            root,
            slot,
            head_slot: slot,
            saved_at_ms: 0,
            origin: Origin::Shipped,
            accepted_although_old: false,
            store: store.into(),
        }
    }
}

impl DataDir {
    /// The saved checkpoint, if there is one for this chain.
    ///
    /// # Errors
    /// `SetAside` where the file is damaged, newer than this build, or of another chain; `Io`.
    pub fn load_checkpoint(
        &self,
        genesis_validators_root: B256,
    ) -> Result<Option<SavedCheckpoint>, StorageError> {
        let path = self.file("checkpoint.json");
        let Some(bytes) = atomic_file::read(&path, MAX_BYTES)? else { return Ok(None) };
        let aside = |why: String| atomic_file::set_aside(&path, "the saved checkpoint", why);
        let saved: SavedCheckpoint =
            serde_json::from_slice(&bytes).map_err(|error| aside(error.to_string()))?;
        if saved.version > VERSION {
            return Err(aside(format!("it is of version {}, this build knows {VERSION}", saved.version)));
        }
        if saved.genesis_validators_root != genesis_validators_root {
            return Err(aside("it is of another chain".to_owned()));
        }
        Ok(Some(saved))
    }

    /// Replaces the saved checkpoint.
    ///
    /// # Errors
    /// `Io`; the old file then stands.
    pub fn save_checkpoint(&self, saved: &SavedCheckpoint) -> Result<(), StorageError> {
        let path = self.file("checkpoint.json");
        let bytes = serde_json::to_vec(saved).map_err(|error| StorageError::Io {
            doing: "write",
            source: error.into(),
            path: path.clone(),
        })?;
        atomic_file::write(&path, &bytes)
    }
}
