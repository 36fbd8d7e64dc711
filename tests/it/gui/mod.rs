//! The window's screens, drawn without a display from a practice network's own snapshots.

mod screens;
mod stage;
