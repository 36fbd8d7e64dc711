//! Liquity v2: troves of one kind of collateral, and a deposit in its stability pool.

mod actions;
mod interface;
mod positions;
mod price_age;
mod trove_ids;

pub use positions::{Branch, ID};
