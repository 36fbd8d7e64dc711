//! Aave v3 and its forks with the same interface (SparkLend): loans against collateral.

mod account;
mod actions;
mod errors;
mod health_factor;
mod interface;
mod positions;
mod reserve;
mod withdraw_limit;

pub use health_factor::{Form, Holding, HoldingSet};
pub use positions::{AaveMarket, ID, KnownReserve, WhatIf, what_if};
pub use withdraw_limit::most_withdrawable;
