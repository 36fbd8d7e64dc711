//! A run of blocks, newest first, each proven by the parent link of the next.

use std::sync::Arc;

use crate::execution::{ProofError, ProvenAncestor, ProvenHeader};
use crate::sources::RawHeader;

use super::blocks::ancestor_header;
use super::{ReadError, Reader};

/// Headers asked for in one request.
const CHUNK: u64 = 64;

impl Reader {
    /// `count` headers ending with `newest`, newest first; fewer where the chain begins before. Known ones are not asked
    /// for again.
    ///
    /// # Errors
    /// [`ReadError`] where no answer continues the parent links.
    pub async fn back_from(
        &self,
        newest: &Arc<ProvenHeader>,
        count: u64,
    ) -> Result<Vec<Arc<ProvenHeader>>, ReadError> {
        let count = count.min(newest.number().saturating_add(1));
        let mut run = vec![Arc::clone(newest)];
        let mut last = Arc::clone(newest);
        loop {
            let have = u64::try_from(run.len()).unwrap_or(u64::MAX);
            if have >= count {
                return Ok(run);
            }
            let missing = count.saturating_sub(have).min(CHUNK);
            let is_known = self.known_header(last.parent_hash()).is_some();
            let next = self.parents(&last, if is_known { 1 } else { missing }).await?;
            run.extend(next.iter().cloned());
            last = next.into_iter().next_back().ok_or(ReadError::Proof(ProofError::AnswerMissing))?;
        }
    }

    /// Up to `count` ancestors of `child`, newest first, at least one. Endpoints are asked by number: one that follows
    /// another branch is no liar, so what does not link is left and the next header asked for by its hash.
    async fn parents(
        &self,
        child: &Arc<ProvenHeader>,
        count: u64,
    ) -> Result<Vec<Arc<ProvenHeader>>, ReadError> {
        let (hash, number) = (child.parent_hash(), child.number().saturating_sub(1));
        if count > 1
            && let Ok(claim) = self.edges.execution.headers(hash, number, count).await
        {
            let linked = linked(child, &claim.body);
            if !linked.is_empty() {
                return Ok(linked.into_iter().map(|header| self.remember_header(header)).collect());
            }
        }
        let parent = ProvenAncestor::parent_of(child).map_err(ReadError::Proof)?;
        Ok(vec![self.header_of_ancestor(parent).await?])
    }
}

/// The headers of `raw` as far as each is the parent of the one before.
fn linked(child: &ProvenHeader, raw: &[RawHeader]) -> Vec<ProvenHeader> {
    let mut run: Vec<ProvenHeader> = Vec::with_capacity(raw.len());
    for one in raw {
        let header = ProvenAncestor::parent_of(run.last().unwrap_or(child))
            .and_then(|parent| ancestor_header(one, &parent));
        match header {
            Ok(header) => run.push(header),
            Err(_does_not_link) => break,
        }
    }
    run
}
