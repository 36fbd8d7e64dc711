//! The window without a window: each screen from a snapshot set by hand, found by its labels. No test needs a GPU.

mod accounts;
mod air_gap;
mod alerts;
mod banners;
mod borrower;
mod contracts;
#[cfg(feature = "hardware")]
mod device_journey;
mod devices;
mod first_run;
mod gateways;
mod gestures;
mod keyboard;
mod keys;
mod lab;
mod network;
mod palette;
mod positions;
mod practice;
mod safe;
mod scan;
mod screens;
mod send;
mod settings;
mod sign;
mod stage;
mod transactions;
mod trust_bar;
mod wallet_lab;
