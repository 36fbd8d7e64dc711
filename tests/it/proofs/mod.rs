//! Captured mainnet and Sepolia data, end to end, each with altered twins that are refused by name.
//!
//! `LIFEBOAT_FIXTURES` names another folder of the same layout; whichever cases lie in it are run.

mod calls;
pub(crate) mod captured;
pub(crate) mod execution;
mod light_client;
mod negative;

use std::path::PathBuf;

use crate::support::shared;

pub(crate) fn fixtures() -> Option<PathBuf> {
    std::env::var_os("LIFEBOAT_FIXTURES").map(PathBuf::from).or_else(|| shared("fixtures"))
}
