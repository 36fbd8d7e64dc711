//! Any call on proven state: a pure step machine around the EVM.
//!
//! *Invariant*: a pass that met state which is not proven is thrown away. Nothing here fetches.

mod batch;
mod env;
mod estimate;
mod moved_precompiles;
mod offchain_lookup;
mod outcome;
mod planned_blocks;
mod planned_header;
mod planned_rules;
mod planned_state;
mod planned_system;
mod request;
mod trace;
mod trace_assets;
mod trace_logs;
mod trace_simulate;
mod unseen_caller;
mod view;
mod witness;

pub use batch::{CallBatch, Step};
pub use env::EvmEnv;
pub use estimate::{EstimateStep, GasEstimate, estimate_gas};
pub use offchain_lookup::OffchainLookup;
pub use outcome::{CallOutcome, CallStatus};
pub use planned_blocks::{BlocksPlan, PlanStep, PlannedBlock, RanBlock, RanCall};
pub use planned_header::UnsignedTransaction;
pub use planned_state::Changes;
pub use request::{AccountOverride, Call, CallError, Checks, Overrides, TxRule};
pub use trace::{CallKind, CallTree, TracedCall};
pub use trace_assets::{Allowance, Approval, Asset, Transfer, transfers_in};
pub use trace_simulate::{BalanceChange, DelegationChange, SimulateStep, Simulation, SlotChange};
pub use witness::{StateKey, Witness};
