//! The light client in motion: the only place that loops fetch, verify, repeat.
//!
//! *Invariant*: no value leaves without passing `consensus` or `execution`; a failed check blames the endpoint.

mod clock;

pub use clock::{Clock, SystemClock};
