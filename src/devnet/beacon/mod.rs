//! The practice beacon chain: a 512-member sync committee, light-client objects, the Beacon API.
//!
//! Its states are sparse: the fields that a light client proves are real, every other branch of the tree is a filler
//! that depends on the slot. Headers, branches, domains and signatures are therefore real; there are no validators
//! behind them but the committee.

mod api;
mod chain;
mod committee;
mod lie;
mod objects;
mod payloads;
mod sparse_tree;
mod updates;

pub use api::serve;
pub use chain::{BeaconChain, BeaconConfig, BeaconError, SharedBeacon};
pub use lie::BeaconLie;
pub use payloads::Payloads;
