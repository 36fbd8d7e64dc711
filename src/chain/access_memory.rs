//! What calls read before, so that the next one needs one round trip.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use alloy::primitives::{Address, B256, FixedBytes, U256, keccak256};
use alloy_trie::EMPTY_ROOT_HASH;

use crate::execution::{Account, Call, StateKey};

/// Calls remembered, exactly or by shape. A set is a few hundred bytes.
const MAX_SETS: usize = 8_192;
/// Keys of one remembered call: beyond it a first round would be guesswork of this size.
const MAX_KEYS: usize = 1_024;

/// Which function of which contract, and how much calldata: the shape of a call.
type Shape = (Address, FixedBytes<4>, usize);
/// Contract, caller and hash of the calldata.
type Exact = (Address, Address, B256);

/// One learned access set, as it is kept between runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRecord {
    /// The contract called.
    pub contract: Address,
    /// The first four bytes of the calldata.
    pub selector: FixedBytes<4>,
    /// Length of the calldata in bytes.
    pub input_length: usize,
    /// Caller and hash of the calldata; `None` where the set is what every call of this shape reads.
    pub exact: Option<(Address, B256)>,
    /// Accounts and their slots.
    pub accounts: Vec<(Address, Vec<U256>)>,
}

/// What was learned of calls, as it is kept between runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// Access sets, the most recently used last.
    pub sets: Vec<AccessRecord>,
    /// Code hash of accounts when last proven: code that is held under it is not asked for ahead of the proof.
    pub codes: Vec<(Address, B256)>,
}

/// Where what was learned outlives a run. What comes back is a hint like an endpoint's: every key is proven whenever it is
/// used, so a wrong file costs time and never truth.
pub trait AccessStore: Send + Sync {
    /// All that is kept.
    fn load(&self) -> Learned;
    /// Replaces what is kept. A failure only costs later round trips.
    fn save(&self, learned: Learned);
}

/// Sets under keys, of which the longest unused go first.
#[derive(Debug)]
struct Shelf<K> {
    sets: HashMap<K, (u64, BTreeSet<StateKey>)>,
}

impl<K> Default for Shelf<K> {
    fn default() -> Self {
        Self { sets: HashMap::new() }
    }
}

impl<K: Eq + Hash + Copy> Shelf<K> {
    fn take(&mut self, key: K, now: u64) -> Option<&BTreeSet<StateKey>> {
        let (used, set) = self.sets.get_mut(&key)?;
        *used = now;
        Some(set)
    }

    /// True where this is news.
    fn put(&mut self, key: K, now: u64, set: BTreeSet<StateKey>) -> bool {
        if self.sets.len() >= MAX_SETS {
            let mut ages: Vec<u64> = self.sets.values().map(|(used, _)| *used).collect();
            let (_, middle, _) = ages.select_nth_unstable(MAX_SETS / 2);
            let middle = *middle;
            self.sets.retain(|_, (used, _)| *used > middle);
        }
        let news = self.sets.get(&key).is_none_or(|(_, before)| *before != set);
        self.sets.insert(key, (now, set));
        news
    }
}

/// Access sets learned from finished calls. They are hints: every key is proven whenever it is used.
#[derive(Debug, Default)]
pub(super) struct AccessMemory {
    exact: Shelf<Exact>,
    by_shape: Shelf<Shape>,
    /// The shape of each exact call, to write it down.
    shapes: HashMap<Exact, Shape>,
    last_code: HashMap<Address, B256>,
    uses: u64,
    changed: bool,
}

impl AccessMemory {
    /// What `calls` will read, known exactly or as what every call of its shape has read so far; and those calls that are
    /// new in every respect.
    pub(super) fn recall_all<'a>(&mut self, calls: &'a [Call]) -> (BTreeSet<StateKey>, Vec<&'a Call>) {
        let (mut all, mut new) = (BTreeSet::new(), Vec::new());
        for call in calls {
            match self.recall(call) {
                Some(set) => all.extend(set),
                None => new.push(call),
            }
        }
        (all, new)
    }

    fn recall(&mut self, call: &Call) -> Option<&BTreeSet<StateKey>> {
        self.uses = self.uses.saturating_add(1);
        let (exact, shape) = (exact(call)?, shape(call)?);
        self.exact.take(exact, self.uses).or_else(|| self.by_shape.take(shape, self.uses))
    }

    /// Keeps what a call has read. What a call after another read without `alone` may be less than it reads by itself.
    pub(super) fn remember(&mut self, call: &Call, alone: bool, read: &BTreeSet<StateKey>) {
        let (Some(exact), Some(shape)) = (exact(call), shape(call)) else { return };
        if read.len() > MAX_KEYS {
            return;
        }
        self.uses = self.uses.saturating_add(1);
        let known = self.exact.take(exact, self.uses);
        let mut set = read.clone();
        if !alone {
            set.extend(known.into_iter().flatten());
        }
        let common = match self.by_shape.take(shape, self.uses) {
            Some(before) => before.intersection(&set).copied().collect(),
            None => set.clone(),
        };
        let news = self.by_shape.put(shape, self.uses, common);
        self.changed |= self.exact.put(exact, self.uses, set) || news;
        if self.shapes.len() >= MAX_SETS.saturating_mul(2) {
            self.shapes.retain(|exact, _| self.exact.sets.contains_key(exact));
        }
        self.shapes.insert(exact, shape);
    }

    /// Takes what an earlier run has learned; what this run learned stays.
    pub(super) fn restore(&mut self, learned: Learned) {
        for (who, code_hash) in learned.codes.into_iter().take(MAX_SETS) {
            self.last_code.entry(who).or_insert(code_hash);
        }
        for record in learned.sets {
            let AccessRecord { contract, selector, input_length, exact, accounts } = record;
            let set: BTreeSet<StateKey> = accounts.into_iter().flat_map(keys_of).take(MAX_KEYS).collect();
            let shape = (contract, selector, input_length);
            self.uses = self.uses.saturating_add(1);
            if let Some((caller, input)) = exact {
                let exact = (contract, caller, input);
                if !self.exact.sets.contains_key(&exact) {
                    self.exact.put(exact, self.uses, set);
                    self.shapes.insert(exact, shape);
                }
            } else if !self.by_shape.sets.contains_key(&shape) {
                self.by_shape.put(shape, self.uses, set);
            }
        }
    }

    /// Everything, the most recently used last, where there is news since the last time.
    pub(super) fn take_news(&mut self) -> Option<Learned> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let by_shape = self.by_shape.sets.iter().map(|(shape, (used, set))| (*used, *shape, None, set));
        let exact = self.exact.sets.iter().filter_map(|(exact, (used, set))| {
            Some((*used, *self.shapes.get(exact)?, Some((exact.1, exact.2)), set))
        });
        let mut all: Vec<_> = by_shape.chain(exact).collect();
        all.sort_by_key(|(used, shape, exact, _)| (*used, *shape, *exact));
        let records = all.into_iter().map(|(_, (contract, selector, input_length), exact, set)| {
            AccessRecord { contract, selector, input_length, exact, accounts: by_account(set) }
        });
        let mut codes: Vec<_> = self.last_code.iter().map(|(who, hash)| (*who, *hash)).collect();
        codes.sort_unstable();
        Some(Learned { sets: records.collect(), codes })
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

fn exact(call: &Call) -> Option<Exact> {
    Some((call.to?, call.from, keccak256(&call.input)))
}

fn shape(call: &Call) -> Option<Shape> {
    Some((call.to?, call.selector().unwrap_or_default().into(), call.input.len()))
}

fn keys_of((who, slots): (Address, Vec<U256>)) -> impl Iterator<Item = StateKey> {
    let slots = slots.into_iter().map(move |slot| StateKey::Slot(who, slot));
    std::iter::once(StateKey::Account(who)).chain(slots)
}

/// Accounts and slots; hashes of blocks and code are left out: the first are others each time, the second is kept by hash.
fn by_account(set: &BTreeSet<StateKey>) -> Vec<(Address, Vec<U256>)> {
    let mut accounts: BTreeMap<Address, Vec<U256>> = BTreeMap::new();
    for key in set {
        match key {
            StateKey::Account(who) => {
                accounts.entry(*who).or_default();
            }
            StateKey::Slot(who, slot) => accounts.entry(*who).or_default().push(*slot),
            StateKey::Code(_) | StateKey::BlockHash(_) => {}
        }
    }
    accounts.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: Address = Address::repeat_byte(0x70);

    fn call(argument: u8) -> Call {
        Call::read(TOKEN, vec![1, 2, 3, 4, argument])
    }

    fn slots(numbers: &[u64]) -> BTreeSet<StateKey> {
        let slots = numbers.iter().map(|number| StateKey::Slot(TOKEN, U256::from(*number)));
        slots.chain([StateKey::Account(TOKEN)]).collect()
    }

    /// What all of the calls read, where none of them is new.
    fn known(memory: &mut AccessMemory, calls: &[Call]) -> Option<BTreeSet<StateKey>> {
        let (set, new) = memory.recall_all(calls);
        new.is_empty().then_some(set)
    }

    #[test]
    fn a_call_is_known_exactly_and_a_new_one_by_what_its_shape_has_in_common() {
        let mut memory = AccessMemory::default();
        assert_eq!(known(&mut memory, &[call(1)]), None);
        memory.remember(&call(1), true, &slots(&[1, 10]));
        memory.remember(&call(2), true, &slots(&[1, 20]));
        assert_eq!(known(&mut memory, &[call(1)]), Some(slots(&[1, 10])));
        assert_eq!(known(&mut memory, &[call(3)]), Some(slots(&[1])));
        assert_eq!(known(&mut memory, &[call(1), call(2)]), Some(slots(&[1, 10, 20])));
        let stranger = [call(1), Call::read(TOKEN, vec![9])];
        assert_eq!(memory.recall_all(&stranger), (slots(&[1, 10]), vec![&stranger[1]]));
        // What was read after others adds, what was read alone replaces.
        memory.remember(&call(1), false, &slots(&[5]));
        assert_eq!(known(&mut memory, &[call(1)]), Some(slots(&[1, 5, 10])));
        memory.remember(&call(1), true, &slots(&[5]));
        assert_eq!(known(&mut memory, &[call(1)]), Some(slots(&[5])));
    }

    #[test]
    fn what_is_kept_comes_back_and_what_this_run_knows_stays() {
        let mut memory = AccessMemory::default();
        memory.remember(&call(1), true, &slots(&[1, 10]));
        memory.remember(&call(2), true, &slots(&[1, 20]));
        memory.saw_code(TOKEN, B256::repeat_byte(7));
        let kept = memory.take_news().unwrap();
        assert_eq!(kept.sets.len(), 3, "two calls and their shape");
        assert_eq!(memory.take_news(), None, "no news");
        let mut next = AccessMemory::default();
        next.remember(&call(2), true, &slots(&[7]));
        next.restore(kept.clone());
        assert_eq!(known(&mut next, &[call(1)]), Some(slots(&[1, 10])));
        assert_eq!(known(&mut next, &[call(2)]), Some(slots(&[7])));
        assert_eq!(next.last_code(TOKEN), Some(B256::repeat_byte(7)));
        let mut third = AccessMemory::default();
        third.restore(kept.clone());
        assert_eq!(third.take_news(), None, "nothing was learned");
        third.remember(&call(1), true, &slots(&[1, 10]));
        assert_eq!(third.take_news(), None, "nor by the same again");
    }

    #[test]
    fn the_longest_unused_go_first() {
        let mut memory = AccessMemory::default();
        let nth = |n: usize| Call::read(TOKEN, n.to_be_bytes().to_vec());
        for n in 0..MAX_SETS {
            memory.remember(&nth(n), true, &slots(&[1]));
        }
        known(&mut memory, &[nth(0)]).unwrap();
        memory.remember(&nth(MAX_SETS), true, &slots(&[1]));
        assert!(memory.exact.sets.contains_key(&exact(&nth(0)).unwrap()), "just used");
        assert!(!memory.exact.sets.contains_key(&exact(&nth(1)).unwrap()));
        assert!(memory.exact.sets.len() <= MAX_SETS);
    }
}
