//! The chain's state after one block: accounts, storage and code, with proofs of all three.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256, keccak256};
use alloy_trie::TrieAccount;
use revm::DatabaseRef;
use revm::bytecode::Bytecode;
use revm::state::{AccountInfo, EvmState};

use super::trie::{Trie, TrieValue};

impl TrieValue for U256 {
    fn leaf_rlp(&self) -> Vec<u8> {
        alloy::rlp::encode(self)
    }
}

/// One account that exists.
#[derive(Debug, Clone)]
pub(super) struct AccountState {
    pub(super) nonce: u64,
    /// In wei.
    pub(super) balance: U256,
    pub(super) code_hash: B256,
    pub(super) storage: Trie<U256>,
}

impl Default for AccountState {
    fn default() -> Self {
        Self { nonce: 0, balance: U256::ZERO, code_hash: KECCAK256_EMPTY, storage: Trie::default() }
    }
}

impl TrieValue for AccountState {
    fn leaf_rlp(&self) -> Vec<u8> {
        alloy::rlp::encode(TrieAccount {
            nonce: self.nonce,
            balance: self.balance,
            storage_root: self.storage.root(),
            code_hash: self.code_hash,
        })
    }
}

/// All accounts at one block. Cloning shares everything.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    accounts: Trie<AccountState>,
    codes: Arc<HashMap<B256, Bytecode>>,
}

impl State {
    /// `stateRoot`.
    pub(super) fn root(&self) -> B256 {
        self.accounts.root()
    }

    /// The account, if it exists.
    pub(super) fn account(&self, address: Address) -> Option<&AccountState> {
        self.accounts.get(keccak256(address))
    }

    /// The account's nonce, 0 where it does not exist.
    pub(super) fn nonce(&self, address: Address) -> u64 {
        self.account(address).map_or(0, |account| account.nonce)
    }

    /// The account's balance in wei, 0 where it does not exist.
    pub(super) fn balance(&self, address: Address) -> U256 {
        self.account(address).map_or(U256::ZERO, |account| account.balance)
    }

    /// The account's code, empty where it has none.
    pub(super) fn code(&self, address: Address) -> Bytes {
        self.account(address)
            .and_then(|account| self.codes.get(&account.code_hash))
            .map(Bytecode::original_bytes)
            .unwrap_or_default()
    }

    /// The value of a storage slot, 0 where it is not set.
    pub(super) fn slot(&self, address: Address, slot: U256) -> U256 {
        self.account(address)
            .and_then(|account| account.storage.get(keccak256(B256::from(slot))))
            .copied()
            .unwrap_or_default()
    }

    /// Nodes that prove the account, present or absent.
    pub(super) fn prove_account(&self, address: Address) -> Vec<Bytes> {
        self.accounts.prove(keccak256(address))
    }

    /// Nodes that prove a slot of the account, present or absent; none where the account has no storage.
    pub(super) fn prove_slot(&self, address: Address, slot: U256) -> Vec<Bytes> {
        self.account(address)
            .map(|account| account.storage.prove(keccak256(B256::from(slot))))
            .unwrap_or_default()
    }

    /// Sets an account as genesis gives it.
    pub(super) fn allocate(&mut self, address: Address, nonce: u64, balance: U256, code: Option<Bytes>) {
        let mut account = AccountState { nonce, balance, ..AccountState::default() };
        if let Some(code) = code {
            account.code_hash = keccak256(&code);
            Arc::make_mut(&mut self.codes).insert(account.code_hash, Bytecode::new_raw(code));
        }
        self.accounts.insert(keccak256(address), account);
    }

    /// Gives an account that exists other code; all else of it stays.
    pub(super) fn exchange_code(&mut self, address: Address, code: &Bytes) {
        let hash = keccak256(code);
        let Some(mut account) = self.account(address).filter(|one| one.code_hash != hash).cloned() else {
            return;
        };
        account.code_hash = hash;
        Arc::make_mut(&mut self.codes).insert(hash, Bytecode::new_raw(code.clone()));
        self.accounts.insert(keccak256(address), account);
    }

    /// Adds `wei` to a balance; an account that is empty before and after stays absent (EIP-161).
    pub(super) fn credit(&mut self, address: Address, wei: U256) {
        if wei.is_zero() {
            return;
        }
        let mut account = self.account(address).cloned().unwrap_or_default();
        account.balance = account.balance.saturating_add(wei);
        self.accounts.insert(keccak256(address), account);
    }

    /// Writes what one transaction or system call changed.
    pub(super) fn commit(&mut self, changes: &EvmState) {
        for (address, change) in changes {
            if !change.is_touched() {
                continue;
            }
            let key = keccak256(address);
            if change.is_selfdestructed() || change.is_empty() {
                self.accounts.remove(key);
                continue;
            }
            let mut account = self.accounts.get(key).cloned().unwrap_or_default();
            if change.is_created() {
                account.storage = Trie::default();
            }
            account.nonce = change.info.nonce;
            account.balance = change.info.balance;
            account.code_hash = change.info.code_hash;
            if let Some(code) = change.info.code.as_ref().filter(|code| !code.is_empty())
                && !self.codes.contains_key(&account.code_hash)
            {
                Arc::make_mut(&mut self.codes).insert(account.code_hash, code.clone());
            }
            for (slot, value) in change.changed_storage_slots() {
                let slot = keccak256(B256::from(*slot));
                if value.present_value.is_zero() {
                    account.storage.remove(slot);
                } else {
                    account.storage.insert(slot, value.present_value);
                }
            }
            self.accounts.insert(key, account);
        }
    }
}

/// What the EVM reads: one state and the hashes of the blocks before it.
pub(super) struct StateView<'a> {
    pub(super) state: &'a State,
    /// Hash of the block with that number among the last 256 ancestors, if it is known.
    pub(super) block_hash: &'a dyn Fn(u64) -> Option<B256>,
}

impl DatabaseRef for StateView<'_> {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.state.account(address).map(|account| AccountInfo {
            balance: account.balance,
            nonce: account.nonce,
            code_hash: account.code_hash,
            code: Some(self.state.codes.get(&account.code_hash).cloned().unwrap_or_default()),
            ..AccountInfo::default()
        }))
    }

    fn code_by_hash_ref(&self, code_hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.state.codes.get(&code_hash).cloned().unwrap_or_default())
    }

    fn storage_ref(&self, address: Address, slot: U256) -> Result<U256, Infallible> {
        Ok(self.state.slot(address, slot))
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        Ok((self.block_hash)(number).unwrap_or_default())
    }
}
