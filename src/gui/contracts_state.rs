//! What Contracts remembers between frames.

use std::sync::Arc;

use alloy::primitives::Address;

use super::ui_state::Field;
use crate::app::{FunctionFacts, Question};

/// The user's own interface of the chosen contract.
#[derive(Debug, Clone)]
pub struct PastedAbi {
    /// As it was pasted.
    pub json: Arc<str>,
    /// Functions that only read.
    pub reads: Vec<FunctionFacts>,
    /// Functions that change something.
    pub writes: Vec<FunctionFacts>,
}

/// A function with what was typed for its arguments.
#[derive(Debug, Clone)]
pub struct OpenFunction {
    /// The function.
    pub facts: FunctionFacts,
    /// The types of its arguments.
    pub types: Vec<String>,
    /// What was typed, in the same order.
    pub args: Vec<String>,
    /// Ether to send along, as typed.
    pub ether: String,
    /// Said below them.
    pub error: Option<String>,
    /// The call that was asked for.
    pub asked: Option<Question>,
}

/// Address, label and protocol of each bundled contract of a chain.
pub type BundledContracts = (u64, Arc<[(Address, String, String)]>);

/// Contracts.
#[derive(Debug, Clone, Default)]
pub struct ContractsState {
    /// The address field.
    pub address: Field,
    /// The contract shown.
    pub chosen: Option<Address>,
    /// It was asked for.
    pub asked: bool,
    /// The bundled contracts, once listed.
    pub bundled: Option<BundledContracts>,
    /// Only what holds this is listed.
    pub filter: String,
    /// Functions that change something are listed.
    pub writes: bool,
    /// The open function.
    pub open: Option<OpenFunction>,
    /// The field for an interface.
    pub abi: Field,
    /// The interface in use in place of the known one.
    pub pasted: Option<PastedAbi>,
}
