//! The execution API of one endpoint.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alloy::primitives::{Address, B256, Bytes, U256};
use futures::future::join_all;
use serde_json::{Value, json};
use url::Url;

use super::json::from_json;
use super::json_rpc_parse::{account_proof, data, hash, malformed, quantity_u64, result_of};
use super::{Carrier, HttpClient};
use crate::sources::{BlockSelector, RawAccountProof, RawHeader, SourceError, StateRef, TxLocation};

const SMALL_CAP: usize = 64 * 1024;
const CODE_CAP: usize = 256 * 1024;
const PROOF_CAP: usize = 1024 * 1024;
const LARGE_CAP: usize = 16 * 1024 * 1024;
/// A byte of a log costs 8 gas and takes two hex digits: this holds what a block of 250 million gas can log.
const RECEIPTS_CAP: usize = 64 * 1024 * 1024;
/// Questions in one batch; public endpoints refuse long ones.
const BATCH: usize = 20;

/// A result with the bytes it came in.
#[derive(Debug, Clone)]
pub(in crate::sources) struct Answer<T> {
    pub(in crate::sources) value: T,
    pub(in crate::sources) bytes: Bytes,
    pub(in crate::sources) carrier: Option<Carrier>,
}

impl<T> Answer<T> {
    pub(super) fn try_map<U>(
        self,
        f: impl FnOnce(T) -> Result<U, SourceError>,
    ) -> Result<Answer<U>, SourceError> {
        Ok(Answer { value: f(self.value)?, bytes: self.bytes, carrier: self.carrier })
    }
}

/// One JSON-RPC endpoint and what was learnt of its ways.
#[derive(Debug, Clone)]
pub(in crate::sources) struct JsonRpc {
    client: HttpClient,
    url: Url,
    refuses_batches: Arc<AtomicBool>,
    refuses_block_hash: Arc<AtomicBool>,
    lacks_block_receipts: Arc<AtomicBool>,
    lacks_headers: Arc<AtomicBool>,
    pub(super) lacks_access_lists: Arc<AtomicBool>,
}

impl JsonRpc {
    pub(in crate::sources) fn new(client: HttpClient, url: Url) -> Self {
        Self {
            client,
            url,
            refuses_batches: Arc::default(),
            refuses_block_hash: Arc::default(),
            lacks_block_receipts: Arc::default(),
            lacks_headers: Arc::default(),
            lacks_access_lists: Arc::default(),
        }
    }

    pub(in crate::sources) async fn chain_id(&self) -> Result<Answer<u64>, SourceError> {
        self.call("eth_chainId", json!([]), SMALL_CAP).await?.try_map(|value| quantity_u64(&value))
    }

    pub(in crate::sources) async fn block_number(&self) -> Result<Answer<u64>, SourceError> {
        self.call("eth_blockNumber", json!([]), SMALL_CAP).await?.try_map(|value| quantity_u64(&value))
    }

    pub(in crate::sources) async fn header(
        &self,
        block: BlockSelector,
    ) -> Result<Answer<RawHeader>, SourceError> {
        let answer = match block {
            BlockSelector::Hash(hash) => self.header_by_hash(hash).await?,
            BlockSelector::Number(number) => {
                self.call("eth_getBlockByNumber", json!([format!("{number:#x}"), false]), LARGE_CAP).await?
            }
        };
        answer.try_map(|value| Ok(RawHeader::Json(value)))
    }

    /// A block object lists every transaction hash, 10 to 30 kB on mainnet; the header alone is 2 kB. Not every endpoint
    /// has the smaller question.
    async fn header_by_hash(&self, hash: B256) -> Result<Answer<Value>, SourceError> {
        if !self.lacks_headers.load(Ordering::Relaxed) {
            match self.call("eth_getHeaderByHash", json!([hash]), SMALL_CAP).await {
                Err(SourceError::Unsupported { .. } | SourceError::Rpc { .. } | SourceError::NotFound) => {}
                other => return other,
            }
        }
        let block = self.call("eth_getBlockByHash", json!([hash, false]), LARGE_CAP).await?;
        self.lacks_headers.store(true, Ordering::Relaxed);
        Ok(block)
    }

    pub(in crate::sources) async fn block(&self, hash: B256) -> Result<Answer<Value>, SourceError> {
        self.call("eth_getBlockByHash", json!([hash, true]), LARGE_CAP).await
    }

    pub(in crate::sources) async fn headers(
        &self,
        number: u64,
        count: u64,
    ) -> Result<Answer<Vec<RawHeader>>, SourceError> {
        let oldest = number.saturating_sub(count.saturating_sub(1));
        let calls = (oldest..=number)
            .rev()
            .map(|number| ("eth_getBlockByNumber", json!([format!("{number:#x}"), false])))
            .collect();
        self.batch(calls).await?.try_map(|values| Ok(values.into_iter().map(RawHeader::Json).collect()))
    }

    pub(in crate::sources) async fn proofs(
        &self,
        at: StateRef,
        questions: &[(Address, Vec<U256>)],
    ) -> Result<Answer<Vec<RawAccountProof>>, SourceError> {
        let parse =
            |values: Vec<Value>| values.iter().map(account_proof).collect::<Result<Vec<_>, SourceError>>();
        let by_hash = !self.refuses_block_hash.load(Ordering::Relaxed);
        let first = self.batch(proof_calls(at, questions, by_hash)).await;
        // Some endpoints take no block hash here. The number is as safe: the proof is checked against the state root.
        match first {
            Err(
                SourceError::Rpc { .. } | SourceError::Unsupported { .. } | SourceError::Malformed { .. },
            ) if by_hash => {
                let second = self.batch(proof_calls(at, questions, false)).await?;
                self.refuses_block_hash.store(true, Ordering::Relaxed);
                second.try_map(parse)
            }
            other => other?.try_map(parse),
        }
    }

    pub(in crate::sources) async fn code(
        &self,
        at: StateRef,
        who: Address,
    ) -> Result<Answer<Bytes>, SourceError> {
        let params = json!([who, format!("{:#x}", at.number)]);
        self.call("eth_getCode", params, CODE_CAP).await?.try_map(|value| data(&value))
    }

    pub(in crate::sources) async fn receipts(
        &self,
        block_hash: B256,
    ) -> Result<Answer<Vec<Value>>, SourceError> {
        let list = |value: Value| match value {
            Value::Array(list) => Ok(list),
            _ => Err(malformed("receipts are not a list")),
        };
        if !self.lacks_block_receipts.load(Ordering::Relaxed) {
            match self.call("eth_getBlockReceipts", json!([block_hash]), RECEIPTS_CAP).await {
                Err(SourceError::Unsupported { .. } | SourceError::Rpc { .. }) => {
                    self.lacks_block_receipts.store(true, Ordering::Relaxed);
                }
                // Some endpoints know the block by number only here, and say null to its hash.
                Err(SourceError::NotFound) => {}
                other => return other?.try_map(list),
            }
        }
        // One by one, in the order of the block's own list; the receipts root decides whether that list was right.
        let block = self.call("eth_getBlockByHash", json!([block_hash, false]), LARGE_CAP).await?;
        let hashes = block.value.get("transactions").and_then(Value::as_array).cloned().unwrap_or_default();
        self.batch(hashes.iter().map(|hash| ("eth_getTransactionReceipt", json!([hash]))).collect()).await
    }

    pub(in crate::sources) async fn locate(&self, tx: B256) -> Result<Answer<TxLocation>, SourceError> {
        match self.call("eth_getTransactionByHash", json!([tx]), LARGE_CAP).await {
            Err(SourceError::NotFound) => {
                Ok(Answer { value: TxLocation::Unknown, bytes: Bytes::new(), carrier: None })
            }
            other => other?.try_map(|value| {
                let member = |name: &str| value.get(name).filter(|member| !member.is_null());
                match (member("blockHash"), member("transactionIndex")) {
                    (Some(block), Some(index)) => {
                        Ok(TxLocation::Included { block_hash: hash(block)?, index: quantity_u64(index)? })
                    }
                    _ => Ok(TxLocation::Pending),
                }
            }),
        }
    }

    pub(in crate::sources) async fn send(&self, raw: &Bytes) -> Result<Answer<B256>, SourceError> {
        self.call("eth_sendRawTransaction", json!([raw]), SMALL_CAP).await?.try_map(|value| hash(&value))
    }

    pub(super) async fn call(
        &self,
        method: &str,
        params: Value,
        cap: usize,
    ) -> Result<Answer<Value>, SourceError> {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).to_string();
        let large = cap >= PROOF_CAP;
        let reply = self.client.post(self.url.clone(), body.into_bytes(), cap, large).await?;
        let value: Value = from_json(&reply.body)?;
        let id = value.get("id");
        // An error reply may carry a null id (JSON-RPC 2.0 §5); a result never.
        if id != Some(&json!(1)) && !(id.is_none_or(Value::is_null) && value.get("error").is_some()) {
            return Err(malformed("the reply is to another request"));
        }
        Ok(Answer { value: result_of(value)?, bytes: reply.body, carrier: reply.carrier })
    }

    /// Many calls in as few round trips as the endpoint allows: batches, or one by one at once where it takes none.
    pub(super) async fn batch(
        &self,
        calls: Vec<(&'static str, Value)>,
    ) -> Result<Answer<Vec<Value>>, SourceError> {
        if calls.len() > 1 && !self.refuses_batches.load(Ordering::Relaxed) {
            let chunks = join_all(calls.chunks(BATCH).map(|chunk| self.one_batch(chunk))).await;
            let together: Result<Vec<_>, _> = chunks.into_iter().collect();
            match together {
                Ok(answers) => return Ok(join(answers)),
                Err(
                    SourceError::Malformed { .. }
                    | SourceError::Status { .. }
                    | SourceError::Unsupported { .. },
                ) => {}
                Err(other) => return Err(other),
            }
        }
        let single = |(method, params): &(&'static str, Value)| self.call(method, params.clone(), PROOF_CAP);
        let answers: Result<Vec<_>, _> = join_all(calls.iter().map(single)).await.into_iter().collect();
        let answers = answers?;
        if calls.len() > 1 {
            self.refuses_batches.store(true, Ordering::Relaxed);
        }
        let lists = answers.into_iter().map(|one| Answer {
            value: vec![one.value],
            bytes: one.bytes,
            carrier: one.carrier,
        });
        Ok(join(lists.collect()))
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

fn proof_calls(
    at: StateRef,
    questions: &[(Address, Vec<U256>)],
    by_hash: bool,
) -> Vec<(&'static str, Value)> {
    let block =
        if by_hash { json!({"blockHash": at.block_hash}) } else { json!(format!("{:#x}", at.number)) };
    questions
        .iter()
        .map(|(who, slots)| {
            let keys: Vec<B256> = slots.iter().map(|slot| B256::from(*slot)).collect();
            ("eth_getProof", json!([who, keys, block]))
        })
        .collect()
}

fn join(answers: Vec<Answer<Vec<Value>>>) -> Answer<Vec<Value>> {
    let carrier = answers.iter().find_map(|answer| answer.carrier.clone());
    let bytes = match answers.as_slice() {
        [one] => one.bytes.clone(),
        many => many.iter().flat_map(|answer| answer.bytes.iter().copied()).collect::<Vec<u8>>().into(),
    };
    Answer { value: answers.into_iter().flat_map(|answer| answer.value).collect(), bytes, carrier }
}
