//! The journal on a disk that fails at every one of its operations (THREATS T52, T53).

use std::fs::{File, OpenOptions};
use std::io::{self, Error};

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
