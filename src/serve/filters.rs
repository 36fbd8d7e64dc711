//! `eth_newFilter` and its kin: what is new since the last time it was asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alloy::rpc::types::{Filter, FilterBlockOption};
use serde_json::Value;
use tokio::time::Instant;

use super::context::Pinned;
use super::error::RpcError;
use super::logs;
use super::news;
use super::params::{Answer, Params, to_json};
use super::token::random_id;
use crate::app::ProvenHeader;

/// Filters kept at once; one that is not asked for is dropped.
const MAX_FILTERS: usize = 256;
const LIFETIME: Duration = Duration::from_secs(300);

/// The filters of this server.
#[derive(Debug, Default)]
pub(super) struct Filters {
    all: Mutex<HashMap<String, Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    kind: Kind,
    seen: Arc<ProvenHeader>,
    asked: Instant,
}

#[derive(Debug, Clone)]
enum Kind {
    Blocks,
    Logs(Box<Filter>),
}

impl Filters {
    /// `eth_newBlockFilter()`.
    pub(super) async fn new_blocks(&self, at: &Pinned) -> Answer {
        self.add(Kind::Blocks, Arc::clone(at.head().await?))
    }

    /// `eth_newFilter(filter)`.
    pub(super) async fn new_logs(&self, at: &Pinned, params: &Params) -> Answer {
        let filter: Filter = params.required(0)?;
        self.add(Kind::Logs(Box::new(filter)), Arc::clone(at.head().await?))
    }

    /// `eth_uninstallFilter(id)`.
    pub(super) fn remove(&self, params: &Params) -> Answer {
        let id: String = params.required(0)?;
        Ok(Value::Bool(self.lock().remove(&id).is_some()))
    }

    /// `eth_getFilterChanges(id)`.
    pub(super) async fn changes(&self, at: &Pinned, params: &Params) -> Answer {
        let id: String = params.required(0)?;
        let kept = self.kept(&id)?;
        let blocks = news::since(at, &kept.seen).await?;
        let answer = match &kept.kind {
            Kind::Blocks => to_json(&blocks.iter().map(|block| block.hash()).collect::<Vec<_>>())?,
            Kind::Logs(filter) => {
                let wanted: Vec<_> = blocks.iter().filter(|block| covers(filter, block)).cloned().collect();
                to_json(&logs::in_blocks(at, filter, &wanted).await?)?
            }
        };
        // Only what was answered counts as told.
        if let (Some(newest), Some(kept)) = (blocks.last(), self.lock().get_mut(&id)) {
            kept.seen = Arc::clone(newest);
        }
        Ok(answer)
    }

    /// `eth_getFilterLogs(id)`.
    pub(super) async fn logs(&self, at: &Pinned, params: &Params) -> Answer {
        match self.kept(&params.required::<String>(0)?)?.kind {
            Kind::Blocks => Err(RpcError::failed("filter not found: it is a block filter")),
            Kind::Logs(filter) => to_json(&logs::find(at, &filter).await?),
        }
    }

    fn add(&self, kind: Kind, seen: Arc<ProvenHeader>) -> Answer {
        let id = random_id()?;
        let mut all = self.lock();
        all.retain(|_, kept| kept.asked.elapsed() < LIFETIME);
        if all.len() >= MAX_FILTERS {
            return Err(RpcError::limit(format!("{MAX_FILTERS} filters are kept at most: remove some")));
        }
        all.insert(id.clone(), Kept { kind, seen, asked: Instant::now() });
        to_json(&id)
    }

    fn kept(&self, id: &str) -> Result<Kept, RpcError> {
        let mut all = self.lock();
        all.retain(|_, kept| kept.asked.elapsed() < LIFETIME);
        let kept = all.get_mut(id).ok_or_else(|| RpcError::failed("filter not found"))?;
        kept.asked = Instant::now();
        Ok(kept.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A filter that names numbers covers only those.
fn covers(filter: &Filter, block: &ProvenHeader) -> bool {
    match filter.block_option {
        FilterBlockOption::AtBlockHash(hash) => block.hash() == hash,
        FilterBlockOption::Range { from_block, to_block } => {
            let from = from_block.and_then(|tag| tag.as_number()).unwrap_or_default();
            let to = to_block.and_then(|tag| tag.as_number()).unwrap_or(u64::MAX);
            (from..=to).contains(&block.number())
        }
    }
}
