//! Home's card of the worst loan, where there is one.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::position_card::{danger_word, liquidation};
use crate::app::{Danger, LiquidationPrice, Snapshot};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::health_gauge;
use crate::gui::known::Known;
use crate::gui::position_data::{self, Held};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it for the account shown; nothing where nothing is owed.
pub(super) fn show(ui: &mut Ui, owner: Address, snapshot: &Snapshot, state: &mut UiState) {
    let held = Held::of(&position_data::positions_question(owner, state), snapshot);
    let Some(found) = held.positions() else { return };
    let unread: Vec<&str> = found.unread_lenders().collect();
    if !unread.is_empty() {
        let text = state.tf(Word::DangerUnread, &[&unread.join(", ")]);
        widgets::card(ui, state, |ui, state| {
            ui.horizontal_wrapped(|ui| {
                danger_word(ui, Danger::Unknown, state);
                ui.add(egui::Label::new(text).wrap());
            });
        });
    }
    let all = found.positions();
    let Some((name, position)) = all.first() else { return };
    if position.danger() == Danger::Unknown {
        return unknown(ui, name, state);
    }
    let Some(health) = &position.health else { return };
    let Some(factor) = health.factor else { return };
    let known = Known::state(position.at, snapshot, state.now_ms);
    let others = all.iter().filter(|(_, one)| one.health.as_ref().is_some_and(|one| one.factor.is_some()));
    let others = others.count().saturating_sub(1);
    widgets::card(ui, state, |ui, state| {
        widgets::quiet(ui, state, &state.tf(Word::HealthTitle, &[name]));
        ui.horizontal_wrapped(|ui| {
            let value = health_gauge::text(factor);
            ui.label(RichText::new(&value).size(24.0).family(medium()));
            let title = state.tf(Word::HealthTitle, &[name]);
            let raw = factor.to_string();
            let how = if health.own_integer { Word::HowOwnInteger } else { Word::HowComputedFactor };
            let subject = Subject { title: &title, value: &value, raw: &raw, how, at: Some(position.at) };
            badge::badge(ui, known, &subject, snapshot, state);
            danger_word(ui, position.danger(), state);
        });
        health_gauge::show(ui, factor, matches!(known, Known::Stale(_)), state);
        if let Some(price) = health.liquidation.iter().min_by_key(|one: &&LiquidationPrice| one.room_bps()) {
            ui.label(liquidation(price, state));
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, state, state.t(Word::ExitPlanMore)).clicked() {
                state.positions.exit.only = Some((*name).to_owned());
                state.screen = Screen::ExitPlan;
            }
            let words = match others {
                0 => state.t(Word::Positions).to_owned(),
                more => state.tf(Word::PosMoreLoans, &[&more.to_string()]),
            };
            if ui.button(words).clicked() {
                state.screen = Screen::Positions;
            }
        });
    });
}

/// A loan of which nobody can say how near it is to liquidation.
fn unknown(ui: &mut Ui, name: &str, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        widgets::quiet(ui, state, &state.tf(Word::HealthTitle, &[name]));
        ui.horizontal_wrapped(|ui| danger_word(ui, Danger::Unknown, state));
        ui.add(egui::Label::new(state.t(Word::DangerUnknownMeans)).wrap());
        if widgets::primary(ui, state, state.t(Word::ExitPlanMore)).clicked() {
            state.positions.exit.only = Some(name.to_owned());
            state.screen = Screen::ExitPlan;
        }
    });
}
