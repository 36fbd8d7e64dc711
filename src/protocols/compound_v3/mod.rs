//! Compound v3: one base asset lent and borrowed, others pledged.

mod actions;
mod factor;
mod interface;
mod positions;

pub use factor::{Loan, Pledge};
pub use positions::{CometMarket, ID, loan, read};
