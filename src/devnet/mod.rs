//! The practice network: an execution chain and a beacon chain on loopback, with faults to order.
//!
//! *Invariant*: real containers, branches, signatures and proofs; `app` cannot tell it from mainnet.

pub mod beacon;
pub mod execution;
mod foreground;
pub mod http;
mod network;
mod orders;

pub use foreground::{foreground, settings};
pub use network::{CARRIERS, PRACTICE_CHAIN_ID, PracticeError, PracticeNetwork, PracticeOptions};
