//! Tables: rows of one height, columns that fit the width, and a sentence for whoever cannot see them.

use egui::{Align, Color32, Id, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::ui_state::UiState;

/// Height of a row in points.
pub(super) const ROW: f32 = 34.0;
/// Between columns.
const GAP: f32 = 12.0;

/// A column: its heading, and how wide it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub title: &'static str,
    /// Points; the one column without a width takes what is left.
    pub width: Option<f32>,
    /// Numbers stand on the right.
    pub right: bool,
}

impl Column {
    pub(super) fn wide(title: &'static str, width: f32) -> Self {
        Self { title, width: Some(width), right: false }
    }

    pub(super) fn number(title: &'static str, width: f32) -> Self {
        Self { title, width: Some(width), right: true }
    }

    pub(super) fn rest(title: &'static str) -> Self {
        Self { title, width: None, right: false }
    }
}

/// Where each column begins and ends, from the left edge of the table.
fn spans(columns: &[Column], width: f32) -> Vec<(f32, f32)> {
    let fixed: f32 = columns.iter().filter_map(|column| column.width).sum();
    let gaps = GAP * columns.len().saturating_sub(1) as f32;
    let rest = (width - fixed - gaps).max(60.0);
    let mut left = 0.0;
    let place = |column: &Column| {
        let wide = column.width.unwrap_or(rest);
        let span = (left, left + wide);
        left += wide + GAP;
        span
    };
    columns.iter().map(place).collect()
}

/// The headings.
pub(super) fn header(ui: &mut Ui, state: &UiState, columns: &[Column]) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    let colour = state.palette.text_3;
    for (column, span) in columns.iter().zip(spans(columns, rect.width())) {
        cell(ui, rect, span, column.right, |ui| {
            let label = ui.label(RichText::new(column.title).small().color(colour));
            label.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, column.title));
        });
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, state.palette.line));
}

fn cell(ui: &mut Ui, row: Rect, (left, right): (f32, f32), to_right: bool, contents: impl FnOnce(&mut Ui)) {
    let rect = Rect::from_min_max(
        pos2(row.left() + left, row.top()),
        pos2((row.left() + right).min(row.right()), row.bottom()),
    );
    let layout =
        if to_right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    inside.set_clip_rect(rect.expand(2.0).intersect(ui.clip_rect()));
    inside.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
    contents(&mut inside);
}

/// One row. `label` says all of it in a sentence; `contents` draws the cell of each column. True where it was clicked.
pub(super) fn row(
    ui: &mut Ui,
    state: &UiState,
    columns: &[Column],
    label: &str,
    mut contents: impl FnMut(&mut Ui, usize),
) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let marked = response.hovered() || response.has_focus();
    let fill = if marked { state.palette.selected } else { Color32::TRANSPARENT };
    ui.painter().rect_filled(rect, 4.0, fill);
    if response.has_focus() {
        let line = egui::Stroke::new(2.0, state.palette.accent);
        ui.painter().rect_stroke(rect, 4.0, line, egui::StrokeKind::Inside);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, label));
    for ((at, column), span) in columns.iter().enumerate().zip(spans(columns, rect.width())) {
        cell(ui, rect, span, column.right, |ui| {
            // Text that can be selected would take the click that is meant for the row.
            ui.style_mut().interaction.selectable_labels = false;
            contents(ui, at);
        });
    }
    response.clicked()
}

/// A row that leads nowhere: it can be read, not clicked.
pub(super) fn still_row(
    ui: &mut Ui,
    columns: &[Column],
    label: &str,
    mut contents: impl FnMut(&mut Ui, usize),
) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let id = ui.scope_id().with(("row", label));
    name_row(ui, id, rect, label);
    for ((at, column), span) in columns.iter().enumerate().zip(spans(columns, rect.width())) {
        cell(ui, rect, span, column.right, |ui| contents(ui, at));
    }
}

fn name_row(ui: &Ui, id: Id, rect: Rect, label: &str) {
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, label));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_without_a_width_takes_what_is_left() {
        let columns = [Column::wide("a", 100.0), Column::rest("b"), Column::number("c", 50.0)];
        assert_eq!(spans(&columns, 400.0), [(0.0, 100.0), (112.0, 338.0), (350.0, 400.0)]);
        assert_eq!(spans(&columns, 100.0)[1], (112.0, 172.0), "never nothing");
    }
}
