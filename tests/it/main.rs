//! All behaviour tests in one binary: each further one would link the whole crate again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::too_many_lines,
    clippy::panic,
    reason = "a test that meets the unexpected should stop and say where"
)]

mod app;
mod cli;
mod contracts;
mod devnet;
mod differential;
#[cfg(feature = "gui")]
mod gui;
mod hostile;
mod journeys;
mod mutations;
mod proofs;
mod properties;
mod protocols;
mod rpc_compat;
mod serve;
mod sources;
mod spec_vectors;
mod support;
mod wallet;
