//! What blocks that nobody made change, and the state root that they would leave.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, U256};
use alloy_trie::{EMPTY_ROOT_HASH, TrieAccount};
use revm::database::{AccountState, CacheDB, DbAccount};

use crate::execution::trie_edit::{Blind, Trie, TrieNodes};

use super::Witness;
use super::view::View;

/// Accounts that change, each with those of its slots that do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(BTreeMap<Address, BTreeSet<U256>>);

impl Changes {
    /// As questions for proofs.
    pub fn questions(&self) -> Vec<(Address, Vec<U256>)> {
        self.0.iter().map(|(who, slots)| (*who, slots.iter().copied().collect())).collect()
    }

    /// How many accounts and slots.
    pub fn count(&self) -> usize {
        self.0.values().map(|slots| slots.len().saturating_add(1)).sum()
    }

    /// Notes what is other than it was proven.
    pub(super) fn add(&mut self, db: &CacheDB<&View<'_>>, known: &Witness) {
        for (who, account) in &db.cache.accounts {
            let slots: Vec<U256> = changed_slots(*who, account, known).map(|(slot, _)| slot).collect();
            if !slots.is_empty() || leaf(*who, account, known, None) != old_leaf(*who, known) {
                // Under a storage that was cleared nothing of the old one is needed.
                let cleared = account.account_state == AccountState::StorageCleared;
                self.0.entry(*who).or_default().extend(slots.into_iter().filter(|_| !cleared));
            }
        }
    }
}

/// The state root after the blocks that `db` has taken in.
pub(super) fn post_state_root(
    db: &CacheDB<&View<'_>>,
    (known, state_root): (&Witness, B256),
    nodes: &TrieNodes,
) -> Result<B256, Blind> {
    let mut leaves = Vec::new();
    for (who, account) in &db.cache.accounts {
        let storage = storage_root(*who, account, known, nodes)?;
        let new = leaf(*who, account, known, Some(storage));
        if new != old_leaf(*who, known) {
            leaves.push((*who, new));
        }
    }
    let mut state = Trie::new(state_root, nodes);
    let encoded = |leaf: Option<TrieAccount>| leaf.map(alloy::rlp::encode);
    in_order(&mut leaves);
    leaves.into_iter().try_for_each(|(who, leaf)| state.set(who.as_slice(), encoded(leaf)))?;
    Ok(state.root())
}

/// What comes goes in before what goes: a branch that keeps two children is not drawn together meanwhile.
fn in_order<K: Ord + Copy, V>(changes: &mut [(K, Option<V>)]) {
    changes.sort_by_key(|(key, value)| (value.is_none(), *key));
}

fn old_leaf(who: Address, known: &Witness) -> Option<TrieAccount> {
    known.account(who).filter(|account| account.exists).map(|account| TrieAccount {
        nonce: account.nonce,
        balance: account.balance,
        storage_root: account.storage_root,
        code_hash: account.code_hash,
    })
}

/// The account as the trie has it, with its old storage root where no new one is given; `None` where it is gone, as one
/// without anything is (EIP-161).
fn leaf(who: Address, account: &DbAccount, known: &Witness, storage: Option<B256>) -> Option<TrieAccount> {
    let info = &account.info;
    if account.account_state == AccountState::NotExisting || info.is_empty() {
        return None;
    }
    let old = || known.account(who).map_or(EMPTY_ROOT_HASH, |account| account.storage_root);
    Some(TrieAccount {
        nonce: info.nonce,
        balance: info.balance,
        storage_root: storage.unwrap_or_else(old),
        code_hash: info.code_hash,
    })
}

fn storage_root(
    who: Address,
    account: &DbAccount,
    known: &Witness,
    nodes: &TrieNodes,
) -> Result<B256, Blind> {
    let old = known.account(who).map_or(EMPTY_ROOT_HASH, |account| account.storage_root);
    let cleared = account.account_state == AccountState::StorageCleared;
    let mut trie = Trie::new(if cleared { EMPTY_ROOT_HASH } else { old }, nodes);
    let mut slots: Vec<(U256, Option<U256>)> = changed_slots(who, account, known)
        .map(|(slot, value)| (slot, Some(value).filter(|value| !value.is_zero())))
        .filter(|(_, value)| !cleared || value.is_some())
        .collect();
    in_order(&mut slots);
    for (slot, value) in slots {
        trie.set(&slot.to_be_bytes::<32>(), value.map(alloy::rlp::encode))?;
    }
    Ok(trie.root())
}

/// Slots that are other than proven; after a clearing all that there are.
fn changed_slots<'a>(
    who: Address,
    account: &'a DbAccount,
    known: &'a Witness,
) -> impl Iterator<Item = (U256, U256)> + 'a {
    let bare = known.account(who).is_some_and(|account| account.storage_root == EMPTY_ROOT_HASH);
    let cleared = account.account_state == AccountState::StorageCleared;
    account.storage.iter().map(|(slot, value)| (*slot, *value)).filter(move |(slot, value)| {
        let proven = if bare { Some(U256::ZERO) } else { known.slot(who, *slot) };
        cleared || proven != Some(*value)
    })
}
