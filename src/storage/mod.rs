//! What is kept on disk: settings and choices, what was named by hand, the window's file, the newest checkpoint with its
//! light-client store, bytecode, what calls read, refused replies, sealed keys, and the journal of what was signed.
//!
//! *Invariant*: every write is atomic and owner-only; a file that cannot be read is set aside, never overwritten, never
//! fatal.

mod access_sets;
mod atomic_file;
mod checkpoint;
mod choices;
mod code_cache;
mod data_dir;
mod disk;
mod error;
mod evidence;
mod journal;
mod journal_file;
mod journal_read;
mod journal_scan;
mod keystore_dir;
mod named_things;
mod settings;
mod window_file;

#[cfg(test)]
mod journal_faults_tests;

pub use access_sets::{AccessSet, AccessSets};
pub use checkpoint::{Origin, SavedCheckpoint};
pub use choices::{AddedEndpoint, Choices, NetworkChoices};
pub use data_dir::DataDir;
pub use error::StorageError;
pub use journal::{Journal, JournalError, OpenedJournal, Repair};
pub use journal_read::read_journal;
pub use keystore_dir::KeyFile;
pub use settings::{Emulators, NetworkSettings, Settings};
pub use window_file::{WindowFile, WindowFileState};
