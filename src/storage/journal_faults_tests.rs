//! The journal on a disk that fails at every one of its operations (THREATS T52, T53).

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{self, Error};
use std::path::Path;

use tempfile::NamedTempFile;

use super::disk::{Disk, RealDisk};
use super::journal::Journal;
use super::journal_file::JournalFile;

const ENOSPC: i32 = 28;
const EIO: i32 = 5;

/// What the failing operation leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaves {
    /// Nothing of it.
    Nothing,
    /// The first half of a write.
    Half,
    /// All of it, and says that it failed all the same.
    All,
}

/// Fails at one operation, or from it on.
#[derive(Debug)]
struct Failing {
    file: File,
    left: usize,
    leaves: Leaves,
    for_good: bool,
    error: i32,
}

impl Failing {
    fn spend(&mut self) -> Option<Error> {
        if self.left > 0 {
            self.left -= 1;
            return None;
        }
        if !self.for_good {
            self.left = usize::MAX;
        }
        Some(Error::from_raw_os_error(self.error))
    }
}

impl JournalFile for Failing {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let Some(error) = self.spend() else { return self.file.write_at(at, bytes) };
        match self.leaves {
            Leaves::Nothing => {}
            Leaves::Half => self.file.write_at(at, &bytes[..bytes.len() / 2])?,
            Leaves::All => self.file.write_at(at, bytes)?,
        }
        Err(error)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.spend().map_or(Ok(()), Err)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        match self.spend() {
            Some(error) => Err(error),
            None => self.file.cut(length),
        }
    }
}

fn record(number: u8) -> Vec<u8> {
    vec![number; 40 + usize::from(number)]
}

/// Appends eight records on the failing disk; those that the journal said it kept, and those it refused.
fn appended(journal: &mut Journal) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for number in 0..8 {
        match journal.append(&record(number)) {
            Ok(()) => kept.push(record(number)),
            Err(_told) => refused.push(record(number)),
        }
    }
    (kept, refused)
}

#[test]
fn whatever_fails_nothing_that_was_kept_is_lost_and_nothing_else_appears_but_the_last() {
    let mut failures = 0;
    for error in [ENOSPC, EIO] {
        for leaves in [Leaves::Nothing, Leaves::Half, Leaves::All] {
            for (operation, for_good) in (0..24).flat_map(|at| [(at, false), (at, true)]) {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("journal");
                drop(Journal::open(&path).unwrap());
                let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
                let failing = Failing { file, left: operation, leaves, for_good, error };
                let mut journal = Journal::on(Box::new(failing), &path);
                let (kept, refused) = appended(&mut journal);
                failures += refused.len();
                drop(journal); // as at a crash: whatever could not be cut off stays on the disk
                let opened = Journal::open(&path).unwrap();
                let what = format!("{leaves:?} at {operation}, for good: {for_good}");
                assert!(opened.records.starts_with(&kept), "{what}: a kept record is lost");
                let more = &opened.records[kept.len()..];
                // A disk that wrote all and said that it failed may show what was being written when it failed.
                assert!(more.len() <= 1 && more.iter().all(|one| refused.contains(one)), "{what}");
                let mut journal = opened.journal;
                journal.append(b"afterwards").unwrap();
                drop(journal);
                assert_eq!(Journal::open(&path).unwrap().records.last().unwrap(), b"afterwards", "{what}");
            }
        }
    }
    assert!(failures > 200, "{failures}");
}

/// A disk that fails from its nth call on, as a killed program's does; a write is then half there, or all of it.
struct Dying {
    left: Cell<usize>,
    leaves: Leaves,
    error: i32,
}

impl Dying {
    fn spend(&self) -> io::Result<()> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left == 0 {
            self.left.set(0);
            return Err(Error::from_raw_os_error(self.error));
        }
        Ok(())
    }
}

impl Disk for Dying {
    fn create(&self, folder: &Path) -> io::Result<NamedTempFile> {
        self.spend().and_then(|()| RealDisk.create(folder))
    }
    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        let Err(error) = self.spend() else { return RealDisk.write(file, bytes) };
        let part = match self.leaves {
            Leaves::Nothing => 0,
            Leaves::Half => bytes.len() / 2,
            Leaves::All => bytes.len(),
        };
        RealDisk.write(file, &bytes[..part])?;
        Err(error)
    }
    fn flush(&self, file: &NamedTempFile) -> io::Result<()> {
        self.spend().and_then(|()| RealDisk.flush(file))
    }
    fn replace(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        let done = self.spend();
        if done.is_ok() || self.leaves == Leaves::All {
            RealDisk.replace(file, path)?;
        }
        done
    }
    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        self.spend().and_then(|()| RealDisk.flush_folder(folder))
    }
    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        let done = self.spend();
        if done.is_ok() || self.leaves == Leaves::All {
            RealDisk.cut(file, length)?;
        }
        done
    }
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.spend().and_then(|()| RealDisk.read(path, limit))
    }
}

/// What can be wrong with a journal of eight records, and which of them are still there then.
fn damages(whole: &[u8]) -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let flipped = |at: usize| {
        let mut bent = whole.to_vec();
        bent[at] ^= 0x40;
        bent
    };
    // Where the record of this number has its length.
    let start = |number: u8| 8 + (0..number).map(|one| 40 + record(one).len()).sum::<usize>();
    let all: Vec<u8> = (0..8).collect();
    let without = |gone: u8| all.iter().copied().filter(|one| *one != gone).collect::<Vec<u8>>();
    vec![
        ("nothing", whole.to_vec(), all.clone()),
        ("the third record's content", flipped(start(2) + 50), without(2)),
        ("the third record's length", flipped(start(2)), all.clone()),
        ("the third record's chain", flipped(start(2) + 20), all.clone()),
        ("the last record's length", flipped(start(7)), all.clone()),
        ("the magic", flipped(0), all.clone()),
        ("a write that was cut off", whole[..whole.len() - 9].to_vec(), without(7)),
        ("what the disk had there before", [whole, &[0; 300]].concat(), all),
    ]
}

/// A repair that dies at any of its operations, and one that dies again when it is begun anew, lose nothing.
#[test]
fn a_repair_that_is_interrupted_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    appended(&mut Journal::open(&path).unwrap().journal);
    let whole = std::fs::read(&path).unwrap();
    let mut deaths = 0;
    for (what, bytes, there) in damages(&whole) {
        let expected: Vec<Vec<u8>> = there.into_iter().map(record).collect();
        for leaves in [Leaves::Nothing, Leaves::Half, Leaves::All] {
            for (first, second) in (0..12).map(|first| (first, first * 5 % 12)) {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("journal");
                std::fs::write(&path, &bytes).unwrap();
                for (left, error) in [(first, EIO), (second, ENOSPC)] {
                    let dying = Dying { left: Cell::new(left), leaves, error };
                    deaths += usize::from(Journal::open_on(&dying, &path).is_err());
                }
                let opened = Journal::open(&path).unwrap();
                let what = format!("{what}, {leaves:?} at {first} and {second}");
                assert_eq!(opened.records, expected, "{what}");
                let mut journal = opened.journal;
                journal.append(b"afterwards").unwrap();
                drop(journal);
                let again = Journal::open(&path).unwrap();
                assert_eq!((again.records.len(), again.repair), (expected.len() + 1, None), "{what}");
            }
        }
    }
    assert!(deaths > 200, "{deaths}");
}
