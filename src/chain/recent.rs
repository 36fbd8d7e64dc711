//! What was proven of the last few blocks asked about, so that the next question about one of them is free.

use std::collections::VecDeque;

use alloy::primitives::B256;

use crate::consensus::Finality;
use crate::execution::{Proven, ProvenHeader};

/// Blocks kept. The transactions or receipts of one are some hundred kB; gas bounds the heaviest to about 8 MB.
const MAX_BLOCKS: usize = 4;

/// Proven parts of blocks, the newest first. A part is of one block as firmly held as its header.
#[derive(Debug)]
pub(super) struct Recent<T> {
    parts: VecDeque<((B256, Finality), Proven<T>)>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { parts: VecDeque::new() }
    }
}

impl<T: Clone> Recent<T> {
    pub(super) fn get(&mut self, header: &ProvenHeader) -> Option<Proven<T>> {
        let key = (header.hash(), header.finality());
        let place = self.parts.iter().position(|(kept, _)| *kept == key)?;
        let part = self.parts.remove(place)?;
        let found = part.1.clone();
        self.parts.push_front(part);
        Some(found)
    }

    pub(super) fn put(&mut self, header: &ProvenHeader, part: Proven<T>) {
        self.parts.truncate(MAX_BLOCKS.saturating_sub(1));
        self.parts.push_front(((header.hash(), header.finality()), part));
    }
}
