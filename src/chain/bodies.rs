//! What a proven block holds: its body and its receipts.

use crate::execution::{BlockBody, Proven, ProvenHeader, Receipt, verify_body, verify_receipts};

use super::attempts::ask_until_verified;
use super::{ReadError, Reader};

impl Reader {
    /// Transactions and withdrawals of a proven block, rebuilt to its roots.
    ///
    /// # Errors
    /// [`ReadError`] where no answer rebuilds to the roots.
    pub async fn body(&self, header: &ProvenHeader) -> Result<Proven<BlockBody>, ReadError> {
        if let Some(known) = self.memory().bodies.get(header) {
            return Ok(known);
        }
        let source = &*self.edges.execution;
        let body = ask_until_verified(
            source,
            || source.block(header.hash()),
            |block: &serde_json::Value| verify_body(header, block),
        )
        .await?;
        self.memory().bodies.put(header, body.clone());
        Ok(body)
    }

    /// Receipts of a proven block, rebuilt to its root.
    ///
    /// # Errors
    /// [`ReadError`] where no answer rebuilds to the root.
    pub async fn receipts(&self, header: &ProvenHeader) -> Result<Proven<Vec<Receipt>>, ReadError> {
        if let Some(known) = self.memory().receipts.get(header) {
            return Ok(known);
        }
        let source = &*self.edges.execution;
        let receipts = ask_until_verified(
            source,
            || source.receipts(header.hash()),
            |receipts: &Vec<serde_json::Value>| verify_receipts(header, receipts),
        )
        .await?;
        self.memory().receipts.put(header, receipts.clone());
        Ok(receipts)
    }
}
