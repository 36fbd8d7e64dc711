//! The base fee of the last blocks: in words and as a line, from proven headers alone.

use alloy::primitives::U256;
use egui::{RichText, Role, Sense, Ui, WidgetInfo};
use egui_plot::{Line, Plot, PlotPoints};

use crate::app::{
    Answer, BaseFeesAnswer, Command, ContractAnswer, ContractQuestion, Loadable, Question, Snapshot,
};
use crate::gui::badge::{self, Subject};
use crate::gui::format;
use crate::gui::known::Known;
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Blocks looked back at.
const BLOCKS: u64 = 256;
/// Asked for again after this long, in milliseconds.
const EVERY_MS: u64 = 60_000;
/// Height of the chart.
const HEIGHT: f32 = 130.0;

fn question() -> Question {
    Question::Contract(ContractQuestion::BaseFees(BLOCKS))
}

/// Asks where the screen is in front and the last answer is old.
pub(in crate::gui) fn refresh(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let running = matches!(snapshot.answers.get(&question()), Some(Loadable::Loading { .. }));
    let old = state.network.fees_asked_ms.is_none_or(|at| state.now_ms.saturating_sub(at) > EVERY_MS);
    if state.screen == Screen::Network && snapshot.head.is_some() && old && !running {
        state.network.fees_asked_ms = Some(state.now_ms);
        commands.push(Command::Ask(question()));
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    if snapshot.head.is_none() {
        return;
    }
    let held = snapshot.answers.get(&question());
    let (answer, failed) = match held {
        None => (None, None),
        Some(Loadable::Ready(answer)) => (Some(answer), None),
        Some(Loadable::Loading { previous }) => (previous.as_ref(), None),
        Some(Loadable::Failed { previous, reason }) => (previous.as_ref(), Some(reason.clone())),
    };
    let found = answer.and_then(|answer| match answer {
        Answer::Contract(found) => match &**found {
            ContractAnswer::BaseFees(fees) => Some(fees),
            _ => None,
        },
        _ => None,
    });
    if found.is_none() && failed.is_none() && snapshot.offline {
        return;
    }
    widgets::card(ui, state, |ui, state| {
        let blocks = found.map_or(BLOCKS, |found| found.fees.len() as u64);
        widgets::section(ui, &state.tf(Word::BaseFeeTitle, &[&format::number(blocks)]));
        match found {
            Some(found) => fees(ui, found, snapshot, state),
            None if failed.is_none() => {
                widgets::quiet(ui, state, state.t(Word::BaseFeeReading));
                widgets::skeleton(ui, state, 420.0);
            }
            None => {}
        }
        if let Some(reason) = failed.filter(|_| !snapshot.offline) {
            widgets::reason(ui, state, &reason);
            if ui.button(state.t(Word::TryAgain)).clicked() {
                state.network.fees_asked_ms = None;
            }
        }
    });
}

fn fees(ui: &mut Ui, found: &BaseFeesAnswer, snapshot: &Snapshot, state: &mut UiState) {
    let Some((now, lowest, highest)) = found.range() else { return };
    let values = [now, lowest, highest].map(|fee| format::gwei(U256::from(fee)));
    let text = state.tf(Word::BaseFeeLine, &values.each_ref().map(String::as_str));
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&text));
        let raw = format!("{now} wei");
        let (title, at) = (state.t(Word::BaseFee), Some(found.at));
        let subject = Subject { title, value: &text, raw: &raw, how: Word::HowHeaders, at };
        badge::badge(ui, Known::proven(found.at, snapshot, state.now_ms), &subject, snapshot, state);
    });
    if !state.kept.calm && found.fees.len() > 1 {
        chart(ui, found, &text, state);
    }
}

/// The line, over how many blocks ago.
fn chart(ui: &mut Ui, found: &BaseFeesAnswer, text: &str, state: &UiState) {
    let height = |fee: u64| fee as f64 / 1e9;
    let newest = found.at.number;
    let ago = |number: u64| -(newest.saturating_sub(number) as f64);
    let points: PlotPoints<'_> =
        found.fees.iter().map(|(number, fee)| [ago(*number), height(*fee)]).collect();
    let line = Line::new(state.t(Word::BaseFee), points).color(state.palette.accent).width(1.8);
    let width = ui.available_width();
    let response = Plot::new("base fee")
        .height(HEIGHT)
        .width(width)
        .sense(Sense::hover())
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_x(false)
        .show_y(false)
        .include_y(0.0)
        .grid_spacing(egui::Rangef::new(48.0, 300.0)) // lines closer than that hide the curve
        .x_axis_formatter(|mark, _| short(mark.value))
        .y_axis_formatter(|mark, _| short(mark.value))
        .show(ui, |plot| plot.line(line))
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, text));
    widgets::quiet(ui, state, state.t(Word::BaseFeeAxes));
}

/// A mark of an axis: as many digits as tell it from its neighbours.
fn short(value: f64) -> String {
    let size = value.abs();
    let text = if size == 0.0 {
        "0".to_owned()
    } else if size >= 10.0 {
        format!("{value:.0}")
    } else if size >= 1.0 {
        format!("{value:.1}")
    } else if size >= 0.01 {
        format!("{value:.3}")
    } else {
        format!("{value:.1e}")
    };
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_short_and_a_minus_is_a_minus() {
        let seen = [0.0, -128.0, 2.5, 0.84, 0.000_000_007].map(short);
        assert_eq!(seen, ["0", "\u{2212}128", "2.5", "0.840", "7.0e\u{2212}9"]);
    }
}
