//! Liquity v1: a trove, a deposit in the stability pool, a stake of LQTY, and what a closed trove left over.

mod actions;
mod interface;
mod positions;
mod price_age;

pub use positions::{ID, LiquityV1};
