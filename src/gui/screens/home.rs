//! Home: what do I have, and how is that known?

use alloy::primitives::U256;
use egui::{RichText, Role, Ui, WidgetInfo};

use super::receive;
use crate::app::{Account, Command, Loadable, Proven, Question, Snapshot, Tag};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::paste::{self, Pasted};
use crate::gui::refresh;
use crate::gui::ui_state::{Field, Screen, UiState, Watched};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if state.book.watched.is_empty() {
        state.screen = Screen::FirstRun;
        return;
    }
    if !state.home.told_watch_only {
        watch_only(ui, state);
    }
    widgets::title(ui, state.t(Word::Home));
    if state.book.watched.len() > 1 {
        total(ui, snapshot, state);
    }
    let accounts = state.book.watched.clone();
    for (at, one) in accounts.iter().enumerate() {
        account(ui, at, one, snapshot, state);
    }
    if let Some(question) = refresh::accounts_question(state)
        && let Some(Loadable::Failed { reason, .. }) = snapshot.answers.get(&question)
    {
        let reason = reason.clone();
        widgets::card(ui, state, |ui, state| {
            widgets::reason(ui, state, &reason);
            if ui.button(state.t(Word::TryAgain)).clicked() {
                commands.push(Command::Ask(question));
            }
        });
    }
    add(ui, state);
    widgets::quiet(ui, state, state.t(Word::EthereumOnly));
    receive::show(ui, snapshot, state);
}

fn watch_only(ui: &mut Ui, state: &mut UiState) {
    let palette = state.palette;
    egui::Frame::new().fill(palette.info).corner_radius(8).inner_margin(10).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            ui.label(state.t(Word::LookingOnly));
            if ui.button(state.t(Word::Understood)).clicked() {
                state.home.told_watch_only = true;
            }
        });
    });
    ui.add_space(10.0);
}

fn known_of(account: Option<&Proven<Account>>, snapshot: &Snapshot, state: &UiState) -> Known {
    account.map_or(Known::Checking, |account| Known::proven(account.at(), snapshot, state.now_ms))
}

/// The sum, worth its weakest part.
fn total(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let seen: Vec<Option<&Proven<Account>>> =
        state.book.watched.iter().map(|one| state.seen.get(&one.address)).collect();
    let here = seen.iter().flatten().count();
    let sum = seen.iter().flatten().fold(U256::ZERO, |sum, one| sum.saturating_add(one.value().balance));
    let known = seen.iter().flatten().map(|one| known_of(Some(one), snapshot, state));
    let known = known.reduce(Known::weaker).unwrap_or(Known::Checking);
    let at = seen.iter().flatten().map(|one| one.at()).min_by_key(|at| at.number);
    let all = seen.len();
    widgets::card(ui, state, |ui, state| {
        let title = state.t(Word::Total);
        ui.label(RichText::new(title).color(state.palette.text_2));
        let value =
            if here == 0 { "—".to_owned() } else { format!("{} ETH", format::ether(sum, Round::Down)) };
        let shown = state.amount(value.clone());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(shown).text_style(egui::TextStyle::Name("display".into())));
            let raw = format!("{sum} wei");
            let subject = Subject { title, value: &value, raw: &raw, how: Word::HowAccount, at };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        if here < all {
            let words = state.tf(Word::PartRead, &[&here.to_string(), &all.to_string()]);
            widgets::quiet(ui, state, &words);
        }
    });
}

fn name_of(one: &Watched, state: &UiState) -> String {
    if one.name.is_empty() { state.t(Word::WatchedAddress).to_owned() } else { one.name.clone() }
}

fn account(ui: &mut Ui, at: usize, one: &Watched, snapshot: &Snapshot, state: &mut UiState) {
    let seen = state.seen.get(&one.address).cloned();
    widgets::card(ui, state, |ui, state| {
        let name = name_of(one, state);
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, &name);
            ui.label(RichText::new(state.t(Word::WatchOnly)).small().color(state.palette.text_3));
        });
        widgets::address(ui, state, one.address, 13.5);
        ui.add_space(2.0);
        balance(ui, &name, seen.as_ref(), snapshot, state);
        ui.horizontal_wrapped(|ui| {
            if ui.button(state.t(Word::Receive)).clicked() {
                state.home.receive = Some(one.address);
            }
            if ui.button(state.t(Word::CopyAddress)).clicked() {
                state.copy(ui, &name, one.address.to_checksum(None));
            }
            if ui.button(state.t(Word::Explore)).clicked() {
                state.explorer.question = Some(Question::AccountWithCode(one.address, Tag::Latest));
                state.screen = Screen::Explorer;
            }
            let remove = ui.button(state.t(Word::StopWatching));
            remove.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, format!("{}: {name}", state.t(Word::StopWatching)))
            });
            if remove.clicked() && at < state.book.watched.len() {
                state.book.watched.remove(at);
                state.selected = 0;
                state.asked_at = None;
            }
        });
    });
}

fn balance(
    ui: &mut Ui,
    name: &str,
    seen: Option<&Proven<Account>>,
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let title = state.tf(Word::BalanceOf, &[name]);
    let known = known_of(seen, snapshot, state);
    let Some(account) = seen else {
        ui.horizontal_wrapped(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(150.0, 26.0), egui::Sense::hover());
            ui.painter().rect_filled(rect, 6.0, state.palette.control);
            let subject = Subject { title: &title, value: "—", raw: "", how: Word::HowAccount, at: None };
            badge::badge(ui, Known::Checking, &subject, snapshot, state);
        });
        return;
    };
    let facts = *account.value();
    let exact = format!("{} ETH", format::ether_exact(facts.balance));
    let shown = state.amount(format!("{} ETH", format::ether(facts.balance, Round::Down)));
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(shown).size(24.0));
        let raw = format!("{} wei", facts.balance);
        let subject = Subject {
            title: &title,
            value: &exact,
            raw: &raw,
            how: Word::HowAccount,
            at: Some(account.at()),
        };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    let kind = match (facts.exists, facts.has_no_code()) {
        (false, _) => Word::UnusedAccount,
        (true, true) => Word::PlainAccount,
        (true, false) => Word::AccountWithCode,
    };
    let words = state.tf(Word::NonceAndKind, &[&format::number(facts.nonce), state.t(kind)]);
    ui.label(RichText::new(words).color(state.palette.text_2));
}

fn add(ui: &mut Ui, state: &mut UiState) {
    if !state.home.adding {
        if ui.button(state.t(Word::AddAddress)).clicked() {
            state.home.adding = true;
        }
        ui.add_space(6.0);
        return;
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::AddAddress));
        let (label, hint, colour) =
            (state.t(Word::AddressLabel), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.home.add, colour);
        let label = ui.label(state.t(Word::NameOptional));
        let edit = egui::TextEdit::singleline(&mut state.home.name).desired_width(240.0).char_limit(64);
        ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, state, state.t(Word::Look)).clicked() || widgets::entered(ui, &response) {
                take(state);
            }
            if ui.button(state.t(Word::Cancel)).clicked() {
                state.home.adding = false;
                paste::wipe(&mut state.home.add.text);
            }
        });
    });
}

fn take(state: &mut UiState) {
    let text = state.home.add.text.clone();
    if matches!(paste::read(&text, &paste::known(state)), Pasted::Secret | Pasted::HashOrKey(_)) {
        paste::wipe(&mut state.home.add.text);
        state.home.add.error = Some(state.t(Word::AddressSecret).to_owned());
        return;
    }
    match paste::address(&text) {
        Ok(address) => {
            let name = std::mem::take(&mut state.home.name);
            state.watch(address, &name, true);
            state.home.add = Field::default();
            state.home.adding = false;
        }
        Err(error) => state.home.add.error = Some(error.words(state)),
    }
}
