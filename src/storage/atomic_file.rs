//! Old content or new content, never a mix; readable by the owner alone.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::StorageError;

/// Writes beside the target, flushes to the disk, renames, and flushes the folder.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    let io = |doing| move |source| StorageError::Io { doing, source, path: path.to_path_buf() };
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    create_folder(folder)?;
    // `tempfile` creates with owner-only rights.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io("write"))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(io("write"))?;
    file.persist(path).map_err(|error| io("write")(error.error))?;
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io("flush"))?;
    Ok(())
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
    let io = |source| StorageError::Io { doing: "read", source, path: path.to_path_buf() };
    match fs::metadata(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(io(error)),
        Ok(meta) if meta.len() > limit => {
            let why = format!("{} bytes are more than it can have", meta.len());
            return Err(set_aside(path, "a file", why));
        }
        // A pipe or a device has no length and no end.
        Ok(meta) if !meta.is_file() => return Err(io(io::Error::other("it is no file"))),
        Ok(_) => {}
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(limit).read_to_end(&mut bytes).map_err(io)?;
    Ok(Some(bytes))
}

/// Moves a file that cannot be used to `NAME.set-aside-N`; it is never overwritten or removed.
pub(super) fn set_aside(path: &Path, what: &'static str, why: String) -> StorageError {
    let free = (1..1_000).map(|n| suffixed(path, n)).find(|candidate| !candidate.exists());
    let target = free.unwrap_or_else(|| suffixed(path, 1_000));
    match fs::rename(path, &target) {
        Ok(()) => StorageError::SetAside { what, why, path: target },
        Err(source) => StorageError::Io { doing: "set aside", source, path: path.to_path_buf() },
    }
}

fn suffixed(path: &Path, n: u32) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".set-aside-{n}"));
    path.with_file_name(name)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoint.json");
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert!(matches!(read(&path, 1_024), Err(StorageError::Io { doing: "read", .. })));
    }
}
