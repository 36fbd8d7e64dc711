//! Uniswap v3: positions in a range of prices, each an NFT.

mod actions;
mod positions;

pub use positions::{ID, PositionManager, read};
