//! The health factor of a loan as a bar with ticks, as a word, and as a sentence for whoever cannot see it.

use alloy::primitives::U256;
use egui::{
    Align2, Color32, Painter, Pos2, Rect, Role, Sense, Stroke, TextStyle, Ui, WidgetInfo, pos2, vec2,
};

use super::icons::Severity;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{Danger, factor_text};

/// Factor and place on the bar, 0 to 1: what is near liquidation gets most of the room.
const SCALE: [(f32, f32); 4] = [(1.0, 0.0), (1.5, 0.45), (2.0, 0.72), (3.0, 1.0)];
/// Ticks with their words.
const TICKS: [(f32, &str); 4] = [(1.0, "1.0"), (1.5, "1.5"), (2.0, "2.0"), (3.0, "3+")];
/// Factors beyond this are shown as that.
const MOST: u64 = 100;
/// Height of the bar alone.
const BAR: f32 = 14.0;

/// The word for a danger.
pub(super) fn word(danger: Danger) -> Word {
    match danger {
        Danger::None => Word::HealthNoDebt,
        Danger::Comfortable => Word::HealthComfortable,
        Danger::Ok => Word::HealthOk,
        Danger::Watch => Word::HealthWatch,
        Danger::Unknown => Word::HealthUnknown,
        Danger::Critical => Word::HealthCritical,
        Danger::Liquidatable => Word::HealthLiquidatable,
    }
}

/// The shape that goes with it.
pub(super) fn severity(danger: Danger) -> Severity {
    match danger {
        Danger::None | Danger::Comfortable | Danger::Ok => Severity::Ok,
        Danger::Watch | Danger::Unknown => Severity::Caution,
        Danger::Critical | Danger::Liquidatable => Severity::Danger,
    }
}

/// The colour that goes with it.
pub(super) fn colour(danger: Danger, state: &UiState) -> Color32 {
    let palette = &state.palette;
    match severity(danger) {
        Severity::Ok | Severity::Info => palette.final_,
        Severity::Caution => palette.unverified,
        Severity::Danger => palette.refuted,
    }
}

/// A factor as it is shown: `1.42`, rounded down; `> 100` where it says no more than that.
pub(super) fn text(factor: U256) -> String {
    let line = crate::app::WAD.saturating_mul(U256::from(MOST));
    if factor > line { format!("> {MOST}") } else { factor_text(factor) }
}

/// Where a factor stands on the bar, 0 to 1.
fn place(factor: f32) -> f32 {
    let mut before = SCALE[0];
    for point in SCALE {
        if factor <= point.0 {
            let room = (point.0 - before.0).max(f32::EPSILON);
            return before.1 + (point.1 - before.1) * ((factor - before.0) / room).clamp(0.0, 1.0);
        }
        before = point;
    }
    1.0
}

/// For drawing only: two digits are as much as a bar can tell.
fn as_number(factor: U256) -> f32 {
    factor_text(factor.min(crate::app::WAD.saturating_mul(U256::from(MOST)))).parse().unwrap_or_default()
}

/// Draws the bar over the width there is, hatched where the value is old.
pub(super) fn show(ui: &mut Ui, factor: U256, stale: bool, state: &UiState) {
    let danger = Danger::of(Some(factor));
    let width = ui.available_width().min(720.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, BAR + 20.0), Sense::hover());
    let bar = Rect::from_min_size(rect.min, vec2(width, BAR)).shrink2(vec2(1.0, 0.0));
    let painter = ui.painter();
    let palette = &state.palette;
    painter.rect(bar, 3.0, palette.control, Stroke::new(1.0, palette.border), egui::StrokeKind::Inside);
    let share = place(as_number(factor));
    let end = bar.left() + (bar.width() * share).max(4.0);
    let filled = Rect::from_min_max(bar.min, pos2(end.min(bar.right()), bar.bottom()));
    let tint = colour(danger, state);
    if stale {
        hatch(painter, filled, tint);
        painter.rect_stroke(filled, 3.0, Stroke::new(1.5, tint), egui::StrokeKind::Inside);
    } else {
        painter.rect_filled(filled, 3.0, tint);
    }
    ticks(ui, bar, state);
    marker(painter, pos2(end, bar.bottom()), tint);
    let (value, words) = (text(factor), state.t(word(danger)));
    let mut label = state.tf(Word::HealthGauge, &[&value, words]);
    if stale {
        label = state.tf(Word::HealthGaugeStale, &[&label]);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, label.clone()));
}

fn ticks(ui: &Ui, bar: Rect, state: &UiState) {
    let font = TextStyle::Small.resolve(ui.style());
    let painter = ui.painter();
    for (at, words) in TICKS {
        let x = bar.left() + bar.width() * place(at);
        let align = match at {
            at if at <= 1.0 => Align2::LEFT_TOP,
            at if at >= 3.0 => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        if at > 1.0 && at < 3.0 {
            let line = Stroke::new(1.5, state.palette.text);
            painter.vline(x, bar.top()..=bar.bottom() + 3.0, line);
        }
        painter.text(pos2(x, bar.bottom() + 4.0), align, words, font.clone(), state.palette.text_2);
    }
}

/// Slanted lines: an old value is told apart without colour.
fn hatch(painter: &Painter, rect: Rect, colour: Color32) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        let line = [pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())];
        painter.line_segment(line, Stroke::new(2.0, colour));
        x += 7.0;
    }
}

/// A small triangle under the end of the bar.
fn marker(painter: &Painter, tip: Pos2, colour: Color32) {
    let points = vec![tip + vec2(0.0, -1.0), tip + vec2(5.0, 6.0), tip + vec2(-5.0, 6.0)];
    painter.add(egui::Shape::convex_polygon(points, colour, Stroke::NONE));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::WAD;

    #[test]
    fn the_bar_never_goes_back_and_ends_where_it_should() {
        assert_eq!(place(0.2), 0.0);
        assert_eq!(place(1.0), 0.0);
        assert_eq!(place(50.0), 1.0);
        let places: Vec<f32> =
            (100..=300).map(|hundredths: u16| place(f32::from(hundredths) / 100.0)).collect();
        assert!(places.is_sorted());
        assert!((place(1.5) - 0.45).abs() < 1e-6 && (place(2.0) - 0.72).abs() < 1e-6);
    }

    #[test]
    fn a_factor_is_floored_and_a_huge_one_says_no_more_than_it_must() {
        assert_eq!(text(WAD * U256::from(142) / U256::from(100) + U256::from(9)), "1.42");
        assert_eq!(text(WAD - U256::from(1)), "0.99");
        assert_eq!(text(U256::MAX), "> 100");
        assert_eq!(as_number(U256::MAX), 100.0);
    }

    #[test]
    fn every_danger_has_a_word_and_a_shape() {
        assert_eq!(severity(Danger::Watch), Severity::Caution);
        assert_eq!(severity(Danger::Liquidatable), Severity::Danger);
        assert_eq!(word(Danger::of(Some(WAD))), Word::HealthCritical);
        assert_eq!(word(Danger::of(Some(WAD - U256::from(1)))), Word::HealthLiquidatable);
    }
}
