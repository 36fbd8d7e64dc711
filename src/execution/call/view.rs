//! The state as the EVM reads it: what is known, and a note of what is not.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use alloy::primitives::{Address, B256, U256, keccak256};
use revm::DatabaseRef;
use revm::bytecode::Bytecode;
use revm::state::AccountInfo;

use super::env::NO_HASH;
use super::{AccountOverride, CallError, Overrides, StateKey, Witness};

/// Overriding code, read once.
pub(super) type OverrideCodes = BTreeMap<Address, (B256, Bytecode)>;

pub(super) fn override_codes(overrides: &Overrides) -> Result<OverrideCodes, CallError> {
    let coded = overrides.accounts.iter().filter_map(|(who, account)| Some((*who, account.code.as_ref()?)));
    coded
        .map(|(address, code)| {
            let bytecode = Bytecode::new_raw_checked(code.clone())
                .map_err(|error| CallError::OverrideCode { address, detail: error.to_string() })?;
            Ok((address, (keccak256(code), bytecode)))
        })
        .collect()
}

/// One pass's view. Unknown state reads as zero and is noted; the caller throws away what came of it.
#[derive(Debug)]
pub(super) struct View<'a> {
    known: &'a Witness,
    overrides: &'a Overrides,
    codes: &'a OverrideCodes,
    /// A caller that needs no proof as long as code does not name it.
    unseen: Cell<Option<Address>>,
    named_unseen: Cell<Option<Address>>,
    /// A block beyond the proven one whose hash was asked for.
    future_hash: Cell<Option<u64>>,
    missing: RefCell<BTreeSet<StateKey>>,
    read: RefCell<BTreeSet<StateKey>>,
}

impl<'a> View<'a> {
    pub(super) fn new(known: &'a Witness, overrides: &'a Overrides, codes: &'a OverrideCodes) -> Self {
        Self {
            known,
            overrides,
            codes,
            unseen: Cell::new(None),
            named_unseen: Cell::new(None),
            future_hash: Cell::new(None),
            missing: RefCell::default(),
            read: RefCell::default(),
        }
    }

    /// What was read and known since the last time.
    pub(super) fn take_read(&self) -> BTreeSet<StateKey> {
        self.read.take()
    }

    /// What was read and not known.
    pub(super) fn into_missing(self) -> BTreeSet<StateKey> {
        let mut missing = self.missing.into_inner();
        // An unknown slot reads as zero, and a proxy then calls the zero address: such a pass says nothing about it.
        if missing.is_empty() {
            missing.extend(self.named_unseen.get().map(StateKey::Account));
        }
        missing
    }

    /// A block beyond the proven one whose hash was asked for.
    pub(super) fn future_hash(&self) -> Option<u64> {
        self.future_hash.get()
    }

    /// The next call's caller, where its state does not matter.
    pub(super) fn set_unseen(&self, caller: Option<Address>) {
        self.unseen.set(caller.filter(|who| self.known.account(*who).is_none()));
    }

    /// Code named `who`: if that is the unseen caller, it must be known after all.
    pub(super) fn saw_named(&self, who: Address) {
        if self.unseen.get() == Some(who) {
            self.named_unseen.set(Some(who));
        }
    }

    fn note<T: Default>(&self, key: StateKey, value: Option<T>) -> T {
        let notes = if value.is_some() { &self.read } else { &self.missing };
        notes.borrow_mut().insert(key);
        value.unwrap_or_default()
    }

    fn over(&self, who: Address) -> Option<&'a AccountOverride> {
        self.overrides.accounts.get(&who)
    }
}

impl DatabaseRef for View<'_> {
    type Error = Infallible;

    fn basic_ref(&self, who: Address) -> Result<Option<AccountInfo>, Infallible> {
        if self.unseen.get() == Some(who) {
            return Ok(None);
        }
        let proven = self.known.account(who);
        let known = self.note(
            StateKey::Account(who),
            proven.map(|account| AccountInfo {
                balance: account.balance,
                nonce: account.nonce,
                code_hash: account.code_hash,
                code: account.has_no_code().then(Bytecode::default),
                ..AccountInfo::default()
            }),
        );
        let Some(over) = self.over(who) else {
            // An account that does not exist is told apart from an empty one: creating it costs more.
            return Ok(proven.is_some_and(|account| account.exists).then_some(known));
        };
        let mut info = known;
        info.balance = over.balance.unwrap_or(info.balance);
        info.nonce = over.nonce.unwrap_or(info.nonce);
        if let Some((hash, code)) = self.codes.get(&who) {
            info.code_hash = *hash;
            info.code = Some(code.clone());
        }
        Ok(Some(info))
    }

    fn code_by_hash_ref(&self, hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.note(StateKey::Code(hash), self.known.code(hash).cloned()))
    }

    fn storage_ref(&self, who: Address, slot: U256) -> Result<U256, Infallible> {
        let over = self.over(who);
        if let Some(value) = over.and_then(|over| over.slots.get(&slot)) {
            return Ok(*value);
        }
        if over.is_some_and(|over| over.whole_storage) {
            return Ok(U256::ZERO);
        }
        // A proven account without storage has proven zeros everywhere.
        let empty = self
            .known
            .account(who)
            .is_some_and(|account| account.storage_root == alloy_trie::EMPTY_ROOT_HASH)
            .then_some(U256::ZERO);
        Ok(self.note(StateKey::Slot(who, slot), empty.or_else(|| self.known.slot(who, slot))))
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        if let Some(hash) = self.overrides.block_hashes.get(&number) {
            return Ok(*hash);
        }
        if number > self.known.at().number {
            self.future_hash.set(Some(number));
            return Ok(NO_HASH); // only a block override can ask for it: that block is not there yet
        }
        Ok(self.note(StateKey::BlockHash(number), self.known.block_hash(number)))
    }
}
