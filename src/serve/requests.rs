//! One JSON-RPC message into its requests.

use serde_json::Value;

use super::error::RpcError;
use super::limits::MAX_BATCH;
use super::params::Params;

/// What a message holds; a request that cannot be read has its error in its place.
#[derive(Debug)]
pub(super) enum Message {
    One(Request),
    Batch(Vec<Request>),
}

/// One request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: Value,
    pub(super) asked: Result<Asked, RpcError>,
}

/// What it asks.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) params: Params,
}

/// Reads a message.
pub(super) fn read(bytes: &[u8]) -> Result<Message, RpcError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_not_json| RpcError::parse())?;
    match value {
        Value::Array(all) if all.is_empty() => Err(RpcError::invalid_request("empty batch")),
        Value::Array(all) if all.len() > MAX_BATCH => {
            Err(RpcError::limit(format!("a batch may hold {MAX_BATCH} requests at most")))
        }
        Value::Array(all) => Ok(Message::Batch(all.into_iter().map(request).collect())),
        one => Ok(Message::One(request(one))),
    }
}

fn request(value: Value) -> Request {
    let Value::Object(mut object) = value else {
        return Request { id: Value::Null, asked: Err(RpcError::invalid_request("a request is an object")) };
    };
    let id = match object.remove("id") {
        Some(id @ (Value::String(_) | Value::Number(_) | Value::Null)) => id,
        Some(_) => return bad("an id is a string or a number"),
        // A notification asks for no answer, and nothing here is worth doing without one.
        None => return bad("a request without an id has no answer: give it one"),
    };
    let asked = match (object.remove("jsonrpc").as_ref().and_then(Value::as_str), object.remove("method")) {
        (Some("2.0"), Some(Value::String(method))) => {
            params(object.remove("params")).map(|params| Asked { method, params })
        }
        (Some("2.0"), _) => Err(RpcError::invalid_request("the method is missing")),
        _ => Err(RpcError::invalid_request("jsonrpc must be \"2.0\"")),
    };
    Request { id, asked }
}

fn params(value: Option<Value>) -> Result<Params, RpcError> {
    match value {
        None | Some(Value::Null) => Ok(Params::default()),
        Some(Value::Array(params)) => Ok(Params(params)),
        Some(_) => Err(RpcError::invalid_params("params must be a list")),
    }
}

fn bad(words: &str) -> Request {
    Request { id: Value::Null, asked: Err(RpcError::invalid_request(words)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> i64 {
        match read(text.as_bytes()) {
            Err(error) => error.code,
            Ok(Message::One(request)) => request.asked.map_or_else(|error| error.code, |_| 0),
            Ok(Message::Batch(_)) => 1,
        }
    }

    #[test]
    fn each_way_to_be_no_request_has_its_code() {
        let cases = [
            ("", -32700),
            ("{", -32700),
            ("[]", -32600),
            ("1", -32600),
            ("{}", -32600),
            (r#"{"jsonrpc":"2.0","id":1}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
            (r#"{"jsonrpc":"1.0","id":1,"method":"x"}"#, -32600),
            (r#"{"jsonrpc":"2.0","method":"x"}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, -32600),
            (r#"{"jsonrpc":"2.0","id":1,"method":"x","params":{}}"#, -32602),
            (r#"{"jsonrpc":"2.0","id":1,"method":"x"}"#, 0),
            (r#"{"jsonrpc":"2.0","id":"a","method":"x","params":[1]}"#, 0),
            (r#"[1]"#, 1),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), expected, "{text}");
        }
        assert_eq!(code(&format!("[{}1]", "1,".repeat(MAX_BATCH))), -32005);
        assert_eq!(code(&"[".repeat(10_000)), -32700);
    }
}
