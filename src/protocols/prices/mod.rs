//! Prices that the chain itself knows, in US dollars: feeds, rates of wrapped tokens, and pools as a second opinion.
//!
//! A price names its way and its age. There is no price from outside the chain, and none where nobody here vouches for
//! the way to it.

mod book;
mod feed;
mod pool;
mod quote;
mod rate;
mod tick;

pub use book::{AssetError, Feed, PriceBook, PricedAsset, Rate};
pub use quote::{Leg, Price, PriceSource, prices};

/// One, in the fixed point of all prices here: 18 digits behind the point.
pub const ONE: alloy::primitives::U256 =
    alloy::primitives::U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
