//! A recording as sources: what it does not hold is not found, and nobody else is asked.

use alloy::primitives::{Address, B256, Bytes, U256};
use async_trait::async_trait;
use serde_json::Value;

use super::Recording;
use super::recording::Beacon;
use crate::sources::{
    AccessHint, BeaconSource, BlockSelector, Claim, EndpointId, ExecutionSource, HintedCall, RawAccountProof,
    RawBeacon, RawHeader, SourceError, StateRef, TxLocation,
};

/// Answers from a recording. It is named as one endpoint, so that a broken rule names the file.
#[derive(Debug)]
pub struct Replay {
    recording: Recording,
    name: EndpointId,
}

impl Replay {
    /// Replays `recording` under a name for people.
    pub fn new(recording: Recording, name: &str) -> Self {
        Self { recording, name: EndpointId(name.into()) }
    }

    fn claim<T>(&self, body: Option<T>) -> Result<Claim<T>, SourceError> {
        let body = body.ok_or(SourceError::NotFound)?;
        Ok(Claim { body, from: self.name.clone(), evidence: Bytes::new() })
    }
}

#[async_trait]
impl BeaconSource for Replay {
    async fn bootstrap(&self, root: B256) -> Result<Claim<RawBeacon>, SourceError> {
        self.claim(self.recording.bootstraps.get(&root).map(Beacon::raw))
    }

    async fn updates(&self, start_period: u64, count: u64) -> Result<Vec<Claim<RawBeacon>>, SourceError> {
        let end = start_period.saturating_add(count);
        let found = self.recording.updates.range(start_period..end);
        found.map(|(_, update)| self.claim(Some(update.raw()))).collect()
    }

    async fn finality_update(&self) -> Result<Claim<RawBeacon>, SourceError> {
        self.claim(self.recording.finality.as_ref().map(Beacon::raw))
    }

    async fn optimistic_update(&self) -> Result<Claim<RawBeacon>, SourceError> {
        self.claim(self.recording.optimistic.as_ref().map(Beacon::raw))
    }

    async fn all_optimistic_updates(&self) -> Vec<Result<Claim<RawBeacon>, (EndpointId, SourceError)>> {
        Vec::new()
    }

    async fn finalized_roots(&self) -> Vec<(EndpointId, Result<(B256, u64), SourceError>)> {
        Vec::new()
    }

    async fn canonical_roots(&self, _slot: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        Vec::new()
    }

    async fn genesis(&self) -> Result<Claim<(B256, u64)>, SourceError> {
        self.claim(None)
    }

    fn blame(&self, _endpoint: &EndpointId, rule: &str, _evidence: &[u8]) {
        tracing::warn!(rule, "the file breaks a rule");
    }

    fn stale(&self, _endpoint: &EndpointId, _slots_behind: u64) {}
}

#[async_trait]
impl ExecutionSource for Replay {
    async fn header(&self, block: BlockSelector) -> Result<Claim<RawHeader>, SourceError> {
        let BlockSelector::Hash(hash) = block else { return self.claim(None) };
        self.claim(self.recording.headers.get(&hash).map(super::recording::Header::raw))
    }

    async fn headers(
        &self,
        _hash: B256,
        _number: u64,
        _count: u64,
    ) -> Result<Claim<Vec<RawHeader>>, SourceError> {
        self.claim(None)
    }

    async fn block(&self, _hash: B256) -> Result<Claim<Value>, SourceError> {
        self.claim(None)
    }

    async fn proofs(
        &self,
        at: StateRef,
        questions: &[(Address, Vec<U256>)],
    ) -> Result<Claim<Vec<RawAccountProof>>, SourceError> {
        let accounts = self.recording.accounts.get(&at.block_hash);
        let one = |(who, keys): &(Address, Vec<U256>)| accounts?.get(who)?.raw(keys);
        self.claim(questions.iter().map(one).collect())
    }

    async fn code(&self, _at: StateRef, who: Address) -> Result<Claim<Bytes>, SourceError> {
        self.claim(self.recording.codes.get(&who).cloned())
    }

    async fn codes(&self, _at: StateRef, who: &[Address]) -> Result<Claim<Vec<Bytes>>, SourceError> {
        self.claim(who.iter().map(|one| self.recording.codes.get(one).cloned()).collect())
    }

    async fn access_hint(&self, _at: StateRef, _call: HintedCall) -> Result<Claim<AccessHint>, SourceError> {
        self.claim(None)
    }

    async fn receipts(&self, _block_hash: B256) -> Result<Claim<Vec<Value>>, SourceError> {
        self.claim(None)
    }

    async fn locate(&self, _tx: B256) -> Result<Claim<TxLocation>, SourceError> {
        self.claim(None)
    }

    async fn locate_all(&self, _tx: B256) -> Vec<Claim<TxLocation>> {
        Vec::new()
    }

    async fn block_number(&self) -> Result<Claim<u64>, SourceError> {
        self.claim(None)
    }

    async fn canonical_all(&self, _number: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        Vec::new()
    }

    async fn broadcast(&self, _raw: Bytes) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        Vec::new()
    }

    fn blame(&self, _endpoint: &EndpointId, rule: &str, _evidence: &[u8]) {
        tracing::warn!(rule, "the file breaks a rule");
    }
}
