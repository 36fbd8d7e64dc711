//! What does the user hold, and what can be done with it? Tokens, prices, names; one folder a protocol.
//!
//! *Invariant*: reads only through [`crate::chain::StateAt`], so that everything said here is proven at one block; knows
//! no endpoint, no disk and no face. Actions are intents, built from what was read; nothing is signed here.

pub mod ens;
pub mod prices;
mod reads;
pub mod tokens;

pub use reads::{NoAnswer, Reading};
