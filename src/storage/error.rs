//! What can go wrong with a disk.

use std::io;
use std::path::PathBuf;

/// Why something could not be read or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// This system tells no home folder.
    #[error("this system names no folder for application data; give one with --data-dir")]
    NoHome,
    /// The operating system refused.
    #[error("cannot {doing}: {source}: {}", path.display())]
    Io {
        /// In a few words.
        doing: &'static str,
        /// The system's words.
        source: io::Error,
        /// Which file.
        path: PathBuf,
    },
    /// Settings that cannot be read. They are the user's own writing, so nothing is set aside.
    #[error("the settings cannot be read ({detail}); correct or remove the file: {}", path.display())]
    Settings {
        /// Line and cause.
        detail: String,
        /// Which file.
        path: PathBuf,
    },
    /// A file this build cannot use was moved out of the way.
    #[error("{what} could not be used ({why}) and was set aside: {}", path.display())]
    SetAside {
        /// What the file held.
        what: &'static str,
        /// Damage, or a newer version.
        why: String,
        /// Where it is now.
        path: PathBuf,
    },
}
