//! Bodies and receipts proven a moment ago: the next question is often about the same block.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use alloy::consensus::Transaction as _;
use alloy::primitives::B256;

use crate::app::{BlockBody, ProvenHeader, ReadError, Reader, Receipt};

/// Blocks kept. A full mainnet block is a few hundred kB; one made to be heavy is not kept.
const MAX_BLOCKS: usize = 32;
const MAX_BYTES: usize = 2 * 1024 * 1024;

type Shelf<T> = Mutex<VecDeque<(B256, Arc<T>)>>;

/// What is kept, newest last. It is proven under the block's own hash, so it holds as long as that hash is asked for.
#[derive(Debug, Default)]
pub(super) struct Held {
    bodies: Shelf<BlockBody>,
    receipts: Shelf<Vec<Receipt>>,
}

impl Held {
    pub(super) async fn body(
        &self,
        reader: &Reader,
        header: &ProvenHeader,
    ) -> Result<Arc<BlockBody>, ReadError> {
        if let Some(body) = find(&self.bodies, header.hash()) {
            return Ok(body);
        }
        let body = Arc::new(reader.body(header).await?.into_value());
        let bytes: usize = body.transactions.iter().map(|one| one.envelope.input().len()).sum();
        if bytes <= MAX_BYTES {
            keep(&self.bodies, header.hash(), &body);
        }
        Ok(body)
    }

    pub(super) async fn receipts(
        &self,
        reader: &Reader,
        header: &ProvenHeader,
    ) -> Result<Arc<Vec<Receipt>>, ReadError> {
        if let Some(receipts) = find(&self.receipts, header.hash()) {
            return Ok(receipts);
        }
        let receipts = Arc::new(reader.receipts(header).await?.into_value());
        let logs = receipts.iter().flat_map(|receipt| &receipt.logs);
        if logs.map(|log| log.data.data.len()).sum::<usize>() <= MAX_BYTES {
            keep(&self.receipts, header.hash(), &receipts);
        }
        Ok(receipts)
    }
}

fn find<T>(shelf: &Shelf<T>, hash: B256) -> Option<Arc<T>> {
    let shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    shelf.iter().find(|(held, _)| *held == hash).map(|(_, one)| Arc::clone(one))
}

fn keep<T>(shelf: &Shelf<T>, hash: B256, one: &Arc<T>) {
    let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    if shelf.iter().any(|(held, _)| *held == hash) {
        return;
    }
    if shelf.len() >= MAX_BLOCKS {
        shelf.pop_front();
    }
    shelf.push_back((hash, Arc::clone(one)));
}
