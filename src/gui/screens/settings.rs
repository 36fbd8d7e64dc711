//! Settings: how the window looks, which network it is on, and what is kept.

use egui::{RichText, Ui};

use super::{connection, safety};
use crate::app::{Command, Snapshot};
use crate::gui::fonts::medium;
use crate::gui::format::Grouping;
use crate::gui::language::Language;
use crate::gui::screen::Screen;
use crate::gui::theme::ThemeChoice;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Settings));
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Display));
        theme(ui, state);
        language(ui, state);
        zoom(ui, state);
        numbers(ui, state);
        let words = state.t(Word::CalmMode);
        ui.checkbox(&mut state.kept.calm, words);
        let words = state.t(Word::ReduceMotion);
        ui.checkbox(&mut state.kept.reduce_motion, words);
        let words = state.t(Word::HideAmounts);
        ui.checkbox(&mut state.kept.hide_amounts, words);
        let mut told = !state.kept.no_notices;
        ui.checkbox(&mut told, state.t(Word::DesktopNotices));
        state.kept.no_notices = !told;
    });
    safety::show(ui, snapshot, state, commands);
    connection::show(ui, snapshot, state, commands);
    widgets::card(ui, state, data);
    if ui.button(state.t(Word::AboutLifeboat)).clicked() {
        state.screen = Screen::About;
    }
    wipe(ui, state, commands);
}

pub(super) fn choices<T: PartialEq + Copy>(ui: &mut Ui, name: &str, value: &mut T, all: &[(T, &str)]) {
    ui.horizontal_wrapped(|ui| {
        let place = egui::vec2(110.0, 32.0);
        ui.allocate_ui_with_layout(place, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_width(place.x);
            ui.label(name);
        });
        for (one, word) in all {
            ui.radio_value(value, *one, *word);
        }
    });
}

fn theme(ui: &mut Ui, state: &mut UiState) {
    let all = [
        (ThemeChoice::System, state.t(Word::ThemeSystem)),
        (ThemeChoice::Dark, state.t(Word::ThemeDark)),
        (ThemeChoice::Light, state.t(Word::ThemeLight)),
        (ThemeChoice::HighContrast, state.t(Word::ThemeContrast)),
    ];
    let name = state.t(Word::Theme);
    choices(ui, name, &mut state.kept.theme, &all);
}

fn language(ui: &mut Ui, state: &mut UiState) {
    let all = Language::ALL.map(|one| (one, one.name()));
    let name = state.t(Word::LanguageWord);
    choices(ui, name, &mut state.kept.language, &all);
}

fn zoom(ui: &mut Ui, state: &mut UiState) {
    let name = state.t(Word::Zoom);
    let all = [(0, "100 %"), (125, "125 %"), (150, "150 %")];
    choices(ui, name, &mut state.kept.zoom_percent, &all);
}

fn numbers(ui: &mut Ui, state: &mut UiState) {
    let name = state.t(Word::NumberStyle);
    let all = [(Grouping::Space, "12\u{2009}400.50"), (Grouping::Comma, "12,400.50")];
    choices(ui, name, &mut state.kept.grouping, &all);
}

fn data(ui: &mut Ui, state: &mut UiState) {
    widgets::section(ui, state.t(Word::Data));
    let folder = state.data_folder.clone();
    if folder.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NothingKept));
    } else {
        widgets::pair(ui, state, state.t(Word::Folder), |ui| {
            ui.add(egui::Label::new(&folder).wrap());
        });
        widgets::quiet(ui, state, state.t(Word::FolderHow));
    }
    ui.horizontal_wrapped(|ui| {
        if !folder.is_empty() && ui.button(state.t(Word::CopyFolder)).clicked() {
            let what = state.t(Word::Folder);
            state.copy(ui, what, folder);
        }
        if ui.button(state.t(Word::Wipe)).clicked() {
            state.settings.wiping = true;
        }
    });
}

/// Asks before it wipes. The safe choice has the focus.
fn wipe(ui: &Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    if !state.settings.wiping {
        return;
    }
    let modal =
        egui::Modal::new(egui::Id::unique("wipe")).frame(state.palette.card_frame()).show(ui.ctx(), |ui| {
            ui.set_width((ui.ctx().content_rect().width() - 60.0).clamp(260.0, 480.0));
            ui.label(RichText::new(state.t(Word::WipeAsk)).size(15.0).family(medium()));
            widgets::quiet(ui, state, state.t(Word::WipeMeans));
            ui.horizontal_wrapped(|ui| {
                let keep = ui.button(state.t(Word::KeepIt));
                if ui.memory(|memory| memory.focused().is_none()) {
                    keep.request_focus();
                }
                let wipe = ui.button(state.t(Word::WipeNow)).clicked();
                (keep.clicked(), wipe)
            })
            .inner
        });
    let (keep, wipe) = modal.inner;
    if wipe {
        state.wipe();
        commands.push(Command::ForgetFetched);
    }
    if keep || wipe || modal.should_close() {
        state.settings.wiping = false;
    }
}
