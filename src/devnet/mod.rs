//! The practice network: an execution chain and a beacon chain on loopback, with faults to order.
//!
//! *Invariant*: real containers, branches, signatures and proofs; `app` cannot tell it from mainnet.

pub mod execution;
pub mod http;
