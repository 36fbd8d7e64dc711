//! The pool as both doors.

use alloy::primitives::{Address, B256, Bytes, U256};
use async_trait::async_trait;
use serde_json::Value;

use super::http::{Answer, Reply};
use super::pool::{Api, EVEN, Handicap, Member};
use super::{
    AccessHint, BeaconSource, BlockSelector, Claim, EndpointId, EndpointKind, ExecutionSource, HintedCall,
    HttpPool, RawAccountProof, RawBeacon, RawHeader, SourceError, StateRef, TxLocation,
};

/// What a member of the other kind would answer; ranking never offers one.
const OTHER_KIND: SourceError = SourceError::Unsupported { method: "this API" };

/// An endpoint that has no headers alone sends ten times the bytes: it is asked where the others are slow or failing.
const WHOLE_BLOCKS_LAST: Handicap = |member| match &member.api {
    Api::Execution(rpc) if rpc.sends_whole_blocks() => 2_000.0,
    Api::Execution(_) | Api::Beacon(_) => 0.0,
};

fn answer<T>((value, reply): (T, Reply)) -> Answer<T> {
    Answer { value, bytes: reply.body, carrier: reply.carrier }
}

fn by_endpoint<T>(one: Result<Claim<T>, (EndpointId, SourceError)>) -> (EndpointId, Result<T, SourceError>) {
    match one {
        Ok(claim) => (claim.from, Ok(claim.body)),
        Err((endpoint, error)) => (endpoint, Err(error)),
    }
}

macro_rules! beacon {
    ($self:ident, $ask:ident, |$api:ident| $call:expr) => {
        $self
            .$ask(EndpointKind::Beacon, |member: Member| async move {
                match &member.api {
                    Api::Beacon($api) => $call.await.map(answer),
                    Api::Execution(_) => Err(OTHER_KIND),
                }
            })
            .await
    };
}

macro_rules! execution {
    ($self:ident, $ask:ident, |$rpc:ident| $call:expr) => {
        $self
            .$ask(EndpointKind::Execution, |member: Member| async move {
                match &member.api {
                    Api::Execution($rpc) => $call.await,
                    Api::Beacon(_) => Err(OTHER_KIND),
                }
            })
            .await
    };
}

#[async_trait]
impl BeaconSource for HttpPool {
    async fn bootstrap(&self, root: B256) -> Result<Claim<RawBeacon>, SourceError> {
        beacon!(self, ask, |api| api.bootstrap(root))
    }

    async fn updates(&self, start_period: u64, count: u64) -> Result<Vec<Claim<RawBeacon>>, SourceError> {
        let claim = beacon!(self, ask, |api| api.updates(start_period, count))?;
        let (from, evidence) = (claim.from, claim.evidence);
        let one = |body| Claim { body, from: from.clone(), evidence: evidence.clone() };
        Ok(claim.body.into_iter().map(one).collect())
    }

    async fn finality_update(&self) -> Result<Claim<RawBeacon>, SourceError> {
        beacon!(self, ask, |api| api.finality_update())
    }

    async fn optimistic_update(&self) -> Result<Claim<RawBeacon>, SourceError> {
        beacon!(self, ask, |api| api.optimistic_update())
    }

    async fn all_optimistic_updates(&self) -> Vec<Result<Claim<RawBeacon>, (EndpointId, SourceError)>> {
        beacon!(self, ask_all, |api| api.optimistic_update())
    }

    async fn finalized_roots(&self) -> Vec<(EndpointId, Result<(B256, u64), SourceError>)> {
        self.roots_of("finalized").await
    }

    async fn canonical_roots(&self, slot: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        let exact =
            |(root, found): (B256, u64)| if found == slot { Ok(root) } else { Err(SourceError::NotFound) };
        let answers = self.roots_of(&slot.to_string()).await;
        answers.into_iter().map(|(who, answer)| (who, answer.and_then(exact))).collect()
    }

    async fn genesis(&self) -> Result<Claim<(B256, u64)>, SourceError> {
        beacon!(self, ask, |api| api.genesis())
    }

    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]) {
        self.quarantine(endpoint, rule, evidence);
    }

    fn stale(&self, endpoint: &EndpointId, slots_behind: u64) {
        self.mark_stale(endpoint, slots_behind);
    }
}

impl HttpPool {
    async fn roots_of(&self, block: &str) -> Vec<(EndpointId, Result<(B256, u64), SourceError>)> {
        let asked = self.ranked(EndpointKind::Beacon, &[], EVEN).into_iter().map(|member| async move {
            match &member.api {
                Api::Beacon(api) => (member.id.clone(), api.root_of(block).await),
                Api::Execution(_) => (member.id.clone(), Err(OTHER_KIND)),
            }
        });
        futures::future::join_all(asked).await
    }
}

#[async_trait]
impl ExecutionSource for HttpPool {
    async fn header(&self, block: BlockSelector) -> Result<Claim<RawHeader>, SourceError> {
        let by_hash = matches!(block, BlockSelector::Hash(_));
        let handicap = if by_hash { WHOLE_BLOCKS_LAST } else { EVEN };
        self.ask_fittest(EndpointKind::Execution, handicap, |member: Member| async move {
            match &member.api {
                Api::Execution(rpc) => rpc.header(block).await,
                Api::Beacon(_) => Err(OTHER_KIND),
            }
        })
        .await
    }

    async fn headers(
        &self,
        _hash: B256,
        number: u64,
        count: u64,
    ) -> Result<Claim<Vec<RawHeader>>, SourceError> {
        execution!(self, ask, |rpc| rpc.headers(number, count))
    }

    async fn block(&self, hash: B256) -> Result<Claim<Value>, SourceError> {
        execution!(self, ask, |rpc| rpc.block(hash))
    }

    async fn proofs(
        &self,
        at: StateRef,
        questions: &[(Address, Vec<U256>)],
    ) -> Result<Claim<Vec<RawAccountProof>>, SourceError> {
        execution!(self, ask, |rpc| rpc.proofs(at, questions))
    }

    async fn code(&self, at: StateRef, who: Address) -> Result<Claim<Bytes>, SourceError> {
        execution!(self, ask, |rpc| rpc.code(at, who))
    }

    async fn codes(&self, at: StateRef, who: &[Address]) -> Result<Claim<Vec<Bytes>>, SourceError> {
        execution!(self, ask, |rpc| rpc.codes(at, who))
    }

    async fn access_hint(&self, at: StateRef, call: HintedCall) -> Result<Claim<AccessHint>, SourceError> {
        let call = &call;
        execution!(self, ask, |rpc| rpc.access_hint(at, call))
    }

    async fn receipts(&self, block_hash: B256) -> Result<Claim<Vec<Value>>, SourceError> {
        execution!(self, ask, |rpc| rpc.receipts(block_hash))
    }

    async fn locate(&self, tx: B256) -> Result<Claim<TxLocation>, SourceError> {
        execution!(self, ask, |rpc| rpc.locate(tx))
    }

    async fn locate_all(&self, tx: B256) -> Vec<Claim<TxLocation>> {
        let answers = execution!(self, ask_all, |rpc| rpc.locate(tx));
        answers.into_iter().filter_map(Result::ok).collect()
    }

    async fn block_number(&self) -> Result<Claim<u64>, SourceError> {
        execution!(self, ask, |rpc| rpc.block_number())
    }

    async fn broadcast(&self, raw: Bytes) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        let raw = &raw;
        let answers = execution!(self, ask_all, |rpc| rpc.send(raw));
        answers.into_iter().map(by_endpoint).collect()
    }

    async fn canonical_all(&self, number: u64) -> Vec<(EndpointId, Result<B256, SourceError>)> {
        let answers = execution!(self, ask_all, |rpc| rpc.canonical(number));
        answers.into_iter().map(by_endpoint).collect()
    }

    fn blame(&self, endpoint: &EndpointId, rule: &str, evidence: &[u8]) {
        self.quarantine(endpoint, rule, evidence);
    }
}
