//! The unlock window: one password, for one account's key, for as long as the wallet stays unlocked.

use alloy::primitives::Address;
use egui::{Modal, RichText, Ui};

use crate::app::{Command, Handed, Running, Snapshot, WalletCommand};
use crate::gui::fonts::medium;
use crate::gui::secret_field::labelled;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::UnlockState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Opens the window for an account.
pub(super) fn open(account: Address, state: &mut UiState) {
    state.wallet.unlock = Some(UnlockState { account, fresh: true, ..UnlockState::default() });
}

/// Draws it where it is open.
pub(in crate::gui) fn show(
    ui: &mut Ui,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let Some(mut open) = state.wallet.unlock.take() else { return };
    let frame = state.palette.card_frame();
    let modal = Modal::new(egui::Id::unique("unlock")).frame(frame).show(ui.ctx(), |ui| {
        ui.set_width((ui.ctx().content_rect().width() - 60.0).clamp(260.0, 460.0));
        contents(ui, &mut open, snapshot, state, commands)
    });
    let esc = modal.response.ctx.input(|input| input.key_pressed(egui::Key::Escape));
    if !modal.inner && !esc {
        state.wallet.unlock = Some(open);
    }
}

/// True where the window closes without an order.
fn contents(
    ui: &mut Ui,
    open: &mut UnlockState,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) -> bool {
    let name = snapshot.wallet.account(open.account).map(|one| one.name.clone()).unwrap_or_default();
    ui.label(RichText::new(state.tf(Word::UnlockTitle, &[&name])).size(17.0).family(medium()));
    widgets::address(ui, state, open.account, 12.5);
    let word = if open.leaves_support { Word::UnlockLeavesSupport } else { Word::UnlockMeans };
    widgets::quiet(ui, state, state.t(word));
    ui.add_space(4.0);
    let field = labelled(ui, "unlock.password", &mut open.password, state.t(Word::Password), state);
    if std::mem::take(&mut open.fresh) {
        field.response.request_focus();
    }
    if field.changed {
        open.error = None;
    }
    let running = snapshot.wallet.running == Some(Running::Key);
    let wait = snapshot.wallet.wait_until_ms.saturating_sub(state.now_ms).div_ceil(1_000);
    if let Some(error) = &open.error {
        ui.label(RichText::new(error).color(state.palette.refuted));
    }
    if wait > 0 {
        widgets::quiet(ui, state, &state.tf(Word::WaitBefore, &[&wait.to_string()]));
    }
    let mut closes = false;
    ui.horizontal_wrapped(|ui| {
        closes = ui.button(state.t(Word::Cancel)).clicked();
        let ready = !open.password.is_empty() && !running && wait == 0;
        let button =
            ui.add_enabled_ui(ready, |ui| widgets::primary(ui, state, state.t(Word::UnlockWord))).inner;
        if ready && (button.clicked() || field.entered) {
            let password = Handed::new(open.password.take());
            let account = open.account;
            commands.push(Command::Wallet(match open.leaves_support {
                true => WalletCommand::KeysOn(Some((account, password))),
                false => WalletCommand::Unlock { account, password },
            }));
        }
        if running {
            ui.spinner();
            widgets::quiet(ui, state, state.t(Word::OpeningKey));
        }
    });
    closes
}
