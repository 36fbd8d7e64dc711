//! The door to consensus data.

use alloy::primitives::B256;
use async_trait::async_trait;

use super::{Claim, EndpointId, RawBeacon, SourceError};

/// Where light-client objects come from.
#[async_trait]
pub trait BeaconSource: Send + Sync {
    /// `GET /eth/v1/beacon/light_client/bootstrap/{root}`.
    async fn bootstrap(&self, root: B256) -> Result<Claim<RawBeacon>, SourceError>;

    /// `GET …/updates?start_period=&count=` (count 1..=128): as many as the endpoint has, in its order. All claims of
    /// one call come from one endpoint.
    async fn updates(&self, start_period: u64, count: u64) -> Result<Vec<Claim<RawBeacon>>, SourceError>;

    /// `GET …/finality_update`.
    async fn finality_update(&self) -> Result<Claim<RawBeacon>, SourceError>;

    /// `GET …/optimistic_update`.
    async fn optimistic_update(&self) -> Result<Claim<RawBeacon>, SourceError>;

    /// `optimistic_update` of **every** usable beacon endpoint at once, for comparing heads. Failures carry their source.
    async fn all_optimistic_updates(&self) -> Vec<Result<Claim<RawBeacon>, (EndpointId, SourceError)>>;

    /// Root of the finalized header according to each endpoint (`/eth/v1/beacon/headers/finalized`), for the user's
    /// comparison of checkpoint sources only. Never a source of trust by itself.
    async fn finalized_roots(&self) -> Vec<(EndpointId, Result<(B256, u64), SourceError>)>;

    /// Root of the block that each usable beacon endpoint has in `slot` (`/eth/v1/beacon/headers/{slot}`). Hints, for
    /// comparison only.
    async fn canonical_roots(&self, slot: u64) -> Vec<(EndpointId, Result<B256, SourceError>)>;

    /// `genesis_validators_root` and genesis time (seconds) the endpoint claims; a mismatch means wrong network.
    async fn genesis(&self) -> Result<Claim<(B256, u64)>, SourceError>;

    /// The endpoint's reply failed verification: quarantine it and keep `evidence`. `rule` names what failed.
    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]);

    /// The endpoint's reply was right but older than what another showed: lower its freshness, do not quarantine.
    fn stale(&self, endpoint: &EndpointId, slots_behind: u64);
}
