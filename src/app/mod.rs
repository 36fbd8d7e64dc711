//! The core both faces share: commands in, immutable snapshots out.
//!
//! *Invariant*: knows neither clap nor egui.
