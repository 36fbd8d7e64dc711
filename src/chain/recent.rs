//! What was proven of the last few blocks asked about, so that the next question about one of them is free.

use std::collections::VecDeque;

use alloy::consensus::Transaction as _;
use alloy::primitives::B256;

use crate::consensus::Finality;
use crate::execution::{BlockBody, BlockTransaction, Proven, ProvenHeader, Receipt};

/// Blocks kept of a kind.
const MAX_BLOCKS: usize = 32;
/// Bytes kept of a kind. A full mainnet block is a few hundred kB; one made to be heavy pushes the others out.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// What a transaction or a log takes beside its data.
const BESIDE: usize = 512;

/// A part of a block, and about how many bytes it takes.
pub(super) trait Part {
    fn weight(&self) -> usize;
}

impl Part for Vec<BlockTransaction> {
    fn weight(&self) -> usize {
        self.iter().map(|one| one.envelope.input().len().saturating_add(BESIDE)).sum()
    }
}

impl Part for BlockBody {
    fn weight(&self) -> usize {
        self.transactions.weight()
    }
}

impl Part for Vec<Receipt> {
    fn weight(&self) -> usize {
        let logs = self.iter().flat_map(|receipt| &receipt.logs);
        logs.map(|log| log.data.data.len().saturating_add(BESIDE)).sum()
    }
}

/// Proven parts of blocks, the last asked for first. A part is of one block as firmly held as its header.
#[derive(Debug)]
pub(super) struct Recent<T> {
    parts: VecDeque<((B256, Finality), Proven<T>)>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { parts: VecDeque::new() }
    }
}

impl<T: Part + Clone> Recent<T> {
    pub(super) fn get(&mut self, header: &ProvenHeader) -> Option<Proven<T>> {
        let key = (header.hash(), header.finality());
        let place = self.parts.iter().position(|(kept, _)| *kept == key)?;
        let part = self.parts.remove(place)?;
        let found = part.1.clone();
        self.parts.push_front(part);
        Some(found)
    }

    pub(super) fn put(&mut self, header: &ProvenHeader, part: Proven<T>) {
        let key = (header.hash(), header.finality());
        self.parts.retain(|(kept, _)| *kept != key); // two may have asked at once
        self.parts.push_front((key, part));
        let mut room = MAX_BYTES;
        let kept = self.parts.iter().take(MAX_BLOCKS).take_while(|(_, part)| {
            let fits = room.checked_sub(part.value().weight());
            room = fits.unwrap_or_default();
            fits.is_some()
        });
        let count = kept.count();
        self.parts.truncate(count);
    }
}
