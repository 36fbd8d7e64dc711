//! The seven provenance badges, painted, and the card that opens on a click.

use egui::{
    Color32, Popup, PopupCloseBehavior, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo,
    vec2,
};

use super::fonts::medium;
use super::format;
use super::known::Known;
use super::screen::Screen;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{BlockQuery, BlockRef, Origin, Question, Snapshot};

/// Side of a badge's shape.
const SIDE: f32 = 14.0;

/// A value as its card explains it.
#[derive(Debug, Clone)]
pub(super) struct Subject<'a> {
    /// What it is, as "ETH balance of Main".
    pub title: &'a str,
    /// The value as shown.
    pub value: &'a str,
    /// The value as the chain has it.
    pub raw: &'a str,
    /// How it was proven.
    pub how: Word,
    /// Where it holds.
    pub at: Option<BlockRef>,
}

/// The colour of a badge.
pub(super) fn colour(known: Known, state: &UiState) -> Color32 {
    let palette = &state.palette;
    match known {
        Known::Final => palette.final_,
        Known::Latest => palette.latest,
        Known::Unverified => palette.unverified,
        Known::Stale(_) => palette.stale,
        Known::Refuted => palette.refuted,
        Known::Local | Known::Checking => palette.text_3,
    }
}

/// A badge as a button: shape and word; the card opens below it.
pub(super) fn badge(
    ui: &mut Ui,
    known: Known,
    subject: &Subject<'_>,
    snapshot: &Snapshot,
    state: &mut UiState,
) -> Response {
    let word = known.word(state.kept.language);
    let label = match subject.at {
        Some(at) => state.tf(Word::KnownAs, &[&word, &at.number.to_string()]),
        None => state.tf(Word::KnownAsBare, &[&word]),
    };
    let response = shape_and_word(ui, known, &word, state);
    let name = format!("{}. {label}", subject.title);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
    Popup::from_toggle_button_response(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(420.0)
        .frame(state.palette.card_frame().stroke(Stroke::new(1.0, state.palette.border)))
        .accessible_name(subject.title)
        .show(|ui| card(ui, known, subject, snapshot, state));
    response
}

fn shape_and_word(ui: &mut Ui, known: Known, word: &str, state: &UiState) -> Response {
    let colour = colour(known, state);
    let font = egui::TextStyle::Small.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(word.to_owned(), font, colour);
    let size = vec2(SIDE + 6.0 + galley.size().x + 8.0, 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_stroke(rect, 4.0, Stroke::new(2.0, state.palette.accent), egui::StrokeKind::Inside);
    }
    let centre = Pos2::new(rect.left() + 4.0 + SIDE / 2.0, rect.center().y);
    paint(ui.painter(), known, centre, colour, state.palette.card);
    let text = Pos2::new(centre.x + SIDE / 2.0 + 6.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(text, galley, colour);
    response
}

/// Paints a badge's shape alone around `centre`; `ground` is what it stands on.
pub(super) fn paint(painter: &egui::Painter, known: Known, centre: Pos2, colour: Color32, ground: Color32) {
    let radius = SIDE / 2.0 - 1.0;
    let line = Stroke::new(1.7, colour);
    let at = |x: f32, y: f32| centre + vec2(x, y);
    match known {
        Known::Final => {
            painter.circle_filled(centre, radius + 0.5, colour);
            tick(painter, centre, Stroke::new(1.9, ground));
        }
        Known::Latest => {
            painter.circle_stroke(centre, radius, line);
            tick(painter, centre, line);
        }
        Known::Unverified => {
            let tips = vec![at(0.0, -7.0), at(7.0, 0.0), at(0.0, 7.0), at(-7.0, 0.0)];
            painter.add(Shape::closed_line(tips, line));
            let font = egui::FontId::proportional(10.5);
            painter.text(centre, egui::Align2::CENTER_CENTER, "?", font, colour);
        }
        Known::Stale(_) => {
            painter.circle_stroke(centre, radius, line);
            painter.add(Shape::line(vec![at(0.0, -4.0), at(0.0, 0.0), at(3.0, 1.8)], line));
        }
        Known::Refuted => {
            painter.circle_stroke(centre, radius, line);
            painter.line_segment([at(-4.2, 4.2), at(4.2, -4.2)], line);
        }
        Known::Local => {
            painter.rect_stroke(
                Rect::from_center_size(centre, vec2(10.0, 10.0)),
                1.0,
                line,
                egui::StrokeKind::Inside,
            );
        }
        Known::Checking => {
            for x in [-4.5, 0.0, 4.5] {
                painter.circle_filled(at(x, 0.0), 1.5, colour);
            }
        }
    }
}

fn tick(painter: &egui::Painter, centre: Pos2, line: Stroke) {
    let points = vec![centre + vec2(-3.0, 0.2), centre + vec2(-0.8, 2.6), centre + vec2(3.2, -2.4)];
    painter.add(Shape::line(points, line));
}

fn card(ui: &mut Ui, known: Known, subject: &Subject<'_>, snapshot: &Snapshot, state: &mut UiState) {
    ui.set_max_width(396.0);
    ui.horizontal_wrapped(|ui| {
        ui.label(egui::RichText::new(subject.title).family(medium()));
        ui.colored_label(colour(known, state), known.word(state.kept.language));
    });
    ui.label(state.amount(subject.value.to_owned()));
    if !subject.raw.is_empty() {
        let raw = state.amount(subject.raw.to_owned());
        ui.colored_label(state.palette.text_2, state.tf(Word::CardRaw, &[&raw]));
    }
    ui.separator();
    ui.label(known.meaning(state.kept.language));
    for (head, text) in explanation(known, subject, snapshot, state) {
        ui.add_space(2.0);
        ui.colored_label(state.palette.text_3, head);
        ui.label(text);
    }
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::CopyValue)).clicked() {
            state.copy(ui, subject.title, format::bare(subject.value));
        }
        if ui.button(state.t(Word::CopyEvidence)).clicked() {
            let text = evidence(known, subject, snapshot, state);
            state.copy(ui, subject.title, text);
        }
        if let Some(at) = subject.at
            && ui.button(state.t(Word::OpenBlock)).clicked()
        {
            state.explorer.question = Some(Question::Block(BlockQuery::Number(at.number)));
            state.screen = Screen::Explorer;
            ui.close();
        }
    });
}

/// The lines of a card: what they are about, and what they say.
fn explanation(
    known: Known,
    subject: &Subject<'_>,
    snapshot: &Snapshot,
    state: &UiState,
) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if !matches!(known, Known::Checking | Known::Local) {
        lines.push((state.t(Word::CardHow), state.t(subject.how).to_owned()));
    }
    let Some(at) = subject.at else { return lines };
    let (number, hash) = (format::number(at.number), at.hash.to_string());
    let mut against = state.tf(Word::AgainstBlock, &[&number, &hash, &format::utc(at.timestamp)]);
    let head = [&snapshot.finalized, &snapshot.head].into_iter().flatten();
    if let Some(head) = head.into_iter().find(|head| head.block.is_some_and(|block| block.hash == at.hash)) {
        let proven = &head.proven;
        let values = [proven.slot(), proven.participants(), proven.committee_size()].map(format::number);
        against.push_str("; ");
        against.push_str(&state.tf(Word::SignedBy, &values.each_ref().map(String::as_str)));
    }
    lines.push((state.t(Word::CardAgainst), against));
    if let Some(checkpoint) = &snapshot.checkpoint {
        let root = format::short_hash(checkpoint.root);
        let trust = match checkpoint.origin {
            Origin::Shipped => state.tf(Word::TrustShipped, &[&root, env!("CARGO_PKG_VERSION")]),
            Origin::User => state.tf(Word::TrustUser, &[&root]),
        };
        lines.push((state.t(Word::CardTrust), trust));
    }
    lines.push((state.t(Word::CardAssumes), state.t(Word::AssumesHonest).to_owned()));
    lines
}

fn evidence(known: Known, subject: &Subject<'_>, snapshot: &Snapshot, state: &UiState) -> String {
    let network = &snapshot.network;
    let mut text = format!(
        "{}\n{}\n{}: {} ({})\n",
        subject.title,
        format::bare(subject.value),
        network.name,
        network.chain_id,
        known.word(state.kept.language)
    );
    if !subject.raw.is_empty() {
        text.push_str(&state.tf(Word::CardRaw, &[subject.raw]));
        text.push('\n');
    }
    for (head, line) in explanation(known, subject, snapshot, state) {
        text.push_str(&format!("{head}: {}\n", format::bare(&line)));
    }
    text
}
