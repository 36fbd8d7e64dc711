//! Activity: what was signed on this computer, and on request the transfers of recent proven blocks.

use egui::{RichText, Ui};

use super::transaction::known_of;
use super::transfers;
use crate::app::signing::StatusWord;
use crate::app::{Command, Snapshot, TransactionView};
use crate::gui::badge::{self, Subject};
use crate::gui::format;
use crate::gui::screen::Screen;
use crate::gui::table::{self, Column};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Rows drawn; older ones are counted.
const ROWS: usize = 200;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Activity));
    if let Some(trouble) = &snapshot.wallet.trouble {
        let trouble = trouble.clone();
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, &trouble));
    }
    if let Some(words) = &snapshot.wallet.repaired {
        widgets::card(ui, state, |ui, state| {
            let text = RichText::new(words).color(state.palette.unverified);
            ui.add(egui::Label::new(text).wrap());
        });
    }
    let history = snapshot.wallet.history.clone();
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::SignedHere));
        if history.is_empty() {
            transfers::scan_now(ui, snapshot, state, commands);
        } else {
            journal(ui, &history, snapshot, state);
            widgets::quiet(ui, state, state.t(Word::JournalCoverage));
        }
    });
    transfers::show(ui, snapshot, state, commands);
}

fn journal(ui: &mut Ui, history: &[TransactionView], snapshot: &Snapshot, state: &mut UiState) {
    let width = ui.available_width();
    let mut columns =
        vec![Column::rest(state.t(Word::WhatWord)), Column::wide(state.t(Word::StatusWord), 170.0)];
    if width >= 640.0 {
        columns.insert(0, Column::wide(state.t(Word::DateUtc), 130.0));
    }
    columns.push(Column::wide(state.t(Word::KnownAsWord), if width < 480.0 { 30.0 } else { 120.0 }));
    table::header(ui, state, &columns);
    let mut chosen = None;
    for one in history.iter().take(ROWS) {
        if row(ui, &columns, one, snapshot, state) {
            chosen = Some(one.hash);
        }
    }
    if history.len() > ROWS {
        let more = history.len().saturating_sub(ROWS).to_string();
        widgets::quiet(ui, state, &state.tf(Word::More, &[&more]));
    }
    if let Some(hash) = chosen {
        state.wallet.transaction = Some(hash);
        state.screen = Screen::Transaction;
    }
}

fn row(
    ui: &mut Ui,
    columns: &[Column],
    one: &TransactionView,
    snapshot: &Snapshot,
    state: &mut UiState,
) -> bool {
    let known = known_of(one, snapshot, state);
    let date = date(one.sent_at_ms.unwrap_or(one.signed_at_ms));
    let status = state.t(status(one.word));
    let title = state.amount(one.title.clone());
    let label = format!("{title}, {status}, {date}, {}", known.word(state.kept.language));
    let dated = columns.len() == 4;
    let last = columns.len().saturating_sub(1);
    let palette = state.palette;
    let serious = matches!(
        one.word,
        StatusWord::Reverted | StatusWord::Replaced | StatusWord::NonceUsed | StatusWord::Reorged
    );
    let mut badge = None;
    let clicked = table::row(ui, state, columns, &label, |ui, at| match at {
        0 if dated => drop(ui.label(RichText::new(&date).color(palette.text_2))),
        _ if at == last => badge = Some(ui.max_rect()),
        _ if at + 1 == last => {
            let text = RichText::new(status);
            ui.label(if serious { text.color(palette.refuted) } else { text });
        }
        _ => drop(ui.label(&title)),
    });
    if let Some(rect) = badge {
        let mut inside = ui.new_child(
            egui::UiBuilder::new().max_rect(rect).layout(egui::Layout::left_to_right(egui::Align::Center)),
        );
        let subject =
            Subject { title: &one.title, value: &one.sentence, raw: "", how: Word::HowJournal, at: None };
        badge::badge(&mut inside, known, &subject, snapshot, state);
    }
    clicked
}

/// As `12-07 11:58:11`.
pub(super) fn date(unix_ms: u64) -> String {
    let text = format::utc(unix_ms / 1_000);
    match (text.get(5..10), text.get(11..19)) {
        (Some(day), Some(time)) => format!("{day} {time}"),
        _ => text,
    }
}

/// The word of a state, for the list.
pub(in crate::gui) fn status(word: StatusWord) -> Word {
    match word {
        StatusWord::Saved => Word::StatusSaved,
        StatusWord::Sent => Word::StatusSent,
        StatusWord::NotSeen => Word::StatusNotSeen,
        StatusWord::Included => Word::StatusIncluded,
        StatusWord::Final => Word::StatusFinal,
        StatusWord::Reverted => Word::StatusReverted,
        StatusWord::Replaced => Word::StatusReplaced,
        StatusWord::NonceUsed => Word::StatusNonceUsed,
        StatusWord::Reorged => Word::StatusReorged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_day_and_time_in_utc() {
        assert_eq!(date(1_765_108_691_000), "12-07 11:58:11");
    }
}
