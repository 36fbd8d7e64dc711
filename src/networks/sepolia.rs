//! The Sepolia test network.
//!
//! Sources: npm `@lodestar/config` 1.48.0; `eth-clients/sepolia` names the same values.

use alloy::primitives::b256;

use super::spec::{ENS_REGISTRY, mainnet_preset};
use super::{Fork, ForkSchedule, NetworkSpec};

/// Sepolia. No checkpoint is shipped: one is asked for.
pub fn sepolia() -> NetworkSpec {
    let forks = [
        (Fork::Phase0, 0x9000_0069, Some(0)),
        (Fork::Altair, 0x9000_0070, Some(50)),
        (Fork::Bellatrix, 0x9000_0071, Some(100)),
        (Fork::Capella, 0x9000_0072, Some(56_832)),
        (Fork::Deneb, 0x9000_0073, Some(132_608)),
        (Fork::Electra, 0x9000_0074, Some(222_464)),
        (Fork::Fulu, 0x9000_0075, Some(272_640)),
        (Fork::Gloas, 0x9000_0076, None),
    ];
    let blobs = [(274_176, 15), (275_712, 21)];
    NetworkSpec {
        name: "sepolia".to_owned(),
        chain_id: 11_155_111,
        genesis_time_secs: 1_655_733_600,
        genesis_validators_root: b256!("d8ea171f3c94aea21ebc42a1ed61052acf3f9209c00e4efbaaddac09ed9b8078"),
        forks: ForkSchedule::new(&forks, &blobs),
        ens_registry: Some(ENS_REGISTRY),
        ..mainnet_preset()
    }
}
