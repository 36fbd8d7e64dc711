//! Maker: vaults of the CDP manager, owned directly or through a proxy (DSProxy).

mod actions;
mod interface;
mod positions;
mod price_age;
mod urn;

pub use positions::{ID, Vaults};
