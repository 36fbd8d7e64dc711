//! Settings: how the window looks, and where things are.

use egui::Ui;

use crate::app::Snapshot;
use crate::gui::language::Language;
use crate::gui::shell;
use crate::gui::theme::ThemeChoice;
use crate::gui::ui_state::{Kept, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::title(ui, state.t(Word::Settings));
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Display));
        theme(ui, state);
        language(ui, state);
        zoom(ui, state);
        let words = state.t(Word::CalmMode);
        ui.checkbox(&mut state.kept.calm, words);
        let words = state.t(Word::HideAmounts);
        ui.checkbox(&mut state.kept.hide_amounts, words);
    });
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Network));
        let tag = shell::network_tag(snapshot, state);
        widgets::pair(ui, state, state.t(Word::Network), |ui| {
            ui.label(tag);
        });
        widgets::quiet(ui, state, state.t(Word::ChangeNetwork));
        widgets::quiet(ui, state, state.t(Word::WhereEndpoints));
    });
    widgets::card(ui, state, data);
}

fn choices<T: PartialEq + Copy>(ui: &mut Ui, name: &str, value: &mut T, all: &[(T, &str)]) {
    ui.horizontal_wrapped(|ui| {
        ui.label(name);
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

fn data(ui: &mut Ui, state: &mut UiState) {
    widgets::section(ui, state.t(Word::Data));
    let folder = state.data_folder.clone();
    if folder.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NothingKept));
    } else {
        widgets::pair(ui, state, state.t(Word::Folder), |ui| {
            ui.add(egui::Label::new(&folder).wrap());
        });
    }
    ui.horizontal_wrapped(|ui| {
        if !folder.is_empty() && ui.button(state.t(Word::CopyFolder)).clicked() {
            let what = state.t(Word::Folder);
            state.copy(ui, what, folder);
        }
        if ui.button(state.t(Word::ForgetAccounts)).clicked() {
            let kept = Kept { watched: Vec::new(), ..state.kept.clone() };
            state.kept = kept;
            state.seen.clear();
            state.selected = 0;
        }
    });
    widgets::quiet(ui, state, state.t(Word::ForgetMeans));
}
