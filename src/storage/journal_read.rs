//! A journal that another process writes, read without being held.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _};
use std::path::Path;

use super::StorageError;
use super::journal::MAX_BYTES;
use super::journal_scan::{Fault, Scan};

/// Every whole record, oldest first. The last one may be half written at this moment: it is left out, as it is not on the
/// disk yet. Nothing is repaired.
///
/// # Errors
/// [`StorageError`] where the file cannot be read, or is damaged anywhere else.
pub fn read_journal(path: &Path) -> Result<Vec<Vec<u8>>, StorageError> {
    let io = |source| StorageError::Io { doing: "read", source, path: path.to_path_buf() };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(io)?;
    let read = Scan::of(&bytes);
    match read.fault {
        Fault::None | Fault::TornTail => Ok(read.records),
        Fault::Damaged => Err(io(Error::new(ErrorKind::InvalidData, "the journal is damaged"))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Journal;
    use super::*;

    #[test]
    fn what_another_writes_is_read_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut opened = Journal::open(&path).unwrap();
        opened.journal.append(b"one").unwrap();
        opened.journal.append(b"two").unwrap();
        assert_eq!(read_journal(&path).unwrap(), [b"one".to_vec(), b"two".to_vec()]);
        let whole = std::fs::read(&path).unwrap();
        let torn = folder.path().join("torn");
        std::fs::write(&torn, whole.get(..whole.len() - 2).unwrap()).unwrap();
        assert_eq!(read_journal(&torn).unwrap(), [b"one".to_vec()]);
        assert_eq!(std::fs::read(&torn).unwrap().len(), whole.len() - 2, "nothing is repaired");
        let mut bent = whole.clone();
        if let Some(byte) = bent.get_mut(50) {
            *byte ^= 1;
        }
        std::fs::write(&torn, bent).unwrap();
        assert!(read_journal(&torn).unwrap_err().to_string().contains("damaged"));
        opened.journal.append(b"three").unwrap();
        assert_eq!(read_journal(&path).unwrap().len(), 3);
    }
}
