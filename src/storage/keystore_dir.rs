//! The folder of key files. What is in them this room neither knows nor reads.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk::{Disk as _, RealDisk};
use super::{DataDir, StorageError, atomic_file};

/// Key files are small; a longer one is none.
const MAX_BYTES: u64 = 64 * 1024;
/// A folder with more files than this is somebody's mistake.
const MAX_FILES: usize = 1_024;

/// One file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its content: a sealed secret.
    pub bytes: Vec<u8>,
}

impl DataDir {
    /// Folder of key files; the same for every network.
    pub fn keys_folder(&self) -> PathBuf {
        self.path().join("keys")
    }

    /// Every key file, by name. A file that cannot be read is left out and told.
    ///
    /// # Errors
    /// `Io` where the folder is there and cannot be listed.
    pub fn key_files(&self) -> Result<(Vec<KeyFile>, Vec<StorageError>), StorageError> {
        let folder = self.keys_folder();
        let io = |source| StorageError::Io { doing: "list", source, path: folder.clone() };
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok((Vec::new(), Vec::new()));
            }
            other => other.map_err(io)?,
        };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "lbkey"));
        paths.sort();
        paths.truncate(MAX_FILES);
        let (mut files, mut failed) = (Vec::new(), Vec::new());
        for path in paths {
            match read(&path) {
                Ok(bytes) => files.push(KeyFile { path, bytes }),
                Err(error) => failed.push(error),
            }
        }
        Ok((files, failed))
    }

    /// Keeps a new key file, readable by its owner alone. An existing one is never replaced.
    ///
    /// # Errors
    /// `Io`; nothing is left behind then.
    pub fn save_key_file(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, StorageError> {
        let path = self.keys_folder().join(format!("{name}.lbkey"));
        if path.exists() {
            let source = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
            return Err(StorageError::Io { doing: "write", source, path });
        }
        atomic_file::write(&path, bytes)?;
        Ok(path)
    }

    /// Removes a key file. What it held is gone where there is no other copy.
    ///
    /// # Errors
    /// `Io`, also for a path that is no key file of this folder.
    pub fn remove_key_file(&self, path: &Path) -> Result<(), StorageError> {
        let io = |source| StorageError::Io { doing: "remove", source, path: path.to_path_buf() };
        let folder = self.keys_folder();
        if path.parent() != Some(folder.as_path()) || path.extension().is_none_or(|one| one != "lbkey") {
            return Err(io(std::io::Error::from(std::io::ErrorKind::PermissionDenied)));
        }
        fs::remove_file(path).map_err(io)?;
        // The name is gone already; that it stays so through a power failure is the disk's part.
        if let Err(error) = RealDisk.flush_folder(&folder) {
            tracing::warn!(%error, "the folder of key files could not be flushed");
        }
        Ok(())
    }

    /// A small file of its own name in the data folder (`accounts.json`), or in the network's.
    ///
    /// # Errors
    /// `Io`, `SetAside`.
    pub fn load_small(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        atomic_file::read(&self.path().join(name), 4 << 20)
    }

    /// Keeps such a file.
    ///
    /// # Errors
    /// `Io`; the old file then stands.
    pub fn save_small(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        atomic_file::write(&self.path().join(name), bytes)
    }

    /// Moves a file of the data folder that cannot be read out of the way.
    pub fn set_small_aside(&self, name: &str, what: &'static str, why: String) -> StorageError {
        atomic_file::set_aside(&self.path().join(name), what, why)
    }

    /// Where this network's journal is.
    pub fn journal_path(&self) -> PathBuf {
        self.file("journal")
    }
}

fn read(path: &Path) -> Result<Vec<u8>, StorageError> {
    let io = |source| StorageError::Io { doing: "read", source, path: path.to_path_buf() };
    if fs::metadata(path).map_err(io)?.len() > MAX_BYTES {
        return Err(io(std::io::Error::from(std::io::ErrorKind::FileTooLarge)));
    }
    fs::read(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_files_are_owner_only_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().to_path_buf()), "practice").unwrap();
        assert_eq!(data.key_files().unwrap().0, []);
        let path = data.save_key_file("one", b"sealed").unwrap();
        assert!(data.save_key_file("one", b"other").is_err());
        fs::write(data.keys_folder().join("notes.txt"), "mine").unwrap();
        let (files, failed) = data.key_files().unwrap();
        assert_eq!((files.len(), failed.len()), (1, 0));
        assert_eq!((files[0].path.clone(), files[0].bytes.as_slice()), (path.clone(), b"sealed".as_slice()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(&data.keys_folder())), (0o600, 0o700));
        }
        fs::write(data.keys_folder().join("big.lbkey"), vec![0; 70_000]).unwrap();
        assert_eq!(data.key_files().unwrap().1.len(), 1);
        // Only what is one of them can be removed.
        assert!(data.remove_key_file(&data.keys_folder().join("notes.txt")).is_err());
        assert!(data.remove_key_file(&folder.path().join("keys/../one.lbkey")).is_err());
        data.remove_key_file(&path).unwrap();
        assert_eq!(data.key_files().unwrap().0, []);
        assert!(data.keys_folder().join("notes.txt").exists());
    }
}
