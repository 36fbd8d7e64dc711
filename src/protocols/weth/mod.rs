//! Wrapped ether: held, and unwrapped by its own contract.

mod actions;
mod positions;

pub(super) use actions::{unwrap, wrap};
pub use positions::{ID, Weth};
