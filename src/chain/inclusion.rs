//! Did it land? A transaction's fate, proven where it can be and said plainly where it cannot.

use std::sync::Arc;

use alloy::primitives::B256;

use crate::execution::{BlockTransaction, Proven, ProvenHeader, TransactionOutcome, verify_transactions};
use crate::sources::{EndpointId, TxLocation};

use super::attempts::ask_until_verified;
use super::{BlockQuery, Heads, ReadError, Reader};

/// What is known of a transaction.
#[derive(Debug, Clone)]
pub enum TransactionStatus {
    /// In a block of the verified chain; outcome, receipt and logs are proven.
    Included {
        /// The proven outcome.
        outcome: Box<Proven<TransactionOutcome>>,
        /// Header of its block.
        header: Arc<ProvenHeader>,
    },
    /// Endpoints say it is in a block that the verified head has not reached (or has left). Unverified.
    AwaitingProof {
        /// The block hash they name.
        block_hash: B256,
        /// Who says so.
        said_by: Vec<EndpointId>,
        /// The verified head's number.
        head: u64,
    },
    /// Endpoints have it in their mempool. Unverified.
    Pending {
        /// Who says so.
        seen_by: Vec<EndpointId>,
        /// The verified head's number.
        head: u64,
    },
    /// No endpoint that answered knows it. That cannot be proven: it may exist elsewhere.
    Unknown {
        /// Who was asked and answered.
        asked: Vec<EndpointId>,
        /// The verified head's number.
        head: u64,
    },
}

impl Reader {
    /// Finds a transaction and proves its inclusion, status and logs.
    ///
    /// Where it is said to be is only a hint. A single endpoint can neither invent an inclusion nor, while another one
    /// knows it, hide it.
    ///
    /// # Errors
    /// [`ReadError`] where no endpoint answered, or an inclusion was claimed but not proven by any answer.
    pub async fn transaction(&self, heads: &Heads, hash: B256) -> Result<TransactionStatus, ReadError> {
        let source = &*self.edges.execution;
        let claims = source.locate_all(hash).await;
        if claims.is_empty() {
            // Nobody answered: ask through the pool's own fail-over for the cause.
            source.locate(hash).await.map_err(|source| ReadError::Source { source, refused: Vec::new() })?;
        }
        let head = heads.optimistic.number();
        let mut awaiting: Option<(B256, Vec<EndpointId>)> = None;
        let (mut made_up, mut failure) = (None, None);
        for block_hash in claimed_blocks(&claims) {
            match self.prove_inclusion(heads, block_hash, hash).await {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => self.blame_inventors(&claims, block_hash),
                Err(ReadError::BeyondHead { .. } | ReadError::NotCanonical { .. }) => {
                    awaiting.get_or_insert_with(|| (block_hash, sayers(&claims, block_hash)));
                }
                // A block that nobody has: one that the chain left, or one that was made up to hide what others say.
                Err(error) if error.is_unknown() => {
                    made_up.get_or_insert_with(|| (block_hash, sayers(&claims, block_hash)));
                }
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
        if let Some((block_hash, said_by)) = awaiting {
            return Ok(TransactionStatus::AwaitingProof { block_hash, said_by, head });
        }
        let who = |wanted: TxLocation| {
            claims.iter().filter(|one| one.body == wanted).map(|one| one.from.clone()).collect::<Vec<_>>()
        };
        let seen_by = who(TxLocation::Pending);
        if !seen_by.is_empty() {
            return Ok(TransactionStatus::Pending { seen_by, head });
        }
        if let Some((block_hash, said_by)) = made_up {
            return Ok(TransactionStatus::AwaitingProof { block_hash, said_by, head });
        }
        Ok(TransactionStatus::Unknown { asked: who(TxLocation::Unknown), head })
    }

    /// The transactions of a proven block, rebuilt to its root.
    ///
    /// # Errors
    /// [`ReadError`] where no answer rebuilds to the root.
    pub async fn transactions(
        &self,
        header: &Arc<ProvenHeader>,
    ) -> Result<Proven<Vec<BlockTransaction>>, ReadError> {
        if let Some(known) = self.memory().transactions.get(header) {
            return Ok(known);
        }
        let source = &*self.edges.execution;
        let transactions = ask_until_verified(
            source,
            || source.block(header.hash()),
            |block: &serde_json::Value| verify_transactions(header, block),
        )
        .await?;
        self.memory().transactions.put(header, transactions.clone());
        Ok(transactions)
    }

    /// Proves the transaction to be in that block, or proves that it is not (`None`).
    async fn prove_inclusion(
        &self,
        heads: &Heads,
        block_hash: B256,
        hash: B256,
    ) -> Result<Option<TransactionStatus>, ReadError> {
        let header = self.block(heads, BlockQuery::Hash(block_hash)).await?;
        let transactions = self.transactions(&header).await?;
        let Some(index) = transactions.value().iter().position(|transaction| transaction.hash == hash) else {
            return Ok(None);
        };
        let receipts = self.receipts(&header).await?;
        let outcome =
            TransactionOutcome::join(&header, &transactions, &receipts, index).map_err(ReadError::Proof)?;
        Ok(Some(TransactionStatus::Included { outcome: Box::new(outcome), header }))
    }

    /// The block is in the verified chain and proven not to hold the transaction: whoever said so lied.
    fn blame_inventors(&self, claims: &[crate::sources::Claim<TxLocation>], block_hash: B256) {
        for claim in claims {
            if matches!(claim.body, TxLocation::Included { block_hash: said, .. } if said == block_hash) {
                let rule = "the transaction is proven not to be in the block it was said to be in";
                self.edges.execution.blame(&claim.from, rule, &claim.evidence);
            }
        }
    }
}

/// Distinct block hashes, in the order first named.
fn claimed_blocks(claims: &[crate::sources::Claim<TxLocation>]) -> Vec<B256> {
    let mut blocks = Vec::new();
    for claim in claims {
        if let TxLocation::Included { block_hash, .. } = claim.body
            && !blocks.contains(&block_hash)
        {
            blocks.push(block_hash);
        }
    }
    blocks
}

fn sayers(claims: &[crate::sources::Claim<TxLocation>], block_hash: B256) -> Vec<EndpointId> {
    claims
        .iter()
        .filter(|one| matches!(one.body, TxLocation::Included { block_hash: said, .. } if said == block_hash))
        .map(|one| one.from.clone())
        .collect()
}
