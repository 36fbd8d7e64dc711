//! The Beacon API of one practice endpoint.

use std::sync::PoisonError;

use alloy::primitives::B256;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::chain::{BeaconChain, SharedBeacon};
use super::lie::{BeaconLie, bend_bootstrap, bend_bytes, bend_update};
use super::objects::{Object, Update};
use crate::consensus::fork_digest;
use crate::devnet::http::{Endpoint, Fault, Faults, HttpError};
use crate::networks::{Fork, Slot};

/// What a handler needs.
#[derive(Debug, Clone)]
struct Shelf {
    chain: SharedBeacon,
    faults: Faults<BeaconLie>,
}

/// An object ready to send.
struct Sent {
    fork: Fork,
    ssz: Vec<u8>,
    json: Value,
}

/// Serves the chain on a free loopback port under a carrier's name.
///
/// # Errors
/// See [`HttpError`].
pub async fn serve(chain: SharedBeacon, carrier: &str) -> Result<Endpoint<BeaconLie>, HttpError> {
    let faults = Faults::default();
    let router = Router::new()
        .route("/eth/v1/beacon/genesis", get(genesis))
        .route("/eth/v1/beacon/headers/{block}", get(block_header))
        .route("/eth/v1/beacon/light_client/bootstrap/{root}", get(bootstrap))
        .route("/eth/v1/beacon/light_client/updates", get(updates))
        .route("/eth/v1/beacon/light_client/finality_update", get(finality_update))
        .route("/eth/v1/beacon/light_client/optimistic_update", get(optimistic_update))
        .route("/eth/v1/node/version", get(|| async { axum::Json(json!({"data": {"version": "practice"}})) }))
        .route("/eth/v1/node/health", get(|| async { StatusCode::OK }))
        .with_state(Shelf { chain, faults: faults.clone() });
    crate::devnet::http::serve(router, faults, carrier).await
}

impl Shelf {
    /// Newest slot this endpoint knows; `None` where it offers no light-client data at all.
    fn horizon(&self) -> Option<Slot> {
        match self.faults.get() {
            Fault::NoProofs => None,
            Fault::Frozen { at } => Some(at),
            _ => Some(Slot::MAX),
        }
    }

    fn with<T>(&self, read: impl FnOnce(&mut BeaconChain) -> T) -> T {
        read(&mut self.chain.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// An update as this endpoint tells it.
    fn told(&self, mut update: Update, chain: &BeaconChain) -> Update {
        if let Some(lie) = self.faults.lie() {
            let slots_per_day = 86_400_000 / chain.spec().slot_duration_ms.max(1);
            bend_update(&mut update, lie, slots_per_day);
        }
        update
    }

    fn reply(&self, sent: Sent, headers: &HeaderMap) -> Response {
        let lie = self.faults.lie();
        let Sent { fork, mut ssz, json } = sent;
        let version = match lie {
            Some(BeaconLie::WrongVersion) => Fork::Deneb.name(),
            Some(BeaconLie::UnknownVersion) => "heze",
            _ => fork.name(),
        };
        let as_ssz = wants_ssz(headers);
        let mut bytes = if as_ssz {
            std::mem::take(&mut ssz)
        } else {
            json!({"version": version, "data": json}).to_string().into_bytes()
        };
        if let Some(lie) = lie {
            bend_bytes(&mut bytes, lie);
        }
        let says_ssz = as_ssz != (lie == Some(BeaconLie::WrongContentType));
        typed(bytes, says_ssz, Some(version))
    }
}

fn wants_ssz(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/octet-stream")
}

fn typed(bytes: Vec<u8>, ssz: bool, version: Option<&str>) -> Response {
    let kind = if ssz { "application/octet-stream" } else { "application/json" };
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    if let Some(version) = version.and_then(|version| version.parse().ok()) {
        response.headers_mut().insert("eth-consensus-version", version);
    }
    response
}

fn sent<E, G>(object: &Object<E, G>, fork: Fork) -> Sent
where
    E: ssz::Encode + Serialize,
    G: ssz::Encode + Serialize,
{
    Sent { fork, ssz: object.ssz(), json: serde_json::to_value(object).unwrap_or_default() }
}

fn not_found(what: &str) -> Response {
    (StatusCode::NOT_FOUND, axum::Json(json!({"code": 404, "message": format!("no {what}")}))).into_response()
}

async fn genesis(State(shelf): State<Shelf>) -> Response {
    let wrong = matches!(shelf.faults.get(), Fault::WrongChain);
    shelf.with(|chain| {
        let spec = chain.spec();
        let root = if wrong { B256::repeat_byte(0x77) } else { spec.genesis_validators_root };
        let data = json!({
            "genesis_time": spec.genesis_time_secs.to_string(),
            "genesis_validators_root": root,
            "genesis_fork_version": spec.forks.version_at(0),
        });
        axum::Json(json!({"data": data})).into_response()
    })
}

async fn block_header(State(shelf): State<Shelf>, Path(block): Path<String>) -> Response {
    shelf.with(|chain| {
        let slot = match block.as_str() {
            "finalized" => Some(chain.finalized().1),
            "head" => Some(chain.head_slot()),
            other => match (other.parse::<B256>(), other.parse::<Slot>()) {
                (Ok(root), _) => chain.slots.get(&root).copied(),
                (_, slot) => slot.ok(),
            },
        };
        let Some(block) = slot.and_then(|slot| chain.blocks.get(&slot)) else { return not_found("such block") };
        let data = json!({"root": block.root, "canonical": true, "header": {"message": block.header, "signature": "0x"}});
        axum::Json(json!({"execution_optimistic": false, "finalized": block.header.slot <= chain.finalized().1, "data": data}))
            .into_response()
    })
}

async fn bootstrap(State(shelf): State<Shelf>, Path(root): Path<B256>, headers: HeaderMap) -> Response {
    if shelf.horizon().is_none() {
        return not_found("light-client data");
    }
    let lie = shelf.faults.lie();
    let found = shelf.with(|chain| {
        let root = if lie == Some(BeaconLie::OtherBootstrap) { other_root(chain, root) } else { root };
        let fork_at = |chain: &BeaconChain, slot| chain.spec().fork_at(slot);
        let (slot, mut bootstrap) = chain.bootstrap(root)?;
        if let Some(lie) = lie {
            bend_bootstrap(&mut bootstrap, lie);
        }
        Some(sent(&bootstrap, fork_at(chain, slot)))
    });
    found.map_or_else(|| not_found("bootstrap for that root"), |found| shelf.reply(found, &headers))
}

fn other_root(chain: &BeaconChain, root: B256) -> B256 {
    chain.blocks.values().map(|block| block.root).find(|other| *other != root).unwrap_or(root)
}

#[derive(Deserialize)]
struct Range {
    start_period: u64,
    count: u64,
}

async fn updates(State(shelf): State<Shelf>, Query(range): Query<Range>, headers: HeaderMap) -> Response {
    let Some(horizon) = shelf.horizon() else { return not_found("light-client data") };
    let last = range.start_period.saturating_add(range.count.min(128));
    let found: Vec<(Sent, [u8; 4])> = shelf.with(|chain| {
        let spec = chain.spec().clone();
        let wanted = chain.served.best.range(range.start_period..last);
        wanted
            .filter(|(_, (_, internal))| internal.attested_slot() <= horizon)
            .map(|(_, (update, internal))| {
                let slot = internal.attested_slot();
                let told = shelf.told(update.clone(), chain);
                (sent(&told, spec.fork_at(slot)), fork_digest(&spec, spec.epoch_at(slot)).0)
            })
            .collect()
    });
    let lie = shelf.faults.lie();
    if wants_ssz(&headers) {
        let mut stream = Vec::new();
        for (one, digest) in found {
            let digest =
                if lie == Some(BeaconLie::UnknownVersion) { [0xde, 0xad, 0xbe, 0xef] } else { digest };
            stream.extend((one.ssz.len() as u64 + 4).to_le_bytes());
            stream.extend(digest);
            stream.extend(one.ssz);
        }
        if let Some(lie) = lie {
            bend_bytes(&mut stream, lie);
        }
        return typed(stream, lie != Some(BeaconLie::WrongContentType), None);
    }
    let list: Vec<Value> =
        found.into_iter().map(|(one, _)| json!({"version": one.fork.name(), "data": one.json})).collect();
    typed(Value::Array(list).to_string().into_bytes(), false, None)
}

async fn finality_update(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    newest(&shelf, &headers, |update, fork| sent(&update.finality(), fork))
}

async fn optimistic_update(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    newest(&shelf, &headers, |update, fork| sent(&update.optimistic(), fork))
}

fn newest(shelf: &Shelf, headers: &HeaderMap, narrow: impl FnOnce(&Update, Fork) -> Sent) -> Response {
    let Some(horizon) = shelf.horizon() else { return not_found("light-client data") };
    let found = shelf.with(|chain| {
        let (slot, update) = chain.newest(horizon)?;
        let fork = chain.spec().fork_at(slot);
        Some(narrow(&shelf.told(update.clone(), chain), fork))
    });
    found.map_or_else(|| not_found("update yet"), |found| shelf.reply(found, headers))
}
