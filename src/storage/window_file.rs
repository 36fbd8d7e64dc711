//! `window.json`: what the window remembers, and the lock that lets one window at a time write it.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::{DataDir, StorageError, atomic_file};

/// Many thousand contacts fit.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
const NAME: &str = "window.json";

/// The window's file, held by one window.
#[derive(Debug)]
pub struct WindowFile {
    path: PathBuf,
    _lock: File,
}

/// What was found when the file was opened.
#[derive(Debug)]
pub enum WindowFileState {
    /// This window holds it.
    Held(WindowFile),
    /// Another window does: this one reads, and keeps nothing.
    HeldByAnother,
    /// Nothing can be written there.
    Unwritable,
}

impl WindowFile {
    /// Takes the file of the data folder at `root`.
    pub fn take(root: &Path) -> WindowFileState {
        let lock = atomic_file::create_folder(root).ok().and_then(|()| {
            OpenOptions::new().create(true).truncate(false).write(true).open(root.join("window.lock")).ok()
        });
        let Some(lock) = lock else { return WindowFileState::Unwritable };
        match lock.try_lock() {
            Ok(()) => WindowFileState::Held(Self { path: root.join(NAME), _lock: lock }),
            Err(_held) => WindowFileState::HeldByAnother,
        }
    }

    /// Its text; `None` where there is none yet.
    ///
    /// # Errors
    /// `SetAside` for a file that is too large or no text; `Io`.
    pub fn read(root: &Path) -> Result<Option<String>, StorageError> {
        let path = root.join(NAME);
        let Some(bytes) = atomic_file::read(&path, MAX_BYTES)? else { return Ok(None) };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(atomic_file::set_aside(&path, "window.json", error.to_string())),
        }
    }

    /// Moves the file out of the way: its text could not be understood. The words for the user.
    pub fn set_aside(&self, why: String) -> StorageError {
        atomic_file::set_aside(&self.path, "window.json", why)
    }

    /// Replaces its text.
    ///
    /// # Errors
    /// `Io`.
    pub fn write(&self, text: &str) -> Result<(), StorageError> {
        atomic_file::write(&self.path, text.as_bytes())
    }
}

impl DataDir {
    /// Removes what this program can fetch again: checkpoint, bytecode, refused replies. Keys and settings stay.
    ///
    /// # Errors
    /// `Io` for the first thing that could not be removed.
    pub fn forget_fetched(&self) -> Result<(), StorageError> {
        for name in ["checkpoint.json", "code", "evidence"] {
            let path = self.file(name);
            let gone = match std::fs::symlink_metadata(&path) {
                Ok(meta) if meta.is_dir() => std::fs::remove_dir_all(&path),
                Ok(_) => std::fs::remove_file(&path),
                Err(_absent) => Ok(()),
            };
            gone.map_err(|source| StorageError::Io { doing: "remove", source, path })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_window_holds_the_file_and_the_other_only_reads() {
        let folder = tempfile::tempdir().unwrap();
        let WindowFileState::Held(mine) = WindowFile::take(folder.path()) else { panic!("not held") };
        assert!(matches!(WindowFile::take(folder.path()), WindowFileState::HeldByAnother));
        assert_eq!(WindowFile::read(folder.path()).unwrap(), None);
        mine.write("{}").unwrap();
        assert_eq!(WindowFile::read(folder.path()).unwrap().as_deref(), Some("{}"));
        let StorageError::SetAside { path, .. } = mine.set_aside("bad".to_owned()) else { panic!() };
        assert_eq!(std::fs::read_to_string(path).unwrap(), "{}");
        drop(mine);
        assert!(matches!(WindowFile::take(folder.path()), WindowFileState::Held(_)));
        assert!(matches!(WindowFile::take(Path::new("/proc/nowhere")), WindowFileState::Unwritable));
    }

    #[test]
    fn what_can_be_fetched_again_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().to_path_buf()), "practice").unwrap();
        data.save_code(alloy::primitives::B256::ZERO, &[1]).unwrap();
        data.keep_evidence("http://liar", "rule", &[1]).unwrap();
        std::fs::write(folder.path().join("practice/key.json"), "{}").unwrap();
        std::fs::write(folder.path().join("settings.toml"), "").unwrap();
        data.forget_fetched().unwrap();
        data.forget_fetched().unwrap();
        assert_eq!(data.load_code(alloy::primitives::B256::ZERO), None);
        assert!(!folder.path().join("practice/evidence").exists());
        assert!(folder.path().join("practice/key.json").exists());
        assert!(folder.path().join("settings.toml").exists());
    }
}
