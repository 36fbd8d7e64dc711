//! Transactions that wait: by sender and nonce, with the usual replacement rule.

use std::collections::{BTreeMap, HashMap};

use alloy::consensus::{Transaction, TxEnvelope, transaction::Recovered};
use alloy::primitives::{Address, B256};

use super::SubmitError;
use super::state::State;

/// Most transactions in the pool.
const CAPACITY: usize = 4096;
/// Most transactions of one sender.
const SENDER_CAPACITY: usize = 64;
/// A replacement pays at least this much more, in percent, of both fees.
const REPLACEMENT_PERCENT: u128 = 10;

/// The pool.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool {
    senders: BTreeMap<Address, BTreeMap<u64, Recovered<TxEnvelope>>>,
    places: HashMap<B256, (Address, u64)>,
}

impl Pool {
    /// The waiting transaction of that hash.
    pub(super) fn get(&self, hash: B256) -> Option<&Recovered<TxEnvelope>> {
        let (sender, nonce) = self.places.get(&hash)?;
        self.senders.get(sender)?.get(nonce)
    }

    /// All waiting transactions.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Recovered<TxEnvelope>> {
        self.senders.values().flat_map(BTreeMap::values)
    }

    /// The nonce after the sender's waiting transactions that follow `next` without a gap.
    pub(super) fn pending_nonce(&self, sender: Address, next: u64) -> u64 {
        let mut nonce = next;
        if let Some(queue) = self.senders.get(&sender) {
            while queue.contains_key(&nonce) {
                nonce = nonce.saturating_add(1);
            }
        }
        nonce
    }

    /// Takes a transaction that the chain has checked against its state.
    pub(super) fn insert(&mut self, tx: Recovered<TxEnvelope>) -> Result<B256, SubmitError> {
        let (hash, sender, nonce) = (*tx.tx_hash(), tx.signer(), tx.nonce());
        if self.places.contains_key(&hash) {
            return Err(SubmitError::AlreadyKnown);
        }
        let full = self.places.len() >= CAPACITY;
        let queue = self.senders.entry(sender).or_default();
        if let Some(old) = queue.get(&nonce) {
            let old_hash = *old.tx_hash();
            if !replaces(&tx, old) {
                return Err(SubmitError::ReplacementUnderpriced);
            }
            self.places.remove(&old_hash);
        } else if full || queue.len() >= SENDER_CAPACITY {
            return Err(SubmitError::PoolFull);
        }
        queue.insert(nonce, tx);
        self.places.insert(hash, (sender, nonce));
        Ok(hash)
    }

    /// Drops what `state` has made impossible: used nonces.
    pub(super) fn prune(&mut self, state: &State) {
        for (sender, queue) in &mut self.senders {
            let kept = queue.split_off(&state.nonce(*sender));
            for tx in std::mem::replace(queue, kept).into_values() {
                self.places.remove(tx.tx_hash());
            }
        }
        self.senders.retain(|_, queue| !queue.is_empty());
    }

    /// What a block on `state` can take, best tip first, each sender in nonce order.
    pub(super) fn candidates(&self, state: &State, base_fee: u64) -> Candidates {
        let mut queues = BTreeMap::new();
        for (sender, queue) in &self.senders {
            let mut nonce = state.nonce(*sender);
            let mut ready = Vec::new();
            while let Some(tx) = queue.get(&nonce) {
                ready.push(tx.clone());
                nonce = nonce.saturating_add(1);
            }
            ready.reverse();
            if !ready.is_empty() {
                queues.insert(*sender, ready);
            }
        }
        Candidates { queues, base_fee }
    }
}

/// Transactions offered to a block under construction.
#[derive(Debug)]
pub(super) struct Candidates {
    /// By sender, next nonce last.
    queues: BTreeMap<Address, Vec<Recovered<TxEnvelope>>>,
    base_fee: u64,
}

impl Candidates {
    /// The best one left that pays the base fee.
    pub(super) fn next(&mut self) -> Option<Recovered<TxEnvelope>> {
        let (_, sender) = self
            .queues
            .iter()
            .filter_map(|(sender, queue)| {
                Some((queue.last()?.effective_tip_per_gas(self.base_fee)?, *sender))
            })
            .max_by_key(|(tip, _)| *tip)?;
        self.queues.get_mut(&sender)?.pop()
    }

    /// Leaves out a sender whose transaction was refused: the later ones cannot follow.
    pub(super) fn skip(&mut self, sender: Address) {
        self.queues.remove(&sender);
    }
}

fn replaces(new: &Recovered<TxEnvelope>, old: &Recovered<TxEnvelope>) -> bool {
    let enough = |new: u128, old: u128| {
        new.saturating_mul(100) >= old.saturating_mul(REPLACEMENT_PERCENT.saturating_add(100)) && new > old
    };
    let tip =
        |tx: &Recovered<TxEnvelope>| tx.max_priority_fee_per_gas().unwrap_or_else(|| tx.max_fee_per_gas());
    enough(new.max_fee_per_gas(), old.max_fee_per_gas()) && enough(tip(new), tip(old))
}
