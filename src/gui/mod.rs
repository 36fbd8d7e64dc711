//! The desktop window. egui only, behind the feature `gui`.
//!
//! *Invariant*: a screen is a function of a snapshot and the window's own state that pushes commands: it never blocks,
//! spawns, or reads a clock, file or socket. Colours come from `theme`, words from `words`, numbers from `format`, and
//! a value of the chain never stands without its badge.

mod alerts;
mod badge;
mod banner;
mod banner_causes;
mod clipboard;
mod contracts_state;
mod desktop;
mod families;
mod fonts;
mod format;
mod gateways;
mod harness;
mod health_gauge;
mod hold;
mod icons;
mod kept;
mod known;
mod language;
mod names;
mod notices;
mod omnibox;
mod omnibox_rows;
mod paste;
mod position_data;
mod positions_state;
mod practice_control;
mod qr_code;
mod refresh;
mod regions;
mod screen;
mod screens;
mod secret_field;
mod seen;
mod session;
mod shell;
mod sign_state;
mod support;
mod switcher;
mod table;
mod theme;
mod trust_bar;
mod typed_amount;
mod ui_state;
mod wallet_news;
mod wallet_state;
mod what_if;
mod widgets;
mod window;
mod words;
mod worth;

pub use contracts_state::{BundledContracts, ContractsState, OpenFunction, PastedAbi};
pub use fonts::install as install_fonts;
pub use format::Grouping;
pub use harness::Harness;
pub use hold::Hold;
pub use kept::{Book, Contact, Kept, LastSeen, Watched};
pub use known::Known;
pub use language::Language;
pub use notices::{Notice as DesktopNotice, fresh as desktop_notices};
pub use positions_state::{
    ApprovalKey, ApprovalsState, Calls, ExitState, Nameable, NamesState, OpenAction, PositionKey,
    PositionsState, ProtocolNames, SafeState,
};
pub use practice_control::{
    EtherFall, Outage, PracticeControl, PracticeEndpoint, PracticeOrder, PracticeView,
};
pub use refresh::refresh;
pub use screen::Screen;
pub use secret_field::SecretText;
pub use seen::Seen;
pub use session::{Keeper, Networks, Session};
pub use shell::show;
pub use sign_state::{SignKind, SignState};
pub use theme::{Palette, ThemeChoice};
pub use ui_state::{
    AccountsState, ExplorerState, Field, HomeState, NetworkState, OmniboxState, SettingsState, UiState, Wish,
};
pub use wallet_state::{
    ActivityState, CopiedAddress, Derived, FeeSpeed, FramesState, Hidden, KeptDraft, KeyForm, KeysState,
    ReviewState, SendAsset, SendState, SignChoice, UnlockState, WalletState,
};
pub use window::{Setup, WindowError, run};
pub use words::Word;
