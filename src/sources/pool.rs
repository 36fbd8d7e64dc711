//! Many endpoints behind one door: fail-over, hedging, quarantine.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use alloy::primitives::Bytes;
use futures::future::OptionFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::{Instant, sleep};

use super::http::{Answer, BeaconApi, Carrier, HttpClient, HttpOptions, JsonRpc, Traffic};
use super::report::{EndpointReport, EvidenceRecord};
use super::score::{Record, Standing};
use super::{Claim, EndpointConfig, EndpointId, EndpointKind, SourceError};
use crate::networks::NetworkSpec;

/// Refused replies kept in memory, newest last.
const MAX_EVIDENCE: usize = 32;
/// Bytes kept of each.
const MAX_EVIDENCE_BYTES: usize = 256 * 1024;
/// How long an endpoint that was seen behind is asked after the others, in milliseconds.
const STALE_MS: u64 = 120_000;

/// Added to a member's cost for one question, in milliseconds (see [`Record::cost`]).
pub(super) type Handicap = fn(&Member) -> f64;
/// No endpoint is worse for the question than another.
pub(super) const EVEN: Handicap = |_member| 0.0;

/// One endpoint and its way of speaking.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) index: usize,
    pub(super) id: EndpointId,
    pub(super) config: EndpointConfig,
    pub(super) api: Api,
}

#[derive(Debug, Clone)]
pub(super) enum Api {
    Beacon(BeaconApi),
    Execution(JsonRpc),
}

/// Any number of HTTP endpoints as one [`super::BeaconSource`] and one [`super::ExecutionSource`].
#[derive(Debug)]
pub struct HttpPool {
    pub(super) spec: Arc<NetworkSpec>,
    /// Grows while it runs; a place is never given away, since records go by it.
    pub(super) members: RwLock<Arc<Vec<Member>>>,
    records: Mutex<Vec<Record>>,
    evidence: Mutex<VecDeque<EvidenceRecord>>,
    pub(super) client: HttpClient,
    start: Instant,
    pub(super) offline: AtomicBool,
}

impl HttpPool {
    /// A pool over these endpoints. Nothing is asked of anybody yet.
    ///
    /// # Errors
    /// [`SourceError::Connect`] where the proxy is unusable or no TLS client can be built.
    pub fn new(
        spec: Arc<NetworkSpec>,
        endpoints: Vec<EndpointConfig>,
        options: HttpOptions,
    ) -> Result<Arc<Self>, SourceError> {
        let client = HttpClient::new(options)?;
        let pool = Self {
            spec,
            members: RwLock::default(),
            records: Mutex::default(),
            evidence: Mutex::default(),
            client,
            start: Instant::now(),
            offline: AtomicBool::new(false),
        };
        for config in endpoints {
            pool.add(config, false);
        }
        Ok(Arc::new(pool))
    }

    /// Bytes and requests so far.
    pub fn traffic(&self) -> Traffic {
        self.client.traffic()
    }

    /// Every endpoint's state, in the configured order.
    pub fn report(&self) -> Vec<EndpointReport> {
        let now = self.now_ms();
        let (members, records) = (self.members(), self.records());
        members
            .iter()
            .zip(records.iter())
            .filter(|(_, record)| !record.removed)
            .map(|(member, record)| EndpointReport {
                id: member.id.clone(),
                kind: member.config.kind,
                standing: record.standing.clone(),
                carrier: record.carrier.clone(),
                latency_ms: record.latency_ms(),
                availability: record.availability(),
                slots_behind: (record.stale_until_ms > now).then_some(record.slots_behind),
                resting_ms: record.rest_until_ms.saturating_sub(now),
                requests: record.requests,
                on: !record.off,
                by_user: record.by_user,
            })
            .collect()
    }

    /// Replies that broke a rule, oldest first.
    pub fn evidence(&self) -> Vec<EvidenceRecord> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Takes an endpoint out of quarantine; its evidence stays. False where there is none of that name.
    pub fn forgive(&self, endpoint: &EndpointId) -> bool {
        self.edit(endpoint, Record::forgive)
    }

    pub(super) fn quarantine(&self, endpoint: &EndpointId, rule: &str, bytes: &[u8]) {
        tracing::warn!(%endpoint, rule, "an answer broke a rule: the endpoint is quarantined");
        self.edit(endpoint, |record| record.stands(Standing::Quarantined { rule: rule.to_owned() }));
        let mut evidence = self.evidence.lock().unwrap_or_else(PoisonError::into_inner);
        let serial = evidence.back().map_or(1, |last| last.serial.saturating_add(1));
        if evidence.len() >= MAX_EVIDENCE {
            evidence.pop_front();
        }
        let kept = bytes.get(..bytes.len().min(MAX_EVIDENCE_BYTES)).unwrap_or_default();
        evidence.push_back(EvidenceRecord {
            serial,
            endpoint: endpoint.clone(),
            rule: rule.to_owned(),
            bytes: Bytes::copy_from_slice(kept),
        });
    }

    pub(super) fn mark_stale(&self, endpoint: &EndpointId, slots_behind: u64) {
        let until = self.now_ms().saturating_add(STALE_MS);
        self.edit(endpoint, |record| {
            record.slots_behind = slots_behind;
            record.stale_until_ms = until;
        });
    }

    pub(super) fn edit(&self, endpoint: &EndpointId, change: impl FnOnce(&mut Record)) -> bool {
        let members = self.members();
        let Some(member) = members.iter().find(|member| member.id == *endpoint) else { return false };
        self.records().get_mut(member.index).map(change).is_some()
    }

    /// Usable endpoints of a kind, best first. `failed` names carriers that just failed us.
    pub(super) fn ranked(&self, kind: EndpointKind, failed: &[Carrier], handicap: Handicap) -> Vec<Member> {
        if self.is_offline() {
            return Vec::new();
        }
        let now = self.now_ms();
        let (members, records) = (self.members(), self.records());
        let mut ranked: Vec<(f64, &Member)> = members
            .iter()
            .zip(records.iter())
            .filter(|(member, record)| member.config.kind == kind && record.is_usable())
            .map(|(member, record)| {
                let shared = record.carrier.as_ref().is_some_and(|carrier| failed.contains(carrier));
                (record.cost(now, shared) + handicap(member), member)
            })
            .collect();
        ranked.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        ranked.into_iter().map(|(_, member)| member.clone()).collect()
    }

    /// Asks the best endpoint, another one when the first fails or takes unusually long, until one answers.
    pub(super) async fn ask<T, Call, Reply>(
        &self,
        kind: EndpointKind,
        call: Call,
    ) -> Result<Claim<T>, SourceError>
    where
        Call: Fn(Member) -> Reply + Sync,
        Reply: Future<Output = Result<Answer<T>, SourceError>> + Send,
        T: Send,
    {
        self.ask_fittest(kind, EVEN, call).await
    }

    /// [`HttpPool::ask`], where some endpoints serve this question worse than others.
    pub(super) async fn ask_fittest<T, Call, Reply>(
        &self,
        kind: EndpointKind,
        handicap: Handicap,
        call: Call,
    ) -> Result<Claim<T>, SourceError>
    where
        Call: Fn(Member) -> Reply + Sync,
        Reply: Future<Output = Result<Answer<T>, SourceError>> + Send,
        T: Send,
    {
        let mut causes: Vec<(EndpointId, Box<SourceError>)> = Vec::new();
        let mut asked: Vec<usize> = Vec::new();
        let mut running = FuturesUnordered::new();
        loop {
            let next = self.next_member(kind, &asked, handicap);
            if running.is_empty() {
                let Some(member) = next.clone() else { break };
                asked.push(member.index);
                running.push(self.attempt(member, &call));
                continue;
            }
            let hedge: OptionFuture<_> = self.hedge(&asked).filter(|_| next.is_some()).map(sleep).into();
            tokio::select! {
                Some((member, outcome)) = running.next() => match outcome {
                    Ok(answer) => return Ok(Claim { body: answer.value, from: member.id, evidence: answer.bytes }),
                    Err(error) => causes.push((member.id, Box::new(error))),
                },
                Some(()) = hedge => {
                    if let Some(member) = next {
                        asked.push(member.index);
                        running.push(self.attempt(member, &call));
                    }
                }
            }
        }
        if causes.is_empty() {
            return Err(self.none_left(kind));
        }
        Err(SourceError::AllFailed { causes })
    }

    /// Asks every usable endpoint of a kind at once.
    pub(super) async fn ask_all<T, Call, Reply>(
        &self,
        kind: EndpointKind,
        call: Call,
    ) -> Vec<Result<Claim<T>, (EndpointId, SourceError)>>
    where
        Call: Fn(Member) -> Reply + Sync,
        Reply: Future<Output = Result<Answer<T>, SourceError>> + Send,
        T: Send,
    {
        let attempts = self.ranked(kind, &[], EVEN).into_iter().map(|member| self.attempt(member, &call));
        futures::future::join_all(attempts)
            .await
            .into_iter()
            .map(|(member, outcome)| match outcome {
                Ok(answer) => Ok(Claim { body: answer.value, from: member.id, evidence: answer.bytes }),
                Err(error) => Err((member.id, error)),
            })
            .collect()
    }

    fn next_member(&self, kind: EndpointKind, asked: &[usize], handicap: Handicap) -> Option<Member> {
        let failed: Vec<Carrier> = {
            let records = self.records();
            asked.iter().filter_map(|index| records.get(*index)?.carrier.clone()).collect()
        };
        self.ranked(kind, &failed, handicap).into_iter().find(|member| !asked.contains(&member.index))
    }

    fn hedge(&self, asked: &[usize]) -> Option<Duration> {
        if !self.client.options.hedge {
            return None;
        }
        let records = self.records();
        asked.last().and_then(|index| records.get(*index)?.hedge_after_ms()).map(Duration::from_millis)
    }

    /// One request, with the check that the endpoint serves this network beside the first one.
    pub(super) async fn attempt<T, Call, Reply>(
        &self,
        member: Member,
        call: &Call,
    ) -> (Member, Result<Answer<T>, SourceError>)
    where
        Call: Fn(Member) -> Reply + Sync,
        Reply: Future<Output = Result<Answer<T>, SourceError>> + Send,
        T: Send,
    {
        let started = Instant::now();
        let checked = self.records().get(member.index).is_some_and(|record| record.network_checked);
        let outcome = if checked {
            call(member.clone()).await
        } else {
            let (network, answer) = tokio::join!(self.check_network(&member), call(member.clone()));
            network.and(answer)
        };
        let (now, took) = (self.now_ms(), u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX));
        if let Some(record) = self.records().get_mut(member.index) {
            match &outcome {
                Ok(answer) => record.succeeded(took, answer.carrier.clone()),
                Err(error @ SourceError::WrongNetwork { .. }) => {
                    record.stands(Standing::WrongNetwork { why: error.to_string() });
                }
                Err(error) => record.failed(error, now),
            }
        }
        (member, outcome)
    }

    async fn check_network(&self, member: &Member) -> Result<(), SourceError> {
        let (found, expected) = match &member.api {
            Api::Execution(rpc) => (rpc.chain_id().await?.value.to_string(), self.spec.chain_id.to_string()),
            Api::Beacon(api) => match api.genesis().await {
                Ok(((root, _), _)) => (root.to_string(), self.spec.genesis_validators_root.to_string()),
                // A server of light-client data alone has no such route; every object is bound to the genesis root by
                // its signature anyway.
                Err(SourceError::NotFound | SourceError::Status { status: 400..=499 | 501 }) => return Ok(()),
                Err(error) => return Err(error),
            },
        };
        if found != expected {
            return Err(SourceError::WrongNetwork { found, expected });
        }
        if let Some(record) = self.records().get_mut(member.index) {
            record.network_checked = true;
        }
        Ok(())
    }

    fn none_left(&self, kind: EndpointKind) -> SourceError {
        if self.is_offline() {
            return SourceError::Offline;
        }
        let (members, records) = (self.members(), self.records());
        let quarantined = members
            .iter()
            .zip(records.iter())
            .filter(|(member, record)| {
                member.config.kind == kind && matches!(record.standing, Standing::Quarantined { .. })
            })
            .count();
        SourceError::NoneLeft { kind: kind.name(), quarantined }
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Vec<Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
