//! Vaults of the standard form (ERC-4626): savings of Sky and Spark, MetaMorpho, and any other that is named by its address.

mod actions;
mod named_vault;
mod positions;

pub(super) use named_vault::named_vault;
pub use positions::{ID, Vault};
