//! Direct reads, for a face with many questions at once: a server of other programs.

use std::sync::Arc;

use alloy::primitives::{B256, Bytes};
use tokio::sync::watch;

use super::Snapshot;
use crate::chain::{ChainEdges, Heads, Reader, StateAt, Statement};
use crate::execution::ProvenHeader;
use crate::networks::NetworkSpec;
use crate::sources::{EndpointId, SourceError};

/// Each endpoint's own answer to a broadcast. Unverified.
pub type Broadcast = Vec<(EndpointId, Result<B256, SourceError>)>;

/// Proven reads at the core's heads, awaited by whoever asks. Cheap to clone; reads nothing new once the core stopped.
#[derive(Debug, Clone)]
pub struct Reads {
    pub(super) edges: ChainEdges,
    pub(super) reader: Reader,
    pub(super) heads: watch::Receiver<Option<Heads>>,
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
}

impl Reads {
    /// The network.
    pub fn network(&self) -> &NetworkSpec {
        &self.edges.spec
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshots.borrow())
    }

    /// The proven heads; `None` while there are none.
    pub fn heads(&self) -> Option<Heads> {
        self.heads.borrow().clone()
    }

    /// The proven heads as they move.
    pub fn follow(&self) -> watch::Receiver<Option<Heads>> {
        self.heads.clone()
    }

    /// Milliseconds between the slot that these heads were signed for and this computer's clock.
    pub fn lag_ms(&self, heads: &Heads) -> u64 {
        let hash = heads.optimistic.hash();
        let newest = self.snapshot().head;
        let newest = newest.filter(|head| head.block.is_some_and(|block| block.hash == hash));
        // Where a newer head is known and its header is not, these are as old as their block.
        let signed_ms = newest.map_or_else(
            || heads.optimistic.timestamp().saturating_mul(1_000),
            |head| self.edges.spec.slot_start_ms(head.proven.slot()),
        );
        self.edges.clock.unix_ms().saturating_sub(signed_ms)
    }

    /// What reads blocks, bodies and receipts.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What reads state at a proven block.
    pub fn state_at(&self, header: Arc<ProvenHeader>) -> StateAt {
        self.reader.state_at(header)
    }

    /// What other sources say of the blocks that the committee signed, asked anew: to be weighed with [`second_witness`]
    /// before a signature that can lose money. `None` while there is no head.
    ///
    /// [`second_witness`]: crate::chain::second_witness
    pub async fn statements(&self) -> Option<Vec<Statement>> {
        let heads = self.heads()?;
        // Heads are published a moment before the snapshot that tells of them.
        let mut snapshots = self.snapshots.clone();
        let told = snapshots.wait_for(|now| now.finalized.is_some()).await.ok()?.finalized?;
        let finalized = told.proven;
        Some(self.reader.statements(&heads, &finalized).await)
    }

    /// Sends a signed transaction to every usable endpoint.
    pub async fn broadcast(&self, raw: Bytes) -> Broadcast {
        self.edges.execution.broadcast(raw).await
    }
}
