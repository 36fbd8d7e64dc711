//! Answers written down, and read back where there is no network.
//!
//! *Invariant*: a recording is as untrusted as the endpoints it came from: whoever reads it verifies every answer again.

mod recorder;
mod recording;
mod replay;

pub use recorder::Recorder;
pub use recording::Recording;
pub use replay::Replay;
