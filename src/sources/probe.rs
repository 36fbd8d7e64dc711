//! What an endpoint can do, found by asking for what we need and not for what is easy.

use alloy::primitives::{Address, B256};
use serde_json::Value;

use super::http::{BeaconApi, Carrier, JsonRpc};
use super::pool::{Api, Member};
use super::{BlockSelector, EndpointId, EndpointKind, HttpPool, RawHeader, SourceError, StateRef};

/// How far back proofs are tried, in blocks.
const DEPTHS: [u64; 3] = [64, 1_000, 8_000];

/// One thing that was asked and what came of it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was asked for, in a few words.
    pub what: &'static str,
    /// A few words on success, or the failure.
    pub outcome: Result<String, SourceError>,
}

/// Everything that was found out about one endpoint. Unverified: a capability is a promise.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Which endpoint.
    pub endpoint: EndpointId,
    /// What it serves.
    pub kind: EndpointKind,
    /// What carries it, where its replies show that.
    pub carrier: Option<Carrier>,
    /// Findings in the order asked.
    pub findings: Vec<Finding>,
}

impl HttpPool {
    /// Asks every endpoint, also quarantined ones, for what we need of it. `period` is the current sync-committee
    /// period by the clock.
    pub async fn probe(&self, period: u64) -> Vec<Probe> {
        if self.is_offline() {
            return Vec::new();
        }
        let members = self.present();
        let probes = members.iter().map(|member| self.probe_one(member, period));
        futures::future::join_all(probes).await
    }

    pub(super) async fn probe_one(&self, member: &Member, period: u64) -> Probe {
        let (findings, carrier) = match &member.api {
            Api::Beacon(api) => self.probe_beacon(api, period).await,
            Api::Execution(rpc) => self.probe_execution(rpc).await,
        };
        Probe { endpoint: member.id.clone(), kind: member.config.kind, carrier, findings }
    }

    async fn probe_beacon(&self, api: &BeaconApi, period: u64) -> (Vec<Finding>, Option<Carrier>) {
        let (genesis, update, updates) =
            tokio::join!(api.genesis(), api.finality_update(), api.updates(period, 1));
        let carrier = genesis.as_ref().ok().and_then(|(_, reply)| reply.carrier.clone());
        let expected = self.spec.genesis_validators_root;
        let network = genesis.and_then(|((root, _), _)| same(root.to_string(), expected.to_string()));
        let form = update.map(|(_, reply)| if reply.is_ssz { "SSZ" } else { "JSON" }.to_owned());
        let range = updates.map(|(list, _)| format!("{} of 1", list.len()));
        let findings = vec![
            Finding { what: "network", outcome: network },
            Finding { what: "finality update", outcome: form },
            Finding { what: "updates", outcome: range },
        ];
        (findings, carrier)
    }

    async fn probe_execution(&self, rpc: &JsonRpc) -> (Vec<Finding>, Option<Carrier>) {
        let (chain, head) = tokio::join!(rpc.chain_id(), rpc.block_number());
        let carrier = chain.as_ref().ok().and_then(|id| id.carrier.clone());
        let network = chain.and_then(|id| same(id.value.to_string(), self.spec.chain_id.to_string()));
        let mut findings = vec![Finding { what: "network", outcome: network }];
        let head = match head {
            Ok(head) => head.value,
            Err(error) => {
                findings.push(Finding { what: "head", outcome: Err(error) });
                return (findings, carrier);
            }
        };
        findings.push(Finding { what: "head", outcome: Ok(format!("block {head}")) });
        let newest = state_of(rpc, head).await;
        let two = [(Address::ZERO, Vec::new()), (Address::with_last_byte(1), Vec::new())];
        let (proofs, receipts, header) = match &newest {
            Ok(state) => tokio::join!(
                rpc.proofs(*state, &two),
                rpc.receipts(state.block_hash),
                rpc.header(BlockSelector::Hash(state.block_hash)),
            ),
            Err(error) => (Err(error.clone()), Err(error.clone()), Err(error.clone())),
        };
        let alone = if rpc.sends_whole_blocks() { "with their whole block" } else { "alone" };
        findings.push(Finding { what: "headers", outcome: header.map(|_| alone.to_owned()) });
        let has_proofs = proofs.is_ok();
        findings.push(Finding { what: "proofs", outcome: proofs.map(|_| "at the head".to_owned()) });
        findings.push(Finding {
            what: "receipts",
            outcome: receipts.map(|list| format!("{} in the head block", list.value.len())),
        });
        if has_proofs {
            findings.push(Finding { what: "proofs reach back", outcome: Ok(self.reach(rpc, head).await) });
        }
        (findings, carrier)
    }

    async fn reach(&self, rpc: &JsonRpc, head: u64) -> String {
        let mut reach = 0;
        for depth in DEPTHS.into_iter().filter(|depth| *depth <= head) {
            let Ok(state) = state_of(rpc, head - depth).await else { break };
            if rpc.proofs(state, &[(Address::ZERO, Vec::new())]).await.is_err() {
                break;
            }
            reach = depth;
        }
        format!("{reach} blocks or more")
    }
}

fn same(found: String, expected: String) -> Result<String, SourceError> {
    if found == expected {
        Ok("right".to_owned())
    } else {
        Err(SourceError::WrongNetwork { found, expected })
    }
}

async fn state_of(rpc: &JsonRpc, number: u64) -> Result<StateRef, SourceError> {
    let missing = || SourceError::Malformed { detail: "a header without hash or state root".to_owned() };
    let RawHeader::Json(header) = rpc.header(BlockSelector::Number(number)).await?.value else {
        return Err(missing());
    };
    let member = |name: &str| -> Option<B256> { header.get(name).and_then(Value::as_str)?.parse().ok() };
    let (block_hash, state_root) = member("hash").zip(member("stateRoot")).ok_or_else(missing)?;
    Ok(StateRef { block_hash, number, state_root })
}
