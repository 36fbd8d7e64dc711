//! An execution client that somebody else made, asked over JSON-RPC for what a beacon chain wraps.

use std::time::Duration;

use alloy::consensus::{Header, Sealed};
use alloy::primitives::{B256, U64};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use url::Url;

/// A client on this computer answers within that.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a block of the client could not be had or signed.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// It did not answer.
    #[error("the execution client at {url} did not answer: {source}")]
    Silent {
        /// Where.
        url: Url,
        /// The transport's words.
        source: reqwest::Error,
    },
    /// It answered with an error, or with what the method does not specify.
    #[error("the execution client did not answer {method} as specified: {detail}")]
    Unusable {
        /// The method.
        method: &'static str,
        /// What came.
        detail: String,
    },
    /// Its header has another hash than it says: it has fields that we do not know, or is damaged.
    #[error("block {number} is called {called} by the execution client, but its header hashes to {hashed}")]
    WrongHash {
        /// Which.
        number: u64,
        /// The client's word.
        called: B256,
        /// Ours.
        hashed: B256,
    },
}

/// A door to the client.
#[derive(Debug, Clone)]
pub(super) struct Node {
    url: Url,
    client: reqwest::Client,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default)]
    result: Value,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Named {
    hash: B256,
    #[serde(flatten)]
    header: Header,
}

impl Node {
    pub(super) fn new(url: Url) -> Self {
        Self { url, client: reqwest::Client::new() }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) async fn chain_id(&self) -> Result<u64, NodeError> {
        let id: U64 = self.ask("eth_chainId", json!([])).await?;
        Ok(id.to())
    }

    /// The header of the newest block, hashed here.
    pub(super) async fn newest(&self) -> Result<Sealed<Header>, NodeError> {
        let Named { hash, header } = self.ask("eth_getBlockByNumber", json!(["latest", false])).await?;
        let hashed = header.hash_slow();
        if hashed != hash {
            return Err(NodeError::WrongHash { number: header.number, called: hash, hashed });
        }
        Ok(Sealed::new_unchecked(header, hashed))
    }

    async fn ask<T: DeserializeOwned>(&self, method: &'static str, params: Value) -> Result<T, NodeError> {
        let silent = |source| NodeError::Silent { url: self.url.clone(), source };
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let request = self.client.post(self.url.clone()).timeout(PATIENCE).json(&body);
        let reply: Reply = request.send().await.map_err(silent)?.json().await.map_err(silent)?;
        if let Some(error) = reply.error {
            return Err(NodeError::Unusable { method, detail: error.to_string() });
        }
        serde_json::from_value(reply.result)
            .map_err(|error| NodeError::Unusable { method, detail: error.to_string() })
    }
}
