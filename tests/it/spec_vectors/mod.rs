//! The official consensus light-client vectors.
