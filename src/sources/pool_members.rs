//! The pool's members as they come and go while it runs.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use super::http::{Answer, BeaconApi, JsonRpc};
use super::pool::{Api, Member};
use super::score::{Record, Standing};
use super::{EndpointConfig, EndpointId, EndpointKind, HttpPool, Probe};

impl HttpPool {
    /// Adds an endpoint while the pool runs; `by_user` means that it can be removed again. Its name.
    pub fn add(&self, config: EndpointConfig, by_user: bool) -> EndpointId {
        let mut members = self.members.write().unwrap_or_else(PoisonError::into_inner);
        let member = self.member(config, &members);
        let id = member.id.clone();
        self.records().push(Record::new(by_user));
        Arc::make_mut(&mut members).push(member);
        id
    }

    /// A member that is not in the pool: its place is the next free one.
    fn member(&self, config: EndpointConfig, members: &[Member]) -> Member {
        let label = config.label();
        let twins = members.iter().filter(|member| member.config.label() == label).count();
        let label = if twins == 0 { label } else { format!("{label} #{}", twins.saturating_add(1)) };
        let (client, url) = (self.client.clone(), config.url.clone());
        let api = match config.kind {
            EndpointKind::Beacon => Api::Beacon(BeaconApi::new(client, url)),
            EndpointKind::Execution => Api::Execution(JsonRpc::new(client, url)),
        };
        Member { index: members.len(), id: EndpointId(label.into()), config, api }
    }

    pub(super) fn members(&self) -> Arc<Vec<Member>> {
        Arc::clone(&self.members.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Members that were not removed.
    pub(super) fn present(&self) -> Vec<Member> {
        let records = self.records();
        let here = |member: &&Member| records.get(member.index).is_some_and(|record| !record.removed);
        self.members().iter().filter(here).cloned().collect()
    }

    /// What an endpoint that is not in the pool offers; nothing of it is used.
    pub async fn try_out(&self, config: EndpointConfig, period: u64) -> Probe {
        self.probe_one(&self.member(config, &self.members()), period).await
    }

    /// Asks each endpoint that nobody asked yet for one small thing that we need of it, so that who answers and how fast
    /// is known before another one fails. Nothing of the answers is used.
    pub async fn meet(&self) {
        if self.is_offline() {
            return;
        }
        let untried: Vec<Member> = {
            let (members, records) = (self.members(), self.records());
            let untried = |member: &&Member| {
                records
                    .get(member.index)
                    .is_some_and(|record| record.is_usable() && record.standing == Standing::Untried)
            };
            members.iter().filter(untried).cloned().collect()
        };
        let greet = |member: Member| async move {
            match &member.api {
                Api::Beacon(api) => {
                    let (_, reply) = api.optimistic_update().await?;
                    Ok(Answer { value: (), bytes: reply.body, carrier: reply.carrier })
                }
                Api::Execution(rpc) => {
                    let Answer { bytes, carrier, .. } = rpc.block_number().await?;
                    Ok(Answer { value: (), bytes, carrier })
                }
            }
        };
        futures::future::join_all(untried.into_iter().map(|member| self.attempt(member, &greet))).await;
    }

    /// Asks an endpoint from now on, or no more. False where there is none of that name.
    pub fn set_on(&self, endpoint: &EndpointId, on: bool) -> bool {
        self.edit(endpoint, |record| record.off = !on)
    }

    /// Removes an endpoint for good. Its address, or `None` where there is none of that name.
    pub fn remove(&self, endpoint: &EndpointId) -> Option<EndpointConfig> {
        self.edit(endpoint, |record| record.removed = true);
        self.config(endpoint)
    }

    /// The address of an endpoint.
    pub fn config(&self, endpoint: &EndpointId) -> Option<EndpointConfig> {
        self.members().iter().find(|member| member.id == *endpoint).map(|member| member.config.clone())
    }

    /// While offline nobody is asked for anything.
    pub fn set_offline(&self, offline: bool) {
        self.offline.store(offline, Ordering::Relaxed);
    }

    /// True where nobody is asked for anything.
    pub fn is_offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }

    /// The present time, Unix milliseconds, by the `Date` of each host that answered. Claims, to compare a clock with.
    pub fn claimed_times_ms(&self) -> Vec<u64> {
        self.client.claimed_times_ms()
    }
}
