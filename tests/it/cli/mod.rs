//! The built binary: stdout, stderr, exit codes, and what it leaves on disk.

mod accounts;
mod air_gap;
mod answers;
mod contracts;
#[cfg(feature = "hardware")]
mod devices;
mod failures;
mod gateways;
mod kills;
mod lab;
mod practice;
mod protocols;
mod refusals;
mod serve;
mod servers;
mod two_processes;
mod usage;
mod wallet;
