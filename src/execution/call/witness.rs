//! The proven state of one block that a call has been given so far.

use std::collections::HashMap;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use revm::bytecode::Bytecode;

use crate::execution::{Account, BlockRef, ProofError, Proven, ProvenAncestor, ProvenHeader, StorageSlot};

/// One piece of state that a call may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StateKey {
    /// An account: balance, nonce, code hash, storage root.
    Account(Address),
    /// One storage slot.
    Slot(Address, U256),
    /// The code with this hash.
    Code(B256),
    /// The hash of the block with this number (`BLOCKHASH`).
    BlockHash(u64),
}

/// Proven state gathered for calls at one block. What is not in it is unknown, never zero.
#[derive(Debug, Clone)]
pub struct Witness {
    at: BlockRef,
    accounts: HashMap<Address, Account>,
    slots: HashMap<(Address, U256), U256>,
    codes: HashMap<B256, Bytecode>,
    hashes: HashMap<u64, B256>,
}

impl Witness {
    /// An empty witness of the state after the block of `header`.
    pub fn new(header: &ProvenHeader) -> Self {
        Self {
            at: header.block_ref(),
            accounts: HashMap::new(),
            slots: HashMap::new(),
            codes: HashMap::new(),
            hashes: HashMap::from([
                (header.number(), header.hash()),
                (header.number().saturating_sub(1), header.parent_hash()),
            ]),
        }
    }

    /// The block.
    pub fn at(&self) -> BlockRef {
        self.at
    }

    /// Takes an account.
    ///
    /// # Errors
    /// `MixedBlocks` where it was proven at another block.
    pub fn add_account(&mut self, account: &Proven<Account>) -> Result<(), ProofError> {
        self.same_block(account.at())?;
        self.accounts.insert(account.value().address, *account.value());
        Ok(())
    }

    /// Takes a slot of an account that is already here.
    ///
    /// # Errors
    /// `MixedBlocks` where it was proven at another block, or under another storage root than the account's.
    pub fn add_slot(&mut self, slot: &Proven<StorageSlot>) -> Result<(), ProofError> {
        self.same_block(slot.at())?;
        let slot = slot.value();
        let root = self.accounts.get(&slot.address).map(|account| account.storage_root);
        if root != Some(slot.storage_root) {
            return Err(ProofError::MixedBlocks);
        }
        self.slots.insert((slot.address, slot.key), slot.value);
        Ok(())
    }

    /// Takes code; it is content-addressed, so its block does not matter.
    ///
    /// # Errors
    /// `BadEntry` where the EVM cannot read it as code.
    pub fn add_code(&mut self, code: &Bytes) -> Result<(), ProofError> {
        let bytecode = Bytecode::new_raw_checked(code.clone()).map_err(|error| ProofError::BadEntry {
            list: "codes",
            index: 0,
            detail: error.to_string(),
        })?;
        self.codes.insert(keccak256(code), bytecode);
        Ok(())
    }

    /// Takes the hash of an ancestor, proven from this very block.
    ///
    /// # Errors
    /// `MixedBlocks` where it was proven from another block.
    pub fn add_ancestor(&mut self, ancestor: &ProvenAncestor) -> Result<(), ProofError> {
        if ancestor.descendant() != self.at.hash {
            return Err(ProofError::MixedBlocks);
        }
        self.hashes.insert(ancestor.number(), ancestor.hash());
        Ok(())
    }

    /// The account, if it is here.
    pub fn account(&self, who: Address) -> Option<&Account> {
        self.accounts.get(&who)
    }

    /// Every account that is here, by address.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        let mut all: Vec<_> = self.accounts.values().collect();
        all.sort_unstable_by_key(|account| account.address);
        all.into_iter()
    }

    /// An account that has the code with this hash.
    pub fn holder_of(&self, code_hash: B256) -> Option<Address> {
        self.accounts
            .values()
            .filter(|account| account.code_hash == code_hash)
            .map(|account| account.address)
            .min()
    }

    /// True where the code with this hash is here.
    pub fn has_code(&self, code_hash: B256) -> bool {
        self.codes.contains_key(&code_hash)
    }

    pub(super) fn slot(&self, who: Address, key: U256) -> Option<U256> {
        self.slots.get(&(who, key)).copied()
    }

    pub(super) fn code(&self, hash: B256) -> Option<&Bytecode> {
        self.codes.get(&hash)
    }

    pub(super) fn block_hash(&self, number: u64) -> Option<B256> {
        self.hashes.get(&number).copied()
    }

    fn same_block(&self, at: BlockRef) -> Result<(), ProofError> {
        if at.hash == self.at.hash { Ok(()) } else { Err(ProofError::MixedBlocks) }
    }
}
