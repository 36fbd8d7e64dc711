//! What calls read before, kept between runs. Hints: whoever uses one proves every key of it.

use alloy::primitives::{Address, B256, FixedBytes, U256};
use serde::{Deserialize, Serialize};

use super::{DataDir, StorageError, atomic_file};

const FILE: &str = "access.json";
const WHAT: &str = "the list of what calls read";
/// Format of the file. A newer one is set aside.
const VERSION: u32 = 1;
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Keys of all sets together: at 72 bytes each, half of what the file may hold.
const MAX_KEYS: usize = 100_000;
const MAX_CODES: usize = 8_192;

/// What one call, or every call of one shape, has read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessSet {
    /// The contract called.
    pub contract: Address,
    /// The first four bytes of the calldata.
    pub selector: FixedBytes<4>,
    /// Length of the calldata in bytes.
    pub input_length: usize,
    /// Caller and hash of the calldata; absent where every call of this shape is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exact: Option<(Address, B256)>,
    /// Accounts and their slots.
    pub accounts: Vec<(Address, Vec<U256>)>,
}

/// All that is kept of what calls read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessSets {
    /// The sets, the most recently used last.
    pub sets: Vec<AccessSet>,
    /// Code hash of accounts when last proven.
    pub codes: Vec<(Address, B256)>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    #[serde(flatten)]
    sets: AccessSets,
}

impl DataDir {
    /// What is kept; nothing where there is no file.
    ///
    /// # Errors
    /// `SetAside` where the file is damaged, too large or newer than this build; `Io`.
    pub fn load_access_sets(&self) -> Result<AccessSets, StorageError> {
        let path = self.file(FILE);
        let Some(bytes) = atomic_file::read(&path, MAX_BYTES)? else { return Ok(AccessSets::default()) };
        let aside = |why: String| atomic_file::set_aside(&path, WHAT, why);
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|error| aside(error.to_string()))?;
        if kept.version > VERSION {
            return Err(aside(format!("it is of version {}, this build knows {VERSION}", kept.version)));
        }
        Ok(kept.sets.newest())
    }

    /// Replaces what is kept. Of too many the first, longest unused ones are left out.
    ///
    /// # Errors
    /// `Io`; the old file then stands.
    pub fn save_access_sets(&self, sets: AccessSets) -> Result<(), StorageError> {
        let path = self.file(FILE);
        let kept = Kept { version: VERSION, sets: sets.newest() };
        let bytes = serde_json::to_vec(&kept).map_err(|error| StorageError::Io {
            doing: "write",
            source: error.into(),
            path: path.clone(),
        })?;
        atomic_file::write(&path, &bytes)
    }
}

impl AccessSets {
    /// As many of the last sets as keep to the limit on keys.
    fn newest(mut self) -> Self {
        let size =
            |set: &AccessSet| set.accounts.iter().map(|(_, slots)| slots.len().saturating_add(1)).sum();
        let mut keys = 0_usize;
        let fitting = self.sets.iter().rev().take_while(|set| {
            keys = keys.saturating_add(size(set)).saturating_add(1);
            keys <= MAX_KEYS
        });
        let dropped = self.sets.len().saturating_sub(fitting.count());
        self.sets.drain(..dropped);
        self.codes.truncate(MAX_CODES);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(n: u8, slots: usize) -> AccessSet {
        AccessSet {
            contract: Address::repeat_byte(n),
            selector: [n; 4].into(),
            input_length: 36,
            exact: n.is_multiple_of(2).then_some((Address::ZERO, B256::repeat_byte(n))),
            accounts: vec![(Address::repeat_byte(n), vec![U256::MAX; slots])],
        }
    }

    fn open() -> (tempfile::TempDir, DataDir) {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().to_path_buf()), "practice").unwrap();
        (folder, data)
    }

    #[test]
    fn sets_survive_a_round_trip() {
        let (_folder, data) = open();
        assert_eq!(data.load_access_sets().unwrap(), AccessSets::default());
        let codes = vec![(Address::ZERO, B256::repeat_byte(1))];
        let sets = AccessSets { sets: vec![set(1, 0), set(2, 3)], codes };
        data.save_access_sets(sets.clone()).unwrap();
        assert_eq!(data.load_access_sets().unwrap(), sets);
    }

    #[test]
    fn of_too_many_the_last_are_kept() {
        let (_folder, data) = open();
        let sets = (0..=200).map(|n| set(n, 600)).collect();
        data.save_access_sets(AccessSets { sets, codes: Vec::new() }).unwrap();
        let kept = data.load_access_sets().unwrap().sets;
        assert_eq!((kept.len(), kept.last().unwrap()), (166, &set(200, 600)));
        assert!(std::fs::metadata(data.file(FILE)).unwrap().len() < MAX_BYTES);
    }

    #[test]
    fn a_damaged_newer_or_huge_file_is_set_aside_once() {
        let (_folder, data) = open();
        let huge = vec![b' '; usize::try_from(MAX_BYTES).unwrap() + 1];
        let whole = Kept { version: 1, sets: AccessSets { sets: vec![set(1, 2)], codes: Vec::new() } };
        let cut = &serde_json::to_vec(&whole).unwrap()[..40];
        for content in [&b"{\"version\":2,\"sets\":[],\"codes\":[]}"[..], b"\xff", cut, &huge] {
            std::fs::write(data.file(FILE), content).unwrap();
            let Err(StorageError::SetAside { path, .. }) = data.load_access_sets() else { panic!() };
            assert_eq!(std::fs::read(path).unwrap(), content);
            assert_eq!(data.load_access_sets().unwrap(), AccessSets::default(), "the next start is clean");
        }
    }
}
