//! Which block hash did the sync committee sign? The light client of the consensus specs, Altair to Gloas.
//!
//! *Invariant*: pure. No I/O, no clock, no log, no async: the slot, the root and the bytes are arguments.

mod proven_block;

pub use proven_block::{Finality, ProvenBlock};
