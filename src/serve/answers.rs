//! From the bytes of a message to the bytes of its answer, for every carrier.

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::context::Pinned;
use super::dispatch::dispatch;
use super::error::RpcError;
use super::filters::Filters;
use super::limits::{ANSWER_TIME, AT_ONCE, Limits};
use super::params::Answer;
use super::requests::{Asked, Message, Request, read};
use crate::app::Reads;

/// What answers are made with.
#[derive(Debug)]
pub(super) struct Service {
    reads: Reads,
    filters: Filters,
    limits: Limits,
}

impl Service {
    pub(super) fn new(reads: Reads) -> Self {
        Self { reads, filters: Filters::default(), limits: Limits::new() }
    }

    /// Reads pinned to the heads of now.
    pub(super) fn pin(&self) -> Pinned {
        Pinned::new(self.reads.clone())
    }

    /// The reads.
    pub(super) fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Answers one message. All requests of a batch see the same head.
    pub(super) async fn answer(&self, bytes: &[u8]) -> Value {
        let at = self.pin();
        match read(bytes) {
            Err(error) => envelope(&Value::Null, Err(error)),
            Ok(Message::One(request)) => self.one(&at, request).await,
            Ok(Message::Batch(all)) => {
                let answers = futures::stream::iter(all.into_iter().map(|request| self.one(&at, request)));
                Value::Array(answers.buffered(AT_ONCE).collect().await)
            }
        }
    }

    /// Answers one request.
    pub(super) async fn one(&self, at: &Pinned, request: Request) -> Value {
        let outcome = match request.asked {
            Err(error) => Err(error),
            Ok(asked) => self.timed(at, asked).await,
        };
        envelope(&request.id, outcome)
    }

    async fn timed(&self, at: &Pinned, asked: Asked) -> Answer {
        let work = async {
            let _turn = self.limits.enter().await?;
            dispatch(at, &self.filters, &asked.method, &asked.params).await
        };
        tokio::time::timeout(ANSWER_TIME, Box::pin(work)).await.unwrap_or_else(|_elapsed| {
            let seconds = ANSWER_TIME.as_secs();
            Err(RpcError::unavailable(format!("no proven answer within {seconds} s; try again")))
        })
    }
}

/// The answer to the request with this id.
pub(super) fn envelope(id: &Value, outcome: Answer) -> Value {
    match outcome {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(error) => json!({ "jsonrpc": "2.0", "id": id, "error": error.to_value() }),
    }
}
