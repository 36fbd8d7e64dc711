//! The Beacon API's light-client routes of one endpoint.

use alloy::primitives::{B256, Bytes};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::json::from_json;
use super::json_rpc_parse::malformed;
use super::{HttpClient, Reply};
use crate::sources::{Encoding, RawBeacon, SourceError};

/// A bootstrap or update is about 25 kB as SSZ and twice that as JSON.
const UPDATE_CAP: usize = 128 * 1024;
const SMALL_CAP: usize = 64 * 1024;
/// Beacon API limit of one request.
const MAX_UPDATES: u64 = 128;

/// One Beacon API endpoint.
#[derive(Debug, Clone)]
pub(in crate::sources) struct BeaconApi {
    client: HttpClient,
    base: Url,
}

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

#[derive(Deserialize)]
struct Genesis {
    genesis_time: String,
    genesis_validators_root: B256,
}

#[derive(Deserialize)]
struct HeaderData {
    root: B256,
    header: SignedHeader,
}

#[derive(Deserialize)]
struct SignedHeader {
    message: HeaderMessage,
}

#[derive(Deserialize)]
struct HeaderMessage {
    slot: String,
}

impl BeaconApi {
    pub(in crate::sources) fn new(client: HttpClient, base: Url) -> Self {
        Self { client, base }
    }

    pub(in crate::sources) async fn bootstrap(&self, root: B256) -> Result<(RawBeacon, Reply), SourceError> {
        self.object(&format!("eth/v1/beacon/light_client/bootstrap/{root}"), UPDATE_CAP).await
    }

    pub(in crate::sources) async fn finality_update(&self) -> Result<(RawBeacon, Reply), SourceError> {
        self.object("eth/v1/beacon/light_client/finality_update", SMALL_CAP).await
    }

    pub(in crate::sources) async fn optimistic_update(&self) -> Result<(RawBeacon, Reply), SourceError> {
        self.object("eth/v1/beacon/light_client/optimistic_update", SMALL_CAP).await
    }

    pub(in crate::sources) async fn updates(
        &self,
        start_period: u64,
        count: u64,
    ) -> Result<(Vec<RawBeacon>, Reply), SourceError> {
        let count = count.clamp(1, MAX_UPDATES);
        let route = format!("eth/v1/beacon/light_client/updates?start_period={start_period}&count={count}");
        let cap = UPDATE_CAP.saturating_mul(usize::try_from(count).unwrap_or(usize::MAX));
        let reply = self.client.get(self.url(&route)?, cap, true).await?;
        let entries = if reply.is_ssz { split_ssz(&reply)? } else { split_json(&reply)? };
        if entries.is_empty() {
            return Err(SourceError::NotFound);
        }
        if entries.len() as u64 > count {
            return Err(malformed("more updates than were asked for"));
        }
        Ok((entries, reply))
    }

    /// `(genesis_validators_root, genesis time in seconds)`.
    pub(in crate::sources) async fn genesis(&self) -> Result<((B256, u64), Reply), SourceError> {
        let (genesis, reply) = self.json::<Genesis>("eth/v1/beacon/genesis").await?;
        let time = genesis.genesis_time.parse().map_err(|_number| malformed("genesis_time"))?;
        Ok(((genesis.genesis_validators_root, time), reply))
    }

    /// `(root, slot)` of the block the endpoint has under this name: `finalized`, or a slot.
    pub(in crate::sources) async fn root_of(&self, block: &str) -> Result<(B256, u64), SourceError> {
        let (data, _) = self.json::<HeaderData>(&format!("eth/v1/beacon/headers/{block}")).await?;
        let slot = data.header.message.slot.parse().map_err(|_number| malformed("slot"))?;
        Ok((data.root, slot))
    }

    async fn object(&self, route: &str, cap: usize) -> Result<(RawBeacon, Reply), SourceError> {
        let reply = self.client.get(self.url(route)?, cap, false).await?;
        let encoding = if reply.is_ssz { Encoding::Ssz } else { Encoding::Json };
        if encoding == Encoding::Json && !looks_like_json(&reply.body) {
            return Err(malformed("not JSON"));
        }
        let raw = RawBeacon {
            encoding,
            version: reply.version.clone(),
            fork_digest: None,
            bytes: reply.body.clone(),
        };
        Ok((raw, reply))
    }

    async fn json<T: for<'a> Deserialize<'a>>(&self, route: &str) -> Result<(T, Reply), SourceError> {
        let reply = self.client.get_json(self.url(route)?, SMALL_CAP, false).await?;
        let data: Data<T> = from_json(&reply.body)?;
        Ok((data.data, reply))
    }

    fn url(&self, route: &str) -> Result<Url, SourceError> {
        let mut base = self.base.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        base.join(route).map_err(|error| malformed(&error.to_string()))
    }
}

/// The octet stream of `updates`: 8-byte little-endian length, 4-byte fork digest, SSZ, repeated.
fn split_ssz(reply: &Reply) -> Result<Vec<RawBeacon>, SourceError> {
    let mut rest: &[u8] = &reply.body;
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let cut = || malformed("the update stream is cut short");
        let (length, after) = rest.split_first_chunk::<8>().ok_or_else(cut)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_large| cut())?;
        let entry = after.get(..length).ok_or_else(cut)?;
        let (digest, bytes) = entry.split_first_chunk::<4>().ok_or_else(cut)?;
        rest = after.get(length..).ok_or_else(cut)?;
        entries.push(RawBeacon {
            encoding: Encoding::Ssz,
            version: None,
            fork_digest: Some(*digest),
            bytes: Bytes::copy_from_slice(bytes),
        });
    }
    Ok(entries)
}

/// A JSON list; some servers wrap it in `{"data": …}`.
fn split_json(reply: &Reply) -> Result<Vec<RawBeacon>, SourceError> {
    let list: Vec<&RawValue> = match from_json(&reply.body) {
        Ok(list) => list,
        Err(_not_a_list) => from_json::<Data<Vec<&RawValue>>>(&reply.body)?.data,
    };
    let entry = |raw: &&RawValue| RawBeacon {
        encoding: Encoding::Json,
        version: reply.version.clone(),
        fork_digest: None,
        bytes: Bytes::copy_from_slice(raw.get().as_bytes()),
    };
    Ok(list.iter().map(entry).collect())
}

fn looks_like_json(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'['))
}
