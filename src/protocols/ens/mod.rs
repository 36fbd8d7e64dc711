//! ENS: a name's address and an address's name, proven from the registry down.
//!
//! A name is normalised (ENSIP-15) or refused. Its resolver is found from the name up to its parents (ENSIP-10). A
//! resolver that sends its caller to a web server (EIP-3668, "CCIP Read") is said to do so, and followed only on request.

mod name;
mod resolve;
mod reverse;

pub use name::{EnsName, NameError};
pub use resolve::{NameAnswer, NameOutcome, resolve};
pub use reverse::{ReverseAnswer, ReverseOutcome, reverse};
