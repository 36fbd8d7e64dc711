//! Older blocks of the verified chain: by parent link, and by the history contract of EIP-2935.

use alloy::primitives::{Address, B256, U256, address};

use super::{ProofError, Proven, ProvenHeader};
use crate::consensus::Finality;

/// `HISTORY_STORAGE_ADDRESS` of EIP-2935.
pub const HISTORY_STORAGE_ADDRESS: Address = address!("0000F90827F1C53a10cb7A02335B175320002935");
/// `HISTORY_SERVE_WINDOW` of EIP-2935, in blocks.
pub const HISTORY_SERVE_WINDOW: u64 = 8_191;

/// Slot of the history contract that holds the hash of block `number`.
pub fn history_slot(number: u64) -> U256 {
    U256::from(number % HISTORY_SERVE_WINDOW)
}

/// The proven hash of an ancestor of a proven block. Its header is still to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvenAncestor {
    number: u64,
    hash: B256,
    finality: Finality,
    descendant: B256,
}

impl ProvenAncestor {
    /// The parent of a proven block.
    ///
    /// # Errors
    /// `OutsideHistory` for block 0.
    pub fn parent_of(child: &ProvenHeader) -> Result<Self, ProofError> {
        let number = child.number().checked_sub(1).ok_or(ProofError::OutsideHistory { number: 0, at: 0 })?;
        Ok(Self { number, hash: child.parent_hash(), finality: child.finality(), descendant: child.hash() })
    }

    /// Block `number` by the history contract's proven slot at a descendant's state. `slot` must be the value of
    /// [`history_slot`]`(number)` proven at that very block.
    ///
    /// # Errors
    /// `OutsideHistory`, `MixedBlocks`, `HistoryEmpty` (before Prague, or within the first blocks after it).
    pub fn from_history(at: &ProvenHeader, number: u64, slot: &Proven<U256>) -> Result<Self, ProofError> {
        let distance = at.number().saturating_sub(number);
        if distance == 0 || distance > HISTORY_SERVE_WINDOW {
            return Err(ProofError::OutsideHistory { number, at: at.number() });
        }
        if slot.at() != at.block_ref() {
            return Err(ProofError::MixedBlocks);
        }
        if slot.value().is_zero() {
            return Err(ProofError::HistoryEmpty { number });
        }
        Ok(Self { number, hash: B256::from(*slot.value()), finality: at.finality(), descendant: at.hash() })
    }

    /// Final, if a final block is proven by the same descendant to lie between: then this one is under it.
    #[must_use]
    pub fn final_under(self, finalized: &ProvenHeader, between: &Self) -> Self {
        let lies_between = between.descendant == self.descendant
            && between.hash == finalized.hash()
            && between.number == finalized.number()
            && finalized.finality() == Finality::Final
            && self.number <= between.number;
        if lies_between { Self { finality: Finality::Final, ..self } } else { self }
    }

    /// Its number.
    pub fn number(&self) -> u64 {
        self.number
    }
    /// Its proven hash.
    pub fn hash(&self) -> B256 {
        self.hash
    }
    /// The hash of the block that proves it.
    pub fn descendant(&self) -> B256 {
        self.descendant
    }
    /// Final, or an ancestor of the head only.
    pub fn finality(&self) -> Finality {
        self.finality
    }

    pub(super) fn check(&self, header: ProvenHeader) -> Result<ProvenHeader, ProofError> {
        if header.number() == self.number {
            return Ok(header);
        }
        Err(ProofError::BadHeader {
            detail: format!("number {} where {} was proven", header.number(), self.number),
        })
    }
}
