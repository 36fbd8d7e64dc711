//! The palette (Ctrl+K): one field for commands and for pasted data.

use egui::{Key, Modal, RichText, TextEdit, Ui};

use super::names;
use super::paste::{self, Pasted};
use super::screen::Screen;
use super::shell;
use super::theme::ThemeChoice;
use super::ui_state::{UiState, Wish};
use super::words::Word;
use crate::app::{BlockQuery, Command, NetworkName, Question, Snapshot};

/// Rows shown; typing narrows them.
const MOST_ROWS: usize = 60;

/// What a row does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Act {
    Go(Screen),
    Watch(alloy::primitives::Address, bool),
    Ask(Question),
    Theme,
    Calm,
    HideAmounts,
    Test,
    Again,
    Name(String),
    Contract(alloy::primitives::Address),
    Open(NetworkName),
    Offline(bool),
    Lock,
    Bring(String),
}

struct Row {
    group: Word,
    text: String,
    act: Act,
}

/// Shows the palette while it is open.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if !state.omnibox.open {
        return;
    }
    let width = (ui.ctx().content_rect().width() - 48.0).clamp(240.0, 620.0);
    let frame = state.palette.card_frame();
    let modal = Modal::new(egui::Id::unique("omnibox")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width(width);
        contents(ui, snapshot, state, commands);
    });
    if modal.should_close() {
        close(state);
    }
}

fn close(state: &mut UiState) {
    paste::wipe(&mut state.omnibox.field.text);
    state.omnibox = super::ui_state::OmniboxState::default();
}

fn contents(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let label = ui.label(RichText::new(state.t(Word::SearchLabel)).small());
    let hint = state.t(Word::SearchHint);
    let edit = TextEdit::singleline(&mut state.omnibox.field.text)
        .hint_text(hint)
        .desired_width(f32::INFINITY)
        .margin(egui::Margin::symmetric(10, 8));
    let response = ui.add(edit).labelled_by(label.id);
    if std::mem::take(&mut state.omnibox.fresh) {
        response.request_focus();
    }
    if response.changed() {
        state.omnibox.row = 0;
        take_secret(state);
    }
    if let Some(error) = state.omnibox.field.error.clone() {
        ui.add_space(4.0);
        ui.label(RichText::new(error).color(state.palette.unverified));
    }
    if let Some(hash) = state.omnibox.confirm {
        return confirm(ui, hash, state, commands);
    }
    let rows = rows(snapshot, state);
    let (up, down, enter) = ui.input(|input| {
        (input.key_pressed(Key::ArrowUp), input.key_pressed(Key::ArrowDown), input.key_pressed(Key::Enter))
    });
    let last = rows.len().saturating_sub(1);
    let row = &mut state.omnibox.row;
    *row = if down {
        row.saturating_add(1)
    } else if up {
        row.saturating_sub(1)
    } else {
        *row
    }
    .min(last);
    let chosen = *row;
    let mut done = enter.then(|| rows.get(chosen).map(|row| row.act.clone())).flatten();
    if rows.is_empty() {
        ui.add_space(6.0);
        ui.label(RichText::new(state.t(Word::NothingMatches)).color(state.palette.text_2));
    }
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        let mut group = None;
        for (at, row) in rows.iter().enumerate() {
            if group.replace(row.group) != Some(row.group) {
                ui.add_space(4.0);
                ui.label(RichText::new(state.t(row.group)).small().color(state.palette.text_3));
            }
            let button = egui::Button::selectable(at == chosen, row.text.as_str())
                .min_size(egui::vec2(ui.available_width(), 30.0));
            if ui.add(button).clicked() {
                done = Some(row.act.clone());
            }
        }
    });
    if let Some(act) = done {
        perform(act, state, commands);
    }
}

/// A secret is wiped before anything can be asked; 64 bare digits ask first.
fn take_secret(state: &mut UiState) {
    let pasted = paste::read(&state.omnibox.field.text, &paste::known(state));
    state.omnibox.field.error = None;
    state.omnibox.confirm = None;
    match pasted {
        Pasted::Secret => {
            paste::wipe(&mut state.omnibox.field.text);
            state.omnibox.field.error = Some(state.t(Word::SecretGone).to_owned());
        }
        Pasted::HashOrKey(hash) => state.omnibox.confirm = Some(hash),
        _ => {}
    }
}

fn confirm(ui: &mut Ui, hash: alloy::primitives::B256, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.add_space(6.0);
    ui.label(RichText::new(state.t(Word::IsItAHash)).color(state.palette.unverified));
    ui.horizontal(|ui| {
        let clear = ui.button(state.t(Word::ClearIt));
        clear.request_focus();
        if clear.clicked() {
            close(state);
            state.omnibox.open = true;
            state.omnibox.fresh = true;
        }
        if ui.button(state.t(Word::ItIsAHash)).clicked() {
            perform(Act::Ask(Question::Transaction(hash)), state, commands);
        }
    });
}

/// What the palette offers for a pasted thing: an address, a hash, a name, a number, a signed transaction; `None` for
/// words to search.
fn pasted_rows(text: &str, state: &UiState) -> Option<Vec<Row>> {
    let look = |text: String, act| Row { group: Word::LookUp, text, act };
    match paste::read(text, &[]) {
        Pasted::Address(_) => {
            // Read again as written: lower case has no checksum to check.
            let Ok(address) = paste::address(&state.omnibox.field.text) else { return Some(Vec::new()) };
            return Some(vec![
                look(
                    state.t(Word::LookAtAddress).to_owned(),
                    Act::Ask(Question::AccountWithCode(address, crate::app::Tag::Latest)),
                ),
                look(state.t(Word::SaveWatch).to_owned(), Act::Watch(address, true)),
                look(state.t(Word::OpenContract).to_owned(), Act::Contract(address)),
            ]);
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
    if let Some(raw) = signed(text) {
        return Some(vec![look(state.t(Word::SendSigned).to_owned(), Act::Bring(raw))]);
    }
    None
}

fn rows(snapshot: &Snapshot, state: &UiState) -> Vec<Row> {
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
        (Word::LockPalette, Act::Lock),
    ] {
        all.push(Row { group: Word::Do, text: state.t(word).to_owned(), act });
    }
    let (word, to) = if state.practice.is_some() {
        (Word::LeavePractice, NetworkName::Mainnet)
    } else {
        (Word::GoPractice, NetworkName::Practice)
    };
    all.push(Row { group: Word::Do, text: state.t(word).to_owned(), act: Act::Open(to) });
    let (word, offline) = if snapshot.offline { (Word::GoOnline, false) } else { (Word::WorkOffline, true) };
    all.push(Row { group: Word::Do, text: state.t(word).to_owned(), act: Act::Offline(offline) });
    // Letters in order are enough, unless the words themselves are there.
    let literal = all.iter().any(|row| row.text.to_lowercase().contains(&text));
    all.retain(|row| {
        let words = row.text.to_lowercase();
        if literal { words.contains(&text) } else { fuzzy(&words, &text) }
    });
    all.truncate(MOST_ROWS);
    all
}

/// The user's own accounts and contacts, by name.
fn accounts(state: &UiState) -> Vec<Row> {
    let group = Word::Accounts;
    let watched = state.book.watched.iter().map(|one| (super::switcher::title(one), one.address));
    let contacts = state.book.contacts.iter().map(|one| (one.name.clone(), one.address));
    let row =
        |(text, address), act: fn(alloy::primitives::Address) -> Act| Row { group, text, act: act(address) };
    let mut rows: Vec<Row> = watched.map(|one| row(one, |address| Act::Watch(address, true))).collect();
    rows.extend(contacts.map(|one| {
        row(one, |address| Act::Ask(Question::AccountWithCode(address, crate::app::Tag::Latest)))
    }));
    rows
}

fn places(state: &UiState) -> Vec<Row> {
    let open = |screen: &Screen| match screen {
        Screen::Practice => state.practice.is_some(),
        Screen::Review | Screen::Transaction => false,
        Screen::Send => state.wallet.support.is_none(),
        _ => true,
    };
    let named = Screen::ALL.into_iter().map(|(_, screen)| screen).filter(open);
    named
        .map(|screen| {
            let text = state.tf(Word::GoToScreen, &[state.t(screen.title())]);
            Row { group: Word::GoTo, text, act: Act::Go(screen) }
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

fn perform(act: Act, state: &mut UiState, commands: &mut Vec<Command>) {
    match act {
        Act::Go(screen) => state.screen = screen,
        Act::Watch(address, keep) => {
            state.watch(address, "", keep);
            state.screen = Screen::Home;
        }
        Act::Ask(question) => {
            super::screens::explorer::ask(question, state, commands);
            state.screen = Screen::Explorer;
        }
        Act::Theme => {
            state.kept.theme = if state.palette.dark { ThemeChoice::Light } else { ThemeChoice::Dark };
        }
        Act::Calm => state.kept.calm = !state.kept.calm,
        Act::HideAmounts => state.kept.hide_amounts = !state.kept.hide_amounts,
        Act::Test => {
            state.screen = Screen::Network;
            shell::again(state, commands);
        }
        Act::Again => shell::again(state, commands),
        Act::Name(name) => {
            super::screens::explorer::ask(names::question(&name), state, commands);
            state.screen = Screen::Explorer;
        }
        Act::Contract(address) => {
            super::screens::contracts::choose(address, state);
            state.screen = Screen::Contracts;
        }
        Act::Open(network) => state.wish = Some(Wish::Open(network)),
        Act::Offline(offline) => commands.push(Command::SetOffline(offline)),
        Act::Lock => shell::lock(state, commands),
        Act::Bring(raw) => super::screens::bring(&raw, state, commands),
    }
    close(state);
}
