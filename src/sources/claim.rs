//! What an endpoint said, and which endpoint it was.

use std::sync::Arc;

use alloy::primitives::{B256, Bytes, U256};

/// Which endpoint: its label as the user sees it (host, or the name given in settings). Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndpointId(pub Arc<str>);

impl std::fmt::Display for EndpointId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An unverified answer and who gave it.
#[derive(Debug, Clone)]
pub struct Claim<T> {
    /// What was said.
    pub body: T,
    /// Who said it.
    pub from: EndpointId,
    /// The reply's bytes as they came (after decompression, capped), kept as evidence should it prove a lie.
    pub evidence: Bytes,
}

impl<T> Claim<T> {
    /// The same claim about a transformed body.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Claim<U> {
        Claim { body: f(self.body), from: self.from, evidence: self.evidence }
    }
}

/// How a Beacon API body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `application/octet-stream`.
    Ssz,
    /// `application/json`.
    Json,
}

/// One undecoded Beacon API body.
#[derive(Debug, Clone)]
pub struct RawBeacon {
    /// How `bytes` is encoded. A JSON body is the whole envelope (`{"version":…,"data":…}`), or for updates one entry
    /// of the list. An SSZ body of an update is one entry of the stream, **without** the 8-byte length and 4-byte
    /// digest, which are in `fork_digest`.
    pub encoding: Encoding,
    /// `Eth-Consensus-Version` header, where the endpoint sent one. A hint.
    pub version: Option<String>,
    /// Fork digest of an entry of an SSZ update stream. A hint that selects the decoder.
    pub fork_digest: Option<[u8; 4]>,
    /// The body.
    pub bytes: Bytes,
}

/// The state a question is about. HTTP endpoints use the hash; peer-to-peer sources need all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateRef {
    /// Hash of the block after which the state holds.
    pub block_hash: B256,
    /// Its number.
    pub number: u64,
    /// Its state root.
    pub state_root: B256,
}

/// A claimed execution header, in whichever form the endpoint serves.
#[derive(Debug, Clone)]
pub enum RawHeader {
    /// RLP as in `debug_getRawHeader`.
    Rlp(Bytes),
    /// JSON-RPC block object with every field the endpoint sent.
    Json(serde_json::Value),
}

/// A claimed `eth_getProof` answer. Nodes are unordered sets: a verifier looks nodes up by hash.
#[derive(Debug, Clone, Default)]
pub struct RawAccountProof {
    /// Claimed nonce, balance, code hash and storage root; compared with the proven ones, never used.
    pub nonce: u64,
    /// Claimed balance in wei.
    pub balance: U256,
    /// Claimed code hash.
    pub code_hash: B256,
    /// Claimed storage root.
    pub storage_hash: B256,
    /// RLP trie nodes of the account proof.
    pub account_nodes: Vec<Bytes>,
    /// One entry a slot the endpoint answered.
    pub storage: Vec<RawStorageProof>,
}

/// One claimed slot.
#[derive(Debug, Clone, Default)]
pub struct RawStorageProof {
    /// Slot key as the endpoint repeated it.
    pub key: U256,
    /// Claimed value.
    pub value: U256,
    /// RLP trie nodes.
    pub nodes: Vec<Bytes>,
}

/// Where an endpoint says a transaction is. A hint: the inclusion is proven from the block itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TxLocation {
    /// The endpoint does not know the hash.
    Unknown,
    /// The endpoint has it in its mempool, as this JSON-RPC object.
    Pending(Box<serde_json::Value>),
    /// The endpoint says it is in this block, at this index.
    Included {
        /// Claimed block hash.
        block_hash: B256,
        /// Claimed index in that block.
        index: u64,
    },
}

/// A call to be hinted about: which state it is likely to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HintedCall {
    /// Who calls.
    pub from: alloy::primitives::Address,
    /// Who is called.
    pub to: Option<alloy::primitives::Address>,
    /// Calldata.
    pub input: Bytes,
    /// Wei sent along.
    pub value: U256,
}

/// Accounts and their slots, as an endpoint says that a call reads them.
pub type AccessHint = Vec<(alloy::primitives::Address, Vec<U256>)>;
