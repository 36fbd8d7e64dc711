//! Light-client work on captured mainnet data: decode, verify, a year of updates. Says so and stops without the data.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use lifeboat::consensus::wire::{Body, ForkHint, decode_bootstrap, decode_update};
use lifeboat::consensus::{Committee, Mainnet, Store, SyncAggregate};
use lifeboat::networks::mainnet;

fn folder() -> Option<PathBuf> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/mainnet/light-client/deneb");
    if !path.is_dir() {
        eprintln!("SKIPPED: {} is absent", path.display());
    }
    path.is_dir().then_some(path)
}

/// 60 consecutive updates, as `(digest, ssz)`.
fn stream(folder: &std::path::Path) -> Vec<([u8; 4], Vec<u8>)> {
    let mut found = Vec::new();
    for file in ["updates_1347-1392.ssz", "updates_1393-1406.ssz"] {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let length = usize::try_from(u64::from_le_bytes(rest[..8].try_into().unwrap())).unwrap();
            found.push((rest[8..12].try_into().unwrap(), rest[12..8 + length].to_vec()));
            rest = &rest[8 + length..];
        }
    }
    found
}

fn consensus(c: &mut Criterion) {
    let Some(folder) = folder() else { return };
    let spec = mainnet();
    let updates = stream(&folder);
    let bytes = std::fs::read(folder.join("bootstrap_11034656.ssz")).unwrap();
    let bootstrap = decode_bootstrap::<Mainnet>(Body::Ssz(&bytes), ForkHint::default(), &spec).unwrap();
    let trusted = bootstrap.header.beacon.root();
    let decode = |(digest, ssz): &([u8; 4], Vec<u8>)| {
        decode_update::<Mainnet>(Body::Ssz(ssz), ForkHint { version: None, digest: Some(*digest) }, &spec)
            .unwrap()
    };
    let start = || Store::bootstrap(trusted, bootstrap.clone(), &spec).unwrap();

    let first = decode(&updates[0]);
    let participants = first.sync_aggregate.participants();
    c.bench_function(&format!("one update verified ({participants} of 512), keys not yet known"), |b| {
        b.iter_batched(
            || {
                let fresh =
                    decode_bootstrap::<Mainnet>(Body::Ssz(&bytes), ForkHint::default(), &spec).unwrap();
                (Store::bootstrap(trusted, fresh, &spec).unwrap(), decode(&updates[0]))
            },
            |(mut store, update)| black_box(store.process(&update, u64::MAX, &spec).unwrap()),
            BatchSize::LargeInput,
        );
    });
    c.bench_function("one update decoded", |b| b.iter(|| black_box(decode(&updates[0]))));
    c.bench_function("60 consecutive updates decoded and verified", |b| {
        b.iter_batched(
            start,
            |mut store| {
                for raw in &updates {
                    store.process(&decode(raw), u64::MAX, &spec).unwrap();
                }
                black_box(store.finalized())
            },
            BatchSize::LargeInput,
        );
    });
    c.bench_function("256 of 512 keys decompressed and summed", |b| {
        let mut bits = SyncAggregate::<Mainnet> {
            sync_committee_bits: Default::default(),
            sync_committee_signature: first.sync_aggregate.sync_committee_signature,
        };
        (0..256).for_each(|index| bits.sync_committee_bits.set(index * 2, true).unwrap());
        let container = bootstrap.current_sync_committee.container().clone();
        b.iter_batched(
            || Arc::new(Committee::<Mainnet>::new(container.clone())),
            |committee| black_box(committee.verify(&bits, trusted).is_err()),
            BatchSize::LargeInput,
        );
    });
}

criterion_group!(benches, consensus);
criterion_main!(benches);
