//! Many calls as one: a pass over all of them, and all their misses together.

use std::collections::BTreeSet;

use alloy::primitives::Address;
use revm::context::BlockEnv;
use revm::context::result::{EVMError, ExecutionResult, HaltReason};
use revm::database_interface::WrapDatabaseRef;
use revm::{Context, ExecuteCommitEvm, ExecuteEvm, InspectEvm, MainBuilder, MainContext};

use crate::execution::Proven;

use super::estimate::TRANSACTION_GAS_CAP;
use super::request::CALL_GAS;
use super::unseen_caller::{Watch, unseen_caller};
use super::view::{OverrideCodes, View, override_codes};
use super::{Call, CallError, CallOutcome, Checks, EvmEnv, Overrides, StateKey, Witness};

/// Calls at one block. No trust and no contract is needed to join them: they run here.
#[derive(Debug, Clone)]
pub struct CallBatch {
    env: EvmEnv,
    calls: Vec<Call>,
    overrides: Overrides,
    codes: OverrideCodes,
    checks: Checks,
    in_turn: bool,
    first: Vec<Call>,
}

/// How far a batch is.
#[derive(Debug)]
pub enum Step {
    /// This state is still unknown.
    Need(BTreeSet<StateKey>),
    /// Every call is finished.
    Done {
        /// In the order of the calls.
        outcomes: Vec<Proven<CallOutcome>>,
        /// The state that each of them read. In turn, what a former call read is not read again.
        read: Vec<BTreeSet<StateKey>>,
    },
}

impl CallBatch {
    /// Calls that do not see each other's effects.
    pub fn reads(env: EvmEnv, calls: Vec<Call>) -> Self {
        let (overrides, codes, first) = Default::default();
        Self { env, calls, overrides, codes, checks: Checks::Call, in_turn: false, first }
    }

    /// The same calls, each on the state that the former leaves.
    #[must_use]
    pub fn in_turn(self) -> Self {
        Self { in_turn: true, ..self }
    }

    /// The same calls, each on the state that all of `first` leave, run in turn. The outcomes of `first` come first; all
    /// of it is hypothetical.
    #[must_use]
    pub fn after(self, first: Vec<Call>) -> Self {
        Self { first, ..self }
    }

    /// The same calls, checked like this.
    #[must_use]
    pub fn with_checks(self, checks: Checks) -> Self {
        Self { checks, ..self }
    }

    /// The same calls on state and block as `overrides` have them. The outcome is then hypothetical.
    ///
    /// # Errors
    /// `OverrideCode`.
    pub fn with_overrides(mut self, overrides: Overrides) -> Result<Self, CallError> {
        self.codes = override_codes(&overrides)?;
        self.env = self.env.with(&overrides);
        self.overrides = overrides;
        Ok(self)
    }

    /// True where each call runs on the state that the former leaves.
    pub fn is_in_turn(&self) -> bool {
        self.in_turn
    }

    /// The calls.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// True where the outcome is hypothetical.
    pub fn is_hypothetical(&self) -> bool {
        !self.overrides.is_empty() || !self.first.is_empty()
    }

    /// One pass. State that is not known reads as zero and is noted; a pass that noted anything is thrown away.
    ///
    /// # Errors
    /// [`CallError::Invalid`] where the EVM takes no such transaction, once all that it looks at is known.
    pub fn step(&self, known: &Witness) -> Result<Step, CallError> {
        let (missing, ran) = self.pass(known, None);
        if !missing.is_empty() {
            return Ok(Step::Need(missing));
        }
        let (results, read): (Vec<_>, _) = ran?.into_iter().unzip();
        let outcomes = results.into_iter().map(|result| Proven::new(CallOutcome::of(result), known.at()));
        Ok(Step::Done { outcomes: outcomes.collect(), read })
    }

    /// The environment.
    pub(super) fn env(&self) -> &EvmEnv {
        &self.env
    }

    pub(super) fn checks(&self) -> Checks {
        self.checks
    }

    pub(super) fn view<'a>(&'a self, known: &'a Witness) -> View<'a> {
        View::new(known, &self.overrides, &self.codes)
    }

    /// One pass with every call's gas limit set to `gas`, where it is given.
    pub(super) fn pass(&self, known: &Witness, gas: Option<u64>) -> Pass {
        let view = self.view(known);
        let changing = self.in_turn || !self.first.is_empty();
        let ran = if changing { self.run_on_changes(&view, gas) } else { self.run_apart(&view, gas) };
        (view.into_missing(), ran)
    }

    fn run_apart(&self, view: &View<'_>, gas: Option<u64>) -> Ran {
        // A call that is refused must not hide what the others need: all run, then the first refusal counts.
        let ran: Vec<_> = self
            .calls
            .iter()
            .map(|call| {
                let context = Context::mainnet()
                    .with_db(WrapDatabaseRef(view))
                    .with_block(self.block_for(std::slice::from_ref(call)))
                    .modify_cfg_chained(|cfg| self.env.configure(cfg, self.checks));
                let unseen = unseen_caller(call, &self.overrides);
                view.set_unseen(unseen);
                let tx = self.tx(call, gas);
                let ran = match unseen {
                    None => context.build_mainnet().transact(tx),
                    Some(_) => context.build_mainnet_with_inspector(Watch { view }).inspect_tx(tx),
                };
                ran.map(|ran| (ran.result, view.take_read())).map_err(invalid)
            })
            .collect();
        ran.into_iter().collect()
    }

    /// Runs what leaves its changes, and then, unless that was all, each call on those changes without leaving its own.
    fn run_on_changes(&self, view: &View<'_>, gas: Option<u64>) -> Ran {
        let (leaving, apart) = if self.in_turn {
            (self.first.iter().chain(&self.calls), [].iter())
        } else {
            (self.first.iter().chain(&[]), self.calls.iter())
        };
        let mut evm = Context::mainnet()
            .with_db(revm::database::CacheDB::new(view))
            .with_block(self.block_for(&self.calls))
            .modify_cfg_chained(|cfg| self.env.configure(cfg, self.checks))
            .build_mainnet();
        let mut ran = Vec::new();
        for call in leaving {
            let one = evm.transact_commit(self.tx(call, gas)).map_err(invalid);
            ran.push(one.map(|result| (result, view.take_read())));
        }
        for call in apart {
            let one = evm.transact(self.tx(call, gas)).map_err(invalid);
            ran.push(one.map(|ran| (ran.result, view.take_read())));
        }
        ran.into_iter().collect()
    }

    /// To a call that offers no gas price `BASEFEE` tells 0, as every node's `eth_call` has it.
    pub(super) fn block_for(&self, calls: &[Call]) -> BlockEnv {
        let mut block = self.env.block.clone();
        let lenient = self.checks == Checks::Call && self.overrides.base_fee.is_none();
        if lenient && calls.iter().all(|call| call.gas_price == 0) {
            block.basefee = 0;
        }
        block
    }

    pub(super) fn tx(&self, call: &Call, gas: Option<u64>) -> revm::context::TxEnv {
        let allowance = match self.checks {
            Checks::Call => CALL_GAS,
            Checks::Transaction => self.env.gas_limit().min(TRANSACTION_GAS_CAP),
        };
        call.tx_env(self.env.chain_id, gas.or(call.gas_limit).unwrap_or(allowance))
    }

    /// Every account that the calls name, to ask for before the first pass.
    pub fn named(&self) -> BTreeSet<Address> {
        let changing = self.in_turn || !self.first.is_empty();
        let named = self.first.iter().chain(&self.calls).flat_map(|call| {
            let unseen = if changing { None } else { unseen_caller(call, &self.overrides) };
            [Some(call.from).filter(|from| unseen != Some(*from)), call.to]
        });
        named.flatten().collect()
    }
}

/// Each result, and what was read for it.
type Ran = Result<Vec<(ExecutionResult<HaltReason>, BTreeSet<StateKey>)>, CallError>;
/// Misses, and what came of it.
type Pass = (BTreeSet<StateKey>, Ran);

pub(super) fn invalid<E: std::fmt::Display + std::fmt::Debug>(error: EVMError<E>) -> CallError {
    let detail = match error {
        EVMError::Transaction(error) => error.to_string(),
        EVMError::Header(error) => error.to_string(),
        EVMError::Database(error) => error.to_string(),
        EVMError::Custom(text) => text,
        other => format!("{other:?}"),
    };
    CallError::Invalid { detail }
}
