//! Curve: shares of listed pools, in the wallet and in a pool's gauge.

mod actions;
mod interface;
mod positions;
mod share;

pub use positions::{Coin, ID, Pool};
