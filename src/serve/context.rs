//! What one request is answered from: heads that do not move under it.

use std::sync::Arc;
use std::time::Duration;

use alloy::eips::{BlockId, BlockNumberOrTag};
use tokio::sync::OnceCell;

use super::error::RpcError;
use crate::app::{BlockBody, BlockQuery, Heads, ProvenHeader, ReadError, Reads, Receipt, StateAt, SyncView};

/// A head that is older says nothing of now: what a tag means is then refused (UX: stale after two minutes).
const STALE_SECS: u64 = 120;
/// With long slots, never fewer than this many.
const STALE_SLOTS: u64 = 4;
/// A request waits this long for the first verified head.
const PATIENCE: Duration = Duration::from_secs(10);

/// The reads of one request, or of all requests of one batch: its answers are of one head.
#[derive(Debug, Clone)]
pub(super) struct Pinned {
    pub(super) reads: Reads,
    heads: Arc<OnceCell<Heads>>,
}

impl Pinned {
    pub(super) fn new(reads: Reads) -> Self {
        Self { reads, heads: Arc::default() }
    }

    /// The heads of this request.
    pub(super) async fn heads(&self) -> Result<&Heads, RpcError> {
        self.heads
            .get_or_try_init(|| async {
                let mut follow = self.reads.follow();
                let wait = tokio::time::timeout(PATIENCE, follow.wait_for(Option::is_some)).await;
                let heads = wait.ok().and_then(Result::ok).and_then(|heads| heads.clone());
                heads.ok_or_else(|| self.no_head())
            })
            .await
    }

    /// The newest proven header, however old it is: for what is told as news of it.
    pub(super) async fn head(&self) -> Result<&Arc<ProvenHeader>, RpcError> {
        Ok(&self.heads().await?.optimistic)
    }

    /// The newest proven header, which is of now.
    ///
    /// # Errors
    /// -32002 where it is too old to be.
    pub(super) async fn latest(&self) -> Result<&Arc<ProvenHeader>, RpcError> {
        let heads = self.heads().await?;
        let head = &heads.optimistic;
        if is_fresh(&self.reads, heads) {
            return Ok(head);
        }
        let secs = self.reads.lag_ms(heads) / 1_000;
        Err(RpcError::unavailable(format!(
            "the newest verified head, block {}, is {secs} s old: what is latest now is not known; \
             ask for that block by its number, or again when the light client has caught up",
            head.number()
        )))
    }

    fn no_head(&self) -> RpcError {
        let snapshot = self.reads.snapshot();
        let why = match (&snapshot.sync, &snapshot.no_reads) {
            (SyncView::NeedsCheckpoint(reason) | SyncView::Failed(reason), _) | (_, Some(reason)) => {
                reason.what.clone()
            }
            (SyncView::CatchingUp(at), None) => {
                format!("Sync committees are being checked: period {} of {}.", at.done, at.target)
            }
            _ => "The light client is starting.".to_owned(),
        };
        RpcError::unavailable(format!("There is no verified head yet. {why}"))
    }

    /// A tag means now; a number or a hash means what it always did.
    async fn query(&self, id: BlockId) -> Result<BlockQuery, RpcError> {
        let query = query(id)?;
        if matches!(query, BlockQuery::Latest | BlockQuery::Finalized) {
            self.latest().await?;
        }
        Ok(query)
    }

    /// The proven header of the block that is meant.
    pub(super) async fn header(&self, id: BlockId) -> Result<Arc<ProvenHeader>, RpcError> {
        let query = self.query(id).await?;
        self.reads.reader().block(self.heads().await?, query).await.map_err(|error| {
            if error.is_unknown() {
                return RpcError::not_found("header not found: no endpoint knows this block");
            }
            RpcError::from(&error)
        })
    }

    /// The same; `None` where it is beyond the head, not in the verified chain, or known to nobody.
    pub(super) async fn known(&self, id: BlockId) -> Result<Option<Arc<ProvenHeader>>, RpcError> {
        let query = self.query(id).await?;
        match self.reads.reader().block(self.heads().await?, query).await {
            Ok(header) => Ok(Some(header)),
            Err(ReadError::BeyondHead { .. } | ReadError::NotCanonical { .. }) => Ok(None),
            Err(error) if error.is_unknown() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// State after that block.
    pub(super) async fn state(&self, id: BlockId) -> Result<StateAt, RpcError> {
        Ok(self.reads.state_at(self.header(id).await?))
    }

    /// What that block holds.
    pub(super) async fn body(&self, header: &ProvenHeader) -> Result<BlockBody, RpcError> {
        Ok(self.reads.reader().body(header).await?.into_value())
    }

    /// Its receipts.
    pub(super) async fn receipts(&self, header: &ProvenHeader) -> Result<Vec<Receipt>, RpcError> {
        Ok(self.reads.reader().receipts(header).await?.into_value())
    }
}

/// Whether the head is of now.
pub(super) fn is_fresh(reads: &Reads, heads: &Heads) -> bool {
    let bound_ms = reads.network().slot_duration_ms.saturating_mul(STALE_SLOTS).max(STALE_SECS * 1_000);
    reads.lag_ms(heads) <= bound_ms
}

fn query(id: BlockId) -> Result<BlockQuery, RpcError> {
    Ok(match id {
        BlockId::Hash(hash) => BlockQuery::Hash(hash.block_hash),
        BlockId::Number(BlockNumberOrTag::Latest) => BlockQuery::Latest,
        BlockId::Number(BlockNumberOrTag::Finalized) => BlockQuery::Finalized,
        BlockId::Number(BlockNumberOrTag::Earliest) => BlockQuery::Number(0),
        BlockId::Number(BlockNumberOrTag::Number(number)) => BlockQuery::Number(number),
        BlockId::Number(BlockNumberOrTag::Pending) => {
            return Err(RpcError::unprovable(
                "`pending` cannot be proven: a mempool is nobody's proof; ask for `latest`",
            ));
        }
        BlockId::Number(BlockNumberOrTag::Safe) => {
            return Err(RpcError::unprovable(
                "`safe` cannot be proven: sync committees sign the head and what is final; ask for `latest` or \
                 `finalized`",
            ));
        }
    })
}
