//! One position: its danger first, its amounts, whose code runs, and what can be done with it.

use egui::{RichText, Role, Ui, WidgetInfo, vec2};

use super::position_action;
use crate::app::{
    Action, Danger, Health, LiquidationPrice, Position, Row, RowKind, Snapshot, Stage, Verdict,
};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::health_gauge;
use crate::gui::icons::{self, Severity};
use crate::gui::known::Known;
use crate::gui::positions_state::OpenAction;
use crate::gui::screen::Screen;
use crate::gui::table::{self, Column};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it. `name` is what people call the protocol and market.
pub(super) fn show(ui: &mut Ui, name: &str, position: &Position, snapshot: &Snapshot, state: &mut UiState) {
    let known = Known::state(position.at, snapshot, state.now_ms);
    widgets::card(ui, state, |ui, state| {
        heading(ui, name, position, (known, snapshot), state);
        if let Some(health) = position.health.as_ref().filter(|health| health.factor.is_some()) {
            loan(ui, health, known, state);
        }
        code(ui, position, state);
        ui.add_space(4.0);
        rows(ui, name, position, (known, snapshot), state);
        for caveat in &position.caveats {
            line(ui, Severity::Caution, caveat, state);
        }
        position_action::show(ui, name, position, snapshot, state);
        foot(ui, name, position, state);
    });
}

/// A sentence behind a painted shape.
pub(super) fn line(ui: &mut Ui, severity: Severity, text: &str, state: &UiState) {
    let colour = match severity {
        Severity::Ok => state.palette.final_,
        Severity::Info => state.palette.latest,
        Severity::Caution => state.palette.unverified,
        Severity::Danger => state.palette.refuted,
    };
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 20.0), egui::Sense::hover());
        icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
        ui.add(egui::Label::new(RichText::new(text).color(state.palette.text_2)).wrap());
    });
}

fn heading(
    ui: &mut Ui,
    name: &str,
    position: &Position,
    (known, snapshot): (Known, &Snapshot),
    state: &mut UiState,
) {
    let danger = position.danger();
    ui.horizontal_wrapped(|ui| {
        widgets::section(ui, name);
        if !position.market.is_empty() && !name.to_lowercase().contains(&position.market.to_lowercase()) {
            ui.label(RichText::new(&position.market).color(state.palette.text_3));
        }
        let Some(factor) = position.health.as_ref().and_then(|health| health.factor) else { return };
        let value = health_gauge::text(factor);
        let title = state.tf(Word::HealthTitle, &[name]);
        ui.add_space(8.0);
        ui.label(RichText::new(state.tf(Word::HealthFactor, &[&value])).size(18.0).family(medium()));
        let own = position.health.as_ref().is_some_and(|health| health.own_integer);
        let how = if own { Word::HowOwnInteger } else { Word::HowComputedFactor };
        let raw = factor.to_string();
        let subject = Subject { title: &title, value: &value, raw: &raw, how, at: Some(position.at) };
        badge::badge(ui, known, &subject, snapshot, state);
        danger_word(ui, danger, state);
    });
}

/// Shape and word of a danger.
pub(super) fn danger_word(ui: &mut Ui, danger: Danger, state: &UiState) {
    let colour = health_gauge::colour(danger, state);
    let (rect, _) = ui.allocate_exact_size(vec2(18.0, 22.0), egui::Sense::hover());
    let severity = health_gauge::severity(danger);
    icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
    ui.label(RichText::new(state.t(health_gauge::word(danger))).color(colour).family(medium()));
}

fn loan(ui: &mut Ui, health: &Health, known: Known, state: &UiState) {
    let Some(factor) = health.factor else { return };
    ui.add_space(2.0);
    let stale = matches!(known, Known::Stale(_)) || health.price_age.old.is_some();
    health_gauge::show(ui, factor, stale, state);
    let unit = |amount, round| format::worth(amount, health.decimals, &health.unit, round);
    let sums =
        [state.amount(unit(health.collateral, Round::Down)), state.amount(unit(health.debt, Round::Up))];
    widgets::quiet(ui, state, &state.tf(Word::CollateralDebt, &sums.each_ref().map(String::as_str)));
    // The nearest first: it is the one that matters.
    let mut prices: Vec<&LiquidationPrice> = health.liquidation.iter().collect();
    prices.sort_by_key(|price| price.room_bps());
    for price in prices {
        ui.label(liquidation(price, state));
    }
}

/// `liquidation if WETH < $2 402.95 (−29.6 %)`. The price is rounded towards today's: it never looks farther than it is.
pub(super) fn liquidation(price: &LiquidationPrice, state: &UiState) -> String {
    let (word, round) =
        if price.falling { (Word::LiquidationFall, Round::Up) } else { (Word::LiquidationRise, Round::Down) };
    let at = format::worth(price.at, price.decimals, &price.unit, round);
    let bps: u64 = price.room_bps().saturating_to();
    let room = format!("{}.{}", bps / 100, bps % 100 / 10);
    state.tf(word, &[&price.asset.symbol, &at, &room])
}

fn code(ui: &mut Ui, position: &Position, state: &UiState) {
    let (severity, words) = match position.code.verdict {
        Verdict::Matches => (Severity::Ok, state.t(Word::CodeMatches).to_owned()),
        Verdict::Changed => (Severity::Caution, state.tf(Word::CodeChanged, &[env!("CARGO_PKG_VERSION")])),
        Verdict::NotBundled => (Severity::Info, state.t(Word::CodeNotBundled).to_owned()),
        Verdict::NoCode => (Severity::Danger, state.t(Word::CodeNone).to_owned()),
    };
    line(ui, severity, &words, state);
}

/// What a row is, in words.
pub(super) fn kind(kind: RowKind) -> Word {
    match kind {
        RowKind::Held => Word::PosHeld,
        RowKind::Supplied => Word::PosSupplied,
        RowKind::Collateral => Word::PosCollateral,
        RowKind::Borrowed => Word::PosBorrowed,
        RowKind::Claimable => Word::PosClaimable,
        RowKind::Waiting => Word::PosWaiting,
    }
}

/// What is owed rounds up, all else down.
pub(super) fn round_of(kind: RowKind) -> Round {
    if kind == RowKind::Borrowed { Round::Up } else { Round::Down }
}

/// The action that a row offers at once.
fn offered(position: &Position, row: &Row) -> Option<usize> {
    let fits = |action: &Action| {
        let stage = match row.kind {
            RowKind::Supplied | RowKind::Collateral => action.stage == Some(Stage::Withdraw),
            RowKind::Borrowed => action.stage == Some(Stage::Repay),
            RowKind::Claimable => action.stage == Some(Stage::Claim),
            RowKind::Held => matches!(action.stage, Some(Stage::Unwrap | Stage::Queue | Stage::Free)),
            RowKind::Waiting => false,
        };
        stage && action.asset.address == row.asset.address
    };
    position.actions.iter().position(fits)
}

/// The short word for an action on a row's button.
pub(super) fn verb(stage: Option<Stage>) -> Word {
    match stage {
        Some(Stage::Claim) => Word::ActClaim,
        Some(Stage::Free) => Word::ActFree,
        Some(Stage::Repay) => Word::ActRepay,
        Some(Stage::Withdraw) | None => Word::ActWithdraw,
        Some(Stage::Unwrap) => Word::ActUnwrap,
        Some(Stage::Queue) => Word::ActQueue,
    }
}

fn columns(width: f32, state: &UiState) -> Vec<Column> {
    let mut columns = vec![Column::wide(state.t(Word::AssetWord), 96.0), Column::rest("")];
    if width >= 640.0 {
        columns.push(Column::number("", 130.0));
    }
    columns.push(Column::wide("", if width < 480.0 { 30.0 } else { 104.0 }));
    columns.push(Column::number("", if width < 480.0 { 90.0 } else { 150.0 }));
    columns
}

fn rows(
    ui: &mut Ui,
    name: &str,
    position: &Position,
    (known, snapshot): (Known, &Snapshot),
    state: &mut UiState,
) {
    let columns = columns(ui.available_width(), state);
    let wide = columns.len() == 5;
    for row in &position.rows {
        let round = round_of(row.kind);
        let decimals = row.asset.decimals;
        let amount = state.amount(format::amount(row.amount, decimals, decimals.min(6), round));
        let worth = row
            .worth
            .as_ref()
            .map(|worth| state.amount(format::worth(worth.amount, worth.decimals, &worth.unit, round)));
        let what = state.t(kind(row.kind));
        let symbol = crate::app::plain(&row.asset.symbol);
        let word = known.word(state.kept.language);
        let label = state.tf(Word::PosRow, &[what, &amount, &symbol, &word]);
        let last = columns.len().saturating_sub(1);
        table::still_row(ui, &columns, &label, |ui, at| match at {
            0 => drop(ui.label(RichText::new(what).color(state.palette.text_2))),
            1 => {
                let mut text = format!("{amount} {symbol}");
                if let Some(worth) = worth.as_ref().filter(|_| !wide) {
                    text.push_str(&format!(" · {worth}"));
                }
                ui.label(RichText::new(text).family(medium()));
                if let Some(note) = &row.note {
                    ui.label(RichText::new(note).small().color(state.palette.text_3));
                }
            }
            2 if wide => drop(worth.as_ref().map(|worth| ui.label(worth))),
            _ if at == last => row_button(ui, name, position, row, state),
            _ => {
                let exact = format!("{} {symbol}", format::amount(row.amount, decimals, decimals, round));
                let title = state.tf(Word::PosAmountTitle, &[what, &symbol, name]);
                let raw = row.amount.to_string();
                let (how, at) = (Word::HowCall, Some(position.at));
                let subject = Subject { title: &title, value: &exact, raw: &raw, how, at };
                badge::badge(ui, known, &subject, snapshot, state);
            }
        });
    }
}

fn row_button(ui: &mut Ui, name: &str, position: &Position, row: &Row, state: &mut UiState) {
    let Some(index) = offered(position, row) else { return };
    let Some(action) = position.actions.get(index) else { return };
    ui.spacing_mut().button_padding.y = 4.0;
    let open = OpenAction::of(name, position, action);
    let chosen = state.positions.open.as_ref() == Some(&open);
    let words = state.t(verb(action.stage));
    let button = ui.add(egui::Button::new(words).selected(chosen).min_size(vec2(0.0, 30.0)));
    let label = format!("{}: {name}", action.title);
    button.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, label.clone()));
    if button.clicked() {
        state.positions.choose(open);
    }
}

fn foot(ui: &mut Ui, name: &str, position: &Position, state: &mut UiState) {
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        let exits = position.actions.iter().any(|action| action.stage.is_some());
        if exits {
            let words = state.t(Word::ExitPlanMore);
            let button = widgets::primary(ui, state, words);
            let label = format!("{words} {name}");
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
            if button.clicked() {
                state.positions.exit.only = Some(name.to_owned());
                state.screen = Screen::ExitPlan;
            }
        } else if position.actions.is_empty() {
            widgets::quiet(ui, state, state.t(Word::PosNoneToDo));
        }
        let words = state.t(Word::PosOpenContract);
        let button = ui.button(words);
        let label = format!("{words}: {name}");
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
        if button.clicked() {
            state.contracts.address.text = position.contract.to_checksum(None);
            state.contracts.chosen = Some(position.contract);
            state.contracts.asked = false;
            state.screen = Screen::Contracts;
        }
    });
}
