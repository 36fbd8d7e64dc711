//! The built binary: stdout, stderr, exit codes.
