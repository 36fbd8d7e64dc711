//! JSON-RPC errors, with the codes nodes commonly give (EIP-1474).

use serde_json::{Value, json};

use super::super::SubmitError;

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
        Self::new(-32700, "parse error")
    }

    /// -32600: JSON, but no request.
    pub(super) fn invalid_request(message: &str) -> Self {
        Self::new(-32600, message)
    }

    /// -32601: no such method.
    pub(super) fn unknown_method(method: &str) -> Self {
        Self::new(-32601, format!("the method {method} does not exist/is not available"))
    }

    /// -32602: wrong arguments.
    pub(super) fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(-32602, message)
    }

    /// -32000: could not be done.
    pub(super) fn server(message: impl Into<String>) -> Self {
        Self::new(-32000, message)
    }

    /// 3: the call was reverted, with what it returned.
    pub(super) fn reverted(output: &[u8]) -> Self {
        let data = Some(Value::String(alloy::hex::encode_prefixed(output)));
        Self { data, ..Self::new(3, "execution reverted") }
    }

    pub(super) fn to_value(&self) -> Value {
        let mut value = json!({ "code": self.code, "message": self.message });
        if let (Some(data), Some(object)) = (&self.data, value.as_object_mut()) {
            object.insert("data".to_owned(), data.clone());
        }
        value
    }
}

impl From<SubmitError> for RpcError {
    fn from(error: SubmitError) -> Self {
        Self::server(error.to_string())
    }
}
