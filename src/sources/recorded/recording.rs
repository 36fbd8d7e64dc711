//! What was answered, in a form for files.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sources::{Encoding, RawAccountProof, RawBeacon, RawHeader, RawStorageProof};

/// Answers of one light client's run to one state: enough to verify that state from an older checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) bootstraps: BTreeMap<B256, Beacon>,
    /// By sync-committee period.
    #[serde(default)]
    pub(super) updates: BTreeMap<u64, Beacon>,
    pub(super) finality: Option<Beacon>,
    pub(super) optimistic: Option<Beacon>,
    /// By block hash.
    #[serde(default)]
    pub(super) headers: BTreeMap<B256, Header>,
    /// Proofs by the block after which they hold.
    #[serde(default)]
    pub(super) accounts: BTreeMap<B256, BTreeMap<Address, Account>>,
    #[serde(default)]
    pub(super) codes: BTreeMap<Address, Bytes>,
}

/// One body of the Beacon API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Beacon {
    /// It is JSON, not SSZ.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    json: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<[u8; 4]>,
    body: Bytes,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Header {
    Rlp(Bytes),
    Json(Value),
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    nonce: u64,
    balance: U256,
    code_hash: B256,
    storage_hash: B256,
    nodes: Vec<Bytes>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    slots: BTreeMap<U256, Slot>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    value: U256,
    nodes: Vec<Bytes>,
}

impl Beacon {
    pub(super) fn of(raw: &RawBeacon) -> Self {
        let (version, digest) = (raw.version.clone(), raw.fork_digest);
        Self { json: raw.encoding == Encoding::Json, version, digest, body: raw.bytes.clone() }
    }

    pub(super) fn raw(&self) -> RawBeacon {
        RawBeacon {
            encoding: if self.json { Encoding::Json } else { Encoding::Ssz },
            version: self.version.clone(),
            fork_digest: self.digest,
            bytes: self.body.clone(),
        }
    }
}

impl Header {
    pub(super) fn of(raw: &RawHeader) -> Self {
        match raw {
            RawHeader::Rlp(bytes) => Self::Rlp(bytes.clone()),
            RawHeader::Json(value) => Self::Json(value.clone()),
        }
    }

    pub(super) fn raw(&self) -> RawHeader {
        match self {
            Self::Rlp(bytes) => RawHeader::Rlp(bytes.clone()),
            Self::Json(value) => RawHeader::Json(value.clone()),
        }
    }
}

impl Account {
    /// Takes one answer: slots are added to those that are there.
    pub(super) fn take(&mut self, raw: &RawAccountProof) {
        (self.nonce, self.balance) = (raw.nonce, raw.balance);
        (self.code_hash, self.storage_hash) = (raw.code_hash, raw.storage_hash);
        self.nodes.clone_from(&raw.account_nodes);
        for one in &raw.storage {
            self.slots.insert(one.key, Slot { value: one.value, nodes: one.nodes.clone() });
        }
    }

    /// The answer about these slots; `None` where one of them was never asked for.
    pub(super) fn raw(&self, keys: &[U256]) -> Option<RawAccountProof> {
        let slot = |key: &U256| {
            let slot = self.slots.get(key)?;
            Some(RawStorageProof { key: *key, value: slot.value, nodes: slot.nodes.clone() })
        };
        Some(RawAccountProof {
            nonce: self.nonce,
            balance: self.balance,
            code_hash: self.code_hash,
            storage_hash: self.storage_hash,
            account_nodes: self.nodes.clone(),
            storage: keys.iter().map(slot).collect::<Option<_>>()?,
        })
    }
}
