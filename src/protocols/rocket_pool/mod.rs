//! Rocket Pool: rETH, burnt for ether as far as there is some.

mod actions;
mod positions;

pub use positions::{ID, RocketPool};
