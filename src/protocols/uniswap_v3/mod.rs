//! Uniswap v3: positions in a range of prices, each an NFT.

mod actions;
mod payout;
mod positions;
mod swap;

pub use positions::{ID, PositionManager};
pub use swap::SwapVenue;
