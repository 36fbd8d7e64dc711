//! Texts that come as files and leave as files: typed data, offline files, signatures, QR codes in pictures. Read whole or
//! not at all; a file that exists is never overwritten.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use directories::UserDirs;

use super::super::{Reason, is_picture, texts_in_picture};
use super::ends::Job;
use super::task::WalletTask;
use super::view::Outcome;

/// Longest text taken: an offline file carries the proofs of a whole simulation.
const MAX_TEXT: u64 = 16 << 20;
/// Files taken at once: the parts of an animated code.
const MOST_FILES: usize = 64;

impl WalletTask {
    pub(super) fn read_texts(&mut self, paths: Vec<PathBuf>) {
        self.jobs.spawn_blocking(move || {
            let all: Result<Vec<String>, Reason> =
                paths.iter().take(MOST_FILES).map(|path| read(path)).collect();
            Job::Text(all.map(|all| Outcome::Text(all.join("\n"))))
        });
    }

    pub(super) fn save_text(&mut self, path: PathBuf, text: String) {
        self.jobs.spawn_blocking(move || Job::Text(write(&whole(path), &text).map(Outcome::Saved)));
    }
}

/// A bare name goes where the user looks for files.
fn whole(path: PathBuf) -> PathBuf {
    if path.is_absolute() {
        return path;
    }
    let user = UserDirs::new();
    let folder =
        user.as_ref().map(|user| user.download_dir().filter(|at| at.is_dir()).unwrap_or(user.home_dir()));
    folder.map_or(path.clone(), |folder| folder.join(&path))
}

fn read(path: &Path) -> Result<String, Reason> {
    let failed = |why: &str| {
        let what = format!("The file {} cannot be read: {why}", path.display());
        Reason::new(&what, "nothing was changed", "check the path, or paste the text")
    };
    let file = std::fs::File::open(path).map_err(|error| failed(&error.to_string()))?;
    let facts = file.metadata().map_err(|error| failed(&error.to_string()))?;
    if !facts.is_file() {
        return Err(failed("it is no file"));
    }
    if facts.len() > MAX_TEXT {
        return Err(failed(&format!("it is too long ({} bytes)", facts.len())));
    }
    let mut bytes = Vec::new();
    file.take(MAX_TEXT).read_to_end(&mut bytes).map_err(|error| failed(&error.to_string()))?;
    if is_picture(&bytes) {
        return Ok(texts_in_picture(&bytes)?.join("\n"));
    }
    String::from_utf8(bytes).map_err(|_bytes| failed("it is neither a text nor a picture (PNG, JPEG)"))
}

/// Makes the file, or says why not. Flushed to the disk before it is said to be there.
fn write(path: &Path, text: &str) -> Result<PathBuf, Reason> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let written = made.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    match written {
        Ok(()) => Ok(path.to_path_buf()),
        Err(error) => {
            let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
            let why =
                if exists { "there is a file of that name already".to_owned() } else { error.to_string() };
            let what = format!("The file {} was not written: {why}", path.display());
            Err(Reason::new(&what, "nothing was overwritten", "choose another name or folder"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_goes_out_and_comes_back_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signature.json");
        assert_eq!(write(&path, "one").unwrap(), path);
        let again = write(&path, "two").unwrap_err();
        assert!(again.what.contains("there is a file of that name already"), "{again}");
        assert_eq!(read(&path).unwrap(), "one");
        assert!(read(folder.path()).unwrap_err().what.contains("it is no file"));
        assert!(read(&folder.path().join("none")).is_err());
        std::fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read(&path).is_err(), "no text");
    }

    #[test]
    fn a_whole_path_stays_and_a_name_gets_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        assert_eq!(whole(path.clone()), path);
        assert!(whole(PathBuf::from("a.json")).ends_with("a.json"));
    }
}
