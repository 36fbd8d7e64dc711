//! Runs calls: pass, fetch what was missing, prove it, pass again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use alloy::primitives::{Address, Bytes, KECCAK256_EMPTY, U256};

use crate::execution::{
    Account, Call, CallBatch, CallError, CallOutcome, EstimateStep, EvmEnv, GasEstimate,
    HISTORY_STORAGE_ADDRESS, Overrides, ProofError, Proven, ProvenAncestor, StateKey, Step, Witness,
    estimate_gas, history_slot, verify_code,
};
use crate::sources::Claim;

use super::error::rule_of;
use super::{ReadError, Refused, StateAt};

/// Passes of one batch. A read that depends on a read costs one; real protocols need fewer than ten.
const MAX_ROUNDS: usize = 64;
/// Pieces of state of one call, and how many more each further call of a batch may bring. The heaviest real reads need
/// some hundred; a call that walks over addresses until its gas is gone names some 19,000.
const MAX_KEYS: usize = 4_096;
const MAX_KEYS_A_CALL: usize = 64;
/// A batch is given up after this long.
const MAX_TIME: Duration = Duration::from_secs(120);

impl StateAt {
    /// Runs one call on this block's state. It changes nothing.
    ///
    /// # Errors
    /// [`ReadError::Call`] where it is not a valid call; otherwise as [`StateAt::accounts`]. A revert is an outcome, not
    /// an error.
    pub async fn call(&self, call: Call) -> Result<Proven<CallOutcome>, ReadError> {
        let outcomes = self.calls(vec![call]).await?;
        outcomes.into_iter().next().ok_or(ReadError::Proof(ProofError::AnswerMissing))
    }

    /// Runs many reads as one: all their state is asked for together.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn calls(&self, calls: Vec<Call>) -> Result<Vec<Proven<CallOutcome>>, ReadError> {
        self.run(CallBatch::reads(self.evm_env()?, calls)).await
    }

    /// Runs one call on this block's state as `overrides` have it: the outcome is hypothetical.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn call_with(
        &self,
        call: Call,
        overrides: Overrides,
    ) -> Result<Proven<CallOutcome>, ReadError> {
        let batch = CallBatch::reads(self.evm_env()?, vec![call]).with_overrides(overrides);
        let outcomes = self.run(batch.map_err(ReadError::Call)?).await?;
        outcomes.into_iter().next().ok_or(ReadError::Proof(ProofError::AnswerMissing))
    }

    /// The least gas with which `call` succeeds on this block's state.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn estimate_gas(&self, call: Call) -> Result<Proven<GasEstimate>, ReadError> {
        self.estimate_gas_with(call, Overrides::default()).await
    }

    /// The same on this block's state as `overrides` have it.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn estimate_gas_with(
        &self,
        call: Call,
        overrides: Overrides,
    ) -> Result<Proven<GasEstimate>, ReadError> {
        let batch = CallBatch::reads(self.evm_env()?, vec![call]).with_overrides(overrides);
        let batch = batch.map_err(ReadError::Call)?;
        let run = |batch: &CallBatch, witness: &Witness| {
            estimate_gas(batch, witness).map(|step| match step {
                EstimateStep::Need(keys) => Pass::Need(keys),
                EstimateStep::Done(found) => Pass::Done(found, Vec::new()),
            })
        };
        self.drive(batch, run).await
    }

    /// All state that `call` reads at this block: what an EIP-2930 list of it holds.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn touched(&self, call: Call) -> Result<(Proven<CallOutcome>, BTreeSet<StateKey>), ReadError> {
        let batch = CallBatch::reads(self.evm_env()?, vec![call]);
        let run = |batch: &CallBatch, witness: &Witness| {
            batch.step(witness).map(|step| match step {
                Step::Need(keys) => Pass::Need(keys),
                Step::Done { outcomes, read } => {
                    Pass::Done((outcomes, read.iter().flatten().copied().collect()), read)
                }
            })
        };
        let (outcomes, read) = self.drive(batch, run).await?;
        let outcome = outcomes.into_iter().next().ok_or(ReadError::Proof(ProofError::AnswerMissing))?;
        Ok((outcome, read))
    }

    /// Runs a batch to its end.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn run(&self, batch: CallBatch) -> Result<Vec<Proven<CallOutcome>>, ReadError> {
        let run = |batch: &CallBatch, witness: &Witness| {
            batch.step(witness).map(|step| match step {
                Step::Need(keys) => Pass::Need(keys),
                Step::Done { outcomes, read } => Pass::Done(outcomes, read),
            })
        };
        self.drive(batch, run).await
    }

    /// The rules and block of calls here.
    ///
    /// # Errors
    /// [`ReadError::Call`] where this build does not know the rules of the block.
    pub fn evm_env(&self) -> Result<EvmEnv, ReadError> {
        EvmEnv::of(self.header(), &self.reader().edges.spec).map_err(ReadError::Call)
    }

    pub(super) async fn drive<T: Send + 'static>(
        &self,
        batch: CallBatch,
        pass: impl Fn(&CallBatch, &Witness) -> Result<Pass<T>, CallError> + Clone + Send + 'static,
    ) -> Result<T, ReadError> {
        tokio::time::timeout(MAX_TIME, self.rounds(batch, pass)).await.unwrap_or_else(|_elapsed| {
            Err(ReadError::Call(CallError::TooMuch {
                what: "seconds",
                limit: usize::try_from(MAX_TIME.as_secs()).unwrap_or(usize::MAX),
            }))
        })
    }

    async fn rounds<T: Send + 'static>(
        &self,
        batch: CallBatch,
        pass: impl Fn(&CallBatch, &Witness) -> Result<Pass<T>, CallError> + Clone + Send + 'static,
    ) -> Result<T, ReadError> {
        let mut witness = Witness::new(self.header());
        let wanted = self.first_round(&batch, &mut witness).await?;
        let mut all = wanted;
        let limit = MAX_KEYS.saturating_add(batch.calls().len().saturating_mul(MAX_KEYS_A_CALL));
        let mut batch = batch;
        for _ in 0..MAX_ROUNDS {
            // The EVM may compute for a while; it must not hold up what else this thread does.
            let pass = pass.clone();
            let ran = tokio::task::spawn_blocking(move || (pass(&batch, &witness), batch, witness)).await;
            let (step, same_batch, same_witness) = ran.map_err(|_panic| {
                ReadError::Call(CallError::Invalid { detail: "the EVM stopped unexpectedly".to_owned() })
            })?;
            (batch, witness) = (same_batch, same_witness);
            match step.map_err(ReadError::Call)? {
                Pass::Done(value, read) => {
                    self.learn(&batch, &witness, &read);
                    return Ok(value);
                }
                Pass::Need(missing) => {
                    all.extend(&missing);
                    if all.len() > limit {
                        let what = "pieces of state";
                        return Err(ReadError::Call(CallError::TooMuch { what, limit }));
                    }
                    self.fetch(&missing, &mut witness).await?;
                }
            }
        }
        Err(ReadError::Call(CallError::TooMuch { what: "rounds of dependent reads", limit: MAX_ROUNDS }))
    }

    /// Fetches and proves `keys` in one round: every account with all its slots in one batch, code beside it.
    pub(super) async fn fetch(
        &self,
        keys: &BTreeSet<StateKey>,
        witness: &mut Witness,
    ) -> Result<(), ReadError> {
        let (questions, numbers) = group(keys, witness);
        let unknown_codes: BTreeSet<Address> = keys
            .iter()
            .filter_map(|key| match key {
                StateKey::Code(hash) if !witness.has_code(*hash) => witness.holder_of(*hash),
                _ => None,
            })
            .collect();
        let ahead = self.codes_ahead(&questions, &unknown_codes, witness);
        let ask_ahead: Vec<Address> = ahead.iter().chain(&unknown_codes).copied().collect();
        let (proven, codes) = futures::join!(self.prove(&questions), self.claimed_codes(&ask_ahead));
        for (account, slots) in proven? {
            witness.add_account(&account).map_err(ReadError::Proof)?;
            self.reader().memory().access.saw_code(account.value().address, account.value().code_hash);
            for slot in &slots {
                witness.add_slot(slot).map_err(ReadError::Proof)?;
            }
            if account.value().address == HISTORY_STORAGE_ADDRESS {
                let slots: HashMap<U256, Proven<U256>> =
                    slots.into_iter().map(|one| (one.value().key, one.map(|slot| slot.value))).collect();
                self.add_ancestors(&numbers, &slots, witness)?;
            }
        }
        self.take_codes(&ask_ahead, codes, &unknown_codes, witness).await
    }

    fn add_ancestors(
        &self,
        numbers: &[u64],
        slots: &HashMap<U256, Proven<U256>>,
        witness: &mut Witness,
    ) -> Result<(), ReadError> {
        for number in numbers {
            let slot =
                slots.get(&history_slot(*number)).ok_or(ReadError::Proof(ProofError::AnswerMissing))?;
            let ancestor =
                ProvenAncestor::from_history(self.header(), *number, slot).map_err(ReadError::Proof)?;
            witness.add_ancestor(&ancestor).map_err(ReadError::Proof)?;
        }
        Ok(())
    }

    /// Accounts whose code is worth asking for before it is known that they have any: not those whose code we hold.
    fn codes_ahead(
        &self,
        questions: &[(Address, Vec<U256>)],
        already: &BTreeSet<Address>,
        witness: &Witness,
    ) -> BTreeSet<Address> {
        let fresh = questions.iter().map(|(who, _)| *who).filter(|who| {
            let coded = *who != HISTORY_STORAGE_ADDRESS && !is_precompile(*who);
            coded && !already.contains(who) && witness.account(*who).is_none()
        });
        fresh
            .filter(|who| {
                let last = self.reader().memory().access.last_code(*who);
                last.is_none_or(|hash| hash != KECCAK256_EMPTY && self.held_code(hash).is_none())
            })
            .collect()
    }

    /// Code as an endpoint claims it, to be checked once its hash is proven. A failure here costs a later question.
    async fn claimed_codes(&self, who: &[Address]) -> Option<Claim<Vec<Bytes>>> {
        if who.is_empty() {
            return None;
        }
        self.reader().edges.execution.codes(self.state_ref(), who).await.ok()
    }

    /// Puts into the witness every code that this round's accounts have and we now hold.
    async fn take_codes(
        &self,
        asked: &[Address],
        claim: Option<Claim<Vec<Bytes>>>,
        needed: &BTreeSet<Address>,
        witness: &mut Witness,
    ) -> Result<(), ReadError> {
        let mut bent = None;
        if let Some(claim) = &claim {
            for (who, code) in asked.iter().zip(&claim.body) {
                let Some(account) = self.known_account(*who) else { continue };
                match verify_code(&account, code.clone()) {
                    Ok(code) => self.keep_and_store(account.value().code_hash, code),
                    Err(error) => bent = Some(rule_of(&error)),
                }
            }
            if let Some(rule) = bent {
                self.reader().edges.execution.blame(&claim.from, &rule, &claim.evidence);
                tracing::debug!(refused = ?Refused { endpoint: claim.from.clone(), rule }, "code refused");
            }
        }
        let all: Vec<Account> = witness.accounts().filter(|one| !one.has_no_code()).copied().collect();
        for account in all.iter().filter(|one| !witness.has_code(one.code_hash)).collect::<Vec<_>>() {
            // Memory and disk first; only what a pass really asked for is fetched by itself.
            let held = self.held_code(account.code_hash);
            let code = match held {
                Some(code) => code,
                None if needed.contains(&account.address) => self.code(account.address).await?.into_value(),
                None => continue,
            };
            witness.add_code(&code).map_err(ReadError::Proof)?;
        }
        Ok(())
    }
}

/// One pass, whatever it computes.
pub(super) enum Pass<T> {
    Need(BTreeSet<StateKey>),
    Done(T, Vec<BTreeSet<StateKey>>),
}

/// By account, each once with all its slots; and the block numbers whose hashes are asked for.
fn group(keys: &BTreeSet<StateKey>, witness: &Witness) -> (Vec<(Address, Vec<U256>)>, Vec<u64>) {
    let mut by_account: BTreeMap<Address, BTreeSet<U256>> = BTreeMap::new();
    let mut numbers = Vec::new();
    for key in keys {
        match key {
            StateKey::Account(who) => {
                if witness.account(*who).is_none() {
                    by_account.entry(*who).or_default();
                }
            }
            StateKey::Slot(who, slot) => {
                by_account.entry(*who).or_default().insert(*slot);
            }
            StateKey::BlockHash(number) => {
                by_account.entry(HISTORY_STORAGE_ADDRESS).or_default().insert(history_slot(*number));
                numbers.push(*number);
            }
            StateKey::Code(_) => {}
        }
    }
    (by_account.into_iter().map(|(who, slots)| (who, slots.into_iter().collect())).collect(), numbers)
}

/// Precompiles have no code, whatever is built on their addresses' balances (EIP-7951 is the newest, 0x100).
fn is_precompile(who: Address) -> bool {
    let (head, tail) = who.split_at(18);
    head.iter().all(|byte| *byte == 0) && tail.first().is_none_or(|byte| *byte <= 1)
}
