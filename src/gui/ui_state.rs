//! What the window remembers between frames. No value of the chain is kept here unless it is proven.

use std::collections::HashMap;

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};

use super::language::Language;
use super::practice_control::{Outage, PracticeView};
use super::theme::{Palette, ThemeChoice};
use super::words::Word;
use crate::app::{Account, Proven, Question};

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Screen {
    /// Paste an address.
    #[default]
    FirstRun,
    /// What the user watches.
    Home,
    /// Look-up.
    Explorer,
    /// Endpoints, head, checkpoint.
    Network,
    /// Settings.
    Settings,
    /// Version and build.
    About,
    /// The practice network's control panel.
    Practice,
    /// All messages of the session.
    Messages,
}

impl Screen {
    /// All, with the name that `--screen` takes.
    pub const ALL: [(&'static str, Self); 8] = [
        ("firstrun", Self::FirstRun),
        ("home", Self::Home),
        ("explorer", Self::Explorer),
        ("network", Self::Network),
        ("settings", Self::Settings),
        ("about", Self::About),
        ("practice", Self::Practice),
        ("messages", Self::Messages),
    ];

    /// By the name that `--screen` takes.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, screen)| screen)
    }

    /// Its title.
    pub fn title(self) -> Word {
        match self {
            Self::FirstRun => Word::FirstRun,
            Self::Home => Word::Home,
            Self::Explorer => Word::Explorer,
            Self::Network => Word::Network,
            Self::Settings => Word::Settings,
            Self::About => Word::About,
            Self::Practice => Word::Practice,
            Self::Messages => Word::Messages,
        }
    }
}

/// An address the user looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// The address.
    pub address: Address,
    /// The user's own name for it; may be empty.
    pub name: String,
    /// Kept on disk.
    pub keep: bool,
}

/// What outlives the window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Accounts.
    pub watched: Vec<Watched>,
    /// Theme.
    pub theme: ThemeChoice,
    /// Language.
    pub language: Language,
    /// Zoom in percent; 0 is the default.
    pub zoom_percent: u16,
    /// Calm mode.
    pub calm: bool,
    /// Amounts are not shown.
    pub hide_amounts: bool,
}

/// A field into which a person pastes, with what was wrong with it.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The text.
    pub text: String,
    /// Said below it.
    pub error: Option<String>,
}

/// The omnibox.
#[derive(Debug, Clone, Default)]
pub struct OmniboxState {
    /// Open.
    pub open: bool,
    /// What was typed or pasted.
    pub field: Field,
    /// 64 digits without 0x: the user must say that it is a hash.
    pub confirm: Option<B256>,
    /// The chosen row.
    pub row: usize,
    /// It was opened in this frame.
    pub fresh: bool,
}

/// The explorer.
#[derive(Debug, Clone, Default)]
pub struct ExplorerState {
    /// The search field.
    pub field: Field,
    /// What is shown.
    pub question: Option<Question>,
    /// Earlier look-ups, newest first.
    pub recent: Vec<Question>,
    /// 64 digits without 0x: the user must say that it is a hash.
    pub confirm: Option<B256>,
}

/// Home.
#[derive(Debug, Clone, Default)]
pub struct HomeState {
    /// The field for another address.
    pub add: Field,
    /// Its name.
    pub name: String,
    /// The field is shown.
    pub adding: bool,
    /// The address whose QR code is shown.
    pub receive: Option<Address>,
    /// The user has read that nothing can be sent.
    pub told_watch_only: bool,
}

/// Network.
#[derive(Debug, Clone, Default)]
pub struct NetworkState {
    /// A checkpoint root to start from.
    pub root: Field,
    /// The days the user typed at the gate.
    pub days: String,
    /// A test of all endpoints was ordered when so many had been made.
    pub testing: bool,
    /// A comparison was ordered.
    pub comparing: bool,
}

/// Everything the window remembers.
#[derive(Debug)]
pub struct UiState {
    /// What outlives the window.
    pub kept: Kept,
    /// The colours in force.
    pub palette: Palette,
    /// Unix milliseconds by the window's clock, set before each frame.
    pub now_ms: u64,
    /// Unix milliseconds at the start.
    pub started_ms: u64,
    /// The screen shown.
    pub screen: Screen,
    /// Index of the account shown.
    pub selected: usize,
    /// Newest proven state of each watched account.
    pub seen: HashMap<Address, Proven<Account>>,
    /// The block at which accounts were last asked for.
    pub asked_at: Option<(u64, usize)>,
    /// First run.
    pub first: Field,
    /// First run: keep the address.
    pub remember: bool,
    /// Home.
    pub home: HomeState,
    /// Explorer.
    pub explorer: ExplorerState,
    /// Network.
    pub network: NetworkState,
    /// Omnibox.
    pub omnibox: OmniboxState,
    /// The banner is folded.
    pub folded: bool,
    /// The practice network's desk, where there is one.
    pub practice: Option<PracticeView>,
    /// Orders for it, taken after the frame.
    pub orders: Vec<(usize, Outage)>,
    /// The last thing copied, and when.
    pub toast: Option<(String, u64)>,
    /// Where data is kept; shown only.
    pub data_folder: String,
}

impl UiState {
    /// The state of a window that just opened.
    pub fn new(kept: Kept, now_ms: u64) -> Self {
        let screen = if kept.watched.is_empty() { Screen::FirstRun } else { Screen::Home };
        Self {
            kept,
            palette: Palette::DARK,
            now_ms,
            started_ms: now_ms,
            screen,
            selected: 0,
            seen: HashMap::new(),
            asked_at: None,
            first: Field::default(),
            remember: true,
            home: HomeState::default(),
            explorer: ExplorerState::default(),
            network: NetworkState::default(),
            omnibox: OmniboxState::default(),
            folded: false,
            practice: None,
            orders: Vec::new(),
            toast: None,
            data_folder: String::new(),
        }
    }

    /// A word in the user's language.
    pub fn t(&self, word: Word) -> &'static str {
        word.of(self.kept.language)
    }

    /// A sentence with values.
    pub fn tf(&self, word: Word, values: &[&str]) -> String {
        super::language::fill(self.t(word), values)
    }

    /// Watches an address, or chooses it where it is watched already.
    pub fn watch(&mut self, address: Address, name: &str, keep: bool) {
        let known = self.kept.watched.iter().position(|one| one.address == address);
        self.selected = known.unwrap_or_else(|| {
            let name = name.trim().chars().take(64).collect();
            self.kept.watched.push(Watched { address, name, keep });
            self.kept.watched.len().saturating_sub(1)
        });
        self.asked_at = None;
    }

    /// The account shown.
    pub fn account(&self) -> Option<&Watched> {
        self.kept.watched.get(self.selected)
    }

    /// Copies text and says so.
    pub fn copy(&mut self, ui: &egui::Ui, what: &str, text: String) {
        let count = text.chars().count().to_string();
        self.toast = Some((self.tf(Word::Copied, &[what, &count]), self.now_ms));
        ui.copy_text(text);
    }

    /// An amount, unless amounts are hidden.
    pub fn amount(&self, text: String) -> String {
        if self.kept.hide_amounts { "•••••".to_owned() } else { text }
    }
}
