//! Many calls to one endpoint: batches, a few under way at once, and no more bytes in all than one large answer may have.

use std::sync::atomic::Ordering;

use futures::future::join_all;
use serde_json::{Value, json};

use super::json::from_json;
use super::json_rpc::{Answer, JsonRpc, LARGE_CAP, PROOF_CAP, RECEIPTS_CAP};
use super::json_rpc_parse::{malformed, result_of};
use crate::sources::SourceError;

/// Questions in one batch; public endpoints refuse long ones.
const BATCH: usize = 20;
/// Batches, or single calls where an endpoint takes no batches, that are under way at once.
const BATCHES_AT_ONCE: usize = 8;
const CALLS_AT_ONCE: usize = 16;

type Call = (&'static str, Value);

impl JsonRpc {
    /// Many calls in as few round trips as the endpoint allows: batches, or one by one where it takes none.
    pub(super) async fn batch(&self, calls: Vec<Call>) -> Result<Answer<Vec<Value>>, SourceError> {
        if calls.len() > 1 && !self.refuses_batches.load(Ordering::Relaxed) {
            match self.in_batches(&calls).await {
                Err(
                    SourceError::Malformed { .. }
                    | SourceError::Status { .. }
                    | SourceError::Unsupported { .. },
                ) => {}
                answered => return answered,
            }
        }
        let mut answers = Vec::with_capacity(calls.len());
        for some in calls.chunks(CALLS_AT_ONCE) {
            let single = some.iter().map(|(method, params)| self.call(method, params.clone(), PROOF_CAP));
            for one in join_all(single).await {
                let Answer { value, bytes, carrier } = one?;
                answers.push(Answer { value: vec![value], bytes, carrier });
            }
            check_size(&answers)?;
        }
        if calls.len() > 1 {
            self.refuses_batches.store(true, Ordering::Relaxed);
        }
        Ok(join(answers))
    }

    async fn in_batches(&self, calls: &[Call]) -> Result<Answer<Vec<Value>>, SourceError> {
        let chunks: Vec<&[Call]> = calls.chunks(BATCH).collect();
        let mut answers = Vec::with_capacity(chunks.len());
        for some in chunks.chunks(BATCHES_AT_ONCE) {
            for one in join_all(some.iter().map(|chunk| self.one_batch(chunk))).await {
                answers.push(one?);
            }
            check_size(&answers)?;
        }
        Ok(join(answers))
    }

    async fn one_batch(&self, calls: &[(&'static str, Value)]) -> Result<Answer<Vec<Value>>, SourceError> {
        let requests: Vec<Value> = calls
            .iter()
            .enumerate()
            .map(|(id, (method, params))| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))
            .collect();
        let body = Value::Array(requests).to_string().into_bytes();
        let reply = self.client.post(self.url.clone(), body, LARGE_CAP, true).await?;
        let value: Value = from_json(&reply.body)?;
        let Value::Array(replies) = value else {
            // An error object for the whole batch: a limit is a limit, anything else means "no batches".
            return match result_of(value) {
                Err(limited @ SourceError::RateLimited { .. }) => Err(limited),
                _ => Err(malformed("a batch was not answered with a list")),
            };
        };
        let mut by_id: Vec<Option<Value>> = vec![None; calls.len()];
        for one in replies {
            let id = one.get("id").and_then(Value::as_u64).and_then(|id| usize::try_from(id).ok());
            let place =
                id.and_then(|id| by_id.get_mut(id)).ok_or_else(|| malformed("a reply to another request"))?;
            if place.replace(one).is_some() {
                return Err(malformed("two replies to one request"));
            }
        }
        let values = by_id
            .into_iter()
            .map(|one| one.ok_or_else(|| malformed("a reply of the batch is missing")).and_then(result_of))
            .collect::<Result<_, _>>()?;
        Ok(Answer { value: values, bytes: reply.body, carrier: reply.carrier })
    }
}

/// What one question costs in all is bounded like one answer, however many replies it came in.
fn check_size(answers: &[Answer<Vec<Value>>]) -> Result<(), SourceError> {
    let bytes: usize = answers.iter().map(|answer| answer.bytes.len()).sum();
    if bytes > RECEIPTS_CAP { Err(SourceError::TooLarge { limit: RECEIPTS_CAP }) } else { Ok(()) }
}

fn join(answers: Vec<Answer<Vec<Value>>>) -> Answer<Vec<Value>> {
    let carrier = answers.iter().find_map(|answer| answer.carrier.clone());
    let bytes = match answers.as_slice() {
        [one] => one.bytes.clone(),
        many => many.iter().flat_map(|answer| answer.bytes.iter().copied()).collect::<Vec<u8>>().into(),
    };
    Answer { value: answers.into_iter().flat_map(|answer| answer.value).collect(), bytes, carrier }
}
