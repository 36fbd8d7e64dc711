//! Home: what do I have, and how is that known?

use alloy::primitives::U256;
use egui::{RichText, Role, Ui, WidgetInfo};

use super::{assets, danger_card, receive, still_verifying};
use crate::app::{Command, Loadable, Question, Snapshot, SyncView, Tag};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::kept::Watched;
use crate::gui::known::Known;
use crate::gui::refresh;
use crate::gui::screen::Screen;
use crate::gui::seen::Seen;
use crate::gui::switcher;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(chosen) = state.account().or(state.book.watched.first()).cloned() else {
        state.screen = Screen::FirstRun;
        return;
    };
    widgets::title(ui, state.t(Word::Home));
    if state.book.watched.len() > 1 {
        total(ui, snapshot, state);
    }
    still_verifying::show(ui, snapshot, state, commands);
    danger_card::show(ui, chosen.address, snapshot, state);
    account(ui, &chosen, snapshot, state);
    if let Some(question) = refresh::accounts_question(state)
        && let Some(Loadable::Failed { reason, .. }) = snapshot.answers.get(&question)
        && !snapshot.offline
        && snapshot.sync == SyncView::Following
    // else the banner says it
    {
        let reason = reason.clone();
        widgets::card(ui, state, |ui, state| {
            widgets::reason(ui, state, &reason);
            if ui.button(state.t(Word::TryAgain)).clicked() {
                commands.push(Command::Ask(question));
            }
        });
    }
    assets::show(ui, &chosen, snapshot, state, commands);
    others(ui, snapshot, state);
    widgets::quiet(ui, state, state.t(Word::EthereumOnly));
    receive::show(ui, snapshot, state);
}

/// How an account is known now. What no endpoint could prove is refuted, whatever was known before.
pub(super) fn known_of(seen: Option<&Seen>, snapshot: &Snapshot, state: &UiState) -> Known {
    if refresh::refuted(snapshot, state).is_some() {
        return Known::Refuted;
    }
    match seen {
        Some(seen) => seen.known(snapshot, state.now_ms),
        None => Known::Checking,
    }
}

/// The sum, worth its weakest part. What is not known is not in it, and that is said.
fn total(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let all: Vec<Option<Seen>> = state.book.watched.iter().map(|one| state.newest(one.address)).collect();
    let refuted = refresh::refuted(snapshot, state).is_some();
    let here = if refuted { 0 } else { all.iter().flatten().count() };
    let sum = all.iter().flatten().fold(U256::ZERO, |sum, one| sum.saturating_add(one.facts.balance));
    let known = all.iter().flatten().map(|one| known_of(Some(one), snapshot, state)).reduce(Known::weaker);
    let known = if refuted { Known::Refuted } else { known.unwrap_or(Known::Checking) };
    let at = all.iter().flatten().map(Seen::at).min_by_key(|at| at.number);
    widgets::card(ui, state, |ui, state| {
        let title = state.t(Word::Total);
        ui.label(RichText::new(title).color(state.palette.text_2));
        let value =
            if here == 0 { "—".to_owned() } else { format!("{} ETH", format::ether(sum, Round::Down)) };
        let shown = state.amount(value.clone());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(shown).text_style(egui::TextStyle::Name("display".into())));
            let raw = if here == 0 { String::new() } else { format!("{sum} wei") };
            let subject = Subject { title, value: &value, raw: &raw, how: Word::HowAccount, at };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        if here < all.len() {
            let words = state.tf(Word::PartRead, &[&here.to_string(), &all.len().to_string()]);
            widgets::quiet(ui, state, &words);
        }
    });
}

/// The account by name, else by what it is.
pub(super) fn name_of(one: &Watched, state: &UiState) -> String {
    if one.name.is_empty() { state.t(Word::WatchedAddress).to_owned() } else { one.name.clone() }
}

fn account(ui: &mut Ui, one: &Watched, snapshot: &Snapshot, state: &mut UiState) {
    let seen = state.newest(one.address);
    widgets::card(ui, state, |ui, state| {
        let name = name_of(one, state);
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, &name);
            ui.label(
                RichText::new(state.t(super::keys::kind(one.address, snapshot)))
                    .small()
                    .color(state.palette.text_3),
            );
        });
        widgets::address(ui, state, one.address, 13.0);
        ui.add_space(2.0);
        balance(ui, &name, seen.as_ref(), snapshot, state);
        ui.horizontal_wrapped(|ui| {
            if state.wallet.support.is_none() && ui.button(state.t(Word::Send)).clicked() {
                super::send_recipient::send_from(one.address, state);
            }
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
        });
    });
}

fn balance(ui: &mut Ui, name: &str, seen: Option<&Seen>, snapshot: &Snapshot, state: &mut UiState) {
    let title = state.tf(Word::BalanceOf, &[name]);
    let known = known_of(seen, snapshot, state);
    let Some(seen) = seen.filter(|_| known != Known::Refuted) else {
        ui.horizontal_wrapped(|ui| {
            if known == Known::Refuted {
                ui.label(RichText::new("—").size(24.0).family(medium()));
            } else {
                widgets::skeleton(ui, state, 150.0);
            }
            let subject = Subject { title: &title, value: "—", raw: "", how: Word::HowAccount, at: None };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        if known == Known::Refuted {
            widgets::quiet(ui, state, state.t(Word::NoneCouldProve));
        }
        return;
    };
    let facts = seen.facts;
    let exact = format!("{} ETH", format::ether_exact(facts.balance));
    let shown = state.amount(format!("{} ETH", format::ether(facts.balance, Round::Down)));
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(shown).size(24.0).family(medium()));
        let raw = format!("{} wei", facts.balance);
        let at = Some(seen.at());
        let subject = Subject { title: &title, value: &exact, raw: &raw, how: Word::HowAccount, at };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    let kind = match (facts.exists, facts.has_code) {
        (false, _) => Word::UnusedAccount,
        (true, false) => Word::PlainAccount,
        (true, true) => Word::AccountWithCode,
    };
    let words = state.tf(Word::NonceAndKind, &[&format::number(facts.nonce), state.t(kind)]);
    ui.label(RichText::new(words).color(state.palette.text_2));
}

/// The accounts beside the chosen one, a line each; a click chooses.
fn others(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    if state.book.watched.len() < 2 {
        return;
    }
    let all = state.book.watched.clone();
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::YourAccounts));
        for (at, one) in all.iter().enumerate() {
            let seen = state.newest(one.address);
            let known = known_of(seen.as_ref(), snapshot, state);
            let balance = match seen.filter(|_| known != Known::Refuted) {
                Some(seen) => state.amount(format!("{} ETH", format::ether(seen.facts.balance, Round::Down))),
                None => "—".to_owned(),
            };
            let name = switcher::title(one);
            ui.horizontal(|ui| {
                let button = ui.selectable_label(at == state.selected, RichText::new(&name));
                let label = format!("{name}, {balance}, {}", known.word(state.kept.language));
                button.widget_info(|| {
                    WidgetInfo::selected(Role::Button, true, at == state.selected, label.clone())
                });
                if button.clicked() {
                    state.selected = at;
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let at = seen.map(|seen| seen.at());
                    let title = state.tf(Word::BalanceOf, &[&name]);
                    let raw = "";
                    let how = Word::HowAccount;
                    let subject = Subject { title: &title, value: &balance, raw, how, at };
                    badge::badge(ui, known, &subject, snapshot, state);
                    ui.label(&balance);
                });
            });
        }
    });
}
