//! Curve: shares of listed pools, in the wallet and in a pool's gauge; and the pools as places to swap.

mod actions;
mod interface;
mod positions;
mod share;
mod venue;

pub use positions::{Coin, ID, Pool};
