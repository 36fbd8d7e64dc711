//! Network and endpoints: can what is shown be trusted, and who brings it?

use egui::{RichText, Ui};

use super::{checkpoint, endpoints};
use crate::app::{Command, HeadView, Snapshot};
use crate::gui::fonts::medium;
use crate::gui::badge::{self, Subject};
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
    if let Some(head) = &snapshot.head {
        let (signed, of) = (head.proven.participants(), head.proven.committee_size());
        let share = format::percent(signed as f64 / of.max(1) as f64);
        let words = state.tf(Word::ParticipationLine, &[&signed.to_string(), &of.to_string(), &share]);
        widgets::pair(ui, state, state.t(Word::Participation), |ui| {
            ui.label(words);
        });
        let lag = state.tf(Word::LagLine, &[&format::number(snapshot.lag_slots)]);
        widgets::pair(ui, state, state.t(Word::Lag), |ui| {
            ui.label(lag);
        });
    }
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
