//! Untrusted data in, raw transactions out: Beacon API and JSON-RPC over HTTP, many endpoints behind one trait.
//!
//! *Invariant*: nothing here verifies or decides what is true. Whatever leaves this room is a [`Claim`] that
//! remembers who made it; the caller verifies it and calls `blame` where it proves wrong.

mod beacon_source;
mod claim;
mod endpoint;
mod error;
mod execution_source;
mod gateway;
mod http;
mod json_extent;
mod pool;
mod pool_members;
mod pool_sources;
mod probe;
mod recorded;
mod report;
mod score;

pub use beacon_source::BeaconSource;
pub use claim::{
    AccessHint, Claim, Encoding, EndpointId, HintedCall, RawAccountProof, RawBeacon, RawHeader,
    RawStorageProof, StateRef, TxLocation,
};
pub use endpoint::{EndpointConfig, EndpointError, EndpointKind};
pub use error::SourceError;
pub use execution_source::{BlockSelector, ExecutionSource};
pub use gateway::{Gateway, GatewayRefused, GatewaySource, NoGateways};
pub use http::{Carrier, HttpOptions, Traffic};
pub use json_extent::{JsonExtent, MOST_JSON_DEPTH, json_extent};
pub use pool::HttpPool;
pub use probe::{Finding, Probe};
pub use recorded::{Recorder, Recording, Replay};
pub use report::{EndpointReport, EvidenceRecord};
pub use score::Standing;
