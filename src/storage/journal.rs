//! An append-only file of records, each with its length, a checksum, and a hash that chains it to all before it.
//!
//! Layout: 8 bytes of magic; then for each record its length (u32), the CRC-32 of its content (u32), the SHA-256 of the
//! chain so far and the content, and the content. Numbers are big endian. An append returns once the disk has it.

use std::fs::{File, TryLockError};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::journal_file::{JournalFile, owner_only};
use super::{StorageError, atomic_file};

const MAGIC: &[u8; 8] = b"LBJRNL\x01\n";
const HEAD_BYTES: usize = 4 + 4 + 32;
/// Longest record: a transaction with all its calldata, several times over.
const MAX_RECORD: usize = 4 << 20;
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
    /// The last write was cut off; it was never acted upon.
    TornTail {
        /// Bytes cut.
        bytes: u64,
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
        let io = |doing| move |source| StorageError::Io { doing, source, path: path.to_path_buf() };
        atomic_file::create_folder(path.parent().unwrap_or_else(|| Path::new(".")))?;
        let mut file = owner_only().open(path).map_err(io("open"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: path.to_path_buf() }),
            Err(TryLockError::Error(error)) => return Err(io("lock")(error).into()),
        }
        let length = file.metadata().map_err(io("read"))?.len();
        if length > MAX_BYTES {
            let why = format!("{length} bytes are more than it can have");
            return Err(atomic_file::set_aside(path, "the journal", why).into());
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io("read"))?;
        let read = Scan::of(&bytes);
        let mut journal =
            Self { file: Box::new(file), path: path.to_path_buf(), chain: read.chain, length: read.good };
        let repair = match read.fault {
            Fault::None => None,
            Fault::TornTail => Some(journal.cut(length)?),
            Fault::Damaged => return journal.rebuild(read, &bytes),
        };
        if journal.length == 0 {
            journal.write(MAGIC)?;
            sync_folder(path)?;
        }
        Ok(OpenedJournal { journal, records: read.records, repair })
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
        let chain = link(&self.chain, record);
        let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(HEAD_BYTES.saturating_add(record.len()));
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&crc32fast::hash(record).to_be_bytes());
        bytes.extend_from_slice(&chain);
        bytes.extend_from_slice(record);
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

    fn cut(&mut self, length: u64) -> Result<Repair, JournalError> {
        let io = |source| StorageError::Io { doing: "repair", source, path: self.path.clone() };
        self.file.cut(self.length).and_then(|()| self.file.flush()).map_err(io)?;
        Ok(Repair::TornTail { bytes: length.saturating_sub(self.length) })
    }

    /// Copies the damaged file away and writes every readable record into a fresh one.
    fn rebuild(mut self, read: Scan, bytes: &[u8]) -> Result<OpenedJournal, JournalError> {
        let io = |source| StorageError::Io { doing: "repair", source, path: self.path.clone() };
        let free = (1..1_000_u32).map(|n| self.path.with_extension(format!("damaged-{n}")));
        let kept = free
            .into_iter()
            .find(|path| !path.exists())
            .unwrap_or_else(|| self.path.with_extension("damaged"));
        atomic_file::write(&kept, bytes)?;
        let from = usize::try_from(read.good).unwrap_or(usize::MAX);
        let salvaged = salvage(bytes.get(from..).unwrap_or_default());
        self.file.cut(read.good).and_then(|()| self.file.flush()).map_err(io)?;
        let mut records = read.records;
        if self.length == 0 {
            self.write(MAGIC)?;
        }
        let count = salvaged.len();
        for record in salvaged {
            self.append(&record)?;
            records.push(record);
        }
        Ok(OpenedJournal { journal: self, records, repair: Some(Repair::Damaged { kept, salvaged: count }) })
    }
}

fn sync_folder(path: &Path) -> Result<(), StorageError> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let io = |source| StorageError::Io { doing: "flush", source, path: folder.to_path_buf() };
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
    }
    #[cfg(not(unix))]
    let _no_folder_handles = path;
    Ok(())
}

fn link(chain: &[u8; 32], record: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(chain).chain_update(record).finalize().into()
}

pub(super) enum Fault {
    None,
    TornTail,
    Damaged,
}

/// What a file holds up to its first fault.
pub(super) struct Scan {
    pub(super) records: Vec<Vec<u8>>,
    chain: [u8; 32],
    /// Bytes that are in order.
    good: u64,
    pub(super) fault: Fault,
}

impl Scan {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut scan = Self { records: Vec::new(), chain: [0; 32], good: 0, fault: Fault::None };
        let Some(mut rest) = bytes.strip_prefix(MAGIC.as_slice()) else {
            let torn = bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes);
            scan.fault = match (bytes.is_empty(), torn) {
                (true, _) => Fault::None,
                (_, true) => Fault::TornTail,
                _ => Fault::Damaged,
            };
            return scan;
        };
        scan.good = MAGIC.len() as u64;
        while !rest.is_empty() {
            match record_at(rest) {
                Some((record, hash)) if link(&scan.chain, record) == hash => {
                    scan.chain = hash;
                    scan.records.push(record.to_vec());
                    let whole = HEAD_BYTES.saturating_add(record.len());
                    scan.good = scan.good.saturating_add(whole as u64);
                    rest = rest.get(whole..).unwrap_or_default();
                }
                _ => {
                    scan.fault = if is_torn(rest) { Fault::TornTail } else { Fault::Damaged };
                    return scan;
                }
            }
        }
        scan
    }
}

/// A write that was cut off is shorter than it says, and has nothing whole behind it.
fn is_torn(rest: &[u8]) -> bool {
    let claimed = rest.first_chunk::<4>().map(|length| u64::from(u32::from_be_bytes(*length)));
    let short = claimed.is_none_or(|length| length.saturating_add(HEAD_BYTES as u64) > rest.len() as u64);
    short && salvage(rest).is_empty()
}

/// The length that a record at the start of `bytes` would have; `None` where none is that long.
fn claimed(bytes: &[u8]) -> Option<usize> {
    let length = u32::from_be_bytes(*bytes.first_chunk::<4>()?);
    usize::try_from(length).ok().filter(|length| *length <= MAX_RECORD)
}

/// A whole record with the right checksum at the start of `bytes`.
fn record_at(bytes: &[u8]) -> Option<(&[u8], [u8; 32])> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let (_, head) = head.split_first_chunk::<4>()?;
    let (crc, hash) = head.split_first_chunk::<4>()?;
    let record = rest.get(..claimed(bytes)?)?;
    let whole = crc32fast::hash(record) == u32::from_be_bytes(*crc) && !record.is_empty();
    whole.then_some((record, hash.try_into().ok()?))
}

/// Bytes that a salvage may check in all. Any place may claim megabytes behind it: a file made of such claims would be
/// checked for days. A damaged file is kept beside, so what is not found here is not lost.
const MAX_SALVAGE: u64 = 1 << 30;

/// Every whole record in `bytes`, wherever it begins, as far as the work allowed for it reaches.
fn salvage(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut found, mut checked) = (Vec::new(), 0_u64);
    let mut rest = bytes;
    while rest.len() >= HEAD_BYTES && checked < MAX_SALVAGE {
        checked =
            checked.saturating_add(claimed(rest).filter(|claim| *claim <= rest.len()).unwrap_or(1) as u64);
        match record_at(rest) {
            Some((record, _)) => {
                found.push(record.to_vec());
                rest = rest.get(HEAD_BYTES.saturating_add(record.len())..).unwrap_or_default();
            }
            None => rest = rest.get(1..).unwrap_or_default(),
        }
    }
    found
}

#[cfg(test)]
mod tests {
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
            if let Some(Repair::Damaged { kept, .. }) = &opened.repair {
                assert_eq!(std::fs::read(kept).unwrap(), bent);
                std::fs::remove_file(kept).unwrap();
            }
        }
    }
}
