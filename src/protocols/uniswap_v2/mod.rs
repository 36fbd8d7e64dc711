//! Uniswap v2 and its forks: shares of pairs.

mod actions;
mod positions;

pub use positions::{ID, PairFactory, read, share_of};
