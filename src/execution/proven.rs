//! A value with its proof behind it.

use alloy::primitives::B256;

use crate::consensus::Finality;

/// The block a value was proven at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlockRef {
    /// Block number.
    pub number: u64,
    /// Block hash.
    pub hash: B256,
    /// Block time, Unix seconds.
    pub timestamp: u64,
    /// How firmly the block is held: an ancestor of a final block is final too.
    pub finality: Finality,
}

impl BlockRef {
    /// The block is final.
    pub fn is_final(&self) -> bool {
        self.finality == Finality::Final
    }
}

/// A value proven up to a sync-committee signature. No room but `execution` can make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven<T> {
    value: T,
    at: BlockRef,
}

impl<T> Proven<T> {
    pub(in crate::execution) fn new(value: T, at: BlockRef) -> Self {
        Self { value, at }
    }
    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }
    /// The value, without its proof.
    pub fn into_value(self) -> T {
        self.value
    }
    /// Where it holds.
    pub fn at(&self) -> BlockRef {
        self.at
    }
    /// A value computed from this one alone keeps the proof.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Proven<U> {
        Proven { value: f(self.value), at: self.at }
    }
}
