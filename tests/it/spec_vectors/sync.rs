//! `light_client/sync`: the store after every step.

use lifeboat::consensus::wire::{Body, ForkHint, decode_bootstrap, decode_update};
use lifeboat::consensus::{LightClientHeader, LightClientStore, Mainnet, Minimal, Preset, execution_root};
use lifeboat::networks::NetworkSpec;
use serde_yaml_ng::Value;

use super::Case;
use super::spec::{digest, number, of_config, root, text};

pub(super) fn run(case: &Case) {
    if case.preset == "minimal" { run_preset::<Minimal>(case) } else { run_preset::<Mainnet>(case) }
}

fn hint(spec: &NetworkSpec, value: Option<&Value>) -> ForkHint<'static> {
    ForkHint { version: None, digest: value.map(|value| digest(spec, value)) }
}

fn run_preset<P: Preset>(case: &Case) {
    let meta = case.yaml("meta.yaml");
    let spec = of_config(case, root(&meta["genesis_validators_root"]));
    let bytes = case.ssz("bootstrap");
    let bootstrap =
        decode_bootstrap::<P>(Body::Ssz(&bytes), hint(&spec, meta.get("bootstrap_fork_digest")), &spec)
            .unwrap_or_else(|e| panic!("{case:?}: {e}"));
    let mut store =
        LightClientStore::initialize(root(&meta["trusted_block_root"]), bootstrap, &spec).unwrap();
    for (index, step) in case.yaml("steps.yaml").as_sequence().unwrap().iter().enumerate() {
        let (kind, step) = step.as_mapping().unwrap().iter().next().unwrap();
        let at = format!("{} step {index}", case.dir.display());
        match text(kind).as_str() {
            "process_update" => {
                let bytes = case.ssz(&text(&step["update"]));
                let update =
                    decode_update::<P>(Body::Ssz(&bytes), hint(&spec, step.get("update_fork_digest")), &spec)
                        .unwrap_or_else(|e| panic!("{at}: {e}"));
                store
                    .process(&update, number(&step["current_slot"]), &spec)
                    .unwrap_or_else(|e| panic!("{at}: {e}"));
            }
            "force_update" => store.force_update(number(&step["current_slot"]), &spec).unwrap(),
            "upgrade_store" => {} // ours is in the newest shape from the start
            other => panic!("{at}: unknown step {other}"),
        }
        let checks = &step["checks"];
        check(&checks["finalized_header"], &store.finalized_header, &spec, &at);
        check(&checks["optimistic_header"], &store.optimistic_header, &spec, &at);
    }
}

fn check(expected: &Value, header: &LightClientHeader, spec: &NetworkSpec, at: &str) {
    assert_eq!(header.beacon.slot, number(&expected["slot"]), "{at}");
    assert_eq!(header.beacon.root(), root(&expected["beacon_root"]), "{at}");
    if let Some(execution) = expected.get("execution_root") {
        assert_eq!(execution_root(header, spec), root(execution), "{at}");
    }
}
