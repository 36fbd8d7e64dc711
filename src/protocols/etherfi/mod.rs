//! ether.fi: eETH and weETH, redeemed at once for a fee or asked back through the queue.

mod actions;
mod interface;
mod positions;

pub use positions::{EtherFi, ID};
