//! Arbitrary bytes into every decoder never panic.
