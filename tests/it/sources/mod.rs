//! The HTTP edge against loopback servers.
