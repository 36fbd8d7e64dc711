//! Old content or new content, never a mix; readable by the owner alone.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::StorageError;
use super::disk::{Disk, RealDisk};

/// Writes beside the target, flushes to the disk, renames, and flushes the folder.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    write_on(&RealDisk, path, bytes)
}

/// The same on a disk of the caller's.
pub(super) fn write_on(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    let io = |doing| move |source| StorageError::Io { doing, source, path: path.to_path_buf() };
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    create_folder(folder)?;
    let mut file = disk.create(folder).map_err(io("write"))?;
    disk.write(&mut file, bytes).and_then(|()| disk.flush(&file)).map_err(io("write"))?;
    disk.replace(file, path).map_err(io("write"))?;
    disk.flush_folder(folder).map_err(io("flush"))
}

/// Creates a folder that only the owner can enter.
pub(super) fn create_folder(path: &Path) -> Result<(), StorageError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| StorageError::Io {
        doing: "create",
        source,
        path: path.to_path_buf(),
    })
}

/// The file's bytes; `None` where there is none.
pub(super) fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, StorageError> {
    read_on(&RealDisk, path, limit)
}

fn read_on(disk: &dyn Disk, path: &Path, limit: u64) -> Result<Option<Vec<u8>>, StorageError> {
    let io = |source| StorageError::Io { doing: "read", source, path: path.to_path_buf() };
    match fs::metadata(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(io(error)),
        Ok(meta) if meta.len() > limit => {
            let why = format!("{} bytes are more than it can have", meta.len());
            return Err(set_aside_on(disk, path, "a file", why));
        }
        // A pipe or a device has no length and no end.
        Ok(meta) if !meta.is_file() => return Err(io(io::Error::other("it is no file"))),
        Ok(_) => {}
    }
    disk.read(path, limit).map(Some).map_err(io)
}

/// Moves a file that cannot be used to `NAME.set-aside-N`; it is never overwritten or removed.
pub(super) fn set_aside(path: &Path, what: &'static str, why: String) -> StorageError {
    set_aside_on(&RealDisk, path, what, why)
}

fn set_aside_on(disk: &dyn Disk, path: &Path, what: &'static str, why: String) -> StorageError {
    let free = (1..1_000).map(|n| suffixed(path, n)).find(|candidate| !candidate.exists());
    let target = free.unwrap_or_else(|| suffixed(path, 1_000));
    match disk.rename(path, &target) {
        Ok(()) => StorageError::SetAside { what, why, path: target },
        Err(source) => StorageError::Io { doing: "set aside", source, path: path.to_path_buf() },
    }
}

fn suffixed(path: &Path, n: u32) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".set-aside-{n}"));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Write as _;

    use tempfile::NamedTempFile;

    use super::*;

    /// A disk that fails at its nth call, with this error; what it was writing is then half there.
    struct Failing {
        calls_left: Cell<usize>,
        error: i32,
    }

    const ENOSPC: i32 = 28;
    const EIO: i32 = 5;
    const EACCES: i32 = 13;

    impl Failing {
        fn at(call: usize, error: i32) -> Self {
            Self { calls_left: Cell::new(call), error }
        }

        fn spend(&self) -> io::Result<()> {
            let left = self.calls_left.get();
            self.calls_left.set(left.saturating_sub(1));
            if left == 0 { Err(io::Error::from_raw_os_error(self.error)) } else { Ok(()) }
        }
    }

    impl Disk for Failing {
        fn create(&self, folder: &Path) -> io::Result<NamedTempFile> {
            self.spend().and_then(|()| RealDisk.create(folder))
        }
        fn write(&self, file: &mut NamedTempFile, bytes: &[u8]) -> io::Result<()> {
            if let Err(error) = self.spend() {
                file.write_all(&bytes[..bytes.len() / 2])?;
                return Err(error);
            }
            RealDisk.write(file, bytes)
        }
        fn flush(&self, file: &NamedTempFile) -> io::Result<()> {
            self.spend().and_then(|()| RealDisk.flush(file))
        }
        fn replace(&self, file: NamedTempFile, path: &Path) -> io::Result<()> {
            self.spend().and_then(|()| RealDisk.replace(file, path))
        }
        fn flush_folder(&self, folder: &Path) -> io::Result<()> {
            self.spend().and_then(|()| RealDisk.flush_folder(folder))
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.spend().and_then(|()| RealDisk.rename(from, to))
        }
        fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
            self.spend().and_then(|()| RealDisk.read(path, limit))
        }
    }

    #[test]
    fn whatever_fails_the_file_is_the_old_one_or_the_new_one() {
        let (old, new) = ([1_u8; 900], [2_u8; 700]);
        for error in [ENOSPC, EIO, EACCES] {
            let mut kept = Vec::new();
            for call in 0..6 {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("kept/file.json");
                write(&path, &old).unwrap();
                let outcome = write_on(&Failing::at(call, error), &path, &new);
                let found = fs::read(&path).unwrap();
                kept.push(found == old);
                assert!(found == old || found == new, "call {call}");
                match outcome {
                    Ok(()) => assert_eq!((call, &found[..]), (5, &new[..]), "there are five calls"),
                    Err(StorageError::Io { source, path: named, .. }) => {
                        assert_eq!(source.raw_os_error(), Some(error));
                        assert_eq!(named, path);
                    }
                    Err(other) => panic!("{other}"),
                }
                let beside = fs::read_dir(path.parent().unwrap()).unwrap().count();
                assert_eq!(beside, 1, "no half of a file is left behind at call {call}");
            }
            // Up to the rename the old one stands; a folder that cannot be flushed is told although the new one is there.
            assert_eq!(kept, [true, true, true, true, false, false]);
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_or_moved_stays_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.json");
        fs::write(&path, [7; 64]).unwrap();
        for error in [EIO, EACCES] {
            let read = read_on(&Failing::at(0, error), &path, 100);
            assert!(matches!(read, Err(StorageError::Io { doing: "read", .. })), "{read:?}");
            let large = read_on(&Failing::at(0, error), &path, 10);
            assert!(matches!(large, Err(StorageError::Io { doing: "set aside", .. })), "{large:?}");
            let aside = set_aside_on(&Failing::at(0, error), &path, "a file", "why".to_owned());
            assert!(matches!(aside, StorageError::Io { doing: "set aside", .. }), "{aside}");
            assert_eq!(fs::read(&path).unwrap(), [7; 64]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_has_no_end_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.json");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert!(matches!(read(&path, 1_024), Err(StorageError::Io { doing: "read", .. })));
    }
}
