//! What transactions would do, before anybody signs them.

use std::sync::Arc;

use crate::execution::{
    BlocksPlan, Call, CallBatch, Changes, Checks, Overrides, PlanStep, ProofError, Proven, RanBlock,
    SimulateStep, Simulation, TrieNodes, Witness,
};
use crate::sources::RawAccountProof;

use super::attempts::ask_until_verified;
use super::run_call::Pass;
use super::{ReadError, StateAt};

/// How often nodes are asked for: a block that goes another way once hashes are known may change more.
const MOST_ROUNDS: usize = 3;
/// Most accounts and slots that blocks may change for their state roots to be computed.
const MOST_CHANGES: usize = 2_048;

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

    /// Runs blocks that nobody made on this block's state, each on what the former leaves. What they change is proven once
    /// more with its nodes, so that their state roots are known; see [`PlanStep::Lacks`].
    ///
    /// # Errors
    /// See [`StateAt::call`]; a transaction that no block would take is [`ReadError::Call`].
    pub async fn simulate_blocks(&self, mut plan: BlocksPlan) -> Result<Proven<Vec<RanBlock>>, ReadError> {
        for _ in 0..MOST_ROUNDS {
            let changes = match self.run_blocks(&plan).await? {
                Ran::Done(blocks) => return Ok(blocks),
                Ran::Lacks(changes) => changes,
            };
            // Where they cannot be had a root stays unknown, and is said to be.
            let nodes =
                if changes.count() > MOST_CHANGES { None } else { self.nodes_of(&changes).await.ok() };
            plan.no_more_nodes = nodes.is_none();
            plan.nodes = nodes.unwrap_or_default().into();
        }
        plan.no_more_nodes = true;
        match self.run_blocks(&plan).await? {
            Ran::Done(blocks) => Ok(blocks),
            Ran::Lacks(_) => Err(ReadError::Proof(ProofError::AnswerMissing)),
        }
    }

    async fn run_blocks(&self, plan: &BlocksPlan) -> Result<Ran, ReadError> {
        let calls: Vec<Call> = plan.blocks.iter().flat_map(|block| block.calls.iter().cloned()).collect();
        // The batch says what to ask for first; the plan is what runs.
        let named = CallBatch::reads(plan.env.clone(), calls).in_turn();
        let named = named.with_overrides(Overrides { gas_limit: Some(plan.gas), ..Overrides::default() });
        let (plan, header) = (Arc::new(plan.clone()), Arc::clone(self.header()));
        let run = move |_: &CallBatch, witness: &Witness| {
            plan.step(witness, &header).map(|step| match step {
                PlanStep::Need(keys) => Pass::Need(keys),
                PlanStep::Lacks(changes) => Pass::Done(Ran::Lacks(changes), Vec::new()),
                PlanStep::Done(blocks) => Pass::Done(Ran::Done(blocks), Vec::new()),
            })
        };
        self.drive(named.map_err(ReadError::Call)?, run).await
    }

    /// The nodes that prove what changes.
    async fn nodes_of(&self, changes: &Changes) -> Result<TrieNodes, ReadError> {
        let (source, questions) = (&*self.reader().edges.execution, changes.questions());
        let verify = |raw: &Vec<RawAccountProof>| {
            if raw.len() != questions.len() {
                return Err(ProofError::AnswerMissing);
            }
            let mut nodes = TrieNodes::default();
            for ((who, slots), raw) in questions.iter().zip(raw) {
                self.verify_one(*who, slots, raw)?;
                nodes.add(&raw.account_nodes);
                nodes.add(raw.storage.iter().flat_map(|one| &one.nodes));
            }
            Ok(nodes)
        };
        ask_until_verified(source, || source.proofs(self.state_ref(), &questions), verify).await
    }
}

/// How far blocks are.
enum Ran {
    Done(Proven<Vec<RanBlock>>),
    Lacks(Changes),
}
