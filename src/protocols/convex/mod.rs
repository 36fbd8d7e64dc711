//! Convex: shares of Curve pools that earn there.

mod actions;
mod positions;

pub use positions::{ConvexPool, ID};
