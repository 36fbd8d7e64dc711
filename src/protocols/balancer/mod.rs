//! Balancer v2: shares of named pools, left in proportion; through the recovery exit where a pool is in that mode.

mod actions;
mod interface;
mod positions;

pub use positions::{Balancer, ID, Pool};
