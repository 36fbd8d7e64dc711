//! Why no claim could be had.

use super::EndpointId;

/// A failure to get an answer at all. What was got and proved wrong is not here: that is the verifier's error.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Every endpoint failed; the causes in the order they were tried.
    #[error("no endpoint answered: {}", join(causes))]
    AllFailed {
        /// Who failed and how.
        causes: Vec<(EndpointId, Box<SourceError>)>,
    },
    /// No endpoint of the needed kind is configured, or all are quarantined.
    #[error("no usable {kind} endpoint is left ({quarantined} quarantined); add one or forgive one")]
    NoneLeft {
        /// `beacon` or `execution`.
        kind: &'static str,
        /// How many are quarantined for a reply that failed verification.
        quarantined: usize,
    },
    /// The user works offline.
    #[error("offline by choice; nobody is asked")]
    Offline,
    /// DNS, TCP or TLS failure.
    #[error("cannot connect ({detail})")]
    Connect {
        /// The transport's words.
        detail: String,
    },
    /// No answer within the deadline, or slower than the minimum rate.
    #[error("no answer within {millis} ms")]
    Timeout {
        /// The deadline.
        millis: u64,
    },
    /// The body was larger than its kind may be.
    #[error("the answer was larger than the {limit} bytes allowed for it")]
    TooLarge {
        /// The limit in bytes, after decompression.
        limit: usize,
    },
    /// HTTP status other than 200.
    #[error("HTTP status {status}")]
    Status {
        /// The status.
        status: u16,
    },
    /// 429, `-32005` or another sign of rate limiting.
    #[error("rate limited; asked to wait {retry_after_ms} ms")]
    RateLimited {
        /// How long the endpoint asked us to wait, or our own guess.
        retry_after_ms: u64,
    },
    /// JSON-RPC error object.
    #[error("the endpoint answered with error {code}: {message}")]
    Rpc {
        /// JSON-RPC error code.
        code: i64,
        /// Its message, sanitised and shortened.
        message: String,
    },
    /// The body is not what the API specifies (not JSON, wrong id, wrong shape).
    #[error("the answer was not understood ({detail})")]
    Malformed {
        /// What was wrong.
        detail: String,
    },
    /// The endpoint answered that it has no such object (404, or `null`).
    #[error("the endpoint does not have it")]
    NotFound,
    /// The endpoint lacks the method (no proofs, no light-client data).
    #[error("the endpoint does not offer {method}")]
    Unsupported {
        /// Method or route.
        method: &'static str,
    },
    /// The endpoint serves another chain.
    #[error("the endpoint serves another network ({found}, expected {expected})")]
    WrongNetwork {
        /// What it claims.
        found: String,
        /// What the network is.
        expected: String,
    },
}

fn join(causes: &[(EndpointId, Box<SourceError>)]) -> String {
    causes.iter().map(|(who, why)| format!("{who}: {why}")).collect::<Vec<_>>().join("; ")
}
