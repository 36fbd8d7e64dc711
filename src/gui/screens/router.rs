//! From the chosen screen to its function.

use egui::Ui;

use super::{
    about, accounts, activity, contracts, explorer, first_run, home, messages, network, practice, review,
    send, settings, transaction,
};
use crate::app::{Command, Snapshot};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;

/// Draws the chosen screen.
pub(in crate::gui) fn show(
    ui: &mut Ui,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    match state.screen {
        Screen::FirstRun => first_run::show(ui, snapshot, state, commands),
        Screen::Home => home::show(ui, snapshot, state, commands),
        Screen::Send => send::show(ui, snapshot, state, commands),
        Screen::Review => review::show(ui, snapshot, state, commands),
        Screen::Activity => activity::show(ui, snapshot, state, commands),
        Screen::Transaction => transaction::show(ui, snapshot, state, commands),
        Screen::Explorer => explorer::show(ui, snapshot, state, commands),
        Screen::Network => network::show(ui, snapshot, state, commands),
        Screen::Contracts => contracts::show(ui, snapshot, state, commands),
        Screen::Accounts => accounts::show(ui, snapshot, state, commands),
        Screen::Settings => settings::show(ui, snapshot, state, commands),
        Screen::About => about::show(ui, snapshot, state),
        Screen::Practice => practice::show(ui, snapshot, state),
        Screen::Messages => messages::show(ui, snapshot, state),
    }
}
