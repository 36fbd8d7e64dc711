//! The window without a window: each screen from a snapshot set by hand, found by its labels. No test needs a GPU.

mod accounts;
mod banners;
mod borrower;
mod contracts;
mod first_run;
mod gestures;
mod keyboard;
mod keys;
mod lab;
mod network;
mod palette;
mod positions;
mod practice;
mod safe;
mod screens;
mod send;
mod settings;
mod stage;
mod transactions;
mod trust_bar;
mod wallet_lab;
