//! The mutation engine: every bent input is a named error or exactly the same value.
