//! The JSON-RPC 2.0 envelope and its HTTP endpoint.

use std::sync::PoisonError;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::error::RpcError;
use super::methods::dispatch;
use super::params::{Answer, Params};
use super::transactions::send;
use super::view::View;
use crate::devnet::execution::{ExecutionLie, SharedChain};
use crate::devnet::http::{self, Endpoint, Faults, HttpError};

/// Most requests in one batch.
const MAX_BATCH: usize = 1000;

/// Opens a JSON-RPC endpoint over `chain` on a free loopback port. Call within a tokio runtime.
///
/// # Errors
/// [`HttpError`] where no port is free or the carrier's name is unfit for a header.
pub async fn serve(chain: SharedChain, carrier: &str) -> Result<Endpoint<ExecutionLie>, HttpError> {
    let faults = Faults::default();
    let node = Node { chain, faults: faults.clone() };
    let router = Router::new().route("/", post(answer)).with_state(node);
    http::serve(router, faults, carrier).await
}

#[derive(Debug, Clone)]
struct Node {
    chain: SharedChain,
    faults: Faults<ExecutionLie>,
}

async fn answer(State(node): State<Node>, body: Bytes) -> Response {
    let reply = node.reply(&body).map(|value| value.to_string()).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], reply).into_response()
}

impl Node {
    /// The reply to a body; `None` where it holds only notifications.
    fn reply(&self, body: &[u8]) -> Option<Value> {
        match serde_json::from_slice(body) {
            Err(_) => Some(envelope(&Value::Null, Err(RpcError::parse()))),
            Ok(Value::Array(batch)) => self.reply_batch(&batch),
            Ok(single) => self.reply_one(&single),
        }
    }

    fn reply_batch(&self, batch: &[Value]) -> Option<Value> {
        if batch.is_empty() || batch.len() > MAX_BATCH {
            let message = if batch.is_empty() { "empty batch" } else { "batch too large" };
            return Some(envelope(&Value::Null, Err(RpcError::invalid_request(message))));
        }
        let mut replies: Vec<Value> = batch.iter().filter_map(|request| self.reply_one(request)).collect();
        match self.faults.lie() {
            Some(ExecutionLie::ShortBatch) => {
                replies.pop();
            }
            Some(ExecutionLie::ReversedBatch) => replies.reverse(),
            _ => {}
        }
        (!replies.is_empty()).then_some(Value::Array(replies))
    }

    fn reply_one(&self, request: &Value) -> Option<Value> {
        let invalid = |message| Some(envelope(&Value::Null, Err(RpcError::invalid_request(message))));
        let Some(method) = request.get("method").and_then(Value::as_str) else {
            return invalid("invalid request");
        };
        if request.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
            return invalid("invalid request: jsonrpc must be \"2.0\"");
        }
        let params = match request.get("params") {
            None | Some(Value::Null) => Ok(Params(Vec::new())),
            Some(Value::Array(params)) => Ok(Params(params.clone())),
            Some(_) => Err(RpcError::invalid_params("non-array args")),
        };
        let outcome = params.and_then(|params| self.run(method, &params));
        let id = request.get("id")?;
        let other = json!("nobody-asked");
        let lie = self.faults.lie() == Some(ExecutionLie::OtherRequestId);
        Some(envelope(if lie { &other } else { id }, outcome))
    }

    fn run(&self, method: &str, params: &Params) -> Answer {
        if method == "eth_sendRawTransaction" {
            let mut chain = self.chain.write().unwrap_or_else(PoisonError::into_inner);
            return send(&mut chain, self.faults.lie(), params);
        }
        let chain = self.chain.read().unwrap_or_else(PoisonError::into_inner);
        dispatch(&View { chain: &chain, fault: self.faults.get() }, method, params)
    }
}

fn envelope(id: &Value, outcome: Answer) -> Value {
    match outcome {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => json!({ "jsonrpc": "2.0", "id": id, "error": error.to_value() }),
    }
}
