//! Wrapped ether: held, and unwrapped by its own contract.

mod actions;
mod positions;

pub use positions::{ID, Weth};
