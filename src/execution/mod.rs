//! What is true at a proven block? Headers, accounts, storage, code, transactions, receipts, ancestry.
//!
//! *Invariant*: pure. [`Proven`] can be made only here, and each function takes the question as an argument: a reply
//! is checked against what was asked, never against itself.

mod proven;

pub use proven::{BlockRef, Proven};
