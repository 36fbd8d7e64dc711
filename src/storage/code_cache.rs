//! Bytecode by its hash. The reader verifies it again, so a changed file is only a cache miss.

use alloy::primitives::{B256, Bytes};

use super::{DataDir, StorageError, atomic_file};

const MAX_CODE_BYTES: u64 = 64 * 1024;

impl DataDir {
    /// Code under `hash`, unverified; `None` where it is not kept.
    pub fn load_code(&self, hash: B256) -> Option<Bytes> {
        let path = self.file("code").join(format!("{hash:x}.bin"));
        atomic_file::read(&path, MAX_CODE_BYTES).ok().flatten().map(Bytes::from)
    }

    /// Keeps code under its hash.
    ///
    /// # Errors
    /// `Io`.
    pub fn save_code(&self, hash: B256, code: &[u8]) -> Result<(), StorageError> {
        atomic_file::write(&self.file("code").join(format!("{hash:x}.bin")), code)
    }
}
