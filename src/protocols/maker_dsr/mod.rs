//! Maker's savings rate (DSR): DAI that earns in the Pot, paid in through the DSR manager or through a proxy (DSProxy).
//!
//! The same savings as a token (sDAI, sUSDS) are vaults: see `erc4626`.

mod actions;
mod interface;
mod positions;

pub use positions::{ID, Savings};
