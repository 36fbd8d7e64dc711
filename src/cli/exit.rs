//! How a run ends.

use std::process::ExitCode;

/// The four ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The answer was proven and printed.
    Done,
    /// The answer is a proven "no": failed, not in the chain, beyond the head.
    ProvenNo,
    /// The command could not be understood.
    Usage,
    /// No endpoint could be reached, or nothing that came could be verified.
    Unverified,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::ProvenNo => 1,
            Exit::Usage => 2,
            Exit::Unverified => 3,
        })
    }
}
