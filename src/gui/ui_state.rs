//! What the window remembers between frames. No value of the chain is kept here unless it is proven.

use std::collections::HashMap;

use alloy::primitives::{Address, B256};

use super::contracts_state::ContractsState;
use super::kept::{Book, Contact, Kept, Watched};
use super::positions_state::PositionsState;
use super::practice_control::{PracticeOrder, PracticeView};
use super::screen::Screen;
use super::seen::Seen;
use super::theme::Palette;
use super::wallet_state::WalletState;
use super::words::Word;
use crate::app::{Account, EndpointKind, NetworkName, Proven, Question, Reason};

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
    /// What the shown transaction's call and logs say: decoded once.
    pub read: Option<(B256, String, Vec<String>)>,
    /// Earlier look-ups, newest first.
    pub recent: Vec<Question>,
    /// 64 digits without 0x: the user must say that it is a hash.
    pub confirm: Option<B256>,
}

/// Home.
#[derive(Debug, Clone, Default)]
pub struct HomeState {
    /// The address whose QR code is shown.
    pub receive: Option<Address>,
}

/// Accounts.
#[derive(Debug, Clone, Default)]
pub struct AccountsState {
    /// An address to watch.
    pub watch: Field,
    /// Its name.
    pub watch_name: String,
    /// The address of a new contact.
    pub address: Field,
    /// Its name.
    pub name: String,
    /// What it was compared with.
    pub compared_with: String,
    /// Only contacts whose name or address holds this are listed.
    pub filter: String,
    /// The account that is about to be removed.
    pub removing: Option<Address>,
    /// The account whose name is being changed, and the new one.
    pub renaming: Option<(Address, String)>,
}

/// Settings.
#[derive(Debug, Clone, Default)]
pub struct SettingsState {
    /// The proxy as typed; `None` until the user types.
    pub proxy: Option<Field>,
    /// The question whether to wipe is open.
    pub wiping: bool,
}

/// What the window itself must do, since no core can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Leave this network and open another.
    Open(NetworkName),
    /// Open this network again: its settings changed.
    Reopen,
    /// Close the window.
    Close,
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
    /// The form for another endpoint is open.
    pub adding: bool,
    /// Its address.
    pub url: Field,
    /// What it serves; execution unless said otherwise.
    pub kind: Option<EndpointKind>,
    /// When the base fees of the last blocks were asked for, Unix milliseconds.
    pub fees_asked_ms: Option<u64>,
    /// The user goes on with ages that may be wrong.
    pub about: bool,
}

/// Everything the window remembers.
#[derive(Debug)]
pub struct UiState {
    /// What outlives the window.
    pub kept: Kept,
    /// The addresses of this network.
    pub book: Book,
    /// The colours in force.
    pub palette: Palette,
    /// Unix milliseconds by the window's clock, set before each frame.
    pub now_ms: u64,
    /// Unix milliseconds at the start.
    pub started_ms: u64,
    /// The screen shown.
    pub screen: Screen,
    /// The screens before it, for Escape.
    pub trail: Vec<Screen>,
    /// Index of the account shown.
    pub selected: usize,
    /// Newest proven state of each watched account.
    pub seen: HashMap<Address, Proven<Account>>,
    /// Endpoints there were when those not needed so far were asked whether they answer.
    pub met_endpoints: usize,
    /// What the desktop was told.
    pub(super) told_desktop: super::notices::Told,
    /// The block at which accounts were last asked for.
    pub asked_at: Option<(u64, usize)>,
    /// The question about tokens that was asked last, and when.
    pub tokens_asked: Option<(Question, u64)>,
    /// The question about prices that was asked last, and when.
    pub prices_asked: Option<(Question, u64)>,
    /// First run.
    pub first: Field,
    /// First run: the name that is being looked up.
    pub first_name: Option<Question>,
    /// First run: keep the address.
    pub remember: bool,
    /// Home.
    pub home: HomeState,
    /// Positions, exits, approvals, Safes.
    pub positions: PositionsState,
    /// Explorer.
    pub explorer: ExplorerState,
    /// Network.
    pub network: NetworkState,
    /// Contracts.
    pub contracts: ContractsState,
    /// Accounts.
    pub accounts: AccountsState,
    /// Settings.
    pub settings: SettingsState,
    /// The wallet.
    pub wallet: WalletState,
    /// Omnibox.
    pub omnibox: OmniboxState,
    /// What the window is to do after the frame.
    pub wish: Option<Wish>,
    /// A network is being opened.
    pub opening: bool,
    /// Why no network is open.
    pub closed: Option<Reason>,
    /// Ctrl+F was pressed: the page's filter takes the focus.
    pub filter_wanted: bool,
    /// The window's own messages: what happened to its file.
    pub notices: Vec<String>,
    /// The banner is folded.
    pub folded: bool,
    /// The practice network's desk, where there is one.
    pub practice: Option<PracticeView>,
    /// Orders for it, taken after the frame.
    pub orders: Vec<PracticeOrder>,
    /// The last thing copied, and when.
    pub toast: Option<(String, u64)>,
    /// Where data is kept; shown only.
    pub data_folder: String,
}

impl UiState {
    /// The state of a window that just opened.
    pub fn new(kept: Kept, now_ms: u64) -> Self {
        Self {
            kept,
            book: Book::default(),
            palette: Palette::DARK,
            now_ms,
            started_ms: now_ms,
            screen: Screen::FirstRun,
            trail: Vec::new(),
            selected: 0,
            seen: HashMap::new(),
            asked_at: None,
            met_endpoints: 0,
            tokens_asked: None,
            prices_asked: None,
            first: Field::default(),
            first_name: None,
            remember: true,
            home: HomeState::default(),
            positions: PositionsState::default(),
            explorer: ExplorerState::default(),
            network: NetworkState::default(),
            contracts: ContractsState::default(),
            accounts: AccountsState::default(),
            settings: SettingsState::default(),
            wallet: WalletState::default(),
            omnibox: OmniboxState::default(),
            wish: None,
            opening: false,
            closed: None,
            filter_wanted: false,
            notices: Vec::new(),
            told_desktop: super::notices::Told::default(),
            folded: false,
            practice: None,
            orders: Vec::new(),
            toast: None,
            data_folder: String::new(),
        }
    }

    /// Opens the book of a network, and leaves what belonged to another.
    pub fn open_book(&mut self, network: &str) {
        self.book = self.kept.books.get(network).cloned().unwrap_or_default();
        self.screen = if self.book.watched.is_empty() { Screen::FirstRun } else { Screen::Home };
        self.trail.clear();
        self.selected = 0;
        self.seen.clear();
        self.asked_at = None;
        self.met_endpoints = 0;
        self.tokens_asked = None;
        self.prices_asked = None;
        self.first_name = None;
        self.home = HomeState::default();
        self.positions.leave_network();
        self.explorer = ExplorerState::default();
        self.contracts = ContractsState::default();
        self.network = NetworkState::default();
        self.accounts = AccountsState::default();
        self.settings = SettingsState::default();
        self.leave_wallet();
        self.practice = None;
        self.orders.clear();
        self.folded = false;
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
        let known = self.book.watched.iter().position(|one| one.address == address);
        self.selected = known.unwrap_or_else(|| {
            let name = label(name);
            self.book.watched.push(Watched { address, name, keep, last: None });
            self.book.watched.len().saturating_sub(1)
        });
        self.asked_at = None;
    }

    /// Stops watching an address. Nothing on the chain changes.
    pub fn stop_watching(&mut self, address: Address) {
        self.book.watched.retain(|one| one.address != address);
        self.seen.remove(&address);
        self.selected = 0;
        self.asked_at = None;
    }

    /// Keeps somebody's address under a name; an earlier entry for it is replaced.
    pub fn add_contact(&mut self, address: Address, name: &str, compared_with: &str) {
        self.book.contacts.retain(|one| one.address != address);
        let (name, compared_with) = (label(name), label(compared_with));
        self.book.contacts.push(Contact { address, name, compared_with, confirmed: true });
        self.book.contacts.sort_by_key(|one| one.name.to_lowercase());
    }

    /// Forgets every address and every last value of this and other networks. How the window looks stays.
    pub fn wipe(&mut self) {
        self.kept.books.clear();
        self.book = Book::default();
        self.seen.clear();
        self.selected = 0;
        self.asked_at = None;
        self.explorer = ExplorerState::default();
        self.accounts = AccountsState::default();
    }

    /// The account shown.
    pub fn account(&self) -> Option<&Watched> {
        self.book.watched.get(self.selected)
    }

    /// The newest that is known of a watched account: proven in this run, else in an earlier one.
    pub fn newest(&self, address: Address) -> Option<Seen> {
        let proven = self.seen.get(&address).map(Seen::proven);
        proven.or_else(|| {
            let watched = self.book.watched.iter().find(|one| one.address == address)?;
            watched.last.map(Seen::remembered)
        })
    }

    /// The user's own name for an address, where there is one.
    pub fn name_of(&self, address: Address) -> Option<&str> {
        let watched = self.book.watched.iter().map(|one| (one.address, &one.name));
        let contacts = self.book.contacts.iter().map(|one| (one.address, &one.name));
        let mut all = watched.chain(contacts).filter(|(_, name)| !name.is_empty());
        all.find(|(known, _)| *known == address).map(|(_, name)| name.as_str())
    }

    /// Copies text and says so.
    pub fn copy(&mut self, ui: &egui::Ui, what: &str, text: String) {
        let count = text.chars().count().to_string();
        self.note_copied(&text);
        self.toast = Some((self.tf(Word::Copied, &[what, &count]), self.now_ms));
        ui.copy_text(text);
    }

    /// An amount, unless amounts are hidden.
    pub fn amount(&self, text: String) -> String {
        if self.kept.hide_amounts { "•••••".to_owned() } else { text }
    }
}

/// A name as it is kept: one line, short.
fn label(text: &str) -> String {
    crate::app::plain(text).trim().chars().take(64).collect()
}
