//! All accounts after a block, with roots and proofs of them.

use std::collections::BTreeMap;
use std::convert::Infallible;

use alloy::primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256, keccak256};
use alloy_trie::proof::ProofRetainer;
use alloy_trie::{HashBuilder, Nibbles, TrieAccount};
use revm::DatabaseRef;
use revm::bytecode::Bytecode;
use revm::primitives::hardfork::SpecId;
use revm::state::{AccountInfo, EvmState};

#[derive(Debug, Clone, Default)]
pub(super) struct Holder {
    pub(super) nonce: u64,
    pub(super) balance: U256,
    pub(super) code: Bytes,
    pub(super) storage: BTreeMap<U256, U256>,
}

impl Holder {
    fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code.is_empty()
    }

    pub(super) fn code_hash(&self) -> B256 {
        if self.code.is_empty() { KECCAK256_EMPTY } else { keccak256(&self.code) }
    }

    fn leaves(&self) -> BTreeMap<B256, Vec<u8>> {
        let leaf = |(slot, value): (&U256, &U256)| (keccak256(B256::from(*slot)), alloy::rlp::encode(value));
        self.storage.iter().map(leaf).collect()
    }

    pub(super) fn storage_root(&self) -> B256 {
        trie(&self.leaves(), None).0
    }

    pub(super) fn prove(&self, slot: U256) -> Vec<Bytes> {
        trie(&self.leaves(), Some(keccak256(B256::from(slot)))).1
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct World(pub(super) BTreeMap<Address, Holder>);

impl World {
    pub(super) fn root(&self) -> B256 {
        trie(&self.leaves(), None).0
    }

    pub(super) fn prove(&self, who: Address) -> Vec<Bytes> {
        trie(&self.leaves(), Some(keccak256(who))).1
    }

    fn leaves(&self) -> BTreeMap<B256, Vec<u8>> {
        let leaf = |(who, holder): (&Address, &Holder)| {
            let account = TrieAccount {
                nonce: holder.nonce,
                balance: holder.balance,
                storage_root: holder.storage_root(),
                code_hash: holder.code_hash(),
            };
            (keccak256(who), alloy::rlp::encode(account))
        };
        self.0.iter().map(leaf).collect()
    }

    pub(super) fn credit(&mut self, who: Address, wei: U256) {
        if !wei.is_zero() {
            self.0.entry(who).or_default().balance += wei;
        }
    }

    /// Takes what a run changed. From Spurious Dragon on an empty account that was touched is gone (EIP-161).
    pub(super) fn commit(&mut self, changes: EvmState, rules: SpecId) {
        for (who, account) in changes {
            if !account.is_touched() {
                continue;
            }
            if account.is_selfdestructed() {
                self.0.remove(&who);
                continue;
            }
            let holder = self.0.entry(who).or_default();
            if account.is_created() {
                holder.storage.clear();
            }
            holder.nonce = account.info.nonce;
            holder.balance = account.info.balance;
            if account.info.code_hash != holder.code_hash() {
                holder.code = account.info.code.as_ref().map(Bytecode::original_bytes).unwrap_or_default();
            }
            for (slot, value) in &account.storage {
                if value.present_value().is_zero() {
                    holder.storage.remove(slot);
                } else {
                    holder.storage.insert(*slot, value.present_value());
                }
            }
            if holder.is_empty() && rules >= SpecId::SPURIOUS_DRAGON {
                self.0.remove(&who);
            }
        }
    }
}

/// The root, and the nodes on the way to a key.
fn trie(leaves: &BTreeMap<B256, Vec<u8>>, target: Option<B256>) -> (B256, Vec<Bytes>) {
    let targets: Vec<Nibbles> = target.iter().map(Nibbles::unpack).collect();
    let mut builder = HashBuilder::default().with_proof_retainer(ProofRetainer::new(targets));
    for (key, value) in leaves {
        builder.add_leaf(Nibbles::unpack(key), value);
    }
    let root = builder.root();
    let nodes = builder.take_proof_nodes().into_nodes_sorted();
    let nodes = if leaves.is_empty() { Vec::new() } else { nodes };
    (root, nodes.into_iter().map(|(_, node)| node).collect())
}

/// What a block's code reads.
pub(super) struct View<'a> {
    pub(super) world: &'a World,
    pub(super) hashes: &'a [B256],
}

impl DatabaseRef for View<'_> {
    type Error = Infallible;

    fn basic_ref(&self, who: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.world.0.get(&who).map(|holder| AccountInfo {
            balance: holder.balance,
            nonce: holder.nonce,
            code_hash: holder.code_hash(),
            code: Some(Bytecode::new_raw(holder.code.clone())),
            ..AccountInfo::default()
        }))
    }

    fn code_by_hash_ref(&self, _hash: B256) -> Result<Bytecode, Infallible> {
        Ok(Bytecode::default())
    }

    fn storage_ref(&self, who: Address, slot: U256) -> Result<U256, Infallible> {
        Ok(self.world.0.get(&who).and_then(|holder| holder.storage.get(&slot)).copied().unwrap_or_default())
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        Ok(self.hashes.get(number as usize).copied().unwrap_or_default())
    }
}
