//! DAI, USDS and MKR as an account holds them, and the exchanges at a fixed rate that Sky itself offers.

mod actions;
mod interface;
mod positions;

pub use positions::{ID, Sky};
