//! Many typed questions to contracts as one batch, each with its own answer or refusal.

use std::marker::PhantomData;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall;

use super::{JointState, ProtocolError};
use crate::chain::StateAt;
use crate::contracts::{AbiBook, decode_revert};
use crate::execution::{BlockRef, Call, CallBatch, CallOutcome, CallStatus, Proven};

/// Where the answer to one question will be.
#[derive(Debug)]
pub struct Ticket<C>(usize, PhantomData<fn() -> C>);

impl<C> Clone for Ticket<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Ticket<C> {}

/// Questions gathered. All their state is asked for together.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    calls: Vec<Call>,
}

impl Ask {
    /// No question yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks `contract` a view.
    pub fn view<C: SolCall>(&mut self, contract: Address, question: &C) -> Ticket<C> {
        self.call(Call::read(contract, question.abi_encode()))
    }

    /// Runs `question` as if `from` sent it: for functions that answer by acting. Nothing is kept of what it did.
    pub fn acting<C: SolCall>(&mut self, from: Address, contract: Address, question: &C) -> Ticket<C> {
        self.call(Call { from, ..Call::read(contract, question.abi_encode()) })
    }

    /// Any call whose return data reads as that of `C`.
    pub fn call<C>(&mut self, call: Call) -> Ticket<C> {
        self.calls.push(call);
        Ticket(self.calls.len().saturating_sub(1), PhantomData)
    }

    /// True where nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Runs all questions at one block, together with what others ask there at this moment.
    ///
    /// # Errors
    /// Where state could not be proven. A contract's refusal is found at its ticket instead.
    pub async fn run(self, state: &JointState) -> Result<Answers, ProtocolError> {
        let outcomes = state.calls(self.calls.clone()).await?;
        Ok(Answers::new(self.calls, outcomes, state.state()))
    }

    /// Runs them one after the other, each on the state that the former leaves.
    ///
    /// # Errors
    /// As [`Ask::run`]; also where the EVM takes one of them for no transaction at all.
    pub async fn run_in_turn(self, state: &StateAt) -> Result<Answers, ProtocolError> {
        let batch = CallBatch::reads(state.evm_env()?, self.calls.clone()).in_turn();
        let outcomes = state.run(batch).await?;
        Ok(Answers::new(self.calls, outcomes, state))
    }
}

/// Proven outcomes in the order of the questions.
#[derive(Debug)]
pub struct Answers {
    calls: Vec<Call>,
    outcomes: Vec<Proven<CallOutcome>>,
    chain_id: u64,
    at: BlockRef,
}

impl Answers {
    fn new(calls: Vec<Call>, outcomes: Vec<Proven<CallOutcome>>, state: &StateAt) -> Self {
        let chain_id = state.evm_env().map_or(0, |env| env.chain_id());
        Self { calls, outcomes, chain_id, at: state.block_ref() }
    }

    /// The block.
    pub fn at(&self) -> BlockRef {
        self.at
    }

    /// The answer at a ticket.
    ///
    /// # Errors
    /// [`ProtocolError::Refused`] where the contract reverted, [`ProtocolError::Unreadable`] where what came back is not
    /// of the expected shape: also where there is no contract.
    pub fn get<C: SolCall>(&self, ticket: Ticket<C>) -> Result<C::Return, ProtocolError> {
        let (contract, outcome) = self.outcome(ticket)?;
        if !outcome.is_success() {
            return Err(ProtocolError::Refused {
                contract,
                function: C::SIGNATURE,
                why: self.why(contract, outcome),
            });
        }
        C::abi_decode_returns(&outcome.output).map_err(|error| ProtocolError::Unreadable {
            contract,
            function: C::SIGNATURE,
            detail: error.to_string(),
        })
    }

    /// The outcome at a ticket, whatever it is.
    ///
    /// # Errors
    /// Where the ticket is of another batch.
    pub fn outcome<C>(&self, ticket: Ticket<C>) -> Result<(Address, &CallOutcome), ProtocolError> {
        let call = self.calls.get(ticket.0);
        let outcome = self.outcomes.get(ticket.0);
        match (call, outcome) {
            (Some(call), Some(outcome)) => Ok((call.to.unwrap_or_default(), outcome.value())),
            _ => Err(ProtocolError::Inconsistent { detail: "an answer is missing".to_owned() }),
        }
    }

    /// Why a call to `contract` did not succeed, in words.
    pub fn why(&self, contract: Address, outcome: &CallOutcome) -> String {
        Self::explain(self.chain_id, contract, outcome)
    }

    /// The same for any outcome of a chain.
    pub fn explain(chain_id: u64, contract: Address, outcome: &CallOutcome) -> String {
        match &outcome.status {
            CallStatus::Success => "it succeeded".to_owned(),
            CallStatus::Revert => {
                decode_revert(&AbiBook::new(), chain_id, Some(contract), &outcome.output).to_string()
            }
            CallStatus::Halt(why) => format!("it was stopped: {why}"),
        }
    }
}

/// The first word of return data.
pub fn first_word(output: &Bytes) -> Option<U256> {
    output.get(..32).map(U256::from_be_slice)
}
