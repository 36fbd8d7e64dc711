//! The window without a window: each screen from a snapshot set by hand, found by its labels. No test needs a GPU.

mod accounts;
mod banners;
mod contracts;
mod first_run;
mod keyboard;
mod lab;
mod network;
mod palette;
mod screens;
mod settings;
mod stage;
mod trust_bar;
