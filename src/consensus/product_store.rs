//! The store as the product uses it: two thirds for head and finality alike, no forced update, saved between runs.

use std::collections::VecDeque;
use std::sync::Arc;

use alloy::primitives::B256;
use ethereum_hashing::hash_fixed;
use ssz::{Decode as _, Encode as _};
use ssz_derive::{Decode, Encode};

use super::process_update::is_supermajority;
use super::{
    BeaconBlockHeader, Bootstrap, Committee, ConsensusError, Finality, LightClientHeader, LightClientStore,
    Preset, ProvenBlock, SyncCommittee, Update,
};
use crate::networks::{NetworkSpec, Period, Slot};

/// Format of [`Store::to_bytes`]: this number, the SHA-256 of the rest, and the rest.
const SAVED_VERSION: u8 = 2;

/// Signed headers remembered, to notice a second one of the same slot: two epochs.
const MAX_SIGNED: usize = 64;

/// Two blocks of one slot, each signed by two thirds of a committee: at least a third of it signed both, which honest
/// validators never do (THREATS T07).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TwoHeads {
    /// The slot.
    pub slot: Slot,
    /// Root of the one that was seen first.
    pub held: B256,
    /// Root of the other.
    pub shown: B256,
}

/// What a processed update changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The head moved.
    pub head: bool,
    /// The finalized header moved.
    pub finalized: bool,
    /// The next committee became known.
    pub committee: bool,
    /// It shows another block of a slot than an update before. The first one stays the head until a later slot is signed.
    pub conflict: Option<TwoHeads>,
}

/// A light-client store under the product's rules.
#[derive(Debug, Clone)]
pub struct Store<P: Preset> {
    inner: LightClientStore<P>,
    head_participants: u64,
    finalized_participants: u64,
    /// Slot and root of headers signed in this run, newest last.
    signed: VecDeque<(Slot, B256)>,
}

#[derive(Encode, Decode)]
struct Saved<P: Preset> {
    genesis_validators_root: B256,
    finalized: BeaconBlockHeader,
    finalized_hash: B256,
    optimistic: BeaconBlockHeader,
    optimistic_hash: B256,
    current: SyncCommittee<P>,
    next: Vec<SyncCommittee<P>>,
    head_participants: u64,
    finalized_participants: u64,
}

impl<P: Preset> Saved<P> {
    /// What the rules of [`Store`] can have left behind. The checkpoint itself was signed by nobody here: 0 participants.
    fn is_consistent(&self) -> bool {
        let size = P::committee_size() as u64;
        let enough = |participants: u64| {
            participants <= size
                && (participants == 0 || participants.saturating_mul(3) >= size.saturating_mul(2))
        };
        self.next.len() <= 1
            && self.optimistic.slot >= self.finalized.slot
            && (self.optimistic == self.finalized || self.head_participants > 0)
            && enough(self.head_participants)
            && enough(self.finalized_participants)
            && !self.finalized_hash.is_zero()
            && !self.optimistic_hash.is_zero()
    }
}

impl<P: Preset> Store<P> {
    /// Starts from a trusted beacon block root.
    ///
    /// # Errors
    /// See [`LightClientStore::initialize`]; also `NoExecution` before Capella.
    pub fn bootstrap(trusted: B256, from: Bootstrap<P>, spec: &NetworkSpec) -> Result<Self, ConsensusError> {
        if from.header.execution_block_hash.is_zero() {
            return Err(ConsensusError::NoExecution { which: "bootstrap" });
        }
        let inner = LightClientStore::initialize(trusted, from, spec)?;
        Ok(Self { inner, head_participants: 0, finalized_participants: 0, signed: VecDeque::new() })
    }

    /// Takes an update of any kind. Head and finality both need two thirds of the committee.
    ///
    /// # Errors
    /// The rule that failed; the store is then unchanged. `LowParticipation` and `NotNewer` blame nobody.
    pub fn process(
        &mut self,
        update: &Update<P>,
        now: Slot,
        spec: &NetworkSpec,
    ) -> Result<Progress, ConsensusError> {
        self.inner.validate(update, now, spec)?;
        let participants = update.sync_aggregate.participants();
        if !is_supermajority(update) {
            let committee = P::committee_size() as u64;
            return Err(ConsensusError::LowParticipation { participants, committee });
        }
        let conflict = self.conflict(update);
        let before = (self.head(), self.finalized(), self.next_sync_committee_known());
        if self.inner.finalizes(update, spec) {
            let finalized = self.inner.finalized_header;
            self.inner.apply(update, spec)?;
            if self.inner.finalized_header != finalized {
                self.finalized_participants = participants;
            }
        }
        if update.attested_slot() > self.inner.optimistic_header.beacon.slot
            || update.attested_header == self.inner.optimistic_header
        {
            self.inner.optimistic_header = update.attested_header;
            self.head_participants = participants.max(if before.0.slot() == update.attested_slot() {
                self.head_participants
            } else {
                0
            });
        }
        let (head, finalized) = (self.head() != before.0, self.finalized() != before.1);
        Ok(Progress { head, finalized, committee: self.next_sync_committee_known() && !before.2, conflict })
    }

    /// Whether the update shows another block of a slot than one before, and its headers for the next time.
    fn conflict(&mut self, update: &Update<P>) -> Option<TwoHeads> {
        let mut conflict = None;
        for beacon in [&update.finalized_header.beacon, &update.attested_header.beacon] {
            if *beacon == BeaconBlockHeader::default() {
                continue; // an update without finality
            }
            let (slot, shown) = (beacon.slot, beacon.root());
            match self.signed.iter().find(|(signed, _)| *signed == slot) {
                Some((_, held)) if *held != shown => {
                    conflict = conflict.or(Some(TwoHeads { slot, held: *held, shown }));
                }
                Some(_) => {}
                None => self.signed.push_back((slot, shown)),
            }
        }
        while self.signed.len() > MAX_SIGNED {
            self.signed.pop_front();
        }
        conflict
    }

    /// The newest block that two thirds of the committee signed.
    pub fn head(&self) -> ProvenBlock {
        proven::<P>(&self.inner.optimistic_header, Finality::Optimistic, self.head_participants)
    }

    /// The newest block signed as final. Its participants are 0 while it is the trusted checkpoint itself.
    pub fn finalized(&self) -> ProvenBlock {
        proven::<P>(&self.inner.finalized_header, Finality::Final, self.finalized_participants)
    }

    /// Sync-committee period of the finalized header.
    pub fn period(&self, spec: &NetworkSpec) -> Period {
        spec.period_at(self.inner.finalized_header.beacon.slot)
    }

    /// Whether the committee of the next period is known.
    pub fn next_sync_committee_known(&self) -> bool {
        self.inner.is_next_sync_committee_known()
    }

    /// The store as bytes, bound to the network.
    pub fn to_bytes(&self, spec: &NetworkSpec) -> Vec<u8> {
        let saved = Saved::<P> {
            genesis_validators_root: spec.genesis_validators_root,
            finalized: self.inner.finalized_header.beacon,
            finalized_hash: self.inner.finalized_header.execution_block_hash,
            optimistic: self.inner.optimistic_header.beacon,
            optimistic_hash: self.inner.optimistic_header.execution_block_hash,
            current: self.inner.current_sync_committee.container().clone(),
            next: self.inner.next_sync_committee.iter().map(|next| next.container().clone()).collect(),
            head_participants: self.head_participants,
            finalized_participants: self.finalized_participants,
        };
        let content = saved.as_ssz_bytes();
        [[SAVED_VERSION].as_slice(), &hash_fixed(&content), &content].concat()
    }

    /// The store from [`Store::to_bytes`]. The hash in it is no proof of who wrote it; it tells damage, which would
    /// otherwise make a liar of every endpoint whose signatures do not fit a damaged committee.
    ///
    /// # Errors
    /// `BadStore` for damage, `OtherNetwork`.
    pub fn from_bytes(bytes: &[u8], spec: &NetworkSpec) -> Result<Self, ConsensusError> {
        let bad = |detail: &str| ConsensusError::BadStore { detail: detail.to_owned() };
        let Some((&SAVED_VERSION, bytes)) = bytes.split_first() else { return Err(bad("unknown version")) };
        let (hash, content) = bytes.split_first_chunk::<32>().ok_or_else(|| bad("cut short"))?;
        if hash_fixed(content) != *hash {
            return Err(bad("checksum"));
        }
        let saved = Saved::<P>::from_ssz_bytes(content).map_err(|error| bad(&format!("{error:?}")))?;
        if saved.genesis_validators_root != spec.genesis_validators_root {
            return Err(ConsensusError::OtherNetwork);
        }
        if !saved.is_consistent() {
            return Err(bad("inconsistent"));
        }
        let header = |beacon, execution_block_hash| LightClientHeader {
            beacon,
            execution_block_hash,
            execution_branch: Default::default(), // was checked before it was saved, and is not needed again
        };
        let inner = LightClientStore {
            finalized_header: header(saved.finalized, saved.finalized_hash),
            current_sync_committee: Arc::new(Committee::new(saved.current)),
            next_sync_committee: saved.next.into_iter().next().map(|next| Arc::new(Committee::new(next))),
            best_valid_update: None,
            optimistic_header: header(saved.optimistic, saved.optimistic_hash),
            previous_max_active_participants: 0,
            current_max_active_participants: 0,
        };
        Ok(Self {
            inner,
            head_participants: saved.head_participants,
            finalized_participants: saved.finalized_participants,
            signed: VecDeque::new(),
        })
    }
}

fn proven<P: Preset>(header: &LightClientHeader, finality: Finality, participants: u64) -> ProvenBlock {
    ProvenBlock {
        slot: header.beacon.slot,
        beacon_root: header.beacon.root(),
        block_hash: header.execution_block_hash,
        finality,
        participants,
        committee_size: P::committee_size() as u64,
    }
}
