//! The few things the journal asks of its open file, so that each can be made to fail.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// The journal's open file. There is one in the product; tests have one that fails to order.
pub(super) trait JournalFile: Send + std::fmt::Debug {
    /// Writes all of it from this place on.
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()>;
    /// Waits until the bytes are on the disk.
    fn flush(&mut self) -> io::Result<()>;
    /// Drops everything from this length on.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl JournalFile for File {
    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.seek(SeekFrom::Start(at))?;
        self.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// How it is opened: owner-only, and made where it is not there.
pub(super) fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether this open file is the one that has this name now.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let place = |meta: std::fs::Metadata| (meta.dev(), meta.ino());
        file.metadata().is_ok_and(|own| std::fs::metadata(path).is_ok_and(|named| place(own) == place(named)))
    }
    #[cfg(not(unix))]
    {
        let _an_open_file_keeps_its_name_there = (file, path);
        true
    }
}
