//! Loopback HTTP endpoints with faults to order, for both layers of the practice network.
//!
//! *Invariant*: binds 127.0.0.1 only, and answers no web page. Knows transport faults; what a layer lies about is that layer's own business.

mod endpoint;
mod faults;
mod guard;
mod misbehave;
mod stream;

pub use endpoint::{Endpoint, HttpError, serve};
pub use faults::{Fault, Faults};
