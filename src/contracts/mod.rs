//! What do bytes mean? Bundled ABIs, decoding.
//!
//! *Invariant*: pure; meaning never decides truth.
