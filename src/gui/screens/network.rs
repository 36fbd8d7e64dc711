//! Network and endpoints: can what is shown be trusted, and who brings it?

use egui::{RichText, Ui};

use super::{base_fee, checkpoint, endpoints, lies};
use crate::app::{Command, HeadView, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::known::{Known, final_age_secs, head_age_secs};
use crate::gui::trust_bar;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Network));
    widgets::card(ui, state, |ui, state| heads(ui, snapshot, state));
    lies::show(ui, snapshot, state, commands);
    base_fee::show(ui, snapshot, state);
    if snapshot.offline {
        // Before anything is sent, who would be asked comes first.
        endpoints::show(ui, snapshot, state, commands);
        checkpoint::show(ui, snapshot, state, commands);
        return;
    }
    checkpoint::show(ui, snapshot, state, commands);
    endpoints::show(ui, snapshot, state, commands);
    let traffic = &snapshot.traffic;
    let values = [
        format::number(traffic.requests),
        format::bytes(traffic.bytes_up),
        format::bytes(traffic.bytes_down),
    ];
    widgets::quiet(ui, state, &state.tf(Word::TrafficLine, &values.each_ref().map(String::as_str)));
}

fn heads(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let (known, words) = trust_bar::state_of(snapshot, state);
    ui.horizontal_wrapped(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 24.0), egui::Sense::hover());
        let colour = badge::colour(known, state);
        badge::paint(ui.painter(), known, rect.center(), colour, state.palette.card);
        ui.label(RichText::new(words).size(18.0).family(medium()));
    });
    let ages = [head_age_secs(snapshot, state.now_ms), final_age_secs(snapshot, state.now_ms)];
    let all = [(Word::Head, &snapshot.head), (Word::FinalHead, &snapshot.finalized)];
    for ((word, view), age) in all.into_iter().zip(ages) {
        let seen = view.as_ref().map(|view| (view, age.unwrap_or_default()));
        head(ui, word, seen, snapshot, state);
    }
    if let Some(head) = snapshot.head.as_ref().filter(|head| head.proven.participants() > 0) {
        let (signed, of) = (head.proven.participants(), head.proven.committee_size());
        let share = format::percent(signed as f64 / of.max(1) as f64);
        let words = state.tf(Word::ParticipationLine, &[&signed.to_string(), &of.to_string(), &share]);
        widgets::pair(ui, state, state.t(Word::Participation), |ui| {
            ui.label(words);
        });
        participation(ui, signed as f32 / of.max(1) as f32, state);
        let word = if snapshot.lag_slots == 1 { Word::LagOne } else { Word::LagLine };
        let lag = state.tf(word, &[&format::number(snapshot.lag_slots)]);
        widgets::pair(ui, state, state.t(Word::Lag), |ui| {
            ui.label(lag);
        });
    }
    clock(ui, snapshot, state);
}

/// The share that signed, with the mark of two thirds below which no head is accepted.
fn participation(ui: &mut Ui, share: f32, state: &UiState) {
    if state.kept.calm {
        return;
    }
    let width = ui.available_width().min(320.0);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 10.0), egui::Sense::hover());
    let colour = if share < 0.8 { state.palette.unverified } else { state.palette.final_ };
    ui.painter().rect_filled(rect, 3.0, state.palette.control);
    let filled = egui::Rect::from_min_size(rect.min, egui::vec2(width * share.clamp(0.0, 1.0), 10.0));
    ui.painter().rect_filled(filled, 3.0, colour);
    let mark = rect.left() + width * 2.0 / 3.0;
    ui.painter().vline(mark, rect.expand(2.0).y_range(), egui::Stroke::new(2.0, state.palette.text));
}

/// How this computer's clock stands to those of the endpoints.
fn clock(ui: &mut Ui, snapshot: &Snapshot, state: &UiState) {
    let text = match snapshot.clock_skew_ms {
        None => state.t(Word::ClockUnknown).to_owned(),
        Some(millis) => {
            let secs = millis.unsigned_abs() / 1_000;
            let sign = if secs == 0 {
                ""
            } else if millis < 0 {
                "\u{2212}"
            } else {
                "+"
            };
            let signed = format!("{sign}{secs} s");
            if secs <= 10 {
                state.tf(Word::ClockFits, &[&signed])
            } else {
                let way = state.t(if millis > 0 { Word::BehindWord } else { Word::AheadWord });
                state.tf(Word::ClockOff, &[&format::long_age(secs), way])
            }
        }
    };
    widgets::pair(ui, state, state.t(Word::Clock), |ui| drop(ui.label(text)));
}

fn head(ui: &mut Ui, word: Word, seen: Option<(&HeadView, u64)>, snapshot: &Snapshot, state: &mut UiState) {
    let title = state.t(word);
    let Some((view, age)) = seen else {
        widgets::pair(ui, state, title, |ui| {
            ui.label("—");
        });
        return;
    };
    let slot = format::number(view.proven.slot());
    let number = view.block.map_or_else(|| "—".to_owned(), |block| format::number(block.number));
    let text = state.tf(Word::HeadLine, &[&number, &slot, &format::age(age)]);
    let known = view.block.map_or(Known::Checking, |block| Known::proven(block, snapshot, state.now_ms));
    let hash = view.proven.block_hash().to_string();
    let subject = Subject { title, value: &text, raw: &hash, how: Word::HowHeader, at: view.block };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(title).color(state.palette.text_2));
        ui.label(&text);
        badge::badge(ui, known, &subject, snapshot, state);
    });
}
