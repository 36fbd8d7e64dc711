//! Small pieces that several screens share.

use alloy::primitives::{Address, B256};
use egui::{FontFamily, FontId, RichText, Role, TextEdit, TextFormat, Ui, WidgetInfo, text::LayoutJob};

use super::fonts::medium;
use super::format;
use super::ui_state::{Field, UiState};
use super::words::Word;

/// A screen's heading.
pub(super) fn title(ui: &mut Ui, text: &str) {
    let label = ui.label(RichText::new(text).heading());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    ui.add_space(4.0);
}

/// A card's heading.
pub(super) fn section(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).text_style(egui::TextStyle::Name("section".into())));
}

/// A card over the whole width, with a gap below it.
pub(super) fn card<R>(
    ui: &mut Ui,
    state: &mut UiState,
    contents: impl FnOnce(&mut Ui, &mut UiState) -> R,
) -> R {
    let frame = state.palette.card_frame();
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui, state)
    });
    ui.add_space(10.0);
    shown.inner
}

/// Quieter text that wraps.
pub(super) fn quiet(ui: &mut Ui, state: &UiState, text: &str) {
    ui.label(RichText::new(text).color(state.palette.text_2));
}

/// A bar where a value will stand.
pub(super) fn skeleton(ui: &mut Ui, state: &UiState, width: f32) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 20.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 6.0, state.palette.control);
}

/// The primary action of a screen.
pub(super) fn primary(ui: &mut Ui, state: &UiState, text: &str) -> egui::Response {
    let text = RichText::new(text).color(state.palette.on_accent).family(medium());
    ui.add(egui::Button::new(text).fill(state.palette.accent).min_size(egui::vec2(64.0, 36.0)))
}

/// One of several that can be chosen: framed, so that it is seen to be a button.
pub(super) fn choice(ui: &mut Ui, chosen: bool, text: &str) -> egui::Response {
    ui.add(egui::Button::selectable(chosen, text).frame_when_inactive(true))
}

/// A full address: `0x` dimmed, then ten groups of four in two shades. Read aloud as one.
pub(super) fn address(ui: &mut Ui, state: &UiState, address: Address, size: f32) {
    let palette = &state.palette;
    let font = FontId::new(size, FontFamily::Monospace);
    let mut job = LayoutJob::default();
    job.append("0x", 0.0, TextFormat::simple(font.clone(), palette.text_3));
    for (at, group) in format::address_groups(address).into_iter().enumerate() {
        let colour = if at % 2 == 0 { palette.text } else { palette.text_2 };
        job.append(&group, size * 0.4, TextFormat::simple(font.clone(), colour));
    }
    job.wrap.max_width = ui.available_width();
    job.wrap.break_anywhere = true;
    let label = ui.label(job);
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, address.to_checksum(None)));
}

/// A full hash, wrapping.
pub(super) fn hash(ui: &mut Ui, hash: B256) {
    ui.add(egui::Label::new(RichText::new(hash.to_string()).monospace()).wrap());
}

/// A name and what stands for it, in two columns that become lines where narrow.
pub(super) fn pair(ui: &mut Ui, state: &UiState, name: &str, contents: impl FnOnce(&mut Ui)) {
    let name = RichText::new(name).color(state.palette.text_2);
    let contents = |ui: &mut Ui| {
        // Text beside text: rows as high as a line, not as a button.
        ui.spacing_mut().interact_size.y = 20.0;
        contents(ui);
    };
    if ui.available_width() < 460.0 {
        ui.label(name);
        ui.horizontal_wrapped(contents);
    } else {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            let width = 150.0;
            ui.allocate_ui_with_layout(
                egui::vec2(width, 20.0),
                egui::Layout::left_to_right(egui::Align::Min),
                |ui| {
                    ui.set_width(width);
                    ui.add(egui::Label::new(name).wrap());
                },
            );
            ui.vertical(|ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().interact_size.y = 20.0;
                ui.horizontal_wrapped(contents);
            });
        });
    }
}

/// A labelled field with the room it leaves for a button, and its error below. True when Enter was pressed in it.
pub(super) fn field(
    ui: &mut Ui,
    label: &str,
    hint: &str,
    field: &mut Field,
    colour: egui::Color32,
) -> egui::Response {
    let label = ui.label(label);
    let edit = TextEdit::singleline(&mut field.text)
        .hint_text(hint)
        .margin(egui::Margin::symmetric(10, 8))
        .desired_width(ui.available_width().min(560.0));
    let response = ui.add(edit).labelled_by(label.id);
    if response.changed() {
        field.error = None;
    }
    if let Some(error) = &field.error {
        ui.label(RichText::new(error).color(colour));
    }
    response
}

/// True where Enter ended the typing in a field.
pub(super) fn entered(ui: &Ui, response: &egui::Response) -> bool {
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

/// A failure: what, who said what, what it means, what to do.
pub(super) fn reason(ui: &mut Ui, state: &UiState, reason: &crate::app::Reason) {
    ui.label(RichText::new(&reason.what).color(state.palette.refuted).family(medium()));
    quiet(ui, state, &state.tf(Word::ItMeans, &[&reason.means]));
    quiet(ui, state, &state.tf(Word::ToDo, &[&super::banner::next_here(reason, state)]));
    if !reason.details.is_empty() {
        egui::CollapsingHeader::new(state.t(Word::Details)).id_salt(&reason.what).show(ui, |ui| {
            for line in &reason.details {
                ui.label(RichText::new(line).small().color(state.palette.text_2));
            }
        });
    }
}

/// Nothing is here yet: what is being done, or that it waits for a head, over bars of the size of what comes.
pub(super) fn waiting(
    ui: &mut Ui,
    snapshot: &crate::app::Snapshot,
    state: &mut UiState,
    (doing, widths): (Word, [f32; 3]),
) {
    card(ui, state, |ui, state| {
        let ready = snapshot.head.is_some() && !snapshot.offline;
        quiet(ui, state, state.t(if ready { doing } else { Word::WaitingForHead }));
        for width in widths {
            skeleton(ui, state, width);
        }
    });
}
