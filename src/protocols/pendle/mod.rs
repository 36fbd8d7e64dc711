//! Pendle: principal tokens, redeemed one for one in worth after they expired.

mod actions;
mod interface;
mod positions;

pub use positions::{ID, Principal};
