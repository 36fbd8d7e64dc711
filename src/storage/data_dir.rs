//! Where things are kept.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::{Settings, StorageError, atomic_file};

/// The folder of one network.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
    network: PathBuf,
    read_only: bool,
}

impl DataDir {
    /// Opens (and creates) the folder: the given one, or the system's for application data. A folder that cannot be
    /// written is used read-only.
    ///
    /// # Errors
    /// `NoHome` where the system names no folder.
    pub fn open(root: Option<PathBuf>, network: &str) -> Result<Self, StorageError> {
        let root = Self::root(root)?;
        let network = root.join(network);
        let read_only =
            atomic_file::create_folder(&network).is_err() || tempfile::tempfile_in(&network).is_err();
        Ok(Self { root, network, read_only })
    }

    /// The data folder: the given one, or the system's for application data.
    ///
    /// # Errors
    /// `NoHome` where the system names no folder.
    pub fn root(given: Option<PathBuf>) -> Result<PathBuf, StorageError> {
        match given {
            Some(root) => Ok(root),
            None => Ok(ProjectDirs::from("", "", "lifeboat")
                .ok_or(StorageError::NoHome)?
                .data_dir()
                .to_path_buf()),
        }
    }

    /// True where nothing can be kept.
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The user's settings.
    ///
    /// # Errors
    /// See [`Settings::load`].
    pub fn settings(&self) -> Result<Settings, StorageError> {
        Settings::load(&self.root.join("settings.toml"))
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.network.join(name)
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::B256;

    use super::*;
    use crate::storage::{Origin, SavedCheckpoint};

    fn open() -> (tempfile::TempDir, DataDir) {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().to_path_buf()), "practice").unwrap();
        (folder, data)
    }

    #[test]
    fn a_checkpoint_survives_a_round_trip_and_is_owner_only() {
        let (_folder, data) = open();
        assert_eq!(data.load_checkpoint(B256::ZERO).unwrap(), None);
        let saved = SavedCheckpoint::new(B256::ZERO, B256::repeat_byte(1), 7, vec![1, 2, 3]);
        data.save_checkpoint(&saved).unwrap();
        assert_eq!(data.load_checkpoint(B256::ZERO).unwrap(), Some(saved.clone()));
        assert_eq!(saved.origin, Origin::Shipped);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&data.file("checkpoint.json")), 0o600);
            assert_eq!(mode(&data.network), 0o700);
        }
    }

    #[test]
    fn damaged_newer_and_foreign_files_are_set_aside_and_kept() {
        let (_folder, data) = open();
        let path = data.file("checkpoint.json");
        let saved = SavedCheckpoint::new(B256::ZERO, B256::ZERO, 7, vec![]);
        let newer = serde_json::to_string(&saved).unwrap().replace("\"version\":1", "\"version\":9");
        for (content, genesis) in [
            ("{", B256::ZERO),
            (newer.as_str(), B256::ZERO),
            (&serde_json::to_string(&saved).unwrap(), B256::repeat_byte(3)),
        ] {
            std::fs::write(&path, content).unwrap();
            let Err(StorageError::SetAside { path: aside, .. }) = data.load_checkpoint(genesis) else {
                panic!()
            };
            assert_eq!(std::fs::read_to_string(aside).unwrap(), content);
            assert!(!path.exists());
        }
        assert!(data.load_checkpoint(B256::ZERO).unwrap().is_none(), "the next start is clean");
    }

    #[test]
    fn every_flipped_byte_of_a_checkpoint_is_survived() {
        let (_folder, data) = open();
        let saved = SavedCheckpoint::new(B256::ZERO, B256::repeat_byte(1), 7, vec![1, 2, 3]);
        let bytes = serde_json::to_vec(&saved).unwrap();
        for index in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[index] ^= 0x15;
            std::fs::write(data.file("checkpoint.json"), &bent).unwrap();
            match data.load_checkpoint(B256::ZERO) {
                Ok(_) | Err(StorageError::SetAside { .. }) => {}
                Err(other) => panic!("{index}: {other}"),
            }
        }
    }

    #[test]
    fn settings_name_the_line_of_a_mistake_and_stay() {
        let (folder, data) = open();
        assert_eq!(data.settings().unwrap(), Settings::default());
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "proxy = \"socks5h://127.0.0.1:9050\"\nnetwork = 1\n").unwrap();
        let error = data.settings().unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(path.exists());
    }

    #[test]
    fn code_and_evidence_are_kept() {
        let (folder, data) = open();
        let hash = B256::repeat_byte(5);
        assert_eq!(data.load_code(hash), None);
        data.save_code(hash, &[1, 2]).unwrap();
        assert_eq!(data.load_code(hash).unwrap().as_ref(), [1, 2]);
        for n in 0..80_u8 {
            data.keep_evidence("http://liar", "rule", &[n]).unwrap();
        }
        assert_eq!(std::fs::read_dir(folder.path().join("practice/evidence")).unwrap().count(), 64);
    }
}
