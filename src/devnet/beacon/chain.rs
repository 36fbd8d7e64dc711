//! Slots, blocks, finality: what the practice beacon chain is.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use alloy::consensus::{Header, Sealed};
use alloy::primitives::{Address, B256, keccak256};
use tree_hash::TreeHash as _;

use super::Payloads;
use super::committee::{Committees, SIZE};
use super::sparse_tree::SparseTree;
use super::updates::Served;
use crate::consensus::wire::{DenebHeader, ExecutionPayloadHeaderDeneb};
use crate::consensus::{
    BeaconBlockHeader, EXECUTION_BLOCK_HASH_GINDEX_GLOAS, EXECUTION_PAYLOAD_GINDEX,
    current_sync_committee_gindex, finalized_root_gindex, next_sync_committee_gindex,
};
use crate::devnet::execution::{ChainError, PayloadAttributes};
use crate::networks::{Fork, NetworkSpec, Slot};

/// A beacon chain shared with its servers.
pub type SharedBeacon = Arc<RwLock<BeaconChain>>;

/// Data of a practice beacon chain.
#[derive(Debug, Clone)]
pub struct BeaconConfig {
    /// The network it wears; mainnet preset.
    pub spec: NetworkSpec,
    /// Slot of the first block.
    pub first_slot: Slot,
}

/// Why no block could be made.
#[derive(Debug, thiserror::Error)]
pub enum BeaconError {
    /// The execution chain refused.
    #[error("the practice execution chain made no block: {0}")]
    Execution(#[from] ChainError),
    /// A key or a signature could not be made.
    #[error("the practice committee could not sign")]
    Committee,
    /// The slot is not after the head.
    #[error("slot {slot} is not after the head {head}")]
    OldSlot {
        /// The slot.
        slot: Slot,
        /// The head.
        head: Slot,
    },
}

/// One block with what its state and body prove.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) header: BeaconBlockHeader,
    pub(super) root: B256,
    /// The execution header as Electra and Fulu show it, with its branch; only the header part in Gloas.
    pub(super) deneb: Option<DenebHeader>,
    /// Proven block hash in Gloas: that of the parent payload.
    pub(super) gloas_hash: B256,
    pub(super) body: SparseTree,
    pub(super) state: SparseTree,
    /// Payload built in this slot.
    pub(super) payload: B256,
    /// Root of the block that this state calls final; `None` before the first finality.
    pub(super) finalized: Option<B256>,
}

/// The chain and what it serves.
#[derive(Debug)]
pub struct BeaconChain {
    pub(super) config: BeaconConfig,
    payloads: Payloads,
    pub(super) committees: Committees,
    pub(super) blocks: BTreeMap<Slot, Block>,
    pub(super) slots: BTreeMap<B256, Slot>,
    pub(super) served: Served,
    participation: usize,
    stalled: bool,
    fork_salt: u64,
}

impl BeaconChain {
    /// A chain with its first block.
    ///
    /// # Errors
    /// See [`BeaconError`].
    pub fn new(config: BeaconConfig, payloads: Payloads) -> Result<Self, BeaconError> {
        let first = config.first_slot;
        let mut chain = Self {
            config,
            payloads,
            committees: Committees::default(),
            blocks: BTreeMap::new(),
            slots: BTreeMap::new(),
            served: Served::default(),
            participation: SIZE,
            stalled: false,
            fork_salt: 0,
        };
        chain.make_block(first)?;
        Ok(chain)
    }

    /// What the next blocks wrap, where the payloads are somebody else's.
    pub fn found(&mut self, header: Sealed<Header>) {
        if let Payloads::Found(newest) = &mut self.payloads {
            **newest = header;
        }
    }

    /// The network.
    pub fn spec(&self) -> &NetworkSpec {
        &self.config.spec
    }

    /// Slot of the newest block.
    pub fn head_slot(&self) -> Slot {
        self.blocks.last_key_value().map_or(0, |(slot, _)| *slot)
    }

    /// `(root, slot)` of the block that the newest state calls final; the first block before there is one.
    pub fn finalized(&self) -> (B256, Slot) {
        let final_root = self.blocks.last_key_value().and_then(|(_, head)| head.finalized);
        let found = final_root.and_then(|root| Some((root, *self.slots.get(&root)?)));
        found.unwrap_or_else(|| self.first())
    }

    /// Root and slot of the oldest block.
    pub fn first(&self) -> (B256, Slot) {
        self.blocks.first_key_value().map(|(slot, block)| (block.root, *slot)).unwrap_or_default()
    }

    /// How many of the 512 members sign from now on.
    pub fn set_participation(&mut self, members: usize) {
        self.participation = members.min(SIZE);
    }

    /// While stalled, no new block becomes final.
    pub fn set_stalled(&mut self, stalled: bool) {
        self.stalled = stalled;
    }

    /// Drops the newest `depth` blocks; blocks made afterwards differ from them. What was served of them stays served
    /// until newer objects replace it, as on a real network.
    pub fn reorg(&mut self, depth: usize) {
        for _ in 0..depth {
            if self.blocks.len() > 1
                && let Some((_, block)) = self.blocks.pop_last()
            {
                self.slots.remove(&block.root);
            }
        }
        self.fork_salt = self.fork_salt.wrapping_add(1);
    }

    /// Makes the block of `slot`; slots between it and the head stay empty. Its sync aggregate signs the block before.
    ///
    /// # Errors
    /// See [`BeaconError`].
    pub fn make_block(&mut self, slot: Slot) -> Result<(), BeaconError> {
        let head = self.head_slot();
        if !self.blocks.is_empty() && slot <= head {
            return Err(BeaconError::OldSlot { slot, head });
        }
        let parent = self.blocks.last_key_value().map(|(_, block)| block.clone());
        let parent_root = parent.as_ref().map_or(B256::ZERO, |block| block.root);
        let parent_payload =
            parent.as_ref().map_or_else(|| self.payloads.genesis_hash(), |block| block.payload);
        let wrapped = self.payloads.of_slot(&self.attributes(slot, parent_root), parent_payload)?;
        let payload = wrapped.block_hash;
        let (body, deneb, gloas_hash) = self.body(slot, wrapped, parent_payload);
        let finalized = self.final_root(slot, parent.as_ref());
        let state = self.state(slot, finalized)?;
        let header = BeaconBlockHeader {
            slot,
            proposer_index: slot % SIZE as u64,
            parent_root,
            state_root: state.root(),
            body_root: body.root(),
        };
        let deneb = deneb.map(|deneb| DenebHeader { beacon: header, ..deneb });
        let root = header.root();
        let block = Block { header, root, deneb, gloas_hash, body, state, payload, finalized };
        self.slots.insert(root, slot);
        self.blocks.insert(slot, block);
        if let Some(parent) = parent
            && self.participation > 0
        {
            self.sign(&parent, slot, self.participation)?;
        }
        Ok(())
    }

    fn attributes(&self, slot: Slot, parent_beacon_block_root: B256) -> PayloadAttributes {
        PayloadAttributes {
            timestamp_secs: self.config.spec.slot_start_ms(slot) / 1_000,
            parent_beacon_block_root,
            prev_randao: keccak256([slot.to_le_bytes(), self.fork_salt.to_le_bytes()].concat()),
            fee_recipient: Address::repeat_byte(0xfe),
            withdrawals: Vec::new(),
            slot_number: slot,
        }
    }

    /// The body's tree. Before Gloas it holds the payload header, from Gloas on the parent payload's hash.
    fn body(
        &self,
        slot: Slot,
        header: ExecutionPayloadHeaderDeneb,
        parent_payload: B256,
    ) -> (SparseTree, Option<DenebHeader>, B256) {
        let mut body = SparseTree::new(slot.wrapping_mul(2).wrapping_add(self.fork_salt << 48));
        if self.config.spec.fork_at(slot) >= Fork::Gloas {
            body.set(EXECUTION_BLOCK_HASH_GINDEX_GLOAS, parent_payload);
            return (body, None, parent_payload);
        }
        body.set(EXECUTION_PAYLOAD_GINDEX, header.tree_hash_root());
        let branch =
            ssz_types::FixedVector::try_from(body.branch(EXECUTION_PAYLOAD_GINDEX)).unwrap_or_default();
        let deneb =
            DenebHeader { beacon: BeaconBlockHeader::default(), execution: header, execution_branch: branch };
        (body, Some(deneb), B256::ZERO)
    }

    fn state(&mut self, slot: Slot, finalized: Option<B256>) -> Result<SparseTree, BeaconError> {
        let spec = &self.config.spec;
        let (fork, period) = (spec.fork_at(slot), spec.period_at(slot));
        let current = self.committees.of(period).ok_or(BeaconError::Committee)?;
        let next = self.committees.of(period.saturating_add(1)).ok_or(BeaconError::Committee)?;
        let mut state = SparseTree::new(slot.wrapping_mul(2).wrapping_add(1));
        state.set(current_sync_committee_gindex(fork), current.committee.tree_hash_root());
        state.set(next_sync_committee_gindex(fork), next.committee.tree_hash_root());
        state.set(finalized_root_gindex(fork), finalized.unwrap_or_default());
        Ok(state)
    }

    /// The block two epochs back becomes final, as on a healthy mainnet; while stalled, the parent's choice stays.
    fn final_root(&self, slot: Slot, parent: Option<&Block>) -> Option<B256> {
        let before = parent.and_then(|block| block.finalized);
        if self.stalled {
            return before;
        }
        let spec = &self.config.spec;
        let epoch = spec.epoch_at(slot).checked_sub(2)?;
        let boundary = epoch.saturating_mul(spec.slots_per_epoch);
        let newest = self.blocks.range(..=boundary).next_back().map(|(_, block)| block.root);
        let slot_of = |root: Option<B256>| root.and_then(|root| self.slots.get(&root).copied());
        if slot_of(newest) > slot_of(before) { newest } else { before }
    }
}
