//! A beacon endpoint that hands out the synthetic light-client objects, and the network they are of.

use std::path::Path;
use std::sync::Arc;

use alloy::primitives::FixedBytes;
use axum::Router;
use axum::extract::Path as Route;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use lifeboat::networks::{BlobParameters, Checkpoint, Fork, ForkActivation, ForkSchedule, NetworkSpec};
use serde_json::{Value, json};

/// The network of a folder; blob parameters as the chain file's own configuration has them at its head.
pub(super) fn network(folder: &Path) -> (NetworkSpec, u64) {
    let described: Value = read(folder, "network.json");
    let number = |name: &str| described[name].as_u64().unwrap();
    let activation = |fork: Fork| {
        let own = &described["forks"][fork.name()];
        let later = matches!(fork, Fork::Fulu | Fork::Gloas);
        ForkActivation {
            fork,
            version: own["version"].as_str().map_or(FixedBytes::ZERO, |text| text.parse().unwrap()),
            epoch: own["epoch"].as_u64().or((!later).then_some(0)),
        }
    };
    let spec = NetworkSpec {
        name: "rpc-compat".to_owned(),
        chain_id: number("chain_id"),
        genesis_time_secs: number("genesis_time"),
        genesis_validators_root: described["genesis_validators_root"].as_str().unwrap().parse().unwrap(),
        slot_duration_ms: number("seconds_per_slot") * 1_000,
        slots_per_epoch: 32,
        epochs_per_period: 256,
        forks: ForkSchedule {
            forks: Fork::ALL.into_iter().map(activation).collect(),
            blob_schedule: vec![BlobParameters { epoch: 1, max_blobs_per_block: 21 }],
            max_blobs_per_block_electra: 9,
        },
        checkpoint: Some(Checkpoint {
            root: described["trusted_block_root"].as_str().unwrap().parse().unwrap(),
            slot: Some(number("bootstrap_slot")),
        }),
        ens_registry: None,
    };
    let now = spec.slot_start_ms(number("current_slot")) + spec.slot_duration_ms / 2;
    (spec, now)
}

fn read(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

/// Serves a folder on a loopback port, until the runtime ends; gives its address.
pub(super) async fn serve(folder: &Path, spec: &NetworkSpec) -> String {
    let genesis = json!({"data": {
        "genesis_time": spec.genesis_time_secs.to_string(),
        "genesis_validators_root": spec.genesis_validators_root,
        "genesis_fork_version": "0x00000000",
    }});
    let folder = Arc::new(folder.to_owned());
    let genesis = genesis.to_string();
    let router = Router::new()
        .route("/eth/v1/beacon/genesis", get(move || async move { body(genesis.into_bytes()) }))
        .route(
            "/eth/v1/beacon/light_client/{*what}",
            get(move |Route(what): Route<String>| {
                let folder = Arc::clone(&folder);
                async move {
                    let name = match what.split('/').next() {
                        Some("updates") => "updates_0.json",
                        Some("bootstrap") => "bootstrap.json",
                        Some("finality_update") => "finality_update.json",
                        Some("optimistic_update") => "optimistic_update.json",
                        _ => return StatusCode::NOT_FOUND.into_response(),
                    };
                    body(std::fs::read(folder.join(name)).unwrap())
                }
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

fn body(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}
