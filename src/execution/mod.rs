//! What is true at a proven block? Headers, accounts, storage, code, transactions, receipts, ancestry,
//! and any call on proven state.
//!
//! *Invariant*: pure. [`Proven`] can be made only here, and each function takes the question as an argument: a reply
//! is checked against what was asked, never against itself.

mod account_proof;
mod ancestry;
mod body;
mod call;
mod code;
mod error;
mod header;
mod header_json;
mod outcome;
mod proven;
mod receipts;
mod storage_proof;
mod transactions;
mod trie;
mod trie_edit;

pub use account_proof::{Account, AccountClaim, account_path, verify_account};
pub use ancestry::{HISTORY_SERVE_WINDOW, HISTORY_STORAGE_ADDRESS, ProvenAncestor, history_slot};
pub use body::{BlockBody, verify_body};
pub use call::{
    AccountOverride, Allowance, Approval, Asset, BalanceChange, BlocksPlan, Call, CallBatch, CallError,
    CallKind, CallOutcome, CallStatus, CallTree, Changes, Checks, DelegationChange, EstimateStep, EvmEnv,
    GasEstimate, OffchainLookup, Overrides, PlanStep, PlannedBlock, RanBlock, RanCall, SimulateStep,
    Simulation, SlotChange, StateKey, Step, TracedCall, Transfer, TxRule, UnsignedTransaction, Witness,
    estimate_gas, transfers_in,
};
pub use code::verify_code;
pub use error::ProofError;
pub use header::{HeaderFields, ProvenHeader};
pub use outcome::{BlockLog, TransactionOutcome};
pub use proven::{BlockRef, Proven};
pub use receipts::{Receipt, verify_receipts};
pub use storage_proof::{StorageAnswer, StorageMemo, StorageSlot, slot_path, verify_storage};
pub use transactions::{BlockTransaction, signed_nonce, verify_raw_transactions, verify_transactions};
pub use trie_edit::TrieNodes;
