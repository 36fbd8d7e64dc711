//! Ethena: staked USDe, its cool-down and what comes of it.

mod actions;
mod positions;

pub use positions::{Ethena, ID};
