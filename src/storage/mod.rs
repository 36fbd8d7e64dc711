//! What is kept on disk: settings, checkpoint, committee, bytecode, evidence.
//!
//! *Invariant*: every write is atomic and owner-only; a file that cannot be read is set aside, never overwritten, never fatal.
