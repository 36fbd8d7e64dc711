//! The one translation table, a file a part of the window: every word it shows, English first, then Spanish.

mod devices;
mod explorer;
mod home;
mod keys;
mod network;
mod palette;
mod positions;
mod settings;
mod shell;
mod signing;
mod truth;
mod wallet;
mod word;

pub use word::Word;
