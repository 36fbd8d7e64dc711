//! Which chain, as data: genesis, forks, slot time, chain id, shipped checkpoint and default endpoints.
//!
//! *Invariant*: constants and slot arithmetic only. No I/O, no clock, no verification.

mod fork_schedule;
mod spec;

pub use fork_schedule::{BlobParameters, Fork, ForkActivation, ForkSchedule};
pub use spec::{Checkpoint, NetworkSpec, Period, Slot};
