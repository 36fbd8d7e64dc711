//! Arbitrary bytes into every decoder never panic, on a stack of 256 KiB.

use alloy::primitives::{B256, Bytes};
use lifeboat::consensus::wire::{
    Body, ForkHint, decode_bootstrap, decode_finality_update, decode_optimistic_update, decode_update,
};
use lifeboat::consensus::{Mainnet, Store};
use lifeboat::execution::ProvenHeader;
use lifeboat::networks::mainnet;
use proptest::prelude::*;

/// Runs on a small stack: deep recursion would abort the test.
fn on_a_small_stack(test: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(256 * 1024).spawn_scoped(scope, test).unwrap().join().unwrap();
    });
}

fn feed_everything(bytes: &[u8]) {
    let spec = mainnet();
    for body in [Body::Ssz(bytes), Body::Json(bytes)] {
        for version in
            [None, Some("altair"), Some("capella"), Some("deneb"), Some("electra"), Some("gloas"), Some("x")]
        {
            let hint = ForkHint { version, digest: None };
            assert!(decode_bootstrap::<Mainnet>(body, hint, &spec).is_err());
            assert!(decode_update::<Mainnet>(body, hint, &spec).is_err());
            // Short random bytes have no chance of being an object; whatever comes, it is an error and no panic.
            assert!(decode_finality_update::<Mainnet>(body, hint, &spec).is_err());
            assert!(decode_optimistic_update::<Mainnet>(body, hint, &spec).is_err());
        }
    }
    assert!(Store::<Mainnet>::from_bytes(bytes, &spec).is_err());
    assert!(ProvenHeader::number_of_rlp(bytes, B256::ZERO).is_err());
    // The right hash of wrong bytes: the decoder behind the hash check is reached.
    drop(ProvenHeader::number_of_rlp(bytes, alloy::primitives::keccak256(bytes)));
    if let Ok(json) = serde_json::from_slice(bytes) {
        assert!(ProvenHeader::number_of_json(&json, B256::ZERO).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        on_a_small_stack(|| feed_everything(&bytes));
    }

    #[test]
    fn arbitrary_json(text in "[\\[\\]{}\",:0-9a-fx ]{0,200}") {
        on_a_small_stack(|| feed_everything(text.as_bytes()));
    }
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    let mut rlp: Vec<u8> = Vec::new();
    for _ in 0..20_000 {
        let mut outer = Vec::with_capacity(rlp.len() + 4);
        alloy::rlp::Header { list: true, payload_length: rlp.len() }.encode(&mut outer);
        outer.extend(&rlp);
        rlp = outer;
    }
    let bombs = [rlp, vec![b'['; 1 << 20], b"{\"data\":".repeat(100_000)];
    for bomb in bombs {
        on_a_small_stack(move || {
            feed_everything(&bomb);
            drop(Bytes::from(bomb));
        });
    }
}
