//! Mutants of bootstraps and updates: the store must end where the honest object leaves it, or refuse.

use std::path::Path;

use lifeboat::consensus::{ConsensusError, Mainnet, ProvenBlock, Store};
use lifeboat::networks::mainnet;

use super::Tally;
use super::bend::bend;
use crate::proofs::captured::{Raw, bootstrap, json, object, root, update, updates};

type Position = (ProvenBlock, ProvenBlock, bool);

pub(super) fn run(fixtures: &Path, tally: &Tally) {
    let spec = mainnet();
    let folder = fixtures.join("mainnet/light-client");
    if !folder.join("sequences.json").is_file() {
        return;
    }
    for sequence in json(&folder.join("sequences.json")).as_array().unwrap() {
        let raw = object(&folder.join(sequence["bootstrap"].as_str().unwrap()));
        let trusted = root(&sequence["trusted_block_root"]);
        let start = |raw: &Raw| -> Result<Store<Mainnet>, ConsensusError> {
            Store::bootstrap(trusted, bootstrap(raw, &spec)?, &spec)
        };
        let honest = start(&raw).unwrap();
        bend(&raw.bytes, 250, |bytes| {
            let bent = Raw { bytes: bytes.to_vec(), ..raw.clone() };
            tally.judge("bootstrap", start(&bent).map(|store| position(&store)), &position(&honest));
        });
        let first = &sequence["steps"][0];
        let (kind, path) = (first["step"].as_str().unwrap(), folder.join(first["file"].as_str().unwrap()));
        let index = usize::try_from(first["index"].as_u64().unwrap_or(0)).unwrap();
        let raw = if kind == "update" { updates(&path)[index].clone() } else { object(&path) };
        let now = first["current_slot"].as_u64().unwrap();
        let process = |raw: &Raw| -> Result<Position, ConsensusError> {
            let mut store = honest.clone();
            store.process(&update(kind, raw, &spec)?, now, &spec)?;
            Ok(position(&store))
        };
        let Ok(after) = process(&raw) else { continue };
        bend(&raw.bytes, 400, |bytes| {
            let bent = Raw { bytes: bytes.to_vec(), ..raw.clone() };
            tally.judge("update", process(&bent), &after);
        });
    }
}

fn position(store: &Store<Mainnet>) -> Position {
    (store.head(), store.finalized(), store.next_sync_committee_known())
}
