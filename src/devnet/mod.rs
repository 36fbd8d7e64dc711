//! The practice network: an execution chain and a beacon chain on loopback, with faults to order.
//!
//! *Invariant*: real containers, branches, signatures and proofs; `app` cannot tell it from mainnet.

pub mod beacon;
pub mod execution;
mod foreground;
pub mod http;
mod network;
mod node;
mod orders;
mod plan;
mod signed_node;

pub use foreground::{foreground, foreground_of_node, settings};
pub use network::{CARRIERS, PRACTICE_CHAIN_ID, PracticeError, PracticeNetwork, PracticeOptions};
pub use node::NodeError;
pub use signed_node::SignedNode;
