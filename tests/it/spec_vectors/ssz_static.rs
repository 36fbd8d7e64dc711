//! `ssz_static` of the light-client containers and what they hold: decode, encode back, root.

use lifeboat::consensus::wire::{
    Altair, AltairHeader, Capella, CapellaHeader, Deneb, DenebHeader, Electra, ExecutionPayloadHeaderCapella,
    ExecutionPayloadHeaderDeneb, ForkForm, Gloas, GloasHeader, LightClientBootstrap,
    LightClientFinalityUpdate, LightClientOptimisticUpdate, LightClientUpdate,
};
use lifeboat::consensus::{BeaconBlockHeader, Mainnet, Minimal, Preset, SyncAggregate, SyncCommittee};
use ssz::{Decode, Encode};
use tree_hash::TreeHash;

use super::Case;
use super::spec::root;

pub(super) fn run(case: &Case) {
    if case.preset == "minimal" { run_preset::<Minimal>(case) } else { run_preset::<Mainnet>(case) }
}

fn run_preset<P: Preset>(case: &Case) {
    match case.fork.as_str() {
        "altair" | "bellatrix" => run_fork::<P, Altair>(case),
        "capella" => run_fork::<P, Capella>(case),
        "deneb" => run_fork::<P, Deneb>(case),
        "electra" | "fulu" => run_fork::<P, Electra>(case),
        "gloas" => run_fork::<P, Gloas>(case),
        other => panic!("unknown fork {other}"),
    }
}

fn run_fork<P: Preset, F: ForkForm>(case: &Case) {
    match (case.handler.as_str(), case.fork.as_str()) {
        ("BeaconBlockHeader", _) => check::<BeaconBlockHeader>(case),
        ("SyncCommittee", _) => check::<SyncCommittee<P>>(case),
        ("SyncAggregate", _) => check::<SyncAggregate<P>>(case),
        ("LightClientHeader", "altair" | "bellatrix") => check::<AltairHeader>(case),
        ("LightClientHeader", "capella") => check::<CapellaHeader>(case),
        ("LightClientHeader", "gloas") => check::<GloasHeader>(case),
        ("LightClientHeader", _) => check::<DenebHeader>(case),
        ("ExecutionPayloadHeader", "capella") => check::<ExecutionPayloadHeaderCapella>(case),
        ("ExecutionPayloadHeader", _) => check::<ExecutionPayloadHeaderDeneb>(case),
        ("LightClientBootstrap", _) => check::<LightClientBootstrap<P, F>>(case),
        ("LightClientUpdate", _) => check::<LightClientUpdate<P, F>>(case),
        ("LightClientFinalityUpdate", _) => check::<LightClientFinalityUpdate<P, F>>(case),
        ("LightClientOptimisticUpdate", _) => check::<LightClientOptimisticUpdate<P, F>>(case),
        other => panic!("no container for {other:?}: {}", case.dir.display()),
    }
}

fn check<T: Encode + Decode + TreeHash>(case: &Case) {
    let bytes = case.ssz("serialized");
    let object = T::from_ssz_bytes(&bytes).unwrap_or_else(|e| panic!("{}: {e:?}", case.dir.display()));
    assert_eq!(object.as_ssz_bytes(), bytes, "{}", case.dir.display());
    assert_eq!(object.tree_hash_root(), root(&case.yaml("roots.yaml")["root"]), "{}", case.dir.display());
    let mut longer = bytes;
    longer.push(0);
    // A trailing byte is refused, or belongs to a variable-size field at the end and changes the root.
    if let Ok(other) = T::from_ssz_bytes(&longer) {
        assert_eq!(other.as_ssz_bytes(), longer, "trailing byte dropped: {}", case.dir.display());
        assert_ne!(other.tree_hash_root(), object.tree_hash_root(), "{}", case.dir.display());
    }
}
