//! Did it land? A transaction's fate, proven where it can be and said plainly where it cannot.

use std::sync::Arc;

use alloy::primitives::{Address, B256};

use crate::execution::{
    Account, BlockTransaction, Proven, ProvenHeader, TransactionOutcome, signed_nonce, verify_transactions,
};
use crate::sources::{Claim, EndpointId, TxLocation};

use super::attempts::ask_until_verified;
use super::{BlockQuery, Heads, NonceUse, NonceUser, ReadError, Reader};

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
    /// Its sender's nonce is proven to be used, and not by it in any block that was looked at.
    NonceUsed {
        /// The sender at the verified head.
        account: Proven<Account>,
        /// The transaction's nonce.
        nonce: u64,
        /// The transaction that took its place: this one can never run. `None` where its block is further back than is
        /// looked: that may have been this very transaction.
        by: Option<NonceUser>,
        /// It is so at the final block too.
        is_final: bool,
    },
    /// No endpoint that answered knows it. That cannot be proven: it may exist elsewhere.
    Unknown {
        /// Who was asked and answered.
        asked: Vec<EndpointId>,
        /// The verified head's number.
        head: u64,
    },
}

impl TransactionStatus {
    /// Something may still become of it, or has and is not known.
    pub fn is_open(&self) -> bool {
        !matches!(self, Self::Included { .. } | Self::NonceUsed { by: Some(_), .. })
    }
}

/// Where the endpoints' hints led.
#[derive(Default)]
struct Hints {
    included: Option<TransactionStatus>,
    /// A block beyond the verified head, or one that the chain left.
    awaiting: Option<(B256, Vec<EndpointId>)>,
    /// A block that nobody has.
    made_up: Option<(B256, Vec<EndpointId>)>,
    failure: Option<ReadError>,
}

impl Reader {
    /// Finds a transaction and proves its inclusion, status and logs.
    ///
    /// Where it is said to be is only a hint. A single endpoint can neither invent an inclusion nor, while another one
    /// knows it, hide it. `signed` is its sender and nonce where they are known, as of one's own; else an endpoint that
    /// holds it may tell them, under its hash. With them it is proven when another transaction took its place.
    ///
    /// # Errors
    /// [`ReadError`] where no endpoint answered, or an inclusion was claimed but not proven by any answer.
    pub async fn transaction(
        &self,
        heads: &Heads,
        hash: B256,
        signed: Option<(Address, u64)>,
    ) -> Result<TransactionStatus, ReadError> {
        let source = &*self.edges.execution;
        let claims = source.locate_all(hash).await;
        if claims.is_empty() {
            // Nobody answered: ask through the pool's own fail-over for the cause.
            source.locate(hash).await.map_err(|source| ReadError::Source { source, refused: Vec::new() })?;
        }
        let head = heads.optimistic.number();
        let hints = self.follow_hints(heads, hash, &claims).await;
        if let Some(status) = hints.included {
            return Ok(status);
        }
        if let Some(signed) = signed.or_else(|| told_nonce(&claims, hash))
            && let Some(status) = self.fate_of_nonce(heads, hash, signed).await
            && (hints.failure.is_none() || !status.is_open())
        {
            return Ok(status);
        }
        if let Some(error) = hints.failure {
            return Err(error);
        }
        if let Some((block_hash, said_by)) = hints.awaiting {
            return Ok(TransactionStatus::AwaitingProof { block_hash, said_by, head });
        }
        let who = |wanted: fn(&TxLocation) -> bool| {
            claims.iter().filter(|one| wanted(&one.body)).map(|one| one.from.clone()).collect::<Vec<_>>()
        };
        let seen_by = who(|one| matches!(one, TxLocation::Pending(_)));
        if !seen_by.is_empty() {
            return Ok(TransactionStatus::Pending { seen_by, head });
        }
        if let Some((block_hash, said_by)) = hints.made_up {
            return Ok(TransactionStatus::AwaitingProof { block_hash, said_by, head });
        }
        Ok(TransactionStatus::Unknown { asked: who(|one| *one == TxLocation::Unknown), head })
    }

    async fn follow_hints(&self, heads: &Heads, hash: B256, claims: &[Claim<TxLocation>]) -> Hints {
        let mut hints = Hints::default();
        for block_hash in claimed_blocks(claims) {
            match self.prove_inclusion(heads, block_hash, hash).await {
                Ok(Some(status)) => {
                    hints.included = Some(status);
                    break;
                }
                Ok(None) => self.blame_inventors(claims, block_hash),
                Err(ReadError::BeyondHead { .. } | ReadError::NotCanonical { .. }) => {
                    hints.awaiting.get_or_insert_with(|| (block_hash, sayers(claims, block_hash)));
                }
                // A block that nobody has: one that the chain left, or one that was made up to hide what others say.
                Err(error) if error.is_unknown() => {
                    hints.made_up.get_or_insert_with(|| (block_hash, sayers(claims, block_hash)));
                }
                Err(error) => hints.failure = Some(error),
            }
        }
        hints
    }

    /// What the sender's proven nonce says of the transaction; `None` where it says nothing. It may show that the
    /// transaction is in the chain although every endpoint hides it.
    async fn fate_of_nonce(
        &self,
        heads: &Heads,
        hash: B256,
        (from, nonce): (Address, u64),
    ) -> Option<TransactionStatus> {
        let found = self.nonce_use(heads, (from, nonce)).await.ok()?;
        let NonceUse::Used { account, by, is_final } = found else { return None };
        if let Some(NonceUser { header, .. }) = by.as_ref().filter(|user| user.hash == hash) {
            let outcome = Box::new(self.outcome_in(header, hash).await.ok()??);
            return Some(TransactionStatus::Included { outcome, header: Arc::clone(header) });
        }
        Some(TransactionStatus::NonceUsed { account, nonce, by, is_final })
    }

    /// The transactions of a proven block, rebuilt to its root.
    ///
    /// # Errors
    /// [`ReadError`] where no answer rebuilds to the root.
    pub async fn transactions(
        &self,
        header: &Arc<ProvenHeader>,
    ) -> Result<Proven<Vec<BlockTransaction>>, ReadError> {
        let known = {
            let mut memory = self.memory();
            let of_body = memory.bodies.get(header).map(|body| body.map(|body| body.transactions));
            of_body.or_else(|| memory.transactions.get(header))
        };
        if let Some(known) = known {
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
        let outcome = self.outcome_in(&header, hash).await?;
        Ok(outcome.map(|outcome| TransactionStatus::Included { outcome: Box::new(outcome), header }))
    }

    /// The block is in the verified chain and proven not to hold the transaction: whoever said so lied.
    fn blame_inventors(&self, claims: &[Claim<TxLocation>], block_hash: B256) {
        for claim in claims {
            if matches!(claim.body, TxLocation::Included { block_hash: said, .. } if said == block_hash) {
                let rule = "the transaction is proven not to be in the block it was said to be in";
                self.edges.execution.blame(&claim.from, rule, &claim.evidence);
            }
        }
    }
}

/// Sender and nonce, as the first holder tells them whose transaction has the hash that was asked for.
fn told_nonce(claims: &[Claim<TxLocation>], hash: B256) -> Option<(Address, u64)> {
    claims.iter().find_map(|claim| match &claim.body {
        TxLocation::Pending(json) => signed_nonce(hash, json).ok(),
        _ => None,
    })
}

/// Distinct block hashes, in the order first named.
fn claimed_blocks(claims: &[Claim<TxLocation>]) -> Vec<B256> {
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

fn sayers(claims: &[Claim<TxLocation>], block_hash: B256) -> Vec<EndpointId> {
    claims
        .iter()
        .filter(|one| matches!(one.body, TxLocation::Included { block_hash: said, .. } if said == block_hash))
        .map(|one| one.from.clone())
        .collect()
}
