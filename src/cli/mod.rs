//! The command-line face.
//!
//! *Invariant*: the answer goes to stdout, everything else to stderr; imports `app`, and `serve` to start it. `--json` changes the format,
//! never the channel. Exit codes: 0 done, 1 proven no, 2 bad usage, 3 could not reach or verify.

mod args;
mod commands;
mod exit;
mod format;
mod json;
mod names;
mod output;
mod run;
mod serving;
mod text;
mod value;
mod window_args;

pub use args::{Args, CommandArgs, NetworkArg, PracticeFork};
pub use exit::Exit;
pub use output::{cannot_open, no_node, no_practice, no_window};
pub use run::{Practice, request, run};
pub use window_args::{ScenarioArg, ThemeArg, WindowArgs};
