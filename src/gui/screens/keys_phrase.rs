//! Recovery phrases: words typed one by one with completion from the built-in list, or a new phrase with its paper copy.

use alloy::primitives::Address;
use egui::{RichText, Ui, vec2};

use crate::app::signing::keys::{DerivationPath, Phrase, Secret, is_phrase_word, phrase_words_starting};
use crate::app::{Account, Answer, Command, Loadable, Proven, Question, Snapshot, Tag};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::secret_field::{SecretLook, SecretText, labelled, secret_field};
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{Derived, Hidden};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Words of a phrase.
const LENGTHS: [usize; 5] = [12, 15, 18, 21, 24];
/// Words of a new one.
const NEW_LENGTH: usize = 12;
/// Accounts looked at, by each of two ways to derive them.
const ACCOUNTS: u32 = 5;
/// Completions shown.
const COMPLETIONS: usize = 6;
/// Words that stand in one row.
const CELL: f32 = 150.0;

/// A phrase that exists. True once its accounts are chosen.
pub(super) fn existing(
    ui: &mut Ui,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) -> bool {
    if state.wallet.keys.phrase.0.is_some() {
        return accounts(ui, snapshot, state, commands);
    }
    if state.wallet.keys.words.is_empty() {
        state.wallet.keys.words = empty(12);
    }
    length(ui, state);
    let mut words = std::mem::take(&mut state.wallet.keys.words);
    cells(ui, &mut words, state);
    let unknown = words.iter().position(|word| !word.is_empty() && !is_phrase_word(&lower(word)));
    let missing = words.iter().any(SecretText::is_empty);
    state.wallet.keys.words = words;
    let mut passphrase = std::mem::take(&mut state.wallet.keys.passphrase);
    labelled(ui, "keys.passphrase", &mut passphrase, state.t(Word::PassphraseLabel), state);
    state.wallet.keys.passphrase = passphrase;
    if let Some(at) = unknown {
        let focused = ui.memory(|memory| memory.has_focus(cell_id(at)));
        if !focused {
            let words = state.tf(Word::WordUnknown, &[&at.saturating_add(1).to_string()]);
            ui.label(RichText::new(words).color(state.palette.refuted));
        }
    }
    let ready = unknown.is_none() && !missing;
    let button =
        ui.add_enabled_ui(ready, |ui| widgets::primary(ui, state, state.t(Word::FindAccounts))).inner;
    if button.clicked() && ready {
        check(state);
    }
    false
}

fn empty(count: usize) -> Vec<SecretText> {
    (0..count).map(|_| SecretText::default()).collect()
}

fn lower(word: &SecretText) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(word.expose().to_lowercase())
}

fn length(ui: &mut Ui, state: &mut UiState) {
    let mut count = state.wallet.keys.words.len();
    let before = count;
    ui.horizontal_wrapped(|ui| {
        ui.label(state.t(Word::HowManyWords));
        for one in LENGTHS {
            ui.radio_value(&mut count, one, one.to_string());
        }
    });
    if count != before {
        let mut words = std::mem::take(&mut state.wallet.keys.words);
        words.truncate(count);
        words.resize_with(count, SecretText::default);
        state.wallet.keys.words = words;
    }
}

/// Cells of this width in a row: one to four.
fn columns(room: f32, cell: f32) -> usize {
    [4_u8, 3, 2].into_iter().find(|count| f32::from(*count) * cell <= room).map_or(1, usize::from)
}

fn cell_id(at: usize) -> egui::Id {
    egui::Id::unique(("keys.word", at))
}

/// The word fields, masked, and below them completions for the one that has the focus.
fn cells(ui: &mut Ui, words: &mut [SecretText], state: &mut UiState) {
    let columns = columns(ui.available_width(), CELL + 40.0);
    let count = words.len();
    let mut focused = None;
    let mut pasted = None;
    for (row, chunk) in words.chunks_mut(columns).enumerate() {
        ui.horizontal(|ui| {
            for (column, word) in chunk.iter_mut().enumerate() {
                let at = row.saturating_mul(columns).saturating_add(column);
                let number = at.saturating_add(1).to_string();
                ui.add_sized([24.0, 34.0], egui::Label::new(&number));
                let label = state.tf(Word::WordNumber, &[&number]);
                let look = SecretLook { label: &label, width: CELL, revealed: false };
                let done = secret_field(ui, cell_id(at), word, look, state);
                if done.response.has_focus() {
                    focused = Some(at);
                }
                if let Some(text) = done.pasted {
                    pasted = Some((at, text));
                }
                // A space or Enter ends a word.
                if done.changed && word.expose().ends_with(' ') {
                    word.pop();
                    go_to(ui, at.saturating_add(1), count);
                } else if done.entered {
                    go_to(ui, at.saturating_add(1), count);
                }
            }
        });
    }
    if let Some((from, text)) = pasted {
        for (cell, word) in words.iter_mut().skip(from).zip(text.split_whitespace()) {
            cell.wipe();
            cell.push(word);
        }
    }
    // A click on a completion takes the focus before it is one: the field before it is remembered for that frame.
    let before = std::mem::replace(&mut state.wallet.keys.cell, focused);
    let Some(at) = focused.or(before) else {
        ui.allocate_space(vec2(1.0, 36.0));
        return;
    };
    completions(ui, at, count, words, state);
}

fn go_to(ui: &Ui, at: usize, count: usize) {
    if at < count {
        ui.memory_mut(|memory| memory.request_focus(cell_id(at)));
    }
}

fn completions(ui: &mut Ui, at: usize, count: usize, words: &mut [SecretText], state: &UiState) {
    let Some(word) = words.get_mut(at) else { return };
    let begun = lower(word);
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(36.0);
        if begun.chars().count() < 2 || state.wallet.capturing {
            return;
        }
        for full in phrase_words_starting(&begun).take(COMPLETIONS) {
            if ui.button(full).clicked() {
                word.wipe();
                word.push(full);
                go_to(ui, at.saturating_add(1), count);
            }
        }
    });
}

/// Checks the words and derives the accounts, on this computer.
fn check(state: &mut UiState) {
    let keys = &mut state.wallet.keys;
    let mut joined = zeroize::Zeroizing::new(String::with_capacity(512));
    for word in &keys.words {
        joined.push_str(word.expose());
        joined.push(' ');
    }
    let words = Secret::new(joined.as_bytes().to_vec());
    let passphrase = Secret::new(keys.passphrase.expose().as_bytes().to_vec());
    match Phrase::new(&words, passphrase) {
        Ok(phrase) => {
            keys.derived = derive(&phrase);
            keys.phrase = Hidden(Some(phrase));
            keys.words = Vec::new();
            keys.error = None;
        }
        Err(error) => keys.error = Some(error.to_string()),
    }
}

fn derive(phrase: &Phrase) -> Vec<Derived> {
    let standard = (0..ACCOUNTS).map(DerivationPath::standard);
    let ledger = (1..ACCOUNTS).map(DerivationPath::ledger_live);
    let all = standard.chain(ledger).filter_map(|path| {
        let address = phrase.key(&path).ok()?.address();
        Some(Derived { path: path.to_string(), address, wanted: false })
    });
    let mut all: Vec<Derived> = all.collect();
    if let Some(first) = all.first_mut() {
        first.wanted = true;
    }
    all
}

/// These accounts at the newest proven block, asked for where nobody did yet.
pub(super) fn proven_accounts<'a>(
    who: Vec<Address>,
    snapshot: &'a Snapshot,
    commands: &mut Vec<Command>,
) -> Option<&'a [Proven<Account>]> {
    let question = Question::Accounts(who, Tag::Latest);
    match snapshot.answers.get(&question) {
        Some(Loadable::Ready(Answer::Accounts(found))) => Some(found.as_slice()),
        None if snapshot.head.is_some() => {
            commands.push(Command::Ask(question));
            None
        }
        _ => None,
    }
}

/// The accounts of the phrase with their proven balances; the user picks.
fn accounts(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) -> bool {
    widgets::quiet(ui, state, state.t(Word::PickAccounts));
    let who = state.wallet.keys.derived.iter().map(|one| one.address).collect();
    let found = proven_accounts(who, snapshot, commands);
    for at in 0..state.wallet.keys.derived.len() {
        let Some(one) = state.wallet.keys.derived.get(at).cloned() else { continue };
        ui.horizontal_wrapped(|ui| {
            let label = format!("{}  {}", one.path, format::short_address(one.address));
            let mut wanted = one.wanted;
            ui.checkbox(&mut wanted, label);
            if let Some(own) = state.wallet.keys.derived.get_mut(at) {
                own.wanted = wanted;
            }
            balance(ui, one.address, found.and_then(|found| found.get(at)), snapshot, state);
        });
    }
    state.wallet.keys.derived.iter().any(|one| one.wanted)
}

/// What is proven of an account that may be added.
pub(super) fn balance(
    ui: &mut Ui,
    who: Address,
    found: Option<&Proven<Account>>,
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let title = state.tf(Word::BalanceOf, &[&format::short_address(who)]);
    match found {
        Some(account) => {
            let facts = account.value();
            let text = format!("{} ETH", format::ether(facts.balance, Round::Down));
            let nonce = state.tf(Word::SentCount, &[&format::number(facts.nonce)]);
            ui.label(format!("{} · {nonce}", state.amount(text.clone())));
            let known = Known::state(account.at(), snapshot, state.now_ms);
            let (raw, at) = (format!("{} wei", facts.balance), Some(account.at()));
            let subject = Subject { title: &title, value: &text, raw: &raw, how: Word::HowAccount, at };
            badge::badge(ui, known, &subject, snapshot, state);
        }
        None => {
            let how = Word::HowAccount;
            let subject = Subject { title: &title, value: "—", raw: "", how, at: None };
            badge::badge(ui, Known::Checking, &subject, snapshot, state);
        }
    }
}

/// A new phrase: shown while a button is held, written down, and three of its words repeated.
pub(super) fn new(ui: &mut Ui, state: &mut UiState) -> bool {
    if state.wallet.keys.phrase.0.is_none() && !make(state) {
        return false;
    }
    if state.wallet.keys.confirmed {
        widgets::quiet(ui, state, state.t(Word::PaperRight));
        return true;
    }
    ui.label(state.t(Word::WriteDown));
    // A press that lasts is no click any more: only a drag is still known to be down on the button.
    let hold = ui.add(egui::Button::new(state.t(Word::HoldToShow)).sense(egui::Sense::click_and_drag()));
    state.wallet.keys.revealing = hold.is_pointer_button_down_on()
        || (hold.has_focus() && ui.input(|input| input.key_down(egui::Key::Space)));
    phrase_cells(ui, state);
    ui.add_space(4.0);
    repeat(ui, state);
    false
}

fn make(state: &mut UiState) -> bool {
    let keys = &mut state.wallet.keys;
    let made = Phrase::generate(NEW_LENGTH, Secret::new(Vec::new()))
        .and_then(|phrase| phrase.confirmation().map(|asked| (phrase, asked)));
    match made {
        Ok((phrase, asked)) => {
            keys.words = empty(asked.positions.len());
            keys.derived = derive(&phrase);
            keys.derived.truncate(1);
            (keys.phrase, keys.confirmation) = (Hidden(Some(phrase)), Some(asked));
            true
        }
        Err(error) => {
            keys.error = Some(error.to_string());
            false
        }
    }
}

/// The words in their order, painted only while they are revealed; nothing of them is in the accessibility tree.
fn phrase_cells(ui: &mut Ui, state: &UiState) {
    let Some(phrase) = &state.wallet.keys.phrase.0 else { return };
    let words: Vec<&str> = phrase.words().text().unwrap_or_default().split(' ').collect();
    let shown = state.wallet.keys.revealing && !state.wallet.capturing;
    let columns = columns(ui.available_width(), CELL);
    let font = egui::TextStyle::Monospace.resolve(ui.style());
    for (row, chunk) in words.chunks(columns).enumerate() {
        ui.horizontal(|ui| {
            for (column, word) in chunk.iter().enumerate() {
                let number = row.saturating_mul(columns).saturating_add(column).saturating_add(1);
                let (rect, _) = ui.allocate_exact_size(vec2(CELL - 8.0, 28.0), egui::Sense::hover());
                ui.painter().rect_filled(rect, 4.0, state.palette.control);
                let text = match (shown, state.wallet.capturing) {
                    (true, _) => format!("{number}. {word}"),
                    (false, true) => format!("{number}. {}", state.t(Word::HiddenWhileCapturing)),
                    (false, false) => format!("{number}. ••••••"),
                };
                let at = egui::pos2(rect.left() + 8.0, rect.center().y);
                let painter = ui.painter().with_clip_rect(rect);
                painter.text(at, egui::Align2::LEFT_CENTER, text, font.clone(), state.palette.text);
            }
        });
    }
}

/// Three words, asked for by their places.
fn repeat(ui: &mut Ui, state: &mut UiState) {
    let Some(asked) = state.wallet.keys.confirmation.clone() else { return };
    ui.label(state.t(Word::RepeatWords));
    let mut words = std::mem::take(&mut state.wallet.keys.words);
    ui.horizontal_wrapped(|ui| {
        for (word, position) in words.iter_mut().zip(&asked.positions) {
            let label = state.tf(Word::WordNumber, &[&position.to_string()]);
            ui.label(&label);
            let look = SecretLook { label: &label, width: CELL, revealed: false };
            secret_field(ui, egui::Id::unique(("keys.repeat", position)), word, look, state);
        }
    });
    let all = words.iter().all(|word| !word.is_empty());
    let button = ui.add_enabled(all, egui::Button::new(state.t(Word::CheckWords)));
    if button.clicked() {
        let mut joined = zeroize::Zeroizing::new(String::with_capacity(256));
        for word in &words {
            joined.push_str(word.expose().trim());
            joined.push(' ');
        }
        let given = Secret::new(joined.as_bytes().to_vec());
        let right = state.wallet.keys.phrase.0.as_ref().is_some_and(|phrase| phrase.confirms(&asked, &given));
        state.wallet.keys.confirmed = right;
        state.wallet.keys.error = (!right).then(|| state.t(Word::WordsWrong).to_owned());
    }
    state.wallet.keys.words = words;
}
