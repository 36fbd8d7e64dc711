//! What a call came to.

use alloy::primitives::{Address, Bytes, Log};
use revm::context::result::{ExecutionResult, HaltReason};
use revm::interpreter::InstructionResult;

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallStatus {
    /// It ran to its end.
    Success,
    /// The contract refused; `output` holds its reason.
    Revert,
    /// The EVM stopped it, for example for want of gas.
    Halt(String),
}

/// A finished call. It changed nothing: the state it was run on is the chain's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOutcome {
    /// How it ended.
    pub status: CallStatus,
    /// Return data, revert data, or nothing.
    pub output: Bytes,
    /// Gas used, refunds taken off.
    pub gas_used: u64,
    /// Logs it wrote.
    pub logs: Vec<Log>,
    /// The contract it created.
    pub created: Option<Address>,
}

impl CallOutcome {
    /// True where it ran to its end.
    pub fn is_success(&self) -> bool {
        self.status == CallStatus::Success
    }

    pub(super) fn of(result: ExecutionResult<HaltReason>) -> Self {
        let gas_used = result.gas().tx_gas_used();
        let created = result.created_address();
        match result {
            ExecutionResult::Success { logs, output, .. } => {
                Self { status: CallStatus::Success, output: output.into_data(), gas_used, logs, created }
            }
            ExecutionResult::Revert { output, .. } => {
                Self { status: CallStatus::Revert, output, gas_used, logs: Vec::new(), created: None }
            }
            ExecutionResult::Halt { reason, .. } => Self {
                status: CallStatus::Halt(halt_words(&reason)),
                output: Bytes::new(),
                gas_used,
                logs: Vec::new(),
                created: None,
            },
        }
    }
}

fn halt_words(reason: &HaltReason) -> String {
    frame_words(InstructionResult::from(reason.clone()))
}

/// Why one call inside a transaction was stopped.
pub(super) fn frame_words(result: InstructionResult) -> String {
    match result {
        InstructionResult::OutOfGas
        | InstructionResult::MemoryOOG
        | InstructionResult::MemoryLimitOOG
        | InstructionResult::PrecompileOOG
        | InstructionResult::InvalidOperandOOG
        | InstructionResult::ReentrancySentryOOG => "out of gas".to_owned(),
        InstructionResult::OpcodeNotFound => "an instruction that does not exist".to_owned(),
        InstructionResult::InvalidFEOpcode => "an assertion failed (INVALID)".to_owned(),
        InstructionResult::InvalidJump => "a jump to nowhere".to_owned(),
        InstructionResult::StackUnderflow | InstructionResult::StackOverflow => {
            "the stack ran over or under".to_owned()
        }
        InstructionResult::CallNotAllowedInsideStatic | InstructionResult::StateChangeDuringStaticCall => {
            "a change in a call that may change nothing".to_owned()
        }
        other => format!("{other:?}"),
    }
}
