//! The window without a window: each screen from a snapshot set by hand, found by its labels. No test needs a GPU.

mod accounts;
mod banners;
mod contracts;
#[cfg(feature = "hardware")]
mod device_journey;
mod devices;
mod first_run;
mod gestures;
mod keyboard;
mod keys;
mod lab;
mod network;
mod palette;
mod positions;
mod safe;
mod screens;
mod send;
mod settings;
mod stage;
mod transactions;
mod trust_bar;
mod wallet_lab;
