//! What calls read before, so that the next one needs one round trip.

use std::collections::{BTreeSet, HashMap};

use alloy::primitives::{Address, B256, keccak256};
use alloy_trie::EMPTY_ROOT_HASH;

use crate::execution::{Account, Call, StateKey};

/// Calls remembered, exactly or by shape. A set is a few hundred bytes.
const MAX_SETS: usize = 8_192;

/// Which function of which contract, and how much calldata: the shape of a call.
type Shape = (Address, [u8; 4], usize);

/// Access sets learned from finished calls. They are hints: every key is proven whenever it is used.
#[derive(Debug, Default)]
pub(super) struct AccessMemory {
    exact: HashMap<(Address, Address, B256), BTreeSet<StateKey>>,
    by_shape: HashMap<Shape, BTreeSet<StateKey>>,
    last_code: HashMap<Address, B256>,
}

impl AccessMemory {
    /// What all of `calls` will read: known exactly, or what every call of its shape has read so far. `None` where one of
    /// them is new in every respect.
    pub(super) fn recall_all(&self, calls: &[Call]) -> Option<BTreeSet<StateKey>> {
        let mut all = BTreeSet::new();
        for call in calls {
            all.extend(self.recall(call)?);
        }
        Some(all)
    }

    fn recall(&self, call: &Call) -> Option<&BTreeSet<StateKey>> {
        let (exact, shape) = (exact(call)?, shape(call)?);
        self.exact.get(&exact).or_else(|| self.by_shape.get(&shape))
    }

    /// Keeps what a batch has read. Only a batch of one says what its call has read.
    pub(super) fn remember(&mut self, calls: &[Call], read: BTreeSet<StateKey>) {
        if self.exact.len() >= MAX_SETS || self.by_shape.len() >= MAX_SETS {
            self.exact.clear();
            self.by_shape.clear();
        }
        let [call] = calls else {
            // Read together, they will be asked for together: each recalls the whole.
            calls.iter().filter_map(exact).for_each(|key| {
                self.exact.insert(key, read.clone());
            });
            return;
        };
        if let Some(shape) = shape(call) {
            let common = match self.by_shape.get(&shape) {
                Some(before) => before.intersection(&read).copied().collect(),
                None => read.clone(),
            };
            self.by_shape.insert(shape, common);
        }
        if let Some(key) = exact(call) {
            self.exact.insert(key, read);
        }
    }

    /// The code hash an account had when it was last proven.
    pub(super) fn last_code(&self, who: Address) -> Option<B256> {
        self.last_code.get(&who).copied()
    }

    pub(super) fn saw_code(&mut self, who: Address, code_hash: B256) {
        if self.last_code.len() >= MAX_SETS {
            self.last_code.clear();
        }
        self.last_code.insert(who, code_hash);
    }

    /// True where the account has no storage at all.
    pub(super) fn is_bare(account: &Account) -> bool {
        account.storage_root == EMPTY_ROOT_HASH
    }
}

fn exact(call: &Call) -> Option<(Address, Address, B256)> {
    Some((call.to?, call.from, keccak256(&call.input)))
}

fn shape(call: &Call) -> Option<Shape> {
    Some((call.to?, call.selector().unwrap_or_default(), call.input.len()))
}
