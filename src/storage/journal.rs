//! An append-only file of records, each with its length, a checksum, and a hash that chains it to all before it.
//!
//! Layout: 8 bytes of magic; then for each record its length (u32), the CRC-32 of its content (u32), the SHA-256 of the
//! chain so far and the content, and the content. Numbers are big endian. An append returns once the disk has it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::disk::{Disk, RealDisk};
use super::journal_file::{JournalFile, is_at, owner_only};
use super::journal_scan::{Fault, MAGIC, MAX_RECORD, Scan, push_record, salvage};
use super::{StorageError, atomic_file};

/// Longest file that is read.
pub(super) const MAX_BYTES: u64 = 512 << 20;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// Another process writes it.
    #[error("another Lifeboat is running with this folder; close it first: {}", path.display())]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// A record that no honest writer makes.
    #[error("a record of {bytes} bytes is too long to be kept")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// The disk.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What was found wrong when the file was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// The end is no record, as when a write was cut off. It was taken away, and is kept beside.
    TornTail {
        /// Bytes cut.
        bytes: u64,
        /// Where they are; `None` for the beginning of an empty journal.
        kept: Option<PathBuf>,
    },
    /// Records were damaged. The file as it was is kept beside; every record that could be read was taken over.
    Damaged {
        /// Where the damaged file is.
        kept: PathBuf,
        /// Records taken from behind the damage.
        salvaged: usize,
    },
}

/// A journal that this process alone writes, until it is dropped.
#[derive(Debug)]
pub struct Journal {
    file: Box<dyn JournalFile>,
    path: PathBuf,
    chain: [u8; 32],
    length: u64,
}

/// A journal, what it holds, and what had to be repaired.
#[derive(Debug)]
pub struct OpenedJournal {
    /// To append to.
    pub journal: Journal,
    /// Every record, oldest first.
    pub records: Vec<Vec<u8>>,
    /// What was found wrong.
    pub repair: Option<Repair>,
}

impl Journal {
    /// Opens the file, or makes it, and takes the only writer's place.
    ///
    /// # Errors
    /// [`JournalError::InUse`]; [`JournalError::Storage`].
    pub fn open(path: &Path) -> Result<OpenedJournal, JournalError> {
        Self::open_on(&RealDisk, path)
    }

    /// The same on a disk of the caller's: everything that reads or repairs goes through it.
    pub(super) fn open_on(disk: &dyn Disk, path: &Path) -> Result<OpenedJournal, JournalError> {
        let io = |doing| move |source| StorageError::Io { doing, source, path: path.to_path_buf() };
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        atomic_file::create_folder(folder)?;
        let file = taken(path)?;
        let length = file.metadata().map_err(io("read"))?.len();
        if length > MAX_BYTES {
            let why = format!("{length} bytes are more than it can have");
            return Err(atomic_file::set_aside(path, "the journal", why).into());
        }
        let bytes = disk.read(path, MAX_BYTES).map_err(io("read"))?;
        let read = Scan::of(&bytes);
        let tail = usize::try_from(read.good).ok().and_then(|good| bytes.get(good..)).unwrap_or_default();
        let repair = match read.fault {
            Fault::None => None,
            Fault::TornTail => {
                let kept = (read.good > 0).then(|| kept_aside(disk, path, "cut", tail)).transpose()?;
                disk.cut(&file, read.good).map_err(io("repair"))?;
                Some(Repair::TornTail { bytes: tail.len() as u64, kept })
            }
            Fault::Damaged => {
                let kept = kept_aside(disk, path, "damaged", &bytes)?;
                return Self::rebuild(disk, (file, path), read.records, (kept, salvage(tail)));
            }
        };
        let file = Box::new(file);
        let mut journal = Self { file, path: path.to_path_buf(), chain: read.chain, length: read.good };
        if journal.length == 0 {
            journal.write(MAGIC)?;
            disk.flush_folder(folder).map_err(io("flush"))?;
        }
        Ok(OpenedJournal { journal, records: read.records, repair })
    }

    /// Puts a fresh file with every readable record in the place of a damaged one. Until it is whole on the disk the damaged
    /// one stands, so that a repair that is interrupted begins anew.
    fn rebuild(
        disk: &dyn Disk,
        (damaged, path): (File, &Path),
        mut records: Vec<Vec<u8>>,
        (kept, salvaged): (PathBuf, Vec<Vec<u8>>),
    ) -> Result<OpenedJournal, JournalError> {
        let count = salvaged.len();
        records.extend(salvaged);
        let (mut bytes, mut chain) = (MAGIC.to_vec(), [0; 32]);
        records.iter().for_each(|record| chain = push_record(&mut bytes, &chain, record));
        // Windows replaces no file that is open. Elsewhere its lock holds until that of the new one is taken.
        let held = (!cfg!(windows)).then_some(damaged);
        atomic_file::write_on(disk, path, &bytes)?;
        let file = Box::new(taken(path)?);
        drop(held);
        let journal = Self { file, path: path.to_path_buf(), chain, length: bytes.len() as u64 };
        Ok(OpenedJournal { journal, records, repair: Some(Repair::Damaged { kept, salvaged: count }) })
    }

    /// Appends a record. When this returns the record is on the disk.
    ///
    /// # Errors
    /// [`JournalError::TooLong`]; [`JournalError::Storage`]: the record then is not in the journal, and what was written
    /// of it is cut off again here or at the next start.
    pub fn append(&mut self, record: &[u8]) -> Result<(), JournalError> {
        if record.len() > MAX_RECORD {
            return Err(JournalError::TooLong { bytes: record.len() });
        }
        let mut bytes = Vec::new();
        let chain = push_record(&mut bytes, &self.chain, record);
        if let Err(error) = self.write(&bytes) {
            // Half a record must not stand before the next whole one.
            let _kept_for_the_next_start = self.file.cut(self.length);
            return Err(error);
        }
        self.chain = chain;
        Ok(())
    }

    /// An empty journal on a file of the test's own making.
    #[cfg(test)]
    pub(super) fn on(file: Box<dyn JournalFile>, path: &Path) -> Self {
        Self { file, path: path.to_path_buf(), chain: [0; 32], length: MAGIC.len() as u64 }
    }

    /// Which file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        let io = |source| StorageError::Io { doing: "write", source, path: self.path.clone() };
        self.file.write_at(self.length, bytes).and_then(|()| self.file.flush()).map_err(io)?;
        self.length = self.length.saturating_add(bytes.len() as u64);
        Ok(())
    }
}

/// The file, made where it is not there, with the only writer's place taken.
fn taken(path: &Path) -> Result<File, JournalError> {
    let io = |doing| move |source| StorageError::Io { doing, source, path: path.to_path_buf() };
    let file = owner_only().open(path).map_err(io("open"))?;
    match file.try_lock() {
        // Another process may have repaired it in between: what is locked then is the file that it replaced.
        Ok(()) if is_at(&file, path) => Ok(file),
        Ok(()) | Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.to_path_buf() }),
        Err(TryLockError::Error(error)) => Err(io("lock")(error).into()),
    }
}

/// Keeps bytes beside the journal. A repair that begins anew finds them there.
fn kept_aside(disk: &dyn Disk, path: &Path, what: &str, bytes: &[u8]) -> Result<PathBuf, StorageError> {
    let mut names = (1..1_000_u32).map(|n| path.with_extension(format!("{what}-{n}")));
    let same = |path: &Path| std::fs::read(path).is_ok_and(|found| found == bytes);
    let free = names.find(|path| !path.exists() || same(path));
    let kept = free.unwrap_or_else(|| path.with_extension(what));
    if !same(&kept) {
        atomic_file::write_on(disk, &kept, bytes)?;
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::super::journal_scan::HEAD_BYTES;
    use super::*;

    fn records() -> Vec<Vec<u8>> {
        vec![b"first".to_vec(), vec![7; 200], b"third, the last".to_vec()]
    }

    fn written() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path).unwrap().journal;
        records().iter().for_each(|record| journal.append(record).unwrap());
        drop(journal);
        let bytes = std::fs::read(&path).unwrap();
        (folder, path, bytes)
    }

    #[test]
    fn records_come_back_and_only_one_writes() {
        let (_folder, path, _) = written();
        let opened = Journal::open(&path).unwrap();
        assert_eq!((opened.records, opened.repair), (records(), None));
        assert!(matches!(Journal::open(&path), Err(JournalError::InUse { .. })));
        drop(opened.journal);
        assert!(Journal::open(&path).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let (mut journal, long) = (Journal::open(&path).unwrap().journal, vec![0; MAX_RECORD + 1]);
        assert!(matches!(journal.append(&long), Err(JournalError::TooLong { .. })));
    }

    /// A crash may leave any prefix of what was written: every whole record is kept, and the next append follows it.
    #[test]
    fn a_write_torn_at_any_byte_costs_only_itself() {
        let (_folder, path, bytes) = written();
        let ends: Vec<usize> = records()
            .iter()
            .scan(MAGIC.len(), |at, record| {
                *at += HEAD_BYTES + record.len();
                Some(*at)
            })
            .collect();
        for cut in 0..=bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let mut opened = Journal::open(&path).unwrap();
            let whole = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(opened.records, records()[..whole], "{cut}");
            opened.journal.append(b"next").unwrap();
            drop(opened.journal);
            let again = Journal::open(&path).unwrap();
            assert_eq!((again.records.len(), again.repair), (whole + 1, None), "{cut}");
        }
    }

    /// The tail may also hold what the disk had there before.
    #[test]
    fn garbage_at_the_end_is_cut() {
        let (_folder, path, bytes) = written();
        for garbage in [vec![0; 500], vec![0xff; 77], b"\0\0\0\x05half".to_vec()] {
            std::fs::write(&path, [bytes.clone(), garbage].concat()).unwrap();
            let opened = Journal::open(&path).unwrap();
            assert_eq!(opened.records, records());
            assert!(opened.repair.is_some());
        }
    }

    /// Every other place of the garbage claims four megabytes: all of them checked would be a million times that.
    #[test]
    fn garbage_that_claims_much_is_given_up_in_seconds() {
        let (_folder, path, bytes) = written();
        std::fs::write(&path, [bytes, [0x00, 0x3f].repeat(16 << 20)].concat()).unwrap();
        let opened = Journal::open(&path).unwrap();
        assert_eq!(opened.records, records());
        assert!(opened.repair.is_some());
        drop(opened.journal);
        assert_eq!(Journal::open(&path).unwrap().repair, None, "the next start is clean");
    }

    #[test]
    fn no_flipped_byte_loses_more_than_its_own_record() {
        let (_folder, path, bytes) = written();
        for index in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[index] ^= 0x21;
            std::fs::write(&path, &bent).unwrap();
            let opened = Journal::open(&path).unwrap();
            let kept = records().iter().filter(|record| opened.records.contains(record)).count();
            assert!(kept >= records().len() - 1, "{index}: {kept}");
            assert!(opened.repair.is_some(), "{index}");
            let Some(Repair::Damaged { kept, .. }) = &opened.repair else {
                panic!("{index}: {:?}", opened.repair)
            };
            assert_eq!(std::fs::read(kept).unwrap(), bent);
            std::fs::remove_file(kept).unwrap();
        }
    }

    /// What a length says is no reason to lose a record whose content is whole: neither in the middle nor at the end,
    /// where a length that is too large looks like a write that was cut off.
    #[test]
    fn a_bent_length_costs_nothing() {
        let (_folder, path, bytes) = written();
        let mut at = MAGIC.len();
        for record in records() {
            for (byte, flip) in (0..4).flat_map(|byte| [(byte, 0x01), (byte, 0x20), (byte, 0x80)]) {
                let mut bent = bytes.clone();
                bent[at + byte] ^= flip;
                std::fs::write(&path, &bent).unwrap();
                let opened = Journal::open(&path).unwrap();
                assert_eq!(opened.records, records(), "{at} {byte} {flip}");
                assert!(matches!(opened.repair, Some(Repair::Damaged { .. })), "{:?}", opened.repair);
            }
            at += HEAD_BYTES + record.len();
        }
    }

    #[test]
    fn what_is_cut_off_is_kept_beside() {
        let (_folder, path, bytes) = written();
        let torn = bytes.len() - 3;
        let from = torn - (HEAD_BYTES + records()[2].len() - 3);
        for _again in 0..2 {
            std::fs::write(&path, &bytes[..torn]).unwrap();
            let Some(Repair::TornTail { bytes: cut, kept: Some(kept) }) =
                Journal::open(&path).unwrap().repair
            else {
                panic!("not torn")
            };
            assert_eq!(kept, path.with_extension("cut-1"), "the same bytes are kept once");
            assert_eq!(
                (std::fs::read(&kept).unwrap(), cut),
                (bytes[from..torn].to_vec(), (torn - from) as u64)
            );
        }
    }
}
