//! Asks before an account that can sign is removed; where its key is on this computer, for its name. The safe choice has
//! the focus.

use egui::{RichText, TextEdit, Ui};

use super::send_form::waits;
use crate::app::{AccountView, Command, Snapshot, WalletCommand};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it where it is open.
pub(super) fn show(ui: &Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some((who, mut typed)) = state.wallet.keys.removing.take() else { return };
    let Some(account) = snapshot.wallet.account(who).cloned() else { return };
    let frame = state.palette.card_frame();
    let modal = egui::Modal::new(egui::Id::unique("remove key")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width((ui.ctx().content_rect().width() - 60.0).clamp(260.0, 460.0));
        ui.label(RichText::new(state.tf(Word::RemoveAsk, &[&account.name])).size(15.0).family(medium()));
        widgets::address(ui, state, who, 13.0);
        means(ui, &account, snapshot, state);
        if account.holds_key() {
            let label = ui.label(state.tf(Word::RemoveTypeName, &[&account.name]));
            let edit = TextEdit::singleline(&mut typed).desired_width(240.0).char_limit(64);
            ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        }
        buttons(ui, &account, &typed, state)
    });
    let (keep, remove) = modal.inner;
    let esc = ui.ctx().input(|input| input.key_pressed(egui::Key::Escape));
    if remove {
        commands.push(Command::Wallet(WalletCommand::RemoveAccount { account: who, typed }));
    } else if !keep && !esc {
        state.wallet.keys.removing = Some((who, typed));
    }
}

fn means(ui: &mut Ui, account: &AccountView, snapshot: &Snapshot, state: &UiState) {
    let word = if account.holds_key() { Word::RemoveKeyMeans } else { Word::RemoveDeviceMeans };
    widgets::quiet(ui, state, state.t(word));
    let same = |one: &&AccountView| {
        account.file.is_some() && one.file == account.file && one.address != account.address
    };
    let others: Vec<&AccountView> = snapshot.wallet.accounts.iter().filter(same).collect();
    if !others.is_empty() {
        ui.label(state.t(Word::RemovePhraseMeans));
    }
    for one in &others {
        ui.label(RichText::new(&one.name).color(state.palette.text_2));
        widgets::address(ui, state, one.address, 12.5);
    }
    let goes = |who| who == account.address || others.iter().any(|one| one.address == who);
    let waiting = snapshot.wallet.history.iter().filter(|one| goes(one.from) && waits(one)).count();
    if waiting > 0 {
        let text = state.tf(Word::RemoveWaits, &[&format::number(waiting as u64)]);
        ui.label(RichText::new(text).color(state.palette.unverified));
    }
}

/// Keep it, or remove it.
fn buttons(ui: &mut Ui, account: &AccountView, typed: &str, state: &UiState) -> (bool, bool) {
    ui.horizontal_wrapped(|ui| {
        let keep = ui.button(state.t(Word::KeepIt));
        if ui.memory(|memory| memory.focused().is_none()) {
            keep.request_focus();
        }
        let ready = !account.holds_key() || typed.trim() == account.name;
        let remove = ui.add_enabled(ready, egui::Button::new(state.t(Word::Remove))).clicked();
        (keep.clicked(), remove && ready)
    })
    .inner
}
