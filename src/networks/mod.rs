//! Which chain, as data: genesis, forks, slot time, chain id, shipped checkpoint and default endpoints.
//!
//! *Invariant*: constants and slot arithmetic only. No I/O, no clock, no verification.

mod custom;
mod defaults;
mod fork_schedule;
mod hoodi;
mod mainnet;
mod sepolia;
mod spec;

pub use custom::{CustomNetwork, CustomNetworkError};
pub use defaults::{DefaultEndpoint, DefaultEndpoints, default_endpoints};
pub use fork_schedule::{BlobParameters, Fork, ForkActivation, ForkSchedule};
pub use hoodi::hoodi;
pub use mainnet::mainnet;
pub use sepolia::sepolia;
pub use spec::{Checkpoint, NetworkSpec, Period, Slot};
