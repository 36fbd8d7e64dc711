//! The command-line face.
//!
//! *Invariant*: the answer goes to stdout, everything else to stderr; imports `app` only.
