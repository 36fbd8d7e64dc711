//! What the pool tells about its endpoints.

use alloy::primitives::Bytes;

use super::http::Carrier;
use super::{EndpointId, EndpointKind, Standing};

/// One endpoint as the user sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointReport {
    /// Its label.
    pub id: EndpointId,
    /// What it serves.
    pub kind: EndpointKind,
    /// How it stands with us.
    pub standing: Standing,
    /// Who carries it, once a reply showed it.
    pub carrier: Option<Carrier>,
    /// Average latency in milliseconds.
    pub latency_ms: Option<f64>,
    /// Share of requests answered, 0 to 1, newest weighing most.
    pub availability: Option<f64>,
    /// How many slots its last head was behind a proven one, while that still counts.
    pub slots_behind: Option<u64>,
    /// Milliseconds until it is asked again before others, 0 if now.
    pub resting_ms: u64,
    /// Requests made to it.
    pub requests: u64,
    /// It is asked; false where the user switched it off.
    pub on: bool,
    /// The user added it in this program and can remove it there.
    pub by_user: bool,
}

/// A reply that broke a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRecord {
    /// Counts all refused replies of a run, from 1: old records leave, numbers stay.
    pub serial: u64,
    /// Who sent it.
    pub endpoint: EndpointId,
    /// The rule it broke.
    pub rule: String,
    /// The reply, capped.
    pub bytes: Bytes,
}
