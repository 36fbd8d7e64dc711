//! Proven headers and the caches that make the next read cheap.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use alloy::primitives::{Address, B256, Bytes};

use crate::consensus::{Finality, ProvenBlock};
use crate::execution::{
    Account, BlockBody, BlockTransaction, ProofError, Proven, ProvenHeader, Receipt, StorageMemo,
};
use crate::networks::NetworkSpec;
use crate::sources::{BlockSelector, RawHeader};

use super::access_memory::{AccessMemory, AccessStore};
use super::attempts::ask_until_verified;
use super::recent::Recent;
use super::{ChainEdges, ReadError, StateAt};

/// Proven headers kept, by hash. A header is about 600 bytes.
const MAX_HEADERS: usize = 1_024;

/// The two heads every read starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heads {
    /// Newest block the committee signed.
    pub optimistic: Arc<ProvenHeader>,
    /// Newest block the committee signed as final.
    pub finalized: Arc<ProvenHeader>,
}

/// Where bytecode outlives a run. What it gives back is verified like any endpoint's answer.
pub trait CodeCache: Send + Sync {
    /// Code under a hash, if it is kept.
    fn load(&self, hash: B256) -> Option<Bytes>;
    /// Keeps verified code. A failure only costs a later fetch.
    fn save(&self, hash: B256, code: &Bytes);
}

/// Reads proven data. Cheap to clone; clones share the caches.
#[derive(Clone)]
pub struct Reader {
    pub(super) edges: ChainEdges,
    pub(super) memory: Arc<Mutex<Memory>>,
    pub(super) codes: Option<Arc<dyn CodeCache>>,
    access: Option<Arc<dyn AccessStore>>,
    access_restored: Arc<Once>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("edges", &self.edges).finish_non_exhaustive()
    }
}

/// What was proven before and still holds: slots by storage root, code by hash, headers by hash.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) slots: StorageMemo,
    pub(super) code: HashMap<B256, Bytes>,
    pub(super) access: AccessMemory,
    headers: HashMap<B256, Arc<ProvenHeader>>,
    pub(super) transactions: Recent<Vec<BlockTransaction>>,
    pub(super) bodies: Recent<BlockBody>,
    pub(super) receipts: Recent<Vec<Receipt>>,
    /// Accounts of one block only, the newest that was asked about.
    pub(super) accounts: (B256, HashMap<Address, Proven<Account>>),
}

impl Reader {
    /// A reader with empty caches.
    pub fn new(edges: ChainEdges) -> Self {
        Self {
            edges,
            memory: Arc::default(),
            codes: None,
            access: None,
            access_restored: Arc::new(Once::new()),
        }
    }

    /// The same reader with bytecode kept between runs.
    #[must_use]
    pub fn with_code_cache(self, codes: Arc<dyn CodeCache>) -> Self {
        Self { codes: Some(codes), ..self }
    }

    /// The same reader with access sets kept between runs.
    #[must_use]
    pub fn with_access_store(self, access: Arc<dyn AccessStore>) -> Self {
        Self { access: Some(access), ..self }
    }

    /// Writes learned access sets where there are new ones. It may take as long as a disk takes.
    pub fn keep_access_sets(&self) {
        let Some(store) = &self.access else { return };
        // An earlier run's sets are part of what replaces them.
        self.restore_access_sets();
        let news = self.memory().access.take_news();
        if let Some(learned) = news {
            store.save(learned);
        }
    }

    /// Reads what an earlier run has kept, once.
    pub(super) fn restore_access_sets(&self) {
        let Some(store) = &self.access else { return };
        self.access_restored.call_once(|| {
            let learned = store.load();
            self.memory().access.restore(learned);
        });
    }

    /// The headers of both proven heads. Unchanged ones cost nothing.
    ///
    /// # Errors
    /// [`ReadError`] where no endpoint gives a header that hashes to the proven hash.
    pub async fn heads(&self, optimistic: ProvenBlock, finalized: ProvenBlock) -> Result<Heads, ReadError> {
        let (optimistic, finalized) =
            futures::try_join!(self.header_of(optimistic), self.header_of(finalized))?;
        Ok(Heads { optimistic, finalized })
    }

    /// The header of a block that the committee vouched for: fetched by hash, and hashed again.
    ///
    /// # Errors
    /// See [`Reader::heads`].
    pub async fn header_of(&self, block: ProvenBlock) -> Result<Arc<ProvenHeader>, ReadError> {
        let verify = |raw: &RawHeader| match raw {
            RawHeader::Rlp(rlp) => ProvenHeader::from_rlp(rlp, &block),
            RawHeader::Json(json) => ProvenHeader::from_json(json, &block),
        };
        self.header_by_hash(block.block_hash(), block.finality(), verify).await
    }

    /// The header with a proven hash: known with this finality, or asked for until one verifies.
    pub(super) async fn header_by_hash(
        &self,
        hash: B256,
        finality: Finality,
        verify: impl Fn(&RawHeader) -> Result<ProvenHeader, ProofError>,
    ) -> Result<Arc<ProvenHeader>, ReadError> {
        if let Some(known) = self.known_header(hash) {
            if known.finality() == finality {
                return Ok(known);
            }
            // The same bytes under another label, as when the head of a while ago becomes final.
            if let Ok(header) = verify(&RawHeader::Rlp(known.raw_rlp().clone())) {
                return Ok(self.remember_header(header));
            }
        }
        let source = &*self.edges.execution;
        let header = ask_until_verified(source, || source.header(BlockSelector::Hash(hash)), verify).await?;
        Ok(self.remember_header(header))
    }

    /// The network that is read.
    pub fn network(&self) -> &NetworkSpec {
        &self.edges.spec
    }

    /// Consistent reads at one block.
    pub fn state_at(&self, header: Arc<ProvenHeader>) -> StateAt {
        StateAt::new(self.clone(), header)
    }

    pub(super) fn known_header(&self, hash: B256) -> Option<Arc<ProvenHeader>> {
        self.memory().headers.get(&hash).cloned()
    }

    pub(super) fn remember_header(&self, header: ProvenHeader) -> Arc<ProvenHeader> {
        let header = Arc::new(header);
        let mut memory = self.memory();
        if memory.headers.len() >= MAX_HEADERS {
            memory.headers.clear();
        }
        // Where it is kept as final, that label stays: final is what it remains, and both are asked for every slot.
        let kept = memory.headers.get(&header.hash());
        if kept.is_none_or(|kept| kept.finality() != Finality::Final) {
            memory.headers.insert(header.hash(), Arc::clone(&header));
        }
        header
    }

    /// A panic elsewhere leaves only proven values behind, so a poisoned lock is still good.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
