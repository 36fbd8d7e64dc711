//! Uniswap v2 and its forks: shares of pairs.

mod actions;
mod positions;
mod venue;

pub use positions::{ID, PairFactory, share_of};
