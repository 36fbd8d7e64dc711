//! The few things an atomic write asks of a disk, so that each can be made to fail.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

/// A disk, as an atomic write and a set-aside see it. There is one in the product; tests have one that fails to order.
pub(super) trait Disk {
    /// A new owner-only file in this folder that goes away unless it is renamed.
    fn create(&self, folder: &Path) -> io::Result<NamedTempFile> {
        NamedTempFile::new_in(folder) // it creates with owner-only rights
    }

    /// Writes all of it.
    fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    /// Waits until the file's bytes are on the disk.
    fn flush(&self, file: &NamedTempFile) -> io::Result<()> {
        file.as_file().sync_all()
    }

    /// Puts the file in the place of another.
    fn replace(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
        file.persist(path).map(drop).map_err(|error| error.error)
    }

    /// Waits until the folder's names are on the disk.
    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(folder).and_then(|folder| folder.sync_all()) } else { Ok(()) }
    }

    /// Gives a file another name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Drops everything of the file from this length on, and waits until the disk has it so.
    fn cut(&self, file: &File, length: u64) -> io::Result<()> {
        file.set_len(length).and_then(|()| file.sync_data())
    }

    /// The file's bytes, this many at most.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The machine's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct RealDisk;

impl Disk for RealDisk {}
