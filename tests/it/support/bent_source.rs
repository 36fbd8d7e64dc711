//! A real pool of endpoints whose answers a test may bend on the way: for lies that need more than one answer at hand.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256};
use async_trait::async_trait;
use lifeboat::sources::{
    AccessHint, BlockSelector, Claim, EndpointId, ExecutionSource, HintedCall, HttpPool, RawAccountProof,
    RawHeader, SourceError, StateRef, TxLocation,
};
use serde_json::Value;

type Bend<T> = Box<dyn Fn(&mut T) + Send + Sync>;

/// The pool, and what becomes of its answers.
pub(crate) struct BentSource {
    pool: Arc<HttpPool>,
    /// Applied to proofs of one question.
    pub(crate) proofs: Bend<Vec<RawAccountProof>>,
    /// Applied to codes asked for together.
    pub(crate) codes: Bend<Vec<Bytes>>,
    /// Applied to access lists.
    pub(crate) hint: Bend<AccessHint>,
    /// Applied to where a transaction is said to be, by each endpoint.
    pub(crate) locations: Bend<Vec<Claim<TxLocation>>>,
}

impl BentSource {
    /// Nothing is bent yet.
    pub(crate) fn new(pool: Arc<HttpPool>) -> Self {
        Self {
            pool,
            proofs: Box::new(|_| {}),
            codes: Box::new(|_| {}),
            hint: Box::new(|_| {}),
            locations: Box::new(|_| {}),
        }
    }
}

fn bent<T>(mut claim: Claim<T>, bend: &Bend<T>) -> Claim<T> {
    bend(&mut claim.body);
    claim
}

#[async_trait]
impl ExecutionSource for BentSource {
    async fn header(&self, block: BlockSelector) -> Result<Claim<RawHeader>, SourceError> {
        self.pool.header(block).await
    }
    async fn headers(
        &self,
        hash: B256,
        number: u64,
        count: u64,
    ) -> Result<Claim<Vec<RawHeader>>, SourceError> {
        self.pool.headers(hash, number, count).await
    }
    async fn block(&self, hash: B256) -> Result<Claim<Value>, SourceError> {
        self.pool.block(hash).await
    }
    async fn proofs(
        &self,
        at: StateRef,
        questions: &[(Address, Vec<U256>)],
    ) -> Result<Claim<Vec<RawAccountProof>>, SourceError> {
        Ok(bent(self.pool.proofs(at, questions).await?, &self.proofs))
    }
    async fn code(&self, at: StateRef, who: Address) -> Result<Claim<Bytes>, SourceError> {
        let claim = self.codes(at, &[who]).await?;
        Ok(claim.map(|mut codes| codes.remove(0)))
    }
    async fn codes(&self, at: StateRef, who: &[Address]) -> Result<Claim<Vec<Bytes>>, SourceError> {
        Ok(bent(self.pool.codes(at, who).await?, &self.codes))
    }
    async fn access_hint(&self, at: StateRef, call: HintedCall) -> Result<Claim<AccessHint>, SourceError> {
        Ok(bent(self.pool.access_hint(at, call).await?, &self.hint))
    }
    async fn receipts(&self, block_hash: B256) -> Result<Claim<Vec<Value>>, SourceError> {
        self.pool.receipts(block_hash).await
    }
    async fn locate(&self, tx: B256) -> Result<Claim<TxLocation>, SourceError> {
        self.pool.locate(tx).await
    }
    async fn locate_all(&self, tx: B256) -> Vec<Claim<TxLocation>> {
        let mut claims = self.pool.locate_all(tx).await;
        (self.locations)(&mut claims);
        claims
    }
    async fn canonical_all(&self, number: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        self.pool.canonical_all(number).await
    }
    async fn block_number(&self) -> Result<Claim<u64>, SourceError> {
        ExecutionSource::block_number(&*self.pool).await
    }
    async fn broadcast(&self, raw: Bytes) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        self.pool.broadcast(raw).await
    }
    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]) {
        ExecutionSource::blame(&*self.pool, endpoint, rule, evidence);
    }
}
