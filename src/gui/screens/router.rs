//! From the chosen screen to its function.

use egui::Ui;

use super::{
    about, accounts, activity, approvals, contracts, exit_plan, explorer, first_run, hand_over, home,
    messages, network, positions, practice, review, safe, send, settings, sign, transaction,
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
        Screen::Positions | Screen::ExitPlan | Screen::Approvals | Screen::Safe => {
            hand_over::rest(ui, state);
            match state.screen {
                Screen::ExitPlan => exit_plan::show(ui, snapshot, state, commands),
                Screen::Approvals => approvals::show(ui, snapshot, state, commands),
                Screen::Safe => safe::show(ui, snapshot, state, commands),
                _ => positions::show(ui, snapshot, state, commands),
            }
            hand_over::deliver(snapshot, state, commands);
        }
        Screen::Send => send::show(ui, snapshot, state, commands),
        Screen::Sign => sign::show(ui, snapshot, state, commands),
        Screen::Review => review::show(ui, snapshot, state, commands),
        Screen::Activity => activity::show(ui, snapshot, state, commands),
        Screen::Transaction => {
            // Where a signature leads: the way goes on from here.
            hand_over::rest(ui, state);
            transaction::show(ui, snapshot, state, commands);
            hand_over::deliver(snapshot, state, commands);
        }
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
