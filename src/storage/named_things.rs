//! `named.json` of a network's folder: what the user named by hand, since it cannot be listed from the chain. Each entry
//! is a text, whose meaning this room does not know.

use std::fs::OpenOptions;

use serde::{Deserialize, Serialize};

use super::{DataDir, StorageError, atomic_file};

const FILE: &str = "named.json";
const LOCK: &str = "named.lock";
const WHAT: &str = "the list of what was named by hand";
/// Format of the file. A newer one is set aside.
const VERSION: u32 = 1;
/// Larger than any list a person makes.
const MAX_BYTES: u64 = 1024 * 1024;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    version: u32,
    #[serde(default)]
    named: Vec<String>,
}

impl DataDir {
    /// What is kept, the oldest first; nothing where there is no file.
    ///
    /// # Errors
    /// `SetAside` where the file is damaged, too large or newer than this build; `Io`.
    pub fn named_things(&self) -> Result<Vec<String>, StorageError> {
        let path = self.file(FILE);
        let Some(bytes) = atomic_file::read(&path, MAX_BYTES)? else { return Ok(Vec::new()) };
        let aside = |why: String| atomic_file::set_aside(&path, WHAT, why);
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| aside(error.to_string()))?;
        if kept.version > VERSION {
            return Err(aside(format!("it is of version {}, this build knows {VERSION}", kept.version)));
        }
        Ok(kept.named)
    }

    /// Changes what is kept, and returns it as it is then. A window and a command that change it at the same time both
    /// have their way.
    ///
    /// # Errors
    /// As [`DataDir::named_things`], with nothing changed.
    pub fn change_named_things(
        &self,
        change: impl FnOnce(&mut Vec<String>),
    ) -> Result<Vec<String>, StorageError> {
        let path = self.file(LOCK);
        let io = |source| StorageError::Io { doing: "lock", source, path: path.clone() };
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        lock.lock().map_err(io)?;
        let mut named = self.named_things()?;
        change(&mut named);
        let bytes = serde_json::to_vec_pretty(&Kept { version: VERSION, named: named.clone() });
        let bytes = bytes.map_err(|error| StorageError::Io {
            doing: "write",
            source: error.into(),
            path: self.file(FILE),
        })?;
        atomic_file::write(&self.file(FILE), &bytes)?;
        Ok(named) // the lock goes with its file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(network: &str, folder: &tempfile::TempDir) -> DataDir {
        DataDir::open(Some(folder.path().to_path_buf()), network).unwrap()
    }

    #[test]
    fn each_network_keeps_its_own_and_only_the_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let (data, other) = (open("practice", &folder), open("mainnet", &folder));
        assert_eq!(data.named_things().unwrap(), Vec::<String>::new());
        let one = "uniswap-v4=12345".to_owned();
        let kept = data.change_named_things(|all| all.push(one.clone())).unwrap();
        assert_eq!(kept, ["uniswap-v4=12345"]);
        assert_eq!((data.named_things().unwrap(), other.named_things().unwrap()), (vec![one], Vec::new()));
        assert_eq!(data.change_named_things(Vec::clear).unwrap(), Vec::<String>::new());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(data.file(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn changes_at_the_same_time_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let data = open("practice", &folder);
        std::thread::scope(|scope| {
            for n in 0..8 {
                let data = &data;
                scope.spawn(move || data.change_named_things(|all| all.push(n.to_string())).unwrap());
            }
        });
        let mut all = data.named_things().unwrap();
        all.sort();
        assert_eq!(all, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    }

    #[test]
    fn a_damaged_or_newer_file_is_set_aside_and_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let data = open("practice", &folder);
        for content in
            [&b"{"[..], b"\xff", br#"{"version": 2, "named": ["x=1"]}"#, br#"{"version": 1, "named": 7}"#]
        {
            std::fs::write(data.file(FILE), content).unwrap();
            let Err(StorageError::SetAside { path, .. }) =
                data.change_named_things(|all| all.push("y".to_owned()))
            else {
                panic!("{content:?}")
            };
            assert_eq!(std::fs::read(path).unwrap(), content);
            assert_eq!(data.named_things().unwrap(), Vec::<String>::new(), "the next start is clean");
        }
    }
}
