//! The table of rights; where the page is narrow each right is a block of lines instead.

use egui::{Checkbox, RichText, Role, Ui, WidgetInfo};

use super::approvals::{key, may_take, spender};
use crate::app::{Approval, ApprovalKind, Approvals, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::table::{self, Column};
use crate::gui::ui_state::{Field, UiState};
use crate::gui::words::Word;

/// Below this width a row does not fit into one line.
const NARROW: f32 = 760.0;

/// Draws them.
pub(super) fn show(ui: &mut Ui, found: &Approvals, snapshot: &Snapshot, state: &mut UiState) {
    let known = Known::state(found.at, snapshot, state.now_ms);
    let count = found.found.len();
    if ui.available_width() < NARROW {
        for (at, one) in found.found.iter().enumerate() {
            block(ui, (found, one), (at, count), (known, snapshot), state);
        }
        return;
    }
    let columns = [
        Column::wide("", 30.0),
        Column::wide(state.t(Word::ApprToken), 76.0),
        Column::rest(state.t(Word::ApprSpender)),
        Column::wide(state.t(Word::ApprMayTake), 104.0),
        Column::number(state.t(Word::ApprAtRisk), 116.0),
        Column::wide(state.t(Word::KnownAsWord), 96.0),
        Column::number("", 158.0),
    ];
    table::header(ui, state, &columns);
    for (at, one) in found.found.iter().enumerate() {
        let label = sentence(one, (at, count), known, state);
        table::still_row(ui, &columns, &label, |ui, at| match at {
            0 => select(ui, one, state),
            1 => drop(ui.label(RichText::new(crate::app::plain(&one.asset.symbol)).family(medium()))),
            2 => {
                let words = spender(one, state);
                let shown = ui.label(&words);
                shown.on_hover_text(one.spender.to_checksum(None));
                about(ui, one, state);
            }
            3 => may(ui, one, state),
            4 => drop(ui.label(at_risk(one, state))),
            5 => known_as(ui, found, one, (known, snapshot), state),
            _ => buttons(ui, one, state),
        });
    }
}

fn block(
    ui: &mut Ui,
    (found, one): (&Approvals, &Approval),
    place: (usize, usize),
    (known, snapshot): (Known, &Snapshot),
    state: &mut UiState,
) {
    let label = sentence(one, place, known, state);
    let shown = ui.vertical(|ui| {
        ui.horizontal_wrapped(|ui| {
            select(ui, one, state);
            ui.label(RichText::new(crate::app::plain(&one.asset.symbol)).family(medium()));
            ui.label(RichText::new(state.t(Word::ApprMayTake)).color(state.palette.text_3));
            may(ui, one, state);
        });
        ui.horizontal_wrapped(|ui| {
            ui.label(spender(one, state));
            about(ui, one, state);
        });
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(state.t(Word::ApprAtRisk)).color(state.palette.text_3));
            ui.label(at_risk(one, state));
            known_as(ui, found, one, (known, snapshot), state);
        });
        ui.horizontal_wrapped(|ui| buttons(ui, one, state));
    });
    let id = shown.response.id.with("right");
    let whole = ui.interact(shown.response.rect, id, egui::Sense::hover());
    whole.widget_info(|| WidgetInfo::labeled(Role::Row, true, label.clone()));
    ui.separator();
}

/// All of a row, for whoever cannot see it.
fn sentence(one: &Approval, (at, count): (usize, usize), known: Known, state: &UiState) -> String {
    let values = [
        crate::app::plain(&one.asset.symbol),
        spender(one, state),
        may_take(one, state),
        at_risk(one, state),
        known.word(state.kept.language),
        at.saturating_add(1).to_string(),
        count.to_string(),
    ];
    state.tf(Word::ApprRow, &values.each_ref().map(String::as_str))
}

/// What could be taken now, in the token itself.
pub(super) fn at_risk(one: &Approval, state: &UiState) -> String {
    let Some(most) = one.at_risk else { return state.t(Word::ApprNotCounted).to_owned() };
    let decimals = one.asset.decimals;
    state.amount(format::amount(most, decimals, decimals.min(6), Round::Down))
}

fn may(ui: &mut Ui, one: &Approval, state: &UiState) {
    let text = RichText::new(may_take(one, state));
    ui.label(if one.is_unlimited() { text.color(state.palette.unverified).family(medium()) } else { text });
}

/// What else there is to know of a right.
fn about(ui: &mut Ui, one: &Approval, state: &UiState) {
    let mut facts = Vec::new();
    if let ApprovalKind::Permit2 { until } = one.kind {
        let ended = one.is_idle() && until < state.now_ms / 1_000;
        let word = if ended { Word::ApprEnded } else { Word::ApprThrough };
        facts.push(state.tf(word, &[&until_text(until)]));
    }
    if one.to_wallet {
        facts.push(state.t(Word::ApprToWallet).to_owned());
    }
    if !facts.is_empty() {
        let colour = if one.to_wallet { state.palette.refuted } else { state.palette.text_3 };
        ui.label(RichText::new(facts.join(" · ")).small().color(colour));
    }
}

/// The day on which a right ends; the largest number there is means never.
fn until_text(until: u64) -> String {
    if until >= (1 << 48) - 1 {
        return "∞".to_owned();
    }
    format::utc(until).chars().take(10).collect()
}

fn known_as(
    ui: &mut Ui,
    found: &Approvals,
    one: &Approval,
    (known, snapshot): (Known, &Snapshot),
    state: &mut UiState,
) {
    let title = format!("{}: {}", crate::app::plain(&one.asset.symbol), spender(one, state));
    let (value, raw) = (may_take(one, state), one.amount.to_string());
    let (how, at) = (Word::HowCall, Some(found.at));
    badge::badge(ui, known, &Subject { title: &title, value: &value, raw: &raw, how, at }, snapshot, state);
}

fn select(ui: &mut Ui, one: &Approval, state: &mut UiState) {
    let mut chosen = state.positions.approvals.chosen.contains(&key(one));
    let label = format!("{} {}", crate::app::plain(&one.asset.symbol), spender(one, state));
    let label = state.tf(Word::ApprSelect, &[&label]);
    let response = ui.add(Checkbox::without_text(&mut chosen));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, chosen, label.clone()));
    if response.changed() {
        if chosen {
            state.positions.approvals.chosen.insert(key(one));
        } else {
            state.positions.approvals.chosen.remove(&key(one));
        }
    }
}

fn buttons(ui: &mut Ui, one: &Approval, state: &mut UiState) {
    ui.spacing_mut().button_padding.y = 4.0;
    let named = |ui: &mut Ui, word: &str, state: &UiState| {
        let button = ui.add(egui::Button::new(word).min_size(egui::vec2(0.0, 30.0)));
        let label = format!("{word}: {} {}", crate::app::plain(&one.asset.symbol), spender(one, state));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
        button.clicked()
    };
    if one.kind != ApprovalKind::Operator && named(ui, state.t(Word::ApprLimit), state) {
        state.positions.approvals.limiting = Some((key(one), Field::default()));
    }
    if named(ui, state.t(Word::ApprRevoke), state) {
        state.positions.approvals.chosen = [key(one)].into();
        state.positions.approvals.limiting = None;
    }
}
