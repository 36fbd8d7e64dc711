//! What cannot be listed from the chain, named by hand: a position by its number, a pool by its address.

use egui::{RichText, Role, Ui, WidgetInfo};

use crate::app::{Command, Named, NamedBy, Snapshot};
use crate::gui::families::families;
use crate::gui::paste::{self, Pasted};
use crate::gui::position_data;
use crate::gui::ui_state::{Field, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// By what something is named.
fn word(by: NamedBy) -> Word {
    match by {
        NamedBy::Position => Word::NameByPosition,
        NamedBy::Request => Word::NameByRequest,
        NamedBy::Trove => Word::NameByTrove,
        NamedBy::Market => Word::NameByMarket,
        NamedBy::Pool => Word::NameByPool,
        NamedBy::Vault => Word::NameByVault,
    }
}

/// Draws it; nothing where everything can be listed.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let takes = position_data::nameable(snapshot, state);
    let Some((first, _)) = takes.first() else { return };
    let names = position_data::protocol_names(snapshot, state);
    let families = families(names.iter().map(|(id, name)| (*id, name.as_str())));
    let any_vault = state.t(Word::NameAnyVault);
    let called = |id: &str| {
        if takes.iter().any(|(one, by)| *one == id && *by == NamedBy::Vault) {
            return any_vault.to_owned();
        }
        let family = families.iter().find(|family| family.id == id);
        // What stands in brackets is about what was looked at.
        family.map_or(id, |family| family.name.split(" (").next().unwrap_or(&family.name)).to_owned()
    };
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::NameTitle));
        widgets::quiet(ui, state, state.t(Word::NameMeans));
        let chosen = state.positions.names_given.protocol.unwrap_or(*first);
        ui.horizontal_wrapped(|ui| {
            for (id, _) in takes.iter() {
                let is_chosen = *id == chosen;
                let words = called(id);
                let button = widgets::choice(ui, is_chosen, &words);
                let label = format!("{}: {words}", state.t(Word::NameTitle));
                button
                    .widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, label.clone()));
                if button.clicked() {
                    state.positions.names_given.protocol = Some(*id);
                    state.positions.names_given.typed.error = None;
                }
            }
        });
        let Some((id, by)) = takes.iter().find(|(id, _)| *id == chosen) else { return };
        typed(ui, (*id, *by), state, commands);
        given(ui, &called, state, commands);
    });
}

fn typed(ui: &mut Ui, (id, by): (&'static str, NamedBy), state: &mut UiState, commands: &mut Vec<Command>) {
    let (label, colour) = (state.t(word(by)), state.palette.refuted);
    let response = widgets::field(ui, label, "", &mut state.positions.names_given.typed, colour);
    if response.changed() {
        let text = &state.positions.names_given.typed.text;
        if matches!(paste::read(text, &paste::known(state)), Pasted::Secret) {
            paste::wipe(&mut state.positions.names_given.typed.text);
            state.positions.names_given.typed.error = Some(state.t(Word::AddressSecret).to_owned());
        }
    }
    if ui.button(state.t(Word::NameDo)).clicked() || widgets::entered(ui, &response) {
        take(id, by, state, commands);
    }
}

fn take(id: &'static str, by: NamedBy, state: &mut UiState, commands: &mut Vec<Command>) {
    let text = state.positions.names_given.typed.text.trim().to_owned();
    let named = format!("{id}={text}").parse::<Named>().ok().filter(|_| by.fits(&text));
    let Some(named) = named else {
        let error = state.tf(Word::NameWrong, &[state.t(word(by))]);
        state.positions.names_given.typed.error = Some(error);
        return;
    };
    commands.push(Command::KeepNamed(named));
    state.positions.names_given.typed = Field::default();
}

/// What was named, each with a way to take it back.
fn given(ui: &mut Ui, called: &dyn Fn(&str) -> String, state: &UiState, commands: &mut Vec<Command>) {
    let given = &state.positions.names_given;
    for one in given.named.iter() {
        let shown = one.to_string();
        let what = shown.split_once('=').map_or(shown.as_str(), |(_, what)| what);
        ui.horizontal_wrapped(|ui| {
            ui.label(called(&one.protocol));
            ui.label(RichText::new(what).monospace());
            let button = ui.button(state.t(Word::Remove));
            let label = format!("{} {shown}", state.t(Word::Remove));
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
            if button.clicked() {
                commands.push(Command::ForgetNamed(one.clone()));
            }
            if !given.taken.contains(one) {
                widgets::quiet(ui, state, state.t(Word::NameNotTaken));
            }
        });
    }
    if !given.named.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NameGiven));
    }
}
