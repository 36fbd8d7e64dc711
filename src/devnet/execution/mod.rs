//! The practice network's execution chain: real blocks, real state, real proofs, in memory.
//!
//! *Invariant*: a block is built only on order and its roots are those of its content; lies are told by endpoints
//! ([`ExecutionLie`]), never by the chain.

mod accounts;
mod block;
mod build;
mod chain;
mod config;
mod drill;
mod error;
mod evm;
mod genesis;
mod lie;
mod market;
mod pool;
mod rpc;
mod signing;
mod state;
mod submit;
mod traffic;
mod trie;

pub use accounts::{PRACTICE_ACCOUNTS, PracticeAccount};
pub use block::ExecutionBlock;
pub use build::PayloadAttributes;
pub use chain::{ExecutionChain, SharedChain};
pub use config::{ChainConfig, Traffic};
pub use drill::ether_price;
pub use error::{ChainError, SubmitError};
pub use genesis::{PRACTICE_DOLLAR, PRACTICE_GOLD};
pub use lie::ExecutionLie;
pub use market::{PRACTICE_MARKET, PRACTICE_WETH};
pub use rpc::serve;
pub use signing::sign;
