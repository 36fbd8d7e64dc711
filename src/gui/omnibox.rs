//! The palette (Ctrl+K): one field for commands and for pasted data.

use egui::{Key, Modal, RichText, TextEdit, Ui};

use super::names;
use super::omnibox_rows::{Act, Row, rows};
use super::paste::{self, Pasted};
use super::screen::Screen;
use super::shell;
use super::theme::ThemeChoice;
use super::ui_state::{UiState, Wish};
use super::words::Word;
use crate::app::{Command, Question, Snapshot};

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
    let done = list(ui, &rows, enter, state);
    if let Some(act) = done {
        perform(act, state, commands);
    }
}

/// Draws the rows. What the one that was clicked does, or with Enter the chosen one.
fn list(ui: &mut Ui, rows: &[Row], enter: bool, state: &UiState) -> Option<Act> {
    let chosen = state.omnibox.row;
    let act_of = |row: &Row| row.on.then(|| row.act.clone());
    let mut done = enter.then(|| rows.get(chosen).and_then(act_of)).flatten();
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
            // A row that cannot be chosen now stays, greyed, and says why.
            let mut text = RichText::new(row.text.as_str());
            if !row.on {
                text = text.color(state.palette.text_3);
            }
            let button =
                egui::Button::selectable(at == chosen, text).min_size(egui::vec2(ui.available_width(), 30.0));
            if ui.add(button).clicked() {
                done = act_of(row);
            }
        }
    });
    done
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
        Act::SendTo(address) => {
            super::screens::send_to(address, state);
            state.screen = Screen::Send;
        }
        Act::Replace(hash, kind) => super::screens::replace(hash, kind, state, commands),
        Act::Sign(typed) => {
            super::screens::sign_with(None, state);
            if let Some(text) = typed {
                super::screens::take_text(&text, state);
            }
        }
        Act::Support => super::screens::enter_support(state, commands),
        Act::Bring(raw) => super::screens::bring(&raw, state, commands),
    }
    close(state);
}
