//! Keys and transactions: drafts, review, signing, what became of them.
//!
//! *Invariant*: a transaction only moves forward, and the signer can only be given what was reviewed. Touches no disk and
//! no endpoint: the core hands bytes in and takes bytes out. Secrets are zeroized and have no `Debug`.

pub mod keys;
