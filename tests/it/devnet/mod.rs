//! The practice network as its own peers would see it.

mod execution;
mod signed_node;
