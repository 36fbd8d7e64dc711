//! The two HTTP APIs, one endpoint at a time.

mod beacon_api;
mod carrier;
mod client;
mod json;
mod json_rpc;
mod json_rpc_batch;
mod json_rpc_calls;
mod json_rpc_parse;

pub(super) use beacon_api::BeaconApi;
pub use carrier::Carrier;
pub(super) use client::{HttpClient, Reply};
pub use client::{HttpOptions, Traffic};
pub(super) use json::from_json;
pub(super) use json_rpc::{Answer, JsonRpc};
