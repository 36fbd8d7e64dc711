//! Vaults of the standard form (ERC-4626): savings of Sky and Spark, MetaMorpho, and any other.

mod actions;
mod positions;

pub use positions::{ID, Vault, read};
