//! What is kept on disk: settings, the newest checkpoint with its light-client store, bytecode, refused replies.
//!
//! *Invariant*: every write is atomic and owner-only; a file that cannot be read is set aside, never overwritten, never
//! fatal.

mod atomic_file;
mod checkpoint;
mod code_cache;
mod data_dir;
mod error;
mod evidence;
mod settings;

pub use checkpoint::{Origin, SavedCheckpoint};
pub use data_dir::DataDir;
pub use error::StorageError;
pub use settings::{NetworkSettings, Settings};
