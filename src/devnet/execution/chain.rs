//! The chain: all blocks that were built, which of them are canonical, and the pool.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, RwLock};

use alloy::consensus::{TxEnvelope, transaction::Recovered};
use alloy::primitives::{Address, B256, Bytes};

use super::build::{BlockBuilder, Inclusion};
use super::evm::EvmEnv;
use super::genesis::{genesis_block, genesis_state, genesis_transactions};
use super::pool::Pool;
use super::state::State;
use super::{ChainConfig, ChainError, ExecutionBlock, PayloadAttributes, SubmitError, submit, traffic};

/// One chain, shared by its producer and any number of endpoints.
pub type SharedChain = Arc<RwLock<ExecutionChain>>;

/// An execution chain in memory. Blocks are built on order and become canonical by [`Self::set_head`].
#[derive(Debug)]
pub struct ExecutionChain {
    config: ChainConfig,
    blocks: HashMap<B256, Stored>,
    /// Blocks whose state is kept, by number.
    with_state: BTreeMap<u64, Vec<B256>>,
    /// Canonical hashes by number; never empty.
    canonical: Vec<B256>,
    /// Where canonical transactions are: block hash and index.
    places: HashMap<B256, (B256, usize)>,
    genesis: B256,
    head: Arc<ExecutionBlock>,
    safe: B256,
    finalized: B256,
    pool: Pool,
    /// Contracts whose code a drill exchanged: so it is in every block built from then on.
    pub(super) exchanged: BTreeMap<Address, Bytes>,
}

#[derive(Debug)]
struct Stored {
    block: Arc<ExecutionBlock>,
    /// Dropped when the block is older than the window.
    state: Option<State>,
}

impl ExecutionChain {
    /// A chain that holds block 0. Block 1, once built, creates the tokens and hands them out.
    ///
    /// # Errors
    /// Only where the bundled data is broken.
    pub fn new(config: ChainConfig) -> Result<Self, ChainError> {
        let state = genesis_state();
        let block = Arc::new(genesis_block(&config, &state));
        let genesis = block.hash();
        Ok(Self {
            config,
            blocks: HashMap::from([(genesis, Stored { block: block.clone(), state: Some(state) })]),
            with_state: BTreeMap::from([(0, vec![genesis])]),
            canonical: vec![genesis],
            places: HashMap::new(),
            genesis,
            head: block,
            safe: genesis,
            finalized: genesis,
            pool: Pool::default(),
            exchanged: BTreeMap::new(),
        })
    }

    /// The configuration it was started with.
    pub fn config(&self) -> &ChainConfig {
        &self.config
    }

    /// Hash of block 0.
    pub fn genesis_hash(&self) -> B256 {
        self.genesis
    }

    /// The canonical head.
    pub fn head(&self) -> Arc<ExecutionBlock> {
        self.head.clone()
    }

    /// The newest block the beacon side called safe.
    pub fn safe(&self) -> B256 {
        self.safe
    }

    /// The newest block the beacon side called finalized.
    pub fn finalized(&self) -> B256 {
        self.finalized
    }

    /// Any block that was built here, canonical or not.
    pub fn block(&self, hash: B256) -> Option<Arc<ExecutionBlock>> {
        self.blocks.get(&hash).map(|stored| stored.block.clone())
    }

    /// The canonical block of that number.
    pub fn block_by_number(&self, number: u64) -> Option<Arc<ExecutionBlock>> {
        self.block(*self.canonical.get(usize::try_from(number).ok()?)?)
    }

    /// Whether the block of that hash is on the canonical chain.
    pub fn is_canonical(&self, hash: B256) -> bool {
        self.blocks.get(&hash).is_some_and(|stored| self.canonical_hash(stored.block.number()) == Some(hash))
    }

    /// Builds a block on `parent` (any known block whose state is kept) and stores it. The head stays where it is.
    ///
    /// # Errors
    /// [`ChainError::UnknownBlock`], [`ChainError::StatePruned`], [`ChainError::TimestampNotAfterParent`]; the
    /// others mean that bundled data is broken.
    pub fn build_block(&mut self, attributes: &PayloadAttributes, parent: B256) -> Result<B256, ChainError> {
        let stored = self.blocks.get(&parent).ok_or(ChainError::UnknownBlock(parent))?;
        let mut state = stored.state.clone().ok_or(ChainError::StatePruned(parent))?;
        for (contract, code) in &self.exchanged {
            state.exchange_code(*contract, code);
        }
        let block_hash = |number: u64| self.ancestor(parent, number);
        let mut builder =
            BlockBuilder::start(&self.config, &stored.block.header, state, attributes, &block_hash)?;
        for tx in self.own_transactions(stored.block.number().saturating_add(1), &builder)? {
            let _refused_ones_are_left_out = builder.include(tx);
        }
        let mut candidates = self.pool.candidates(builder.state(), builder.base_fee());
        while let Some(tx) = candidates.next() {
            let sender = tx.signer();
            if builder.include(tx) == Inclusion::Refused {
                candidates.skip(sender);
            }
        }
        let (block, state) = builder.seal(attributes.withdrawals.clone())?;
        let hash = block.hash();
        self.with_state.entry(block.number()).or_default().push(hash);
        self.blocks.insert(hash, Stored { block: Arc::new(block), state: Some(state) });
        Ok(hash)
    }

    /// Makes `hash` the head. Transactions of blocks that leave the canonical chain wait in the pool again.
    ///
    /// # Errors
    /// [`ChainError::UnknownBlock`]; [`ChainError::StatePruned`] where the block's state is no longer kept.
    pub fn set_head(&mut self, hash: B256) -> Result<(), ChainError> {
        let head = self.block(hash).ok_or(ChainError::UnknownBlock(hash))?;
        let Some(state) = self.state(hash).cloned() else { return Err(ChainError::StatePruned(hash)) };
        let mut branch = Vec::new();
        let mut block = head.clone();
        while self.canonical_hash(block.number()) != Some(block.hash()) {
            let parent = block.header.parent_hash;
            branch.push(block);
            block = self.block(parent).ok_or(ChainError::UnknownBlock(parent))?;
        }
        let left = self.leave_above(block.number());
        for block in branch.into_iter().rev() {
            self.canonical.push(block.hash());
            for (index, tx) in block.transactions.iter().enumerate() {
                self.places.insert(*tx.tx_hash(), (block.hash(), index));
            }
        }
        self.head = head;
        for tx in left {
            if !self.places.contains_key(tx.tx_hash()) {
                let _lost_if_a_better_one_waits = self.pool.insert(tx);
            }
        }
        self.pool.prune(&state);
        self.prune_states();
        Ok(())
    }

    /// Records the beacon side's safe block.
    ///
    /// # Errors
    /// [`ChainError::UnknownBlock`].
    pub fn set_safe(&mut self, hash: B256) -> Result<(), ChainError> {
        self.block(hash).ok_or(ChainError::UnknownBlock(hash))?;
        self.safe = hash;
        Ok(())
    }

    /// Records the beacon side's finalized block.
    ///
    /// # Errors
    /// [`ChainError::UnknownBlock`].
    pub fn set_finalized(&mut self, hash: B256) -> Result<(), ChainError> {
        self.block(hash).ok_or(ChainError::UnknownBlock(hash))?;
        self.finalized = hash;
        Ok(())
    }

    /// Takes a raw signed transaction (EIP-2718 bytes) into the pool and returns its hash.
    ///
    /// # Errors
    /// [`SubmitError`] says why it was refused.
    pub fn submit(&mut self, raw: &[u8]) -> Result<B256, SubmitError> {
        let tx = submit::check(self, raw)?;
        self.pool.insert(tx)
    }

    /// Where a canonical transaction is: its block and its index there.
    pub fn locate(&self, transaction: B256) -> Option<(Arc<ExecutionBlock>, usize)> {
        let (hash, index) = self.places.get(&transaction)?;
        Some((self.block(*hash)?, *index))
    }

    /// A transaction that waits in the pool.
    pub fn waiting(&self, transaction: B256) -> Option<&Recovered<TxEnvelope>> {
        self.pool.get(transaction)
    }

    /// All transactions that wait in the pool.
    pub fn waiting_transactions(&self) -> impl Iterator<Item = &Recovered<TxEnvelope>> {
        self.pool.iter()
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The state after that block, while it is kept.
    pub(super) fn state(&self, hash: B256) -> Option<&State> {
        self.blocks.get(&hash)?.state.as_ref()
    }

    /// The environment of code that runs as if in that block.
    pub(super) fn env_of(&self, block: &ExecutionBlock) -> EvmEnv {
        let spec = self.config.spec_at(block.header.timestamp);
        EvmEnv::of_header(spec, self.config.chain_id, &block.header)
    }

    /// Hash of the block with `number` among the ancestors of `of` and `of` itself, as far back as `BLOCKHASH` sees.
    pub(super) fn ancestor(&self, of: B256, number: u64) -> Option<B256> {
        let mut block = &self.blocks.get(&of)?.block;
        if block.number().saturating_sub(number) >= 256 {
            return None;
        }
        while block.number() > number {
            block = &self.blocks.get(&block.header.parent_hash)?.block;
        }
        (block.number() == number).then(|| block.hash())
    }

    fn canonical_hash(&self, number: u64) -> Option<B256> {
        self.canonical.get(usize::try_from(number).ok()?).copied()
    }

    /// Block 1 sets the tokens up; every later one carries the background traffic.
    fn own_transactions(
        &self,
        number: u64,
        builder: &BlockBuilder<'_>,
    ) -> Result<Vec<Recovered<TxEnvelope>>, ChainError> {
        let chain_id = self.config.chain_id;
        if number == 1 {
            return genesis_transactions(chain_id);
        }
        let Some(order) = self.config.traffic else { return Ok(Vec::new()) };
        traffic::transactions(order, chain_id, number, builder.base_fee(), builder.state())
    }

    /// Cuts the canonical chain off above `number` and returns the transactions that were there.
    fn leave_above(&mut self, number: u64) -> Vec<Recovered<TxEnvelope>> {
        let keep = usize::try_from(number).unwrap_or(usize::MAX).saturating_add(1);
        let left = self.canonical.split_off(keep.min(self.canonical.len()));
        let mut transactions = Vec::new();
        for hash in left {
            let Some(block) = self.block(hash) else { continue };
            for tx in &block.transactions {
                self.places.remove(tx.tx_hash());
                transactions.push(tx.clone());
            }
        }
        transactions
    }

    fn prune_states(&mut self) {
        let oldest = self.head.number().saturating_sub(self.config.state_window);
        let kept = self.with_state.split_off(&oldest);
        for hash in std::mem::replace(&mut self.with_state, kept).into_values().flatten() {
            if let Some(stored) = self.blocks.get_mut(&hash) {
                stored.state = None;
            }
        }
    }
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
