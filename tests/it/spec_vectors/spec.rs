//! A network from a case's `config.yaml` and preset.

use alloy::primitives::{B256, FixedBytes};
use lifeboat::consensus::{fork_digest, fork_of_digest};
use lifeboat::networks::{BlobParameters, Fork, ForkActivation, ForkSchedule, NetworkSpec};
use serde_yaml_ng::Value;

use super::Case;

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => panic!("not a scalar: {other:?}"),
    }
}

pub(super) fn number(value: &Value) -> u64 {
    text(value).parse().unwrap_or_else(|e| panic!("{value:?}: {e}"))
}

pub(super) fn root(value: &Value) -> B256 {
    text(value).parse().unwrap_or_else(|e| panic!("{value:?}: {e}"))
}

/// Versions are written unquoted, so YAML reads them as numbers.
fn version(value: &Value) -> FixedBytes<4> {
    match value {
        Value::Number(number) => FixedBytes(u32::try_from(number.as_u64().unwrap()).unwrap().to_be_bytes()),
        other => text(other).parse().unwrap(),
    }
}

/// The network of a `sync` case.
pub(super) fn of_config(case: &Case, genesis_validators_root: B256) -> NetworkSpec {
    let config = case.yaml("config.yaml");
    let mut forks = Vec::new();
    for fork in Fork::ALL {
        let name = if fork == Fork::Phase0 { "GENESIS".to_owned() } else { fork.name().to_uppercase() };
        let Some(version_of) = config.get(format!("{name}_FORK_VERSION")) else { continue };
        let epoch = match config.get(format!("{name}_FORK_EPOCH")) {
            Some(epoch) => Some(number(epoch)).filter(|epoch| *epoch != u64::MAX),
            None => (fork == Fork::Phase0).then_some(0),
        };
        forks.push(ForkActivation { fork, version: version(version_of), epoch });
    }
    let schedule = config.get("BLOB_SCHEDULE").and_then(Value::as_sequence).cloned().unwrap_or_default();
    let blob_schedule = schedule
        .iter()
        .map(|entry| BlobParameters {
            epoch: number(&entry["EPOCH"]),
            max_blobs_per_block: number(&entry["MAX_BLOBS_PER_BLOCK"]),
        })
        .collect();
    let max_blobs_per_block_electra = config.get("MAX_BLOBS_PER_BLOCK_ELECTRA").map_or(9, number);
    base(case, genesis_validators_root, ForkSchedule { forks, blob_schedule, max_blobs_per_block_electra })
}

/// A network in which everything up to the case's fork starts at epoch 0.
pub(super) fn of_fork(case: &Case) -> NetworkSpec {
    let last = Fork::from_name(&case.fork).unwrap();
    let forks = Fork::ALL
        .into_iter()
        .filter(|fork| *fork <= last)
        .map(|fork| ForkActivation { fork, version: FixedBytes([fork as u8, 0, 0, 1]), epoch: Some(0) })
        .collect();
    base(case, B256::ZERO, ForkSchedule { forks, blob_schedule: Vec::new(), max_blobs_per_block_electra: 9 })
}

fn base(case: &Case, genesis_validators_root: B256, forks: ForkSchedule) -> NetworkSpec {
    let minimal = case.preset == "minimal";
    NetworkSpec {
        name: "vectors".to_owned(),
        chain_id: 1,
        genesis_time_secs: 0,
        genesis_validators_root,
        slot_duration_ms: 6_000,
        slots_per_epoch: if minimal { 8 } else { 32 },
        epochs_per_period: if minimal { 8 } else { 256 },
        forks,
        checkpoint: None,
        ens_registry: None,
    }
}

/// The digest's bytes, checked to be one of this network.
pub(super) fn digest(spec: &NetworkSpec, value: &Value) -> [u8; 4] {
    let digest: FixedBytes<4> = text(value).parse().unwrap();
    let fork =
        fork_of_digest(spec, digest).unwrap_or_else(|| panic!("{digest} is no digest of this network"));
    assert!(spec.forks.epoch_of(fork).is_some_and(|epoch| epoch == 0 || fork_digest(spec, epoch) == digest));
    digest.0
}
