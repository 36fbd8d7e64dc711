//! Morpho Blue: isolated markets of one loan and one collateral token each.

mod accrual;
mod actions;
mod interface;
mod positions;
mod price_age;
mod price_check;

pub use accrual::{MarketTotals, Pair};
pub use positions::{ID, KnownMarket, MorphoBlue};
