//! `light_client/update_ranking`: updates in descending order.

use lifeboat::consensus::wire::{Body, ForkHint, decode_update};
use lifeboat::consensus::{Mainnet, Minimal, Preset, Update};

use super::Case;
use super::spec::{number, of_fork};

pub(super) fn run(case: &Case) {
    if case.preset == "minimal" { run_preset::<Minimal>(case) } else { run_preset::<Mainnet>(case) }
}

fn run_preset<P: Preset>(case: &Case) {
    let spec = of_fork(case);
    let hint = ForkHint { version: Some(&case.fork), digest: None };
    let count = number(&case.yaml("meta.yaml")["updates_count"]);
    let updates: Vec<Update<P>> = (0..count)
        .map(|index| {
            let bytes = case.ssz(&format!("updates_{index}"));
            decode_update::<P>(Body::Ssz(&bytes), hint, &spec)
                .unwrap_or_else(|e| panic!("{case:?} {index}: {e}"))
        })
        .collect();
    assert!(updates.len() > 1);
    for (index, pair) in updates.windows(2).enumerate() {
        assert!(pair[0].is_better_than(&pair[1], &spec), "{} {index}", case.dir.display());
        assert!(!pair[1].is_better_than(&pair[0], &spec), "{} {index} reversed", case.dir.display());
    }
}
