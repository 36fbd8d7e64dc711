//! EigenLayer: what is restaked, and withdrawals in the queue.

mod actions;
mod interface;
mod positions;

pub use positions::{EigenLayer, ID};
