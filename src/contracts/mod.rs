//! What do bytes mean? Bundled ABIs, decoding.
//!
//! *Invariant*: pure; meaning never decides truth.

mod erc20;

pub use erc20::Erc20;
