//! Exit plan: the way out in order, each step simulated on what the former leaves, and what there is instead of it.

use alloy::primitives::U256;
use egui::{RichText, Ui};

use super::position_card::line;
use super::{exit_instead, exit_steps, position_settings, positions};
use crate::app::signing::State;
use crate::app::{Asset, Command, ExitPlan, Found, Question, Report, Snapshot, TransactionView};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::health_gauge;
use crate::gui::icons::Severity;
use crate::gui::known::Known;
use crate::gui::position_data::{self, Held};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// A plan older than this is made again before anybody acts on it.
const OLD_SECS: u64 = 120;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(owner) = state.account().map(|account| account.address) else {
        state.screen = Screen::FirstRun;
        return;
    };
    state.positions.needs = None;
    let of = state.positions.exit.only.clone();
    let of = of.unwrap_or_else(|| state.t(Word::ExitEverything).to_owned());
    widgets::title(ui, &state.tf(Word::ExitOf, &[&of]));
    let question = position_data::exit_question(owner, state);
    let held = Held::of(&question, snapshot);
    bar(ui, &held, &question, snapshot, state, commands);
    positions::failed(ui, &held, &question, (Word::ExitFailed, snapshot), state, commands);
    let Some(plan) = held.plan() else {
        if held.failed.is_none() {
            waiting(ui, snapshot, state);
        }
        return;
    };
    outdated(ui, plan, snapshot, state);
    for (name, _) in plan.changed() {
        let words = state.tf(Word::CodeChanged, &[env!("CARGO_PKG_VERSION")]);
        line(ui, Severity::Caution, &format!("{name}: {words}"), state);
    }
    exit_instead::danger(ui, plan, snapshot, state);
    shortfalls(ui, plan, state);
    if plan.steps.is_empty() && plan.left_out.is_empty() {
        widgets::card(ui, state, |ui, state| ui.label(state.t(Word::ExitNothing)));
    } else {
        exit_steps::show(ui, plan, snapshot, state);
        left_out(ui, plan, state);
        end(ui, plan, snapshot, state);
    }
    exit_instead::show(ui, plan, snapshot, state);
    unread(ui, plan, state);
}

#[expect(
    clippy::too_many_arguments,
    reason = "what is drawn, its question, and the four things each screen is given"
)]
fn bar(
    ui: &mut Ui,
    held: &Held,
    question: &Question,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::ExitBack)).clicked() {
            state.screen = Screen::Positions;
        }
        let can = !held.loading && !snapshot.offline && snapshot.head.is_some();
        if ui.add_enabled(can, egui::Button::new(state.t(Word::ExitAgain))).clicked() {
            position_data::ask(question.clone(), state, commands);
        }
    });
    if held.loading && held.plan().is_some() {
        widgets::quiet(ui, state, state.t(Word::ExitPlanning));
    }
    ui.add_space(6.0);
}

fn waiting(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::waiting(ui, snapshot, state, (Word::ExitPlanning, [320.0, 280.0, 220.0]));
}

fn outdated(ui: &mut Ui, plan: &ExitPlan, snapshot: &Snapshot, state: &UiState) {
    let age = (state.now_ms / 1_000).saturating_sub(plan.at.timestamp);
    let block = format::number(plan.at.number);
    let after = |one: &TransactionView| matches!(one.state, State::Included { block, .. } if block.number > plan.at.number);
    if snapshot.wallet.history.iter().any(|one| one.from == plan.owner && after(one)) {
        line(ui, Severity::Caution, &state.tf(Word::ExitOvertaken, &[&block]), state);
    } else if age > OLD_SECS {
        let words = state.tf(Word::ExitOutdated, &[&block, &format::age(age)]);
        line(ui, Severity::Caution, &words, state);
    } else if snapshot.head.is_some() {
        widgets::quiet(ui, state, &state.tf(Word::ExitPlannedAt, &[&block]));
    }
    ui.add_space(4.0);
}

/// `13 970.00 USDC`: an amount with its symbol.
pub(super) fn amount(asset: &Asset, raw: U256, round: Round, state: &UiState) -> String {
    let number = format::amount(raw, asset.decimals, asset.decimals.min(6), round);
    format!("{} {}", state.amount(number), crate::app::plain(&asset.symbol))
}

fn shortfalls(ui: &mut Ui, plan: &ExitPlan, state: &mut UiState) {
    if plan.shortfalls.is_empty() {
        return;
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::ExitShortTitle));
        for one in &plan.shortfalls {
            let values = [
                amount(&one.asset, one.needed, Round::Up, state),
                amount(&one.asset, one.held, Round::Down, state),
                amount(&one.asset, one.missing(), Round::Up, state),
            ];
            let words = state.tf(Word::ExitShort, &values.each_ref().map(String::as_str));
            line(ui, Severity::Caution, &words, state);
            ui.label(RichText::new(&one.market).small().color(state.palette.text_3));
        }
        widgets::quiet(ui, state, state.t(Word::ExitShortMeans));
    });
}

fn left_out(ui: &mut Ui, plan: &ExitPlan, state: &mut UiState) {
    if plan.left_out.is_empty() {
        return;
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::ExitLeftOut));
        for one in &plan.left_out {
            ui.label(RichText::new(format!("{} · {}", one.title, one.market)).family(medium()));
            line(ui, Severity::Caution, &one.why, state);
        }
    });
}

/// Positions of a report that have something in them.
pub(super) fn positions_in(reports: &[Report]) -> impl Iterator<Item = (&str, &crate::app::Position)> {
    let found = |report: &'_ Report| match &report.found {
        Found::Positions(all) => all.len(),
        Found::NotThere | Found::Failed(_) => 0,
    };
    reports.iter().filter(move |report| found(report) > 0).flat_map(|report| {
        let all = match &report.found {
            Found::Positions(all) => all.as_slice(),
            Found::NotThere | Found::Failed(_) => &[],
        };
        all.iter().map(|position| (report.name.as_str(), position))
    })
}

fn end(ui: &mut Ui, plan: &ExitPlan, snapshot: &Snapshot, state: &mut UiState) {
    let known = Known::state(plan.at, snapshot, state.now_ms);
    widgets::card(ui, state, |ui, state| {
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, state.t(Word::ExitEnd));
            let title = state.t(Word::ExitEnd);
            let (how, at) = (Word::HowSimulated, Some(plan.at));
            let subject = Subject { title, value: "", raw: "", how, at };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        if !plan.wallet.is_empty() {
            widgets::quiet(ui, state, state.t(Word::ExitWallet));
        }
        for change in &plan.wallet {
            let (sign, by) = if change.after >= change.before {
                ("+", change.after.saturating_sub(change.before))
            } else {
                ("\u{2212}", change.before.saturating_sub(change.after))
            };
            let round = if sign == "+" { Round::Down } else { Round::Up };
            let after = amount(&change.asset, change.after, Round::Down, state);
            let words = format!("{sign}{} → {after}", amount(&change.asset, by, round, state));
            ui.label(words);
        }
        let ether = plan.wallet.iter().any(|change| change.asset.is_ether());
        if ether {
            widgets::quiet(ui, state, state.t(Word::ExitWithoutFees));
        }
        for moved in plan.health_moves() {
            let from = health_gauge::text(moved.before);
            let words = match moved.after {
                None => state.tf(Word::ExitWhatIfNoDebt, &[&from]),
                Some(factor) => state.tf(Word::ExitWhatIfEnds, &[&from, &health_gauge::text(factor)]),
            };
            ui.label(format!("{} · {words}", moved.market));
        }
        let mut left = false;
        for (name, position) in positions_in(&plan.after).filter(|(_, position)| !position.is_empty()) {
            left = true;
            let rows: Vec<String> = position
                .rows
                .iter()
                .filter(|row| !row.amount.is_zero())
                .map(|row| {
                    let what = state.t(super::position_card::kind(row.kind));
                    let round = super::position_card::round_of(row.kind);
                    format!("{what} {}", amount(&row.asset, row.amount, round, state))
                })
                .collect();
            let words = state.tf(Word::ExitLeft, &[name, &rows.join(", ")]);
            ui.add(egui::Label::new(words).wrap());
        }
        let lost: Vec<&str> = plan.lost().map(|report| report.name.as_str()).collect();
        if !lost.is_empty() {
            line(ui, Severity::Caution, &state.tf(Word::ExitLost, &[&lost.join(", ")]), state);
        } else if !left {
            line(ui, Severity::Ok, state.t(Word::ExitNothingLeft), state);
        }
        gas(ui, plan, snapshot, state);
    });
}

/// Gas of all steps, and what that is at most: a third above what the simulation used, at twice the base fee.
fn gas(ui: &mut Ui, plan: &ExitPlan, snapshot: &Snapshot, state: &UiState) {
    let used = format::number(plan.total_gas);
    let Some(fee) = snapshot.head.and_then(|head| head.base_fee) else {
        return widgets::quiet(ui, state, &state.tf(Word::ExitGasOnly, &[&used]));
    };
    let limit = U256::from(plan.total_gas).saturating_mul(U256::from(4)) / U256::from(3);
    let wei = limit.saturating_mul(U256::from(fee)).saturating_mul(U256::from(2));
    widgets::quiet(ui, state, &state.tf(Word::ExitGas, &[&used, &format::ether(wei, Round::Up)]));
}

fn unread(ui: &mut Ui, plan: &ExitPlan, state: &UiState) {
    let failed = |report: &&Report| matches!(report.found, Found::Failed(_));
    let names: Vec<&str> = plan.before.iter().filter(failed).map(|report| report.name.as_str()).collect();
    if !names.is_empty() {
        line(ui, Severity::Caution, &state.tf(Word::ExitUnread, &[&names.join(", ")]), state);
    }
}

/// A line of safety as it is shown.
pub(super) fn floor_text(state: &UiState) -> String {
    let hundredths = state.positions.exit.floor;
    position_settings::text(if hundredths == 0 { 105 } else { hundredths })
}
