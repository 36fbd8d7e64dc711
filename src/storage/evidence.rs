//! Replies that broke a rule, kept so that somebody can look at them later.

use std::fs;

use alloy::primitives::keccak256;

use super::{DataDir, StorageError, atomic_file};

/// Files kept; further ones are not written, so that a hostile endpoint cannot fill the disk.
const MAX_FILES: usize = 64;

impl DataDir {
    /// Keeps one refused reply with who sent it and the rule it broke. The same reply is kept once.
    ///
    /// # Errors
    /// `Io`.
    pub fn keep_evidence(&self, endpoint: &str, rule: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let folder = self.file("evidence");
        let kept = fs::read_dir(&folder).map_or(0, Iterator::count);
        let name = format!("{:x}.txt", keccak256([endpoint.as_bytes(), rule.as_bytes(), bytes].concat()));
        let path = folder.join(name);
        if kept >= MAX_FILES || path.exists() {
            return Ok(());
        }
        let text = format!(
            "endpoint: {endpoint}\nrule: {rule}\nreply ({} bytes, hex):\n{}\n",
            bytes.len(),
            alloy::primitives::hex::encode(bytes)
        );
        atomic_file::write(&path, text.as_bytes())
    }
}
