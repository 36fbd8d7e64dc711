//! Receive: the full address and its QR code.

use egui::Ui;

use crate::app::Snapshot;
use crate::gui::qr_code;
use crate::gui::shell;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Shows the code of the chosen address, if one is.
pub(super) fn show(ui: &Ui, snapshot: &Snapshot, state: &mut UiState) {
    let Some(address) = state.home.receive else { return };
    let room = ui.ctx().content_rect().size();
    let width = (room.x - 60.0).clamp(260.0, 460.0);
    let modal = egui::Modal::new(egui::Id::unique("receive")).frame(state.palette.card_frame()).show(
        ui.ctx(),
        |ui| {
            ui.set_width(width);
            widgets::section(ui, state.t(Word::Receive));
            widgets::address(ui, state, address, 14.0);
            let side = (room.y - 260.0).clamp(150.0, 280.0);
            let text = address.to_checksum(None);
            ui.vertical_centered(|ui| qr_code::show(ui, &text, side, state.t(Word::QrLabel)));
            widgets::quiet(
                ui,
                state,
                &state.tf(Word::OnlyThisChain, &[&shell::network_tag(snapshot, state)]),
            );
            ui.horizontal_wrapped(|ui| {
                if widgets::primary(ui, state, state.t(Word::CopyAddress)).clicked() {
                    let what = state.t(Word::AddressLabel);
                    state.copy(ui, what, text);
                }
                ui.button(state.t(Word::Close)).clicked()
            })
            .inner
        },
    );
    if modal.inner || modal.should_close() {
        state.home.receive = None;
    }
}
