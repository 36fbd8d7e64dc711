//! Safe: a wallet of several owners, without its service: who owns it, what a transaction's hash is, whose signature is
//! good, and the call that runs it.
//!
//! *Invariant*: hashes are computed here from the transaction itself; a hash that a file brings is only compared.

mod account;
mod hash;
mod proposal;
mod signature;

pub use account::{SafeFacts, SafeRelease, approved_on_chain, read_safe};
pub use hash::{Operation, SafeTransaction, domain_separator, message_hash};
pub use proposal::{Proposal, ProposalError, Standing};
pub use signature::{SafeSignature, SignatureError};
