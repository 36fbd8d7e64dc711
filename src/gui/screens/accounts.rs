//! Accounts: what is watched, and the addresses of others that were compared with a source.

use alloy::primitives::Address;
use egui::{RichText, Role, TextEdit, Ui, WidgetInfo};

use super::home::known_of;
use super::{contacts, keys, receive};
use crate::app::{Command, Snapshot};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::kept::Watched;
use crate::gui::paste::{self, Pasted};
use crate::gui::screen::Screen;
use crate::gui::switcher;
use crate::gui::ui_state::{Field, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Accounts));
    let all = state.book.watched.clone();
    if all.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NoAccounts));
    }
    for (at, one) in all.iter().enumerate() {
        account(ui, (at, one), snapshot, state);
    }
    add(ui, state);
    keys::show(ui, snapshot, state, commands);
    contacts::show(ui, snapshot, state);
    receive::show(ui, snapshot, state);
    removal(ui, state);
}

fn account(ui: &mut Ui, (at, one): (usize, &Watched), snapshot: &Snapshot, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let name = switcher::title(one);
        if state.accounts.renaming.as_ref().is_some_and(|(who, _)| *who == one.address) {
            rename(ui, one.address, state);
        } else {
            ui.horizontal_wrapped(|ui| {
                widgets::section(ui, if one.name.is_empty() { state.t(Word::WatchedAddress) } else { &name });
                ui.label(
                    RichText::new(state.t(keys::kind(one.address, snapshot)))
                        .small()
                        .color(state.palette.text_3),
                );
                if !one.keep {
                    ui.label(RichText::new(state.t(Word::NotKept)).small().color(state.palette.text_3));
                }
            });
        }
        widgets::address(ui, state, one.address, 13.0);
        let known = known_of(state.newest(one.address).as_ref(), snapshot, state);
        let signs = snapshot.wallet.account(one.address).is_some_and(|one| one.kind.can_sign());
        let word = if signs { Word::CanSign } else { Word::CanLook };
        let kind = state.t(keys::kind(one.address, snapshot));
        widgets::quiet(ui, state, &state.tf(word, &[kind, &known.word(state.kept.language)]));
        ui.horizontal_wrapped(|ui| {
            if named(ui, state.t(Word::ShowOnHome), &name) {
                state.selected = at;
                state.screen = Screen::Home;
            }
            if named(ui, state.t(Word::Receive), &name) {
                state.home.receive = Some(one.address);
            }
            if named(ui, state.t(Word::CopyAddress), &name) {
                state.copy(ui, &name, one.address.to_checksum(None));
            }
            if named(ui, state.t(Word::Rename), &name) {
                state.accounts.renaming = Some((one.address, one.name.clone()));
            }
            if named(ui, state.t(Word::Remove), &name) {
                state.accounts.removing = Some(one.address);
            }
        });
    });
}

/// A button that says aloud what it is about: several of the same name stand on the page.
pub(super) fn named(ui: &mut Ui, word: &str, about: &str) -> bool {
    let button = ui.button(word);
    let label = format!("{word}: {about}");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
    button.clicked()
}

fn rename(ui: &mut Ui, who: Address, state: &mut UiState) {
    let mut done = false;
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(state.t(Word::NameOptional));
        if let Some((_, name)) = &mut state.accounts.renaming {
            let edit = TextEdit::singleline(name).desired_width(240.0).char_limit(64);
            let response = ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
            done = widgets::entered(ui, &response);
        }
        done |= ui.button(state.t(Word::Save)).clicked();
        if ui.button(state.t(Word::Cancel)).clicked() {
            state.accounts.renaming = None;
        }
    });
    if done && let Some((_, name)) = state.accounts.renaming.take() {
        let name = crate::app::plain(&name).trim().chars().take(64).collect::<String>();
        for one in state.book.watched.iter_mut().filter(|one| one.address == who) {
            one.name.clone_from(&name);
        }
    }
}

fn add(ui: &mut Ui, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::WatchAnAddress));
        let (label, hint, colour) =
            (state.t(Word::AddressLabel), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.accounts.watch, colour);
        if response.changed() {
            wipe_secret(state);
        }
        let label = ui.label(state.t(Word::NameOptional));
        let edit = TextEdit::singleline(&mut state.accounts.watch_name).desired_width(240.0).char_limit(64);
        let name = ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        let entered = widgets::entered(ui, &response) || widgets::entered(ui, &name);
        if widgets::primary(ui, state, state.t(Word::SaveWatch)).clicked() || entered {
            take(state);
        }
    });
}

/// What was pasted may be a key: it is gone before the next frame.
fn wipe_secret(state: &mut UiState) {
    let pasted = paste::read(&state.accounts.watch.text, &paste::known(state));
    if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
        paste::wipe(&mut state.accounts.watch.text);
        state.accounts.watch.error = Some(state.t(Word::AddressSecret).to_owned());
    }
}

fn take(state: &mut UiState) {
    match paste::address(&state.accounts.watch.text) {
        Ok(address) => {
            let name = std::mem::take(&mut state.accounts.watch_name);
            state.watch(address, &name, true);
            state.accounts.watch = Field::default();
        }
        Err(error) => state.accounts.watch.error = Some(error.words(state)),
    }
}

/// Asks before an account is removed. The safe choice has the focus.
fn removal(ui: &Ui, state: &mut UiState) {
    let Some(who) = state.accounts.removing else { return };
    let name = state.name_of(who).map_or_else(|| format::short_address(who), str::to_owned);
    let modal = egui::Modal::new(egui::Id::unique("remove account")).frame(state.palette.card_frame()).show(
        ui.ctx(),
        |ui| {
            ui.set_width((ui.ctx().content_rect().width() - 60.0).clamp(260.0, 460.0));
            ui.label(RichText::new(state.tf(Word::RemoveAsk, &[&name])).size(15.0).family(medium()));
            widgets::address(ui, state, who, 13.0);
            widgets::quiet(ui, state, state.t(Word::RemoveMeans));
            ui.horizontal_wrapped(|ui| {
                let keep = ui.button(state.t(Word::KeepIt));
                if ui.memory(|memory| memory.focused().is_none()) {
                    keep.request_focus();
                }
                let remove = ui.button(state.t(Word::Remove)).clicked();
                (keep.clicked(), remove)
            })
            .inner
        },
    );
    let (keep, remove) = modal.inner;
    if remove {
        state.stop_watching(who);
    }
    if keep || remove || modal.should_close() {
        state.accounts.removing = None;
    }
}
