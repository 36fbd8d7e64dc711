//! Blocks other than the heads: proven ancestors of a proven head.

use std::sync::Arc;

use alloy::primitives::{B256, U256};

use crate::consensus::Finality;
use crate::execution::{
    HISTORY_SERVE_WINDOW, HISTORY_STORAGE_ADDRESS, ProofError, ProvenAncestor, ProvenHeader, history_slot,
};
use crate::sources::{BlockSelector, RawHeader};

use super::attempts::ask_until_verified;
use super::{Heads, ReadError, Reader};

/// Hops of one history window each. Beyond the first, endpoints need old state, which few serve.
const MAX_HOPS: usize = 64;
/// Parent links followed where the history contract holds nothing.
const MAX_PARENT_LINKS: u64 = 1_024;

/// Which block is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockQuery {
    /// The newest block the committee signed.
    Latest,
    /// The newest final block.
    Finalized,
    /// By number.
    Number(u64),
    /// By hash.
    Hash(B256),
}

impl Reader {
    /// The proven header of a block: a head itself, or an ancestor of one.
    ///
    /// # Errors
    /// [`ReadError::BeyondHead`], [`ReadError::BeyondReach`], [`ReadError::NotCanonical`] (proven), or no answer.
    pub async fn block(&self, heads: &Heads, query: BlockQuery) -> Result<Arc<ProvenHeader>, ReadError> {
        match query {
            BlockQuery::Latest => Ok(Arc::clone(&heads.optimistic)),
            BlockQuery::Finalized => Ok(Arc::clone(&heads.finalized)),
            BlockQuery::Number(number) => self.ancestor(heads, number).await,
            BlockQuery::Hash(hash) => self.block_by_hash(heads, hash).await,
        }
    }

    async fn block_by_hash(&self, heads: &Heads, hash: B256) -> Result<Arc<ProvenHeader>, ReadError> {
        for head in [&heads.finalized, &heads.optimistic] {
            if head.hash() == hash {
                return Ok(Arc::clone(head));
            }
        }
        let source = &*self.edges.execution;
        let claimed_number = |raw: &RawHeader| match raw {
            RawHeader::Rlp(rlp) => ProvenHeader::number_of_rlp(rlp, hash),
            RawHeader::Json(json) => ProvenHeader::number_of_json(json, hash),
        };
        let number = match self.known_header(hash) {
            Some(known) => known.number(),
            None => {
                let ask = || source.header(BlockSelector::Hash(hash));
                ask_until_verified(source, ask, claimed_number).await?
            }
        };
        let canonical = self.ancestor(heads, number).await?;
        if canonical.hash() == hash { Ok(canonical) } else { Err(ReadError::NotCanonical { hash }) }
    }

    /// The block `number` of the verified chain. Proven from the optimistic head, whose state endpoints still have;
    /// final where that same head proves the final block to be between the two.
    async fn ancestor(&self, heads: &Heads, number: u64) -> Result<Arc<ProvenHeader>, ReadError> {
        let head = &heads.optimistic;
        if number > head.number() {
            return Err(ReadError::BeyondHead { number, head: head.number() });
        }
        if number == heads.finalized.number() {
            return Ok(Arc::clone(&heads.finalized));
        }
        let mut from = Arc::clone(head);
        let mut is_final = false;
        for _ in 0..MAX_HOPS {
            if from.hash() == heads.finalized.hash() {
                // The very block that is signed as final, and so is all before it.
                (from, is_final) = (Arc::clone(&heads.finalized), true);
            }
            if from.number() == number {
                return Ok(from);
            }
            let next = number.max(from.number().saturating_sub(HISTORY_SERVE_WINDOW));
            let witness = (!is_final && next < heads.finalized.number()).then_some(&heads.finalized);
            let distance = head.number().saturating_sub(number);
            let ancestor = match self.hop(&from, next, witness).await {
                Err(ReadError::Proof(ProofError::HistoryEmpty { .. })) => {
                    return self.by_parent_links(&from, number).await;
                }
                other => other.map_err(|error| too_far(error, number, distance))?,
            };
            is_final = is_final || ancestor.finality() == Finality::Final;
            from = self.header_of_ancestor(ancestor).await?;
        }
        Err(ReadError::BeyondReach { number, distance: from.number().saturating_sub(number) })
    }

    /// Blocks of before the history contract: by parent links alone, if they are near.
    async fn by_parent_links(
        &self,
        from: &Arc<ProvenHeader>,
        number: u64,
    ) -> Result<Arc<ProvenHeader>, ReadError> {
        let distance = from.number().saturating_sub(number);
        if distance > MAX_PARENT_LINKS {
            return Err(ReadError::BeyondReach { number, distance });
        }
        let run = self.back_from(from, distance.saturating_add(1)).await?;
        let found = run.into_iter().next_back().filter(|header| header.number() == number);
        found.ok_or(ReadError::Proof(ProofError::AnswerMissing))
    }

    /// One step back of at most a history window: by parent link when next door, else by EIP-2935. With `witness`, the
    /// same proof shows whether that final block lies between, which makes the ancestor final too.
    async fn hop(
        &self,
        from: &Arc<ProvenHeader>,
        number: u64,
        witness: Option<&Arc<ProvenHeader>>,
    ) -> Result<ProvenAncestor, ReadError> {
        if witness.is_none() && from.number().saturating_sub(number) == 1 {
            return ProvenAncestor::parent_of(from).map_err(ReadError::Proof);
        }
        let numbers: Vec<u64> =
            std::iter::once(number).chain(witness.map(|header| header.number())).collect();
        let slots: Vec<U256> = numbers.iter().map(|number| history_slot(*number)).collect();
        let values = self.state_at(Arc::clone(from)).storage(HISTORY_STORAGE_ADDRESS, &slots).await?;
        let mut ancestors = numbers.iter().zip(&values).map(|(number, slot)| {
            ProvenAncestor::from_history(from, *number, slot).map_err(ReadError::Proof)
        });
        let ancestor = ancestors.next().ok_or(ReadError::Proof(ProofError::AnswerMissing))??;
        match (witness, ancestors.next()) {
            (Some(finalized), Some(between)) => Ok(ancestor.final_under(finalized, &between?)),
            _ => Ok(ancestor),
        }
    }

    pub(super) async fn header_of_ancestor(
        &self,
        ancestor: ProvenAncestor,
    ) -> Result<Arc<ProvenHeader>, ReadError> {
        let verify = |raw: &RawHeader| ancestor_header(raw, &ancestor);
        self.header_by_hash(ancestor.hash(), ancestor.finality(), verify).await
    }
}

/// The header of a proven ancestor, in whichever form it came.
pub(super) fn ancestor_header(
    raw: &RawHeader,
    ancestor: &ProvenAncestor,
) -> Result<ProvenHeader, ProofError> {
    match raw {
        RawHeader::Rlp(rlp) => ProvenHeader::ancestor_from_rlp(rlp, ancestor),
        RawHeader::Json(json) => ProvenHeader::ancestor_from_json(json, ancestor),
    }
}

/// A failed read of old state means "too far back", unless something was refused: then that is the news.
fn too_far(error: ReadError, number: u64, distance: u64) -> ReadError {
    match error {
        ReadError::Source { ref refused, .. } if refused.is_empty() && distance > HISTORY_SERVE_WINDOW => {
            ReadError::BeyondReach { number, distance }
        }
        other => other,
    }
}
