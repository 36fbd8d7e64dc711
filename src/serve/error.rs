//! Failures as JSON-RPC errors, with the codes of EIP-1474.

use serde_json::{Value, json};

use crate::app::{CallError, ProofError, ReadError, Reason, plain};

/// The `error` member of a JSON-RPC answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RpcError {
    pub(super) code: i64,
    pub(super) message: String,
    pub(super) data: Option<Value>,
}

impl RpcError {
    fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// -32700: not JSON.
    pub(super) fn parse() -> Self {
        Self::new(-32700, "parse error: the request is not JSON")
    }

    /// -32600: JSON, but no request.
    pub(super) fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(-32600, message)
    }

    /// -32601: no such method here.
    pub(super) fn unknown_method(method: &str) -> Self {
        let method: String = plain(method).chars().take(64).collect();
        Self::new(-32601, format!("the method {method} does not exist/is not available"))
    }

    /// -32602: wrong arguments.
    pub(super) fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(-32602, message)
    }

    /// -32603: a fault of this program.
    pub(super) fn internal(message: impl Into<String>) -> Self {
        Self::new(-32603, message)
    }

    /// -32000: it was run and did not come out well.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(-32000, message)
    }

    /// -32001: there is no such block in the verified chain.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(-32001, message)
    }

    /// -32002: nobody could be asked, or nobody answered.
    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(-32002, message)
    }

    /// -32004: no proof of it can be had, so there is no answer.
    pub(super) fn unprovable(message: impl Into<String>) -> Self {
        Self::new(-32004, message)
    }

    /// -32005: more than is allowed.
    pub(super) fn limit(message: impl Into<String>) -> Self {
        Self::new(-32005, message)
    }

    /// A code that execution-apis keeps for `eth_simulateV1`.
    pub(super) fn simulation(code: i64, message: &str) -> Self {
        Self::new(code, message)
    }

    /// 3: the call was reverted, with what it returned.
    pub(super) fn reverted(message: String, output: &[u8]) -> Self {
        let data = Some(Value::String(alloy::hex::encode_prefixed(output)));
        Self { data, ..Self::new(3, message) }
    }

    pub(super) fn to_value(&self) -> Value {
        let mut value = json!({ "code": self.code, "message": self.message });
        if let (Some(data), Some(object)) = (&self.data, value.as_object_mut()) {
            object.insert("data".to_owned(), data.clone());
        }
        value
    }
}

impl From<&ReadError> for RpcError {
    fn from(error: &ReadError) -> Self {
        let reason = Reason::from(error);
        let words = format!("{} It means: {}", reason.what, reason.means);
        let found = match error {
            ReadError::BeyondHead { .. } | ReadError::NotCanonical { .. } => Self::not_found(words),
            ReadError::TooManyLogs { .. } | ReadError::Call(CallError::TooMuch { .. }) => Self::limit(words),
            ReadError::Call(CallError::UnknownRules { .. })
            | ReadError::BeyondReach { .. }
            | ReadError::AllRefused { .. }
            | ReadError::Proof(ProofError::HistoryEmpty { .. } | ProofError::OutsideHistory { .. }) => {
                Self::unprovable(words)
            }
            ReadError::Call(error) => Self::failed(error.to_string()),
            ReadError::Proof(_) => Self::internal(words),
            _ => Self::unavailable(words),
        };
        // Who said what goes beside the sentence.
        let data = (!reason.details.is_empty()).then(|| json!(reason.details));
        Self { data, ..found }
    }
}

impl From<ReadError> for RpcError {
    fn from(error: ReadError) -> Self {
        Self::from(&error)
    }
}
