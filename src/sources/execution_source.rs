//! The door to execution data.

use alloy::primitives::{Address, B256, Bytes, U256};
use async_trait::async_trait;
use serde_json::Value;

use super::{
    AccessHint, Claim, EndpointId, HintedCall, RawAccountProof, RawHeader, SourceError, StateRef, TxLocation,
};

/// Which block a header question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockSelector {
    /// By hash: the only kind whose answer can be proven by itself.
    Hash(B256),
    /// By number: the answer is a hint until its hash is proven an ancestor of a proven head.
    Number(u64),
}

/// Where execution data comes from. Every answer is a claim.
#[async_trait]
pub trait ExecutionSource: Send + Sync {
    /// One header.
    async fn header(&self, block: BlockSelector) -> Result<Claim<RawHeader>, SourceError>;

    /// Up to `count` headers ending at `hash`, newest first, in one round trip where the endpoint can.
    async fn headers(
        &self,
        hash: B256,
        number: u64,
        count: u64,
    ) -> Result<Claim<Vec<RawHeader>>, SourceError>;

    /// The block object with full transactions, as JSON.
    async fn block(&self, hash: B256) -> Result<Claim<Value>, SourceError>;

    /// Proofs of many accounts, each with its slots, at one state, in as few round trips as the endpoint allows. The
    /// answer has one entry a question, in order. All entries come from one endpoint.
    async fn proofs(
        &self,
        at: StateRef,
        questions: &[(Address, Vec<U256>)],
    ) -> Result<Claim<Vec<RawAccountProof>>, SourceError>;

    /// Code of `who` at `at`.
    async fn code(&self, at: StateRef, who: Address) -> Result<Claim<Bytes>, SourceError>;

    /// Code of many accounts at `at`, in the order asked, in one round trip. All entries come from one endpoint.
    async fn codes(&self, at: StateRef, who: &[Address]) -> Result<Claim<Vec<Bytes>>, SourceError>;

    /// What a call is said to read (`eth_createAccessList`). A hint: what it names is proven like anything else, and
    /// what it leaves out is found.
    async fn access_hint(&self, at: StateRef, call: HintedCall) -> Result<Claim<AccessHint>, SourceError>;

    /// All receipts of a block, in order, as JSON objects with every field sent.
    async fn receipts(&self, block_hash: B256) -> Result<Claim<Vec<Value>>, SourceError>;

    /// Where a transaction is said to be.
    async fn locate(&self, tx: B256) -> Result<Claim<TxLocation>, SourceError>;

    /// Where every usable endpoint says it is: one that hides a transaction must not hide it for the user.
    async fn locate_all(&self, tx: B256) -> Vec<Claim<TxLocation>>;

    /// The endpoint's own newest block number. A hint, for lag and liveness.
    async fn block_number(&self) -> Result<Claim<u64>, SourceError>;

    /// Hash of the block that each usable endpoint has at `number` on the branch it follows. Hints, for comparison only.
    async fn canonical_all(&self, number: u64) -> Vec<(EndpointId, Result<B256, SourceError>)>;

    /// `eth_sendRawTransaction` to every usable endpoint at once; each one's own answer.
    async fn broadcast(&self, raw: Bytes) -> Vec<(EndpointId, Result<B256, SourceError>)>;

    /// The endpoint's reply failed verification: quarantine it and keep `evidence`. `rule` names what failed.
    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]);
}
