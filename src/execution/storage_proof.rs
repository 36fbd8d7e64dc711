//! Slots under a proven storage root, and the memory of those already proven.

use std::collections::HashMap;

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rlp::Decodable as _;
use alloy_trie::EMPTY_ROOT_HASH;

use super::trie::{lookup, path};
use super::{Account, ProofError, Proven};

/// One slot as an endpoint answered it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StorageAnswer {
    /// Slot key as the endpoint repeated it.
    pub key: U256,
    /// Claimed value.
    pub value: U256,
    /// Trie nodes, in any order.
    pub nodes: Vec<Bytes>,
}

/// A slot and its value; 0 where the slot is proven absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageSlot {
    /// The contract.
    pub address: Address,
    /// Its storage root.
    pub storage_root: B256,
    /// The slot asked for.
    pub key: U256,
    /// Its value.
    pub value: U256,
}

/// Proves slots in the order asked. Each slot asked for must be answered exactly once, and nothing else; only where the
/// account has no storage at all an answer may be left out, as some nodes do: every slot of it is proven 0 already.
///
/// # Errors
/// `SlotMissing`, `SlotUnasked`, `SlotValue`, `BadSlot`, or a broken trie proof.
pub fn verify_storage(
    account: &Proven<Account>,
    asked: &[U256],
    answers: &[StorageAnswer],
) -> Result<Vec<Proven<StorageSlot>>, ProofError> {
    let mut by_key: HashMap<U256, &StorageAnswer> = HashMap::with_capacity(answers.len());
    for answer in answers {
        if !asked.contains(&answer.key) || by_key.insert(answer.key, answer).is_some() {
            return Err(ProofError::SlotUnasked { slot: answer.key });
        }
    }
    let proven = account.value();
    asked
        .iter()
        .map(|key| {
            let value = match by_key.get(key) {
                Some(answer) => {
                    let value = value_of(proven.storage_root, *key, &answer.nodes)?;
                    if value != answer.value {
                        return Err(ProofError::SlotValue { slot: *key });
                    }
                    value
                }
                None if proven.storage_root == EMPTY_ROOT_HASH => U256::ZERO,
                None => return Err(ProofError::SlotMissing { slot: *key }),
            };
            let slot =
                StorageSlot { address: proven.address, storage_root: proven.storage_root, key: *key, value };
            Ok(Proven::new(slot, account.at()))
        })
        .collect()
}

/// The trie nodes from the storage root of a proven account down to a slot, or to where it is proven absent.
///
/// # Errors
/// `NodeMissing`, `BadNode`, `ProofTooLarge`.
pub fn slot_path(account: &Proven<Account>, key: U256, nodes: &[Bytes]) -> Result<Vec<Bytes>, ProofError> {
    path(account.value().storage_root, &key.to_be_bytes::<32>(), nodes)
}

fn value_of(root: B256, key: U256, nodes: &[Bytes]) -> Result<U256, ProofError> {
    let Some(raw) = lookup(root, &key.to_be_bytes::<32>(), nodes)? else { return Ok(U256::ZERO) };
    let mut rest = raw.as_slice();
    let value = U256::decode(&mut rest).map_err(|_rlp| ProofError::BadSlot { slot: key })?;
    // Ethereum stores no zero, but a chain that does (anvil's) has it under the proven root: it is no endpoint's lie.
    if rest.is_empty() { Ok(value) } else { Err(ProofError::BadSlot { slot: key }) }
}

/// Slots proven before, by storage root: a value holds as long as its root does, not its block (PRODUCT rule 7).
#[derive(Debug, Clone, Default)]
pub struct StorageMemo {
    values: HashMap<(B256, U256), U256>,
    last: HashMap<Address, LastSeen>,
}

/// An account's storage as last proven.
#[derive(Debug, Clone, Copy)]
struct LastSeen {
    root: B256,
    block: B256,
    /// It had changed since the time before.
    moved: bool,
}

/// Slots kept; about 100 bytes each.
const MAX_SLOTS: usize = 200_000;

impl StorageMemo {
    /// Keeps a proven slot.
    pub fn remember(&mut self, slot: &Proven<StorageSlot>) {
        if self.values.len() >= MAX_SLOTS {
            *self = Self::default();
        }
        let slot = slot.value();
        self.values.insert((slot.storage_root, slot.key), slot.value);
    }

    /// Notes whether the account's storage has changed since it was last proven at another block.
    pub fn saw(&mut self, account: &Proven<Account>) {
        let (who, root, block) = (account.value().address, account.value().storage_root, account.at().hash);
        let moved = match self.last.get(&who) {
            Some(last) if last.block == block => return,
            Some(last) => last.root != root,
            None => false,
        };
        if self.last.len() >= MAX_SLOTS {
            self.last.clear();
        }
        self.last.insert(who, LastSeen { root, block, moved });
    }

    /// The slot at the block `account` was proven at, if it is known under that account's storage root.
    pub fn recall(&self, account: &Proven<Account>, key: U256) -> Option<Proven<StorageSlot>> {
        let (address, storage_root) = (account.value().address, account.value().storage_root);
        let value = *self.values.get(&(storage_root, key))?;
        Some(Proven::new(StorageSlot { address, storage_root, key, value }, account.at()))
    }

    /// True where every one of `keys` is known under the last storage root seen for `who`, and that root is not one
    /// that changes every time one looks: asking for the account alone is then likely to be enough.
    pub fn likely_holds(&self, who: Address, keys: &[U256]) -> bool {
        let Some(last) = self.last.get(&who) else { return false };
        !last.moved && keys.iter().all(|key| self.values.contains_key(&(last.root, *key)))
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::keccak256;
    use alloy::rlp::Encodable as _;

    use super::*;

    /// A trie with one leaf.
    fn leaf(key: U256, value: &[u8]) -> (B256, Vec<Bytes>) {
        let path = [&[0x20], keccak256(key.to_be_bytes::<32>()).as_slice()].concat();
        let mut node = Vec::new();
        alloy::rlp::Header { list: true, payload_length: path.as_slice().length() + value.length() }
            .encode(&mut node);
        path.as_slice().encode(&mut node);
        value.encode(&mut node);
        (keccak256(&node), vec![node.into()])
    }

    /// Found with anvil, whose tries keep a slot that was set back to zero.
    #[test]
    fn a_zero_that_a_chain_keeps_is_zero_and_other_values_are_well_formed() {
        let key = U256::from(7);
        let read = |value: &[u8]| {
            let (root, nodes) = leaf(key, value);
            value_of(root, key, &nodes)
        };
        assert_eq!(read(&[0x80]), Ok(U256::ZERO));
        assert_eq!(read(&[0x05]), Ok(U256::from(5)));
        for bad in [&[][..], &[0x00], &[0x81, 0x05], &[0x05, 0x05], &[0xc0]] {
            assert_eq!(read(bad), Err(ProofError::BadSlot { slot: key }), "{bad:02x?}");
        }
    }
}
