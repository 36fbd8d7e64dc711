//! Receive: the full address and its QR code.

use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::Snapshot;
use crate::gui::shell;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Light modules around a code, without which readers do not find it (ISO 18004).
const QUIET: usize = 4;

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
            ui.vertical_centered(|ui| code(ui, &text, side, state.t(Word::QrLabel)));
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

fn code(ui: &mut Ui, text: &str, side: f32, label: &str) {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else { return };
    let modules = code.width();
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, label));
    let painter = ui.painter();
    // A code is dark on light in every theme.
    painter.rect_filled(rect, 4.0, Color32::WHITE);
    let total = modules.saturating_add(QUIET * 2);
    let step = side / total as f32;
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let (x, y) = ((at % modules + QUIET) as f32, (at / modules + QUIET) as f32);
            let cell = Rect::from_min_size(rect.min + vec2(x * step, y * step), vec2(step + 0.3, step + 0.3));
            painter.rect_filled(cell, 0.0, Color32::BLACK);
        }
    }
}
