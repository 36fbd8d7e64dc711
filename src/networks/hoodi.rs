//! The Hoodi test network.
//!
//! Sources: npm `@lodestar/config` 1.48.0; `eth-clients/hoodi` names the same values.

use alloy::primitives::b256;

use super::spec::mainnet_preset;
use super::{Fork, ForkSchedule, NetworkSpec};

/// Hoodi. No checkpoint is shipped: one is asked for.
pub fn hoodi() -> NetworkSpec {
    let forks = [
        (Fork::Phase0, 0x1000_0910, Some(0)),
        (Fork::Altair, 0x2000_0910, Some(0)),
        (Fork::Bellatrix, 0x3000_0910, Some(0)),
        (Fork::Capella, 0x4000_0910, Some(0)),
        (Fork::Deneb, 0x5000_0910, Some(0)),
        (Fork::Electra, 0x6000_0910, Some(2_048)),
        (Fork::Fulu, 0x7000_0910, Some(50_688)),
        (Fork::Gloas, 0x8000_0910, None),
    ];
    let blobs = [(52_480, 15), (54_016, 21)];
    NetworkSpec {
        name: "hoodi".to_owned(),
        chain_id: 560_048,
        genesis_time_secs: 1_742_213_400,
        genesis_validators_root: b256!("212f13fc4df078b6cb7db228f1c8307566dcecf900867401a92023d7ba99cb5f"),
        forks: ForkSchedule::new(&forks, &blobs),
        ..mainnet_preset()
    }
}
