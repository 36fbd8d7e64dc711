//! The execution API of one endpoint.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alloy::primitives::{Address, B256, Bytes, U256};
use serde_json::{Value, json};
use url::Url;

use super::json::from_json;
use super::json_rpc_parse::{account_proof, data, hash, malformed, quantity_u64, result_of};
use super::{Carrier, HttpClient};
use crate::sources::{BlockSelector, RawAccountProof, RawHeader, SourceError, StateRef, TxLocation};

const SMALL_CAP: usize = 64 * 1024;
pub(super) const PROOF_CAP: usize = 1024 * 1024;
pub(super) const LARGE_CAP: usize = 16 * 1024 * 1024;
/// A byte of a log costs 8 gas and takes two hex digits: this holds what a block of 250 million gas can log.
pub(super) const RECEIPTS_CAP: usize = 64 * 1024 * 1024;
/// More transactions than a block of 300 million gas has room for.
const MAX_TRANSACTIONS: usize = 16_384;

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
    pub(super) client: HttpClient,
    pub(super) url: Url,
    pub(super) refuses_batches: Arc<AtomicBool>,
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

    /// It was seen to lack `eth_getHeaderByHash`: a header costs a whole block object there.
    pub(in crate::sources) fn sends_whole_blocks(&self) -> bool {
        self.lacks_headers.load(Ordering::Relaxed)
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
        let calls = |block: &Value| questions.iter().map(|question| proof_call(question, block)).collect();
        let answer = self.at_state(at, calls).await?;
        answer.try_map(|values| values.iter().map(account_proof).collect())
    }

    /// Asks about the state after a block: by its hash, or by its number where an endpoint takes no hash there.
    pub(super) async fn at_state(
        &self,
        at: StateRef,
        calls: impl Fn(&Value) -> Vec<(&'static str, Value)>,
    ) -> Result<Answer<Vec<Value>>, SourceError> {
        if !self.refuses_block_hash.load(Ordering::Relaxed) {
            match self.batch(calls(&json!({"blockHash": at.block_hash}))).await {
                Err(
                    SourceError::Rpc { .. } | SourceError::Unsupported { .. } | SourceError::Malformed { .. },
                ) => {}
                other => return other,
            }
        }
        let answer = self.by_number(at, calls(&json!(format!("{:#x}", at.number)))).await?;
        self.refuses_block_hash.store(true, Ordering::Relaxed);
        Ok(answer)
    }

    /// By number an endpoint on another branch answers truly about another block. It is asked which block it means, so
    /// that a reorganisation makes no liar of it.
    async fn by_number(
        &self,
        at: StateRef,
        mut calls: Vec<(&'static str, Value)>,
    ) -> Result<Answer<Vec<Value>>, SourceError> {
        calls.push(("eth_getBlockByNumber", json!([format!("{:#x}", at.number), false])));
        let mut answer = self.batch(calls).await?;
        let block = answer.value.pop().unwrap_or_default();
        if hash_of(&block)? == at.block_hash { Ok(answer) } else { Err(SourceError::NotFound) }
    }

    /// Hash of the block that the endpoint has at `number`.
    pub(in crate::sources) async fn canonical(&self, number: u64) -> Result<Answer<B256>, SourceError> {
        let params = json!([format!("{number:#x}"), false]);
        self.call("eth_getBlockByNumber", params, LARGE_CAP).await?.try_map(|block| hash_of(&block))
    }

    pub(in crate::sources) async fn code(
        &self,
        at: StateRef,
        who: Address,
    ) -> Result<Answer<Bytes>, SourceError> {
        let answer = self.at_state(at, |block| vec![("eth_getCode", json!([who, block]))]).await?;
        answer.try_map(|values| values.first().ok_or_else(|| malformed("no code")).and_then(data))
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
        if hashes.len() > MAX_TRANSACTIONS {
            return Err(malformed("more transactions than a block has room for"));
        }
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
                    _ => Ok(TxLocation::Pending(Box::new(value))),
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
}

fn hash_of(block: &Value) -> Result<B256, SourceError> {
    block.get("hash").ok_or_else(|| malformed("a block without a hash")).and_then(hash)
}

fn proof_call((who, slots): &(Address, Vec<U256>), block: &Value) -> (&'static str, Value) {
    let keys: Vec<B256> = slots.iter().map(|slot| B256::from(*slot)).collect();
    ("eth_getProof", json!([who, keys, block]))
}
