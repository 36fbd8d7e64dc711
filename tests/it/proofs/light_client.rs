//! Real light-client data: every sequence, every file, the feed, and the synthetic Gloas networks.

use lifeboat::consensus::{Finality, LightClientStore, Mainnet, Store};
use lifeboat::networks::{BlobParameters, Fork, ForkActivation, ForkSchedule, NetworkSpec, mainnet};
use serde_json::Value;

use super::captured::{bootstrap, json, object, root, update, updates};
use super::fixtures;

fn slot(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn every_sequence_ends_where_the_reference_ends() {
    let Some(fixtures) = fixtures() else { return };
    let folder = fixtures.join("mainnet/light-client");
    if !folder.join("sequences.json").is_file() {
        return;
    }
    let spec = mainnet();
    let sequences = json(&folder.join("sequences.json"));
    for sequence in sequences.as_array().unwrap() {
        let name = sequence["name"].as_str().unwrap();
        let start = bootstrap(&object(&folder.join(sequence["bootstrap"].as_str().unwrap())), &spec).unwrap();
        let mut store: LightClientStore<Mainnet> =
            LightClientStore::initialize(root(&sequence["trusted_block_root"]), start, &spec).unwrap();
        for (index, step) in sequence["steps"].as_array().unwrap().iter().enumerate() {
            run_step(&mut store, &folder, step, &spec, &format!("{name} step {index}"));
        }
    }
    println!("{} sequences", sequences.as_array().unwrap().len());
}

fn run_step(
    store: &mut LightClientStore<Mainnet>,
    folder: &std::path::Path,
    step: &Value,
    spec: &NetworkSpec,
    at: &str,
) {
    let (kind, now) = (step["step"].as_str().unwrap(), slot(&step["current_slot"]));
    let outcome = if kind == "force_update" {
        store.force_update(now, spec)
    } else {
        let path = folder.join(step["file"].as_str().unwrap());
        let raw = if kind == "update" {
            updates(&path)[usize::try_from(step["index"].as_u64().unwrap()).unwrap()].clone()
        } else {
            object(&path)
        };
        update(kind, &raw, spec).and_then(|update| store.process(&update, now, spec))
    };
    assert_eq!(outcome.is_ok(), step["expect"] == "ok", "{at}: {outcome:?}");
    let Some(after) = step.get("after").filter(|after| after.is_object()) else { return };
    assert_eq!(store.finalized_header.beacon.slot, slot(&after["finalized_slot"]), "{at}");
    assert_eq!(store.optimistic_header.beacon.slot, slot(&after["optimistic_slot"]), "{at}");
    assert_eq!(
        store.is_next_sync_committee_known(),
        after["next_sync_committee_known"].as_bool().unwrap(),
        "{at}"
    );
    assert_eq!(store.best_valid_update.is_some(), after["best_valid_update"].as_bool().unwrap(), "{at}");
}

#[test]
fn every_captured_file_decodes() {
    let Some(fixtures) = fixtures() else { return };
    let index = fixtures.join("mainnet/light-client/index.json");
    if !index.is_file() {
        return;
    }
    let spec = mainnet();
    let mut count = 0;
    for entry in json(&index).as_array().unwrap() {
        let path = fixtures.join("mainnet").join(entry["file"].as_str().unwrap());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("bootstrap") {
            bootstrap(&object(&path), &spec).unwrap_or_else(|e| panic!("{name}: {e}"));
        } else if name.starts_with("updates") {
            for raw in updates(&path) {
                update("update", &raw, &spec).unwrap_or_else(|e| panic!("{name}: {e}"));
            }
        } else {
            let kind = if name.starts_with("finality") { "finality_update" } else { "optimistic_update" };
            update(kind, &object(&path), &spec).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        count += 1;
    }
    println!("{count} files");
}

#[test]
fn the_feed_moves_the_head_slot_by_slot() {
    let Some(fixtures) = fixtures() else { return };
    let spec = mainnet();
    for entry in std::fs::read_dir(fixtures.join("mainnet/feed")).into_iter().flatten().flatten() {
        let dir = entry.path();
        let feed = json(&dir.join("feed.json"));
        let start = bootstrap(&object(&dir.join(feed["bootstrap"].as_str().unwrap())), &spec).unwrap();
        let mut store =
            LightClientStore::initialize(root(&feed["trusted_block_root"]), start, &spec).unwrap();
        let slots: Vec<u64> = feed["slots"].as_array().unwrap().iter().map(slot).collect();
        for file in feed["updates"].as_array().unwrap() {
            for raw in updates(&dir.join(file.as_str().unwrap())) {
                store.process(&update("update", &raw, &spec).unwrap(), slots[0] + 1, &spec).unwrap();
            }
        }
        store.force_update(slots[0] + 1, &spec).unwrap();
        let mut seen = Vec::new();
        for raw in updates(&dir.join("optimistic_updates.json")) {
            let update = update("optimistic_update", &raw, &spec).unwrap();
            store.process(&update, update.signature_slot(), &spec).unwrap();
            seen.push(store.optimistic_header.beacon.slot);
        }
        assert_eq!(seen, slots, "{}", dir.display());
    }
}

/// A made-up network beside the rpc-compat chain.
fn synthetic(network: &Value) -> NetworkSpec {
    let named = &network["forks"];
    let version =
        |fork: Fork| named.get(fork.name()).map(|one| one["version"].as_str().unwrap().parse().unwrap());
    let epoch = |fork: Fork| named.get(fork.name()).map(|one| slot(&one["epoch"]));
    let first = Fork::ALL.into_iter().find(|fork| version(*fork).is_some()).unwrap();
    let forks = Fork::ALL
        .into_iter()
        .map(|fork| ForkActivation {
            fork,
            version: version(fork).unwrap_or_default(),
            epoch: if fork < first { Some(0) } else { epoch(fork) },
        })
        .collect();
    let blob = |epoch, max_blobs_per_block| BlobParameters { epoch, max_blobs_per_block };
    NetworkSpec {
        name: "synthetic".to_owned(),
        chain_id: slot(&network["chain_id"]),
        genesis_time_secs: slot(&network["genesis_time"]),
        genesis_validators_root: root(&network["genesis_validators_root"]),
        slot_duration_ms: slot(&network["seconds_per_slot"]) * 1_000,
        forks: ForkSchedule {
            forks,
            blob_schedule: vec![blob(412_672, 15), blob(419_072, 21)],
            max_blobs_per_block_electra: 9,
        },
        checkpoint: None,
        ..mainnet()
    }
}

#[test]
fn the_synthetic_networks_reach_their_head_in_both_encodings() {
    let Some(folder) = crate::support::shared("fixtures/rpc-compat/light-client") else { return };
    for name in ["fulu", "gloas", "fulu-to-gloas"] {
        let dir = folder.join(name);
        let network = json(&dir.join("network.json"));
        let (spec, now) = (synthetic(&network), slot(&network["current_slot"]));
        let after = &network["after_sync"];
        for ssz in [false, true] {
            let file = |stem: &str| object(&dir.join(format!("{stem}.{}", if ssz { "ssz" } else { "json" })));
            let start = bootstrap(&file("bootstrap"), &spec).unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut store = Store::bootstrap(root(&network["trusted_block_root"]), start, &spec).unwrap();
            for raw in updates(&dir.join("updates_0.ssz")) {
                store.process(&update("update", &raw, &spec).unwrap(), now, &spec).unwrap();
            }
            for kind in ["finality_update", "optimistic_update"] {
                let update =
                    update(kind, &file(kind), &spec).unwrap_or_else(|e| panic!("{name} {kind}: {e}"));
                store.process(&update, now, &spec).unwrap_or_else(|e| panic!("{name} {kind}: {e}"));
            }
            assert_eq!(store.finalized().slot(), slot(&after["finalized_slot"]), "{name}");
            assert_eq!(
                store.finalized().block_hash(),
                root(&after["finalized_execution_block_hash"]),
                "{name}"
            );
            assert_eq!(store.head().slot(), slot(&after["optimistic_slot"]), "{name}");
            assert_eq!(store.head().block_hash(), root(&after["optimistic_execution_block_hash"]), "{name}");
            assert_eq!(store.finalized().finality(), Finality::Final);
        }
    }
}
