//! Who used a nonce: what no endpoint can hide of a transaction's fate.

use std::sync::Arc;

use alloy::primitives::{Address, B256};

use crate::execution::{Account, Proven, ProvenHeader, TransactionOutcome};

use super::{BlockQuery, Heads, ReadError, Reader};

/// Blocks back from the head whose state endpoints surely serve.
const STATE_WINDOW: u64 = 120;

/// What became of a nonce. The account is the sender's, proven at the verified head.
#[derive(Debug, Clone)]
pub enum NonceUse {
    /// No transaction with this nonce is in the chain.
    Free {
        /// The sender.
        account: Proven<Account>,
    },
    /// One transaction with this nonce is in the chain, and no other can ever be.
    Used {
        /// The sender.
        account: Proven<Account>,
        /// That transaction, where its block was found.
        by: Option<NonceUser>,
        /// It is so at the final block too.
        is_final: bool,
    },
}

/// The transaction that used a nonce.
#[derive(Debug, Clone)]
pub struct NonceUser {
    /// Its hash.
    pub hash: B256,
    /// Header of its block.
    pub header: Arc<ProvenHeader>,
}

impl Reader {
    /// Whether `nonce` of `from` is used at the verified head, and by which transaction, which is looked for in the last
    /// 120 blocks.
    ///
    /// # Errors
    /// [`ReadError`] where the sender's account could not be proven. Where only the user cannot be found, it is `None`.
    pub async fn nonce_use(
        &self,
        heads: &Heads,
        (from, nonce): (Address, u64),
    ) -> Result<NonceUse, ReadError> {
        let account = self.state_at(Arc::clone(&heads.optimistic)).account(from).await?;
        if account.value().nonce <= nonce {
            return Ok(NonceUse::Free { account });
        }
        let by = self.user_of(heads, (from, nonce)).await;
        let at_final = self.state_at(Arc::clone(&heads.finalized)).account(from).await;
        let is_final = at_final.is_ok_and(|account| account.value().nonce > nonce);
        Ok(NonceUse::Used { account, by, is_final })
    }

    /// The outcome of the transaction with this hash in a proven block; `None` where the block is proven not to hold it.
    ///
    /// # Errors
    /// [`ReadError`] where the block's transactions or receipts could not be proven.
    pub async fn outcome_in(
        &self,
        header: &Arc<ProvenHeader>,
        hash: B256,
    ) -> Result<Option<Proven<TransactionOutcome>>, ReadError> {
        let transactions = self.transactions(header).await?;
        let Some(index) = transactions.value().iter().position(|one| one.hash == hash) else {
            return Ok(None);
        };
        let receipts = self.receipts(header).await?;
        TransactionOutcome::join(header, &transactions, &receipts, index).map(Some).map_err(ReadError::Proof)
    }

    /// Found by halving between a block where the nonce was free and the head.
    async fn user_of(&self, heads: &Heads, who: (Address, u64)) -> Option<NonceUser> {
        let head = heads.optimistic.number();
        let mut free = head.saturating_sub(STATE_WINDOW);
        let mut used = head;
        if self.is_used(heads, who, free).await? {
            // Used in that very block, or before what can be read.
            used = free;
            free = free.checked_sub(1)?;
            if self.is_used(heads, who, free).await? {
                return None;
            }
        }
        while used.saturating_sub(free) > 1 {
            let middle = free.midpoint(used);
            if self.is_used(heads, who, middle).await? {
                used = middle;
            } else {
                free = middle;
            }
        }
        let header = self.block(heads, BlockQuery::Number(used)).await.ok()?;
        let transactions = self.transactions(&header).await.ok()?;
        let own = transactions.value().iter().find(|one| (one.sender, one.nonce()) == who)?;
        Some(NonceUser { hash: own.hash, header })
    }

    async fn is_used(&self, heads: &Heads, (from, nonce): (Address, u64), block: u64) -> Option<bool> {
        let header = self.block(heads, BlockQuery::Number(block)).await.ok()?;
        let account = self.state_at(header).account(from).await.ok()?;
        Some(account.value().nonce > nonce)
    }
}
