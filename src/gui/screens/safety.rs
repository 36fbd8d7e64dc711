//! Settings of safety: how one signs, when the wallet locks, and support view.

use egui::Ui;

use super::settings::choices;
use super::unlock;
use crate::app::{AccountKind, Command, Snapshot, WalletCommand};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Minutes after which the wallet locks by itself; 0 stands for the usual ten.
const MINUTES: [(u16, &str); 4] = [(1, "1 min"), (5, "5 min"), (0, "10 min"), (30, "30 min")];

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Safety));
        let (hold, twice) = (state.t(Word::ByHolding), state.t(Word::ByTwoPresses));
        let name = state.t(Word::ConfirmBy);
        choices(ui, name, &mut state.kept.two_press, &[(false, hold), (true, twice)]);
        widgets::quiet(ui, state, state.t(Word::ConfirmByMeans));
        let before = state.kept.lock_minutes;
        let name = state.t(Word::LockAfterWord);
        choices(ui, name, &mut state.kept.lock_minutes, &MINUTES);
        if state.kept.lock_minutes != before {
            commands.push(lock_after(state));
        }
        support(ui, snapshot, state, commands);
    });
}

/// Tells the wallet when to lock.
pub(in crate::gui) fn lock_after(state: &UiState) -> Command {
    let minutes = if state.kept.lock_minutes == 0 { 10 } else { state.kept.lock_minutes };
    Command::Wallet(WalletCommand::LockAfter(u64::from(minutes) * 60_000))
}

fn support(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.separator();
    widgets::section(ui, state.t(Word::SupportTitle));
    widgets::quiet(ui, state, state.t(Word::SupportMeans));
    if state.wallet.support.is_none() {
        if ui.button(state.t(Word::EnterSupport)).clicked() {
            enter(state, commands);
        }
    } else if ui.button(state.t(Word::LeaveSupport)).clicked() {
        leave(snapshot, state, commands);
    }
}

/// Keys go off before anything of support view is drawn.
pub(in crate::gui) fn enter(state: &mut UiState, commands: &mut Vec<Command>) {
    commands.push(Command::Wallet(WalletCommand::KeysOff));
    state.enter_support();
}

/// Leaving needs a password, where a key has one. The view goes on until the wallet has taken it.
fn leave(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let sealed = |kind| matches!(kind, AccountKind::KeyFile | AccountKind::Phrase);
    let first = snapshot.wallet.accounts.iter().find(|one| sealed(one.kind)).map(|one| one.address);
    match first {
        Some(account) => {
            unlock::open(account, state);
            if let Some(open) = &mut state.wallet.unlock {
                open.leaves_support = true;
            }
        }
        None => commands.push(Command::Wallet(WalletCommand::KeysOn(None))),
    }
}
