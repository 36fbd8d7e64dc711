//! Lido: stETH, wstETH and the withdrawal queue.

mod actions;
mod interface;
mod positions;

pub use positions::{ID, Lido};
