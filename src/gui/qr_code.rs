//! A QR code, drawn.

use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// Light modules around a code, without which readers do not find it (ISO 18004).
const QUIET: usize = 4;

/// Draws the code of a text; nothing where it is too long for one.
pub(super) fn show(ui: &mut Ui, text: &str, side: f32, label: &str) {
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
