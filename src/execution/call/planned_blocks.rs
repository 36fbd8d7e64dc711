//! Blocks that nobody made, run one after another on proven state: what `eth_simulateV1` asks for.
//!
//! The system contracts of EIP-4788 and EIP-2935 run at the beginning of each and those of EIP-7002 and EIP-7251 at its
//! end. A block's state root is computed from the nodes that prove what it changes ([`TrieNodes`]), and with it the hash.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use alloy::consensus::Header;
use alloy::primitives::{Address, B256, Log};
use revm::context::{BlockEnv, ContextTr as _};
use revm::database::CacheDB;
use revm::primitives::U256;
use revm::primitives::hardfork::SpecId;
use revm::{
    Context, Database as _, ExecuteCommitEvm as _, InspectEvm as _, MainBuilder as _, MainContext as _,
};

use crate::execution::trie_edit::{Blind, TrieNodes};
use crate::execution::{Proven, ProvenHeader};

use super::moved_precompiles::MovedPrecompiles;
use super::planned_header::{UnsignedTransaction, header, unsigned};
use super::planned_rules::{check_nonce, next_base_fee, refused};
use super::planned_state::{Changes, post_state_root};
use super::trace_logs::LogTrace;
use super::view::{View, override_codes};
use super::{
    AccountOverride, Call, CallError, CallOutcome, Checks, EvmEnv, Overrides, StateKey, TxRule, Witness,
};

/// One block to be run.
#[derive(Debug, Clone, Default)]
pub struct PlannedBlock {
    /// Its number.
    pub number: u64,
    /// Unix seconds.
    pub timestamp: u64,
    /// Its gas limit; `None` is that of the block before.
    pub gas_limit: Option<u64>,
    /// Who gets the tips; `None` is that of the block before.
    pub beneficiary: Option<Address>,
    /// Randomness.
    pub prev_randao: B256,
    /// Wei per gas; `None` follows from the block before where transactions are checked, and is 0 where they are not.
    pub base_fee: Option<u64>,
    /// The beacon root that EIP-4788 keeps.
    pub beacon_root: B256,
    /// What is other than the block before left it.
    pub accounts: BTreeMap<Address, AccountOverride>,
    /// Precompiles put elsewhere: from, to.
    pub moved_precompiles: Vec<(Address, Address)>,
    /// Its transactions. A nonce or gas limit that is not named is filled in.
    pub calls: Vec<Call>,
}

/// Blocks to be run on the state after a proven one.
#[derive(Debug, Clone)]
pub struct BlocksPlan {
    /// The proven block's environment.
    pub env: EvmEnv,
    /// In order.
    pub blocks: Vec<PlannedBlock>,
    /// Transactions are checked as a block's are: nonces and fees.
    pub validation: bool,
    /// Moves of ether are told as logs.
    pub trace_transfers: bool,
    /// Gas that all of them may use together.
    pub gas: u64,
    /// Nodes that prove what the blocks change; see [`PlanStep::Lacks`].
    pub nodes: Arc<TrieNodes>,
    /// No more of them can be had: a state root that is not known stays so.
    pub no_more_nodes: bool,
}

/// What came of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RanCall {
    /// The transaction, with nonce and gas limit.
    pub call: Call,
    /// The same in the form of a block's.
    pub transaction: UnsignedTransaction,
    /// How it ended.
    pub outcome: CallOutcome,
    /// Gas used, refunds not taken off.
    pub most_gas: u64,
    /// Its logs, those of ether among them where they were asked for.
    pub logs: Vec<Log>,
}

/// What came of one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RanBlock {
    /// Number.
    pub number: u64,
    /// Unix seconds.
    pub timestamp: u64,
    /// Gas limit.
    pub gas_limit: u64,
    /// Who got the tips.
    pub beneficiary: Address,
    /// Randomness.
    pub prev_randao: B256,
    /// Wei per gas.
    pub base_fee: u64,
    /// Excess blob gas; `None` before Cancun.
    pub excess_blob_gas: Option<u64>,
    /// Blob gas of its transactions.
    pub blob_gas_used: u64,
    /// Gas of its transactions.
    pub gas_used: u64,
    /// They themselves.
    pub calls: Vec<RanCall>,
    /// The beacon root that it has.
    pub beacon_root: B256,
    /// The header, as far as it is known.
    pub header: Header,
    /// The header's state root is known.
    pub has_state_root: bool,
    /// The header's parent is known.
    pub has_parent_hash: bool,
    /// Its hash; `None` where something of the header is not known.
    pub hash: Option<B256>,
}

/// How far a plan is.
#[derive(Debug)]
pub enum PlanStep {
    /// This state is still unknown.
    Need(BTreeSet<StateKey>),
    /// The blocks have run, but their state roots need nodes that prove these accounts and slots.
    Lacks(Changes),
    /// Every block has run. What follows from proven state, and was never on the chain.
    Done(Proven<Vec<RanBlock>>),
}

/// What the next block follows from.
#[derive(Debug, Clone, Copy)]
struct Parent {
    gas: (u64, u64),
    base_fee: u64,
    beneficiary: Address,
    blob_gas: Option<(u64, u64)>,
    hash: Option<B256>,
}

impl BlocksPlan {
    /// One pass over all blocks. A pass that met unknown state is thrown away.
    ///
    /// # Errors
    /// [`CallError::Refused`] where no block would take a transaction, and the other kinds of [`CallError`].
    pub fn step(&self, known: &Witness, header: &ProvenHeader) -> Result<PlanStep, CallError> {
        let ahead = self.system_ahead(known);
        if !ahead.is_empty() {
            return Ok(PlanStep::Need(ahead));
        }
        let (overrides, codes) = (Overrides::default(), BTreeMap::new());
        let view = View::new(known, &overrides, &codes);
        let ran = self.run(&view, (header, known));
        let future = view.future_hash();
        let missing = view.into_missing();
        if !missing.is_empty() {
            return Ok(PlanStep::Need(missing));
        }
        let (blocks, changes) = ran?;
        // From Amsterdam on headers hold more than is known here, and no node would help.
        let whole = self.env.rules >= SpecId::AMSTERDAM || blocks.iter().all(|block| block.has_state_root);
        match future {
            _ if !whole && !self.no_more_nodes => Ok(PlanStep::Lacks(changes)),
            Some(number) => Err(CallError::FutureHash { number }),
            None => Ok(PlanStep::Done(Proven::new(blocks, known.at()))),
        }
    }

    fn run(
        &self,
        view: &View<'_>,
        (header, known): (&ProvenHeader, &Witness),
    ) -> Result<(Vec<RanBlock>, Changes), CallError> {
        let fields = header.fields();
        let mut parent = Parent {
            gas: (fields.gas_used, fields.gas_limit),
            base_fee: fields.base_fee_per_gas.unwrap_or_default(),
            beneficiary: fields.beneficiary,
            blob_gas: fields.excess_blob_gas.zip(fields.blob_gas_used),
            hash: Some(header.hash()),
        };
        let mut changes = Changes::default();
        let mut db = CacheDB::new(view);
        let mut precompiles = MovedPrecompiles::new(self.env.rules);
        let (mut all, mut gas_left) = (Vec::with_capacity(self.blocks.len()), self.gas);
        for block in &self.blocks {
            put_in_place(&mut db, block, &mut precompiles)?;
            let (block_env, mut ran) = self.begin(block, &parent);
            self.system_begins(&mut db, &block_env, (parent.hash, block.beacon_root))?;
            self.transact(&mut db, (block, &block_env), &precompiles, (&mut ran, &mut gas_left))?;
            let requests = self.system_ends(&mut db, &block_env, &ran)?;
            self.seal(&mut ran, header, (parent.hash, requests), &{
                changes.add(&db, known);
                post_state_root(&db, (known, header.state_root()), &self.nodes)
            });
            if let Some(hash) = ran.hash {
                // Code of the next blocks may ask for it.
                db.cache.block_hashes.insert(U256::from(ran.number), hash);
            }
            parent = Parent {
                hash: ran.hash,
                gas: (ran.gas_used, ran.gas_limit),
                base_fee: ran.base_fee,
                beneficiary: ran.beneficiary,
                blob_gas: ran.excess_blob_gas.map(|excess| (excess, ran.blob_gas_used)),
            };
            all.push(ran);
        }
        Ok((all, changes))
    }

    /// The header of a block that has run, and its hash where all of it is known.
    fn seal(
        &self,
        ran: &mut RanBlock,
        base: &ProvenHeader,
        (parent, requests): (Option<B256>, Option<B256>),
        state_root: &Result<B256, Blind>,
    ) {
        let known = self.env.rules < SpecId::AMSTERDAM;
        let state_root = state_root.as_ref().ok().filter(|_| known);
        ran.header = Header {
            parent_hash: parent.unwrap_or_default(),
            state_root: state_root.copied().unwrap_or_default(),
            requests_hash: base.fields().requests_hash.map(|_| requests.unwrap_or_default()),
            ..header(ran, base)
        };
        (ran.has_state_root, ran.has_parent_hash) = (state_root.is_some(), parent.is_some());
        let whole = known && state_root.is_some() && parent.is_some() && requests.is_some();
        ran.hash = whole.then(|| ran.header.hash_slow());
    }

    /// The block's environment, and the block before its first transaction.
    fn begin(&self, block: &PlannedBlock, parent: &Parent) -> (BlockEnv, RanBlock) {
        let (gas_used, gas_limit) = parent.gas;
        let follows = if self.validation { next_base_fee(gas_used, gas_limit, parent.base_fee) } else { 0 };
        let excess_blob_gas = parent
            .blob_gas
            .map(|(excess, used)| self.env.next_excess_blob_gas((excess, used), parent.base_fee));
        let ran = RanBlock {
            number: block.number,
            timestamp: block.timestamp,
            gas_limit: block.gas_limit.unwrap_or(gas_limit),
            beneficiary: block.beneficiary.unwrap_or(parent.beneficiary),
            prev_randao: block.prev_randao,
            base_fee: block.base_fee.unwrap_or(follows),
            excess_blob_gas,
            blob_gas_used: 0,
            gas_used: 0,
            calls: Vec::with_capacity(block.calls.len()),
            beacon_root: block.beacon_root,
            header: Header::default(),
            has_state_root: false,
            has_parent_hash: false,
            hash: None,
        };
        let env = BlockEnv {
            number: U256::from(ran.number),
            timestamp: U256::from(ran.timestamp),
            gas_limit: ran.gas_limit,
            beneficiary: ran.beneficiary,
            prevrandao: Some(ran.prev_randao),
            basefee: ran.base_fee,
            blob_excess_gas_and_price: excess_blob_gas.map(|excess| self.env.blob_price_of(excess)),
            ..self.env.block.clone()
        };
        (env, ran)
    }

    fn transact(
        &self,
        db: &mut CacheDB<&View<'_>>,
        (block, block_env): (&PlannedBlock, &BlockEnv),
        precompiles: &MovedPrecompiles,
        (ran, gas_left): (&mut RanBlock, &mut u64),
    ) -> Result<(), CallError> {
        let mut evm = Context::mainnet()
            .with_db(db)
            .with_block(block_env.clone())
            .modify_cfg_chained(|cfg| self.env.configure(cfg, Checks::Call))
            .build_mainnet_with_inspector(LogTrace::default())
            .with_precompiles(precompiles.clone());
        evm.ctx.cfg.disable_fee_charge = false;
        evm.ctx.cfg.disable_nonce_check = !self.validation;
        for call in &block.calls {
            let mut call = call.clone();
            let found = evm.ctx.db_mut().basic(call.from).ok().flatten();
            let next = found.map_or(0, |account| account.nonce);
            let nonce = *call.nonce.get_or_insert(next);
            if self.validation {
                check_nonce(nonce, next)?;
            }
            let room = ran.gas_limit.saturating_sub(ran.gas_used);
            let asked = call.gas_limit.unwrap_or(room);
            if asked > room {
                let detail = format!("block gas limit reached: {} >= {}", ran.gas_used, ran.gas_limit);
                return Err(CallError::Refused { rule: TxRule::BlockGasLimit, detail });
            }
            call.gas_limit = Some(asked.min(*gas_left));
            let offers_nothing = call.gas_price == 0 && call.priority_fee.unwrap_or_default() == 0;
            evm.ctx.cfg.disable_base_fee = !self.validation && offers_nothing;
            evm.inspector = LogTrace::new(self.trace_transfers);
            let tx = call.tx_env(self.env.chain_id(), call.gas_limit.unwrap_or_default());
            let one = evm.inspect_tx(tx).map_err(refused)?;
            let most_gas = one.result.gas().total_gas_spent().max(one.result.gas().floor_gas());
            let outcome = CallOutcome::of(one.result);
            let trace = std::mem::take(&mut evm.inspector);
            let logs = if outcome.is_success() { trace.logs } else { Vec::new() };
            ran.gas_used = ran.gas_used.saturating_add(outcome.gas_used);
            *gas_left = gas_left.saturating_sub(outcome.gas_used);
            ran.blob_gas_used = ran.blob_gas_used.saturating_add(call.blob_gas());
            evm.commit(one.state);
            let transaction = unsigned(&call, self.env.chain_id());
            ran.calls.push(RanCall { call, transaction, outcome, most_gas, logs });
        }
        Ok(())
    }
}

/// State as the block is to find it.
fn put_in_place(
    db: &mut CacheDB<&View<'_>>,
    block: &PlannedBlock,
    precompiles: &mut MovedPrecompiles,
) -> Result<(), CallError> {
    for (from, to) in &block.moved_precompiles {
        let Some(which) = precompiles.stands_at(*from) else {
            return Err(CallError::NoPrecompile { address: *from });
        };
        if block.accounts.contains_key(to) {
            return Err(CallError::OverriddenTwice { address: *to });
        }
        precompiles.remove(*from);
        precompiles.put(which, *to);
    }
    let moved_to = |who: &Address| block.moved_precompiles.iter().any(|(_, to)| to == who);
    let overrides = Overrides { accounts: block.accounts.clone(), ..Overrides::default() };
    let mut codes = override_codes(&overrides)?;
    for (who, over) in overrides.accounts {
        if precompiles.stands_at(who).is_some() && !moved_to(&who) {
            precompiles.remove(who);
        }
        let mut info = db.basic(who).ok().flatten().unwrap_or_default();
        info.balance = over.balance.unwrap_or(info.balance);
        info.nonce = over.nonce.unwrap_or(info.nonce);
        if let Some((hash, code)) = codes.remove(&who) {
            (info.code_hash, info.code) = (hash, Some(code));
        }
        db.insert_account_info(who, info);
        if over.whole_storage {
            let slots = over.slots.into_iter().collect();
            let Ok(()) = db.replace_account_storage(who, slots);
        } else {
            for (slot, value) in over.slots {
                let Ok(()) = db.insert_account_storage(who, slot, value);
            }
        }
    }
    Ok(())
}
