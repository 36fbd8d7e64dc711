//! What the palette lists: screens, commands, accounts, and what can be done with what was pasted.

use alloy::primitives::{Address, B256};

use super::paste::{self, Pasted};
use super::screen::Screen;
use super::screens::waits;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{BlockQuery, NetworkName, Question, Replacement, Snapshot};

/// Rows shown; typing narrows them.
const MOST_ROWS: usize = 60;

/// What a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    Go(Screen),
    Watch(Address, bool),
    Ask(Question),
    Theme,
    Calm,
    HideAmounts,
    Test,
    Again,
    Name(String),
    Contract(Address),
    Open(NetworkName),
    Offline(bool),
    Lock,
    Bring(String),
    SendTo(Address),
    Replace(B256, Replacement),
    Support,
    Sign(Option<String>),
}

/// A row of the palette.
pub(super) struct Row {
    /// Under which heading.
    pub group: Word,
    /// Its words, with the reason where it is greyed.
    pub text: String,
    /// What it does.
    pub act: Act,
    /// It can be chosen now.
    pub on: bool,
}

impl Row {
    fn new(group: Word, text: String, act: Act) -> Self {
        Self { group, text, act, on: true }
    }

    fn greyed(group: Word, text: &str, act: Act, why: Option<&str>) -> Self {
        let words = why.map_or_else(|| text.to_owned(), |why| format!("{text}: {why}"));
        Self { group, text: words, act, on: why.is_none() }
    }
}

/// What the palette offers for a pasted thing: an address, a hash, a name, a number, a signed transaction; `None` for
/// words to search.
fn pasted_rows(text: &str, state: &UiState) -> Option<Vec<Row>> {
    let look = |text: String, act| Row::new(Word::LookUp, text, act);
    match paste::read(text, &[]) {
        Pasted::Address(_) => {
            // Read again as written: lower case has no checksum to check.
            let Ok(address) = paste::address(&state.omnibox.field.text) else { return Some(Vec::new()) };
            let mut rows = vec![
                look(
                    state.t(Word::LookAtAddress).to_owned(),
                    Act::Ask(Question::AccountWithCode(address, crate::app::Tag::Latest)),
                ),
                look(state.t(Word::SaveWatch).to_owned(), Act::Watch(address, true)),
                look(state.t(Word::OpenContract).to_owned(), Act::Contract(address)),
            ];
            if state.wallet.support.is_none() {
                rows.insert(2, look(state.t(Word::SendToIt).to_owned(), Act::SendTo(address)));
            }
            return Some(rows);
        }
        Pasted::Hash(hash) => {
            return Some(vec![
                look(state.t(Word::LookUpTransaction).to_owned(), Act::Ask(Question::Transaction(hash))),
                look(
                    state.t(Word::LookUpBlockHash).to_owned(),
                    Act::Ask(Question::Block(BlockQuery::Hash(hash))),
                ),
            ]);
        }
        Pasted::Name => {
            let words = state.tf(Word::LookUpName, &[text]);
            return Some(vec![look(words, Act::Name(text.to_owned()))]);
        }
        Pasted::Number(number) => {
            let words = state.tf(Word::LookUpBlock, &[&super::format::number(number)]);
            return Some(vec![look(words, Act::Ask(Question::Block(BlockQuery::Number(number))))]);
        }
        _ => {}
    }
    if super::sign_state::looks_typed(text) && state.wallet.support.is_none() {
        let typed = state.omnibox.field.text.trim().to_owned();
        return Some(vec![look(state.t(Word::SignPalette).to_owned(), Act::Sign(Some(typed)))]);
    }
    if let Some(raw) = signed(text) {
        return Some(vec![look(state.t(Word::SendSigned).to_owned(), Act::Bring(raw))]);
    }
    None
}

/// What the palette lists for what was typed.
pub(super) fn rows(snapshot: &Snapshot, state: &UiState) -> Vec<Row> {
    let text = state.omnibox.field.text.trim().to_lowercase();
    if let Some(rows) = pasted_rows(&text, state) {
        return rows;
    }
    let mut all: Vec<Row> = places(state);
    all.extend(accounts(state));
    for (word, act) in [
        (Word::VerifyAgain, Act::Again),
        (Word::TestAll, Act::Test),
        (Word::ToggleTheme, Act::Theme),
        (Word::ToggleCalm, Act::Calm),
        (Word::HideAmounts, Act::HideAmounts),
    ] {
        all.push(Row::new(Word::Do, state.t(word).to_owned(), act));
    }
    all.extend(signing(snapshot, state));
    let (word, to) = if state.practice.is_some() {
        (Word::LeavePractice, NetworkName::Mainnet)
    } else {
        (Word::GoPractice, NetworkName::Practice)
    };
    all.push(Row::new(Word::Do, state.t(word).to_owned(), Act::Open(to)));
    let (word, offline) = if snapshot.offline { (Word::GoOnline, false) } else { (Word::WorkOffline, true) };
    all.push(Row::new(Word::Do, state.t(word).to_owned(), Act::Offline(offline)));
    // Letters in order are enough, unless the words themselves are there.
    let literal = all.iter().any(|row| row.text.to_lowercase().contains(&text));
    all.retain(|row| {
        let words = row.text.to_lowercase();
        if literal { words.contains(&text) } else { fuzzy(&words, &text) }
    });
    all.truncate(MOST_ROWS);
    all
}

/// Commands about keys and waiting transactions: absent in support view, greyed with the reason where they cannot be
/// given now.
fn signing(snapshot: &Snapshot, state: &UiState) -> Vec<Row> {
    if state.wallet.support.is_some() {
        return Vec::new();
    }
    let wallet = &snapshot.wallet;
    let row =
        |word, act, why: Option<Word>| Row::greyed(Word::Do, state.t(word), act, why.map(|why| state.t(why)));
    let locked = wallet.unlocked.is_empty().then_some(Word::NoKeyOpen);
    let none = wallet.accounts.iter().all(|one| !one.kind.can_sign()).then_some(Word::NoKeyHere);
    let mut rows =
        vec![row(Word::LockPalette, Act::Lock, locked), row(Word::SignPalette, Act::Sign(None), none)];
    // The one that is shown, else the first that waits.
    let shown = state.wallet.transaction.and_then(|hash| wallet.transaction(hash)).filter(|one| waits(one));
    let waiting = shown.or_else(|| wallet.history.iter().rev().find(|one| waits(one)));
    for (word, kind) in
        [(Word::SpeedUpPalette, Replacement::SpeedUp), (Word::CancelPalette, Replacement::Cancel)]
    {
        let hash = waiting.map(|one| one.hash).unwrap_or_default();
        rows.push(row(word, Act::Replace(hash, kind), waiting.is_none().then_some(Word::NothingWaits)));
    }
    rows.push(row(Word::EnterSupport, Act::Support, None));
    rows
}

/// The user's own accounts and contacts, by name.
fn accounts(state: &UiState) -> Vec<Row> {
    let group = Word::Accounts;
    let watched = state.book.watched.iter().map(|one| (super::switcher::title(one), one.address));
    let contacts = state.book.contacts.iter().map(|one| (one.name.clone(), one.address));
    let row = |(text, address), act: fn(Address) -> Act| Row::new(group, text, act(address));
    let mut rows: Vec<Row> = watched.map(|one| row(one, |address| Act::Watch(address, true))).collect();
    rows.extend(contacts.map(|one| {
        row(one, |address| Act::Ask(Question::AccountWithCode(address, crate::app::Tag::Latest)))
    }));
    rows
}

fn places(state: &UiState) -> Vec<Row> {
    let open = |screen: &Screen| match screen {
        Screen::Practice => state.practice.is_some(),
        Screen::Review | Screen::Transaction | Screen::Sign => false,
        Screen::Send => state.wallet.support.is_none(),
        _ => true,
    };
    let named = Screen::ALL.into_iter().map(|(_, screen)| screen).filter(open);
    named
        .map(|screen| {
            let text = state.tf(Word::GoToScreen, &[state.t(screen.title())]);
            Row::new(Word::GoTo, text, Act::Go(screen))
        })
        .collect()
}

/// Every letter of `wanted` in `text`, in order.
fn fuzzy(text: &str, wanted: &str) -> bool {
    let mut letters = text.chars();
    wanted.chars().filter(|c| !c.is_whitespace()).all(|c| letters.any(|letter| letter == c))
}

/// Hex that is too long for a hash: a signed transaction.
fn signed(text: &str) -> Option<String> {
    let digits = text.strip_prefix("0x")?;
    let long = digits.len() > 120 && digits.len().is_multiple_of(2);
    (long && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| text.to_owned())
}
