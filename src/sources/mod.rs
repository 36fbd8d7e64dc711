//! Untrusted data in, raw transactions out: Beacon API and JSON-RPC over HTTP, many endpoints behind one trait.
//!
//! *Invariant*: nothing here verifies or decides what is true. Whatever leaves this room is a [`Claim`] that
//! remembers who made it; the caller verifies it and calls `blame` where it proves wrong.

mod beacon_source;
mod claim;
mod error;
mod execution_source;

pub use beacon_source::BeaconSource;
pub use claim::{
    Claim, Encoding, EndpointId, RawAccountProof, RawBeacon, RawHeader, RawStorageProof, StateRef, TxLocation,
};
pub use error::SourceError;
pub use execution_source::{BlockSelector, ExecutionSource};
