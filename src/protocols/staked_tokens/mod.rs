//! Liquid staking tokens that no contract known here takes back: how much, and what they say they are worth in ether.

mod positions;

pub use positions::{ID, StakedToken};
