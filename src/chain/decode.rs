//! Undecoded Beacon API bodies into the shapes that `consensus` verifies.

use crate::consensus::wire::{
    Body, ForkHint, decode_bootstrap, decode_finality_update, decode_optimistic_update, decode_update,
};
use crate::consensus::{Bootstrap, ConsensusError, Mainnet, Update};
use crate::networks::NetworkSpec;
use crate::sources::{Encoding, RawBeacon};

pub(super) fn bootstrap(raw: &RawBeacon, spec: &NetworkSpec) -> Result<Bootstrap<Mainnet>, ConsensusError> {
    decode_bootstrap(body(raw), hint(raw), spec)
}

pub(super) fn update(raw: &RawBeacon, spec: &NetworkSpec) -> Result<Update<Mainnet>, ConsensusError> {
    decode_update(body(raw), hint(raw), spec)
}

pub(super) fn finality_update(
    raw: &RawBeacon,
    spec: &NetworkSpec,
) -> Result<Update<Mainnet>, ConsensusError> {
    decode_finality_update(body(raw), hint(raw), spec)
}

pub(super) fn optimistic_update(
    raw: &RawBeacon,
    spec: &NetworkSpec,
) -> Result<Update<Mainnet>, ConsensusError> {
    decode_optimistic_update(body(raw), hint(raw), spec)
}

fn body(raw: &RawBeacon) -> Body<'_> {
    match raw.encoding {
        Encoding::Ssz => Body::Ssz(&raw.bytes),
        Encoding::Json => Body::Json(&raw.bytes),
    }
}

fn hint(raw: &RawBeacon) -> ForkHint<'_> {
    ForkHint { version: raw.version.as_deref(), digest: raw.fork_digest }
}
