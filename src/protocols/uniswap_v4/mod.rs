//! Uniswap v4: positions whose numbers were named, since they cannot be listed by holder.

mod actions;
mod interface;
mod positions;

pub use positions::{ID, PositionManager};
