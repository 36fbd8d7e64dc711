//! The desktop window. egui only, behind the feature `gui`.
//!
//! *Invariant*: a screen is a function of a snapshot and the window's own state that pushes commands: it never blocks,
//! spawns, or reads a clock, file or socket. Colours come from `theme`, words from `words`, numbers from `format`, and
//! a value of the chain never stands without its badge.

mod badge;
mod banner;
mod format;
mod harness;
mod icons;
mod known;
mod language;
mod omnibox;
mod paste;
mod practice_control;
mod refresh;
mod screens;
mod shell;
mod theme;
mod trust_bar;
mod ui_state;
mod widgets;
mod window;
mod words;

pub use harness::Harness;
pub use known::Known;
pub use language::Language;
pub use practice_control::{Outage, PracticeControl, PracticeEndpoint, PracticeView};
pub use shell::show;
pub use theme::{Palette, ThemeChoice};
pub use ui_state::{Kept, Screen, UiState, Watched};
pub use window::{Setup, WindowError, run};
pub use words::Word;
