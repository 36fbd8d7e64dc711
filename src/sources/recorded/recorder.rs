//! Sources that write down what they answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alloy::primitives::{Address, B256, Bytes, U256};
use async_trait::async_trait;
use serde_json::Value;

use super::Recording;
use super::recording::{Beacon, Header};
use crate::sources::{
    AccessHint, BeaconSource, BlockSelector, Claim, EndpointId, ExecutionSource, HintedCall, RawAccountProof,
    RawBeacon, RawHeader, SourceError, StateRef, TxLocation,
};

/// Passes every question on, and keeps the answers that prove a state. Hints and block bodies are not kept.
pub struct Recorder {
    beacon: Arc<dyn BeaconSource>,
    execution: Arc<dyn ExecutionSource>,
    kept: Mutex<Recording>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl Recorder {
    /// Records these sources.
    pub fn new(beacon: Arc<dyn BeaconSource>, execution: Arc<dyn ExecutionSource>) -> Self {
        Self { beacon, execution, kept: Mutex::default() }
    }

    /// What was kept so far.
    pub fn recording(&self) -> Recording {
        self.kept().clone()
    }

    fn kept(&self) -> MutexGuard<'_, Recording> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BeaconSource for Recorder {
    async fn bootstrap(&self, root: B256) -> Result<Claim<RawBeacon>, SourceError> {
        let claim = self.beacon.bootstrap(root).await?;
        self.kept().bootstraps.insert(root, Beacon::of(&claim.body));
        Ok(claim)
    }

    async fn updates(&self, start_period: u64, count: u64) -> Result<Vec<Claim<RawBeacon>>, SourceError> {
        let claims = self.beacon.updates(start_period, count).await?;
        let numbered = (start_period..).zip(&claims);
        self.kept().updates.extend(numbered.map(|(period, claim)| (period, Beacon::of(&claim.body))));
        Ok(claims)
    }

    async fn finality_update(&self) -> Result<Claim<RawBeacon>, SourceError> {
        let claim = self.beacon.finality_update().await?;
        self.kept().finality = Some(Beacon::of(&claim.body));
        Ok(claim)
    }

    async fn optimistic_update(&self) -> Result<Claim<RawBeacon>, SourceError> {
        let claim = self.beacon.optimistic_update().await?;
        self.kept().optimistic = Some(Beacon::of(&claim.body));
        Ok(claim)
    }

    async fn all_optimistic_updates(&self) -> Vec<Result<Claim<RawBeacon>, (EndpointId, SourceError)>> {
        self.beacon.all_optimistic_updates().await
    }

    async fn finalized_roots(&self) -> Vec<(EndpointId, Result<(B256, u64), SourceError>)> {
        self.beacon.finalized_roots().await
    }

    async fn canonical_roots(&self, slot: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        self.beacon.canonical_roots(slot).await
    }

    async fn genesis(&self) -> Result<Claim<(B256, u64)>, SourceError> {
        self.beacon.genesis().await
    }

    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]) {
        self.beacon.blame(endpoint, rule, evidence);
    }

    fn stale(&self, endpoint: &EndpointId, slots_behind: u64) {
        self.beacon.stale(endpoint, slots_behind);
    }
}

#[async_trait]
impl ExecutionSource for Recorder {
    async fn header(&self, block: BlockSelector) -> Result<Claim<RawHeader>, SourceError> {
        let claim = self.execution.header(block).await?;
        if let BlockSelector::Hash(hash) = block {
            self.kept().headers.insert(hash, Header::of(&claim.body));
        }
        Ok(claim)
    }

    async fn headers(
        &self,
        hash: B256,
        number: u64,
        count: u64,
    ) -> Result<Claim<Vec<RawHeader>>, SourceError> {
        self.execution.headers(hash, number, count).await
    }

    async fn block(&self, hash: B256) -> Result<Claim<Value>, SourceError> {
        self.execution.block(hash).await
    }

    async fn proofs(
        &self,
        at: StateRef,
        questions: &[(Address, Vec<U256>)],
    ) -> Result<Claim<Vec<RawAccountProof>>, SourceError> {
        let claim = self.execution.proofs(at, questions).await?;
        let mut kept = self.kept();
        let accounts = kept.accounts.entry(at.block_hash).or_default();
        for ((who, _), raw) in questions.iter().zip(&claim.body) {
            accounts.entry(*who).or_default().take(raw);
        }
        drop(kept);
        Ok(claim)
    }

    async fn code(&self, at: StateRef, who: Address) -> Result<Claim<Bytes>, SourceError> {
        let claim = self.execution.code(at, who).await?;
        self.kept().codes.insert(who, claim.body.clone());
        Ok(claim)
    }

    async fn codes(&self, at: StateRef, who: &[Address]) -> Result<Claim<Vec<Bytes>>, SourceError> {
        let claim = self.execution.codes(at, who).await?;
        self.kept().codes.extend(who.iter().copied().zip(claim.body.iter().cloned()));
        Ok(claim)
    }

    async fn access_hint(&self, at: StateRef, call: HintedCall) -> Result<Claim<AccessHint>, SourceError> {
        self.execution.access_hint(at, call).await
    }

    async fn receipts(&self, block_hash: B256) -> Result<Claim<Vec<Value>>, SourceError> {
        self.execution.receipts(block_hash).await
    }

    async fn locate(&self, tx: B256) -> Result<Claim<TxLocation>, SourceError> {
        self.execution.locate(tx).await
    }

    async fn locate_all(&self, tx: B256) -> Vec<Claim<TxLocation>> {
        self.execution.locate_all(tx).await
    }

    async fn block_number(&self) -> Result<Claim<u64>, SourceError> {
        self.execution.block_number().await
    }

    async fn canonical_all(&self, number: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        self.execution.canonical_all(number).await
    }

    async fn broadcast(&self, raw: Bytes) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        self.execution.broadcast(raw).await
    }

    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]) {
        self.execution.blame(endpoint, rule, evidence);
    }
}
