//! What transactions would do, before anybody signs them.

use std::sync::Arc;

use crate::execution::{
    BlocksPlan, Call, CallBatch, Checks, Overrides, PlanStep, ProofError, Proven, RanBlock, SimulateStep,
    Simulation, Witness,
};

use super::run_call::Pass;
use super::{ReadError, StateAt};

impl StateAt {
    /// Runs one call on this block's state as `overrides` have it, and tells everything it does: assets moved,
    /// permissions given, contracts created, and the calls inside it. Unchecked, as `eth_call` has it.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn simulate(&self, call: Call, overrides: Overrides) -> Result<Proven<Simulation>, ReadError> {
        let simulations = self.simulate_with(vec![call], overrides, Checks::Call).await?;
        simulations.into_iter().next().ok_or(ReadError::Proof(ProofError::AnswerMissing))
    }

    /// Runs calls in turn, each on the state that the former leaves: the steps of a plan. One that fails is an outcome,
    /// and the next runs on what it leaves. Unchecked.
    ///
    /// # Errors
    /// See [`StateAt::call`].
    pub async fn simulate_sequence(&self, calls: Vec<Call>) -> Result<Vec<Proven<Simulation>>, ReadError> {
        self.simulate_with(calls, Overrides::default(), Checks::Call).await
    }

    /// The same with overrides and checks. With [`Checks::Transaction`] nonces, funds, fees and limits are those of a
    /// block, and fees are paid.
    ///
    /// # Errors
    /// See [`StateAt::call`]; a transaction that no block would take is [`ReadError::Call`], which says which.
    pub async fn simulate_with(
        &self,
        calls: Vec<Call>,
        overrides: Overrides,
        checks: Checks,
    ) -> Result<Vec<Proven<Simulation>>, ReadError> {
        let batch = CallBatch::reads(self.evm_env()?, calls).in_turn().with_checks(checks);
        let batch = batch.with_overrides(overrides).map_err(ReadError::Call)?;
        let run = |batch: &CallBatch, witness: &Witness| {
            batch.simulate(witness).map(|step| match step {
                SimulateStep::Need(keys) => Pass::Need(keys),
                SimulateStep::Done { simulations, read } => Pass::Done(simulations, read),
            })
        };
        self.drive(batch, run).await
    }

    /// Runs blocks that nobody made on this block's state, each on what the former leaves.
    ///
    /// # Errors
    /// See [`StateAt::call`]; a transaction that no block would take is [`ReadError::Call`].
    pub async fn simulate_blocks(&self, plan: BlocksPlan) -> Result<Proven<Vec<RanBlock>>, ReadError> {
        let calls: Vec<Call> = plan.blocks.iter().flat_map(|block| block.calls.iter().cloned()).collect();
        // The batch says what to ask for first; the plan is what runs.
        let named = CallBatch::reads(plan.env.clone(), calls).in_turn();
        let named = named.with_overrides(Overrides { gas_limit: Some(plan.gas), ..Overrides::default() });
        let (plan, header) = (Arc::new(plan), Arc::clone(self.header()));
        let run = move |_: &CallBatch, witness: &Witness| {
            plan.step(witness, &header).map(|step| match step {
                PlanStep::Need(keys) => Pass::Need(keys),
                PlanStep::Done(blocks) => Pass::Done(blocks, Vec::new()),
            })
        };
        self.drive(named.map_err(ReadError::Call)?, run).await
    }
}
