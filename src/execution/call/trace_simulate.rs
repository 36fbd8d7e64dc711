//! Transactions run in turn with everything they do written down.

use std::collections::BTreeSet;
use std::mem;

use alloy::primitives::{Address, U256};
use revm::bytecode::Bytecode;
use revm::context::ContextTr as _;
use revm::context::result::EVMError;
use revm::database::CacheDB;
use revm::state::{AccountInfo, EvmState};
use revm::{Context, Database, ExecuteCommitEvm as _, InspectEvm as _, MainBuilder as _, MainContext as _};

use crate::execution::Proven;

use super::batch::invalid;
use super::trace::{CallTree, Recorder};
use super::view::View;
use super::{Approval, Call, CallBatch, CallError, CallOutcome, Checks, StateKey, Transfer, Witness};

/// Storage changes kept of one transaction. A write costs 2,900 gas at least: 50 million pay for no more than this.
const MAX_SLOTS: usize = 20_000;

/// The ether of one account before and after. What it paid for gas is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceChange {
    /// Whose.
    pub account: Address,
    /// Wei before.
    pub before: U256,
    /// Wei after.
    pub after: U256,
}

/// An account that runs other code than before (EIP-7702).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelegationChange {
    /// Whose.
    pub account: Address,
    /// Whose code it ran; `None` where it ran none.
    pub before: Option<Address>,
    /// Whose code it runs now; `None` where it runs none any more.
    pub after: Option<Address>,
}

/// A storage slot that has another value than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotChange {
    /// Whose.
    pub account: Address,
    /// Which.
    pub slot: U256,
    /// Before.
    pub before: U256,
    /// After.
    pub after: U256,
}

/// What one transaction would do on proven state. It was not sent, and on another state it may do something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// How it ends, what it returns and uses, and its logs. One that fails has no logs and moves nothing.
    pub outcome: CallOutcome,
    /// What moves, in order.
    pub transfers: Vec<Transfer>,
    /// Permissions given and taken back, in order.
    pub approvals: Vec<Approval>,
    /// How many more transfers and approvals there were than the 65,536 of a kind that are kept. Above 0 this
    /// simulation does not tell all that happens.
    pub effects_not_kept: usize,
    /// Contracts created, in the order finished.
    pub created: Vec<Address>,
    /// Contracts that are gone at its end.
    pub destroyed: Vec<Address>,
    /// Accounts whose delegation changes, by address. These stay where the transaction itself fails.
    pub delegations: Vec<DelegationChange>,
    /// Accounts whose ether changes, by address, fees included.
    pub balances: Vec<BalanceChange>,
    /// Slots that change, by account and slot; 20,000 at most.
    pub slots: Vec<SlotChange>,
    /// Wei that the sender pays for gas; 0 where fees are not charged.
    pub fee: U256,
    /// The calls it makes.
    pub calls: CallTree,
}

/// How far a simulation is.
#[derive(Debug)]
pub enum SimulateStep {
    /// This state is still unknown.
    Need(BTreeSet<StateKey>),
    /// Every transaction has run.
    Done {
        /// In the order of the calls.
        simulations: Vec<Proven<Simulation>>,
        /// The state that each of them read; what a former one read is not read again.
        read: Vec<BTreeSet<StateKey>>,
    },
}

impl CallBatch {
    /// One pass over the calls as transactions, each on the state that the former leaves. As [`CallBatch::step`] has it:
    /// a pass that met unknown state is thrown away.
    ///
    /// # Errors
    /// [`CallError::Invalid`] where the EVM takes no such transaction; of several it says which.
    pub fn simulate(&self, known: &Witness) -> Result<SimulateStep, CallError> {
        let view = self.view(known);
        let ran = self.trace(&view);
        let missing = view.into_missing();
        if !missing.is_empty() {
            return Ok(SimulateStep::Need(missing));
        }
        let (simulations, read): (Vec<_>, _) = ran?.into_iter().unzip();
        let simulations = simulations.into_iter().map(|one| Proven::new(one, known.at())).collect();
        Ok(SimulateStep::Done { simulations, read })
    }

    fn trace(&self, view: &View<'_>) -> Result<Vec<(Simulation, BTreeSet<StateKey>)>, CallError> {
        let mut evm = Context::mainnet()
            .with_db(CacheDB::new(view))
            .with_block(self.block_for(self.calls()))
            .modify_cfg_chained(|cfg| self.env().configure(cfg, self.checks()))
            .build_mainnet_with_inspector(Recorder::default());
        let mut simulations = Vec::with_capacity(self.calls().len());
        for (index, call) in self.calls().iter().enumerate() {
            if self.checks() == Checks::Transaction {
                evm.ctx.cfg.disable_nonce_check = call.nonce.is_none();
            }
            evm.inspector = Recorder::default();
            let ran = evm.inspect_tx(self.tx(call, None)).map_err(|error| self.invalid_at(index, error))?;
            let recorder = mem::take(&mut evm.inspector);
            let outcome = CallOutcome::of(ran.result);
            let fee = self.fee(call, outcome.gas_used);
            let simulated = simulation(outcome, fee, recorder, &ran.state, evm.ctx.db_mut());
            simulations.push((simulated, view.take_read()));
            evm.commit(ran.state);
        }
        Ok(simulations)
    }

    fn invalid_at<E: std::fmt::Display + std::fmt::Debug>(
        &self,
        index: usize,
        error: EVMError<E>,
    ) -> CallError {
        let count = self.calls().len();
        match invalid(error) {
            CallError::Invalid { detail } if count > 1 => CallError::Invalid {
                detail: format!("transaction {} of {count}: {detail}", index.saturating_add(1)),
            },
            other => other,
        }
    }

    /// What the sender pays: the base fee is burnt, the rest is the beneficiary's.
    fn fee(&self, call: &Call, gas_used: u64) -> U256 {
        match self.checks() {
            Checks::Call => U256::ZERO,
            Checks::Transaction => {
                let base_fee = u128::from(self.env().base_fee());
                let price = match call.priority_fee {
                    Some(tip) => call.gas_price.min(base_fee.saturating_add(tip)),
                    None => call.gas_price,
                };
                U256::from(price).saturating_mul(U256::from(gas_used))
            }
        }
    }
}

/// Reads the changes off the state that a transaction leaves. `before` still holds the state that it found.
fn simulation<DB: Database>(
    outcome: CallOutcome,
    fee: U256,
    recorder: Recorder,
    after: &EvmState,
    before: &mut DB,
) -> Simulation {
    let Recorder { tree, assets, .. } = recorder;
    let mut accounts: Vec<_> = after.iter().filter(|(_, account)| account.is_touched()).collect();
    accounts.sort_unstable_by_key(|(who, _)| **who);
    let mut changes = Simulation {
        outcome,
        transfers: assets.transfers,
        approvals: assets.approvals,
        effects_not_kept: assets.not_kept,
        created: assets.created,
        destroyed: Vec::new(),
        delegations: Vec::new(),
        balances: Vec::new(),
        slots: Vec::new(),
        fee,
        calls: tree,
    };
    for (who, account) in accounts {
        let found = before.basic(*who).ok().flatten().unwrap_or_default();
        let gone = account.is_selfdestructed();
        let left = if gone { AccountInfo::default() } else { account.info.clone() };
        if gone {
            changes.destroyed.push(*who);
        }
        if found.balance != left.balance {
            changes.balances.push(BalanceChange {
                account: *who,
                before: found.balance,
                after: left.balance,
            });
        }
        if found.code_hash != left.code_hash {
            let (old, new) = (delegate(&found, before), delegate(&left, before));
            if old != new {
                changes.delegations.push(DelegationChange { account: *who, before: old, after: new });
            }
        }
        let slots =
            account.storage.iter().filter(|(_, slot)| slot.is_changed()).map(|(key, slot)| SlotChange {
                account: *who,
                slot: *key,
                before: slot.original_value(),
                after: slot.present_value(),
            });
        changes.slots.extend(slots.take(MAX_SLOTS.saturating_sub(changes.slots.len())));
    }
    changes.slots.sort_unstable_by_key(|change| (change.account, change.slot));
    changes
}

/// Whose code an account runs by delegation.
fn delegate<DB: Database>(info: &AccountInfo, state: &mut DB) -> Option<Address> {
    let code: Option<Bytecode> = info.code.clone().or_else(|| state.code_by_hash(info.code_hash).ok());
    code?.eip7702_address()
}
