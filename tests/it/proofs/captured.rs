//! Reading captured light-client objects and following them.

use std::path::{Path, PathBuf};

use alloy::primitives::B256;
use lifeboat::consensus::wire::{
    Body, ForkHint, decode_bootstrap, decode_finality_update, decode_optimistic_update, decode_update,
};
use lifeboat::consensus::{Bootstrap, ConsensusError, Mainnet, Update};
use lifeboat::networks::NetworkSpec;
use serde_json::Value;

/// One undecoded object.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    pub(crate) ssz: bool,
    pub(crate) digest: Option<[u8; 4]>,
}

impl Raw {
    pub(crate) fn body(&self) -> Body<'_> {
        if self.ssz { Body::Ssz(&self.bytes) } else { Body::Json(&self.bytes) }
    }
    fn hint(&self) -> ForkHint<'_> {
        ForkHint { version: None, digest: self.digest }
    }
}

pub(crate) fn json(path: &Path) -> Value {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A file with one object.
pub(crate) fn object(path: &Path) -> Raw {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Raw { bytes, ssz: path.extension().is_some_and(|extension| extension == "ssz"), digest: None }
}

/// A file of updates: the SSZ stream, or a JSON list (or one object).
pub(crate) fn updates(path: &Path) -> Vec<Raw> {
    let all = object(path);
    if !all.ssz {
        return match json(path) {
            Value::Array(list) => list.iter().map(of_json).collect(),
            one => vec![of_json(&one)],
        };
    }
    let (mut rest, mut found) = (all.bytes.as_slice(), Vec::new());
    while !rest.is_empty() {
        let length = usize::try_from(u64::from_le_bytes(rest[..8].try_into().unwrap())).unwrap();
        let entry = &rest[8..8 + length];
        found.push(Raw {
            bytes: entry[4..].to_vec(),
            ssz: true,
            digest: Some(entry[..4].try_into().unwrap()),
        });
        rest = &rest[8 + length..];
    }
    found
}

pub(crate) fn of_json(value: &Value) -> Raw {
    Raw { bytes: value.to_string().into_bytes(), ssz: false, digest: None }
}

pub(crate) fn bootstrap(raw: &Raw, spec: &NetworkSpec) -> Result<Bootstrap<Mainnet>, ConsensusError> {
    decode_bootstrap(raw.body(), raw.hint(), spec)
}

/// An update of the kind that fixtures name.
pub(crate) fn update(kind: &str, raw: &Raw, spec: &NetworkSpec) -> Result<Update<Mainnet>, ConsensusError> {
    match kind {
        "update" => decode_update(raw.body(), raw.hint(), spec),
        "finality_update" => decode_finality_update(raw.body(), raw.hint(), spec),
        "optimistic_update" => decode_optimistic_update(raw.body(), raw.hint(), spec),
        other => panic!("unknown kind {other}"),
    }
}

pub(crate) fn root(value: &Value) -> B256 {
    value.as_str().unwrap().parse().unwrap()
}

/// All `scenario.json` below `mainnet/replay`.
pub(crate) fn scenarios(fixtures: &Path) -> Vec<(PathBuf, Value)> {
    let mut found: Vec<_> = std::fs::read_dir(fixtures.join("mainnet/replay"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|dir| dir.join("scenario.json").is_file())
        .map(|dir| (dir.clone(), json(&dir.join("scenario.json"))))
        .collect();
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found
}
