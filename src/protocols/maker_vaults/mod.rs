//! Maker: vaults of the CDP manager, owned directly or through a proxy (DSProxy).

mod actions;
mod interface;
mod positions;
mod urn;

pub use positions::{ID, Vaults};
