//! Positions: what is in protocols, what of it is in danger, and the shortest proven way out.

use egui::{CollapsingHeader, RichText, Ui};

use super::{contracts, position_card, position_names, position_settings};
use crate::app::{Command, Found, PositionsAnswer, Question, Report, Snapshot};
use crate::gui::badge;
use crate::gui::families::{Family, families};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::icons::Severity;
use crate::gui::known::Known;
use crate::gui::position_data::{self, Held};
use crate::gui::screen::Screen;
use crate::gui::switcher;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(account) = state.account().cloned() else {
        state.screen = Screen::FirstRun;
        return;
    };
    state.positions.needs = None;
    widgets::title(ui, state.t(Word::Positions));
    widgets::quiet(ui, state, &switcher::title(&account));
    let question = position_data::positions_question(account.address, state);
    let held = Held::of(&question, snapshot);
    failed(ui, &held, &question, (Word::PosFailedAll, snapshot), state, commands);
    let Some(found) = held.positions() else {
        if held.failed.is_none() {
            waiting(ui, snapshot, state);
        }
        // What was named may be what it waits for, or fails by: it can be taken back.
        position_names::show(ui, snapshot, state, commands);
        return;
    };
    top(ui, found, &held, (&question, snapshot), state, commands);
    for (name, position) in found.positions() {
        position_card::show(ui, name, position, snapshot, state);
    }
    for report in &found.reports {
        unread(ui, report, &question, state, commands);
    }
    if found.positions().is_empty() {
        empty(ui, found, state);
    }
    rest(ui, found, state);
    position_names::show(ui, snapshot, state, commands);
    position_settings::show(ui, state);
}

/// Why the last reading failed as a whole.
#[expect(
    clippy::too_many_arguments,
    reason = "what is drawn, its question, and the four things each screen is given"
)]
pub(super) fn failed(
    ui: &mut Ui,
    held: &Held,
    question: &Question,
    (title, snapshot): (Word, &Snapshot),
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let Some(reason) = held.failed.as_ref().filter(|_| !snapshot.offline) else { return };
    widgets::card(ui, state, |ui, state| {
        ui.label(RichText::new(state.t(title)).family(medium()));
        widgets::reason(ui, state, reason);
        if ui.button(state.t(Word::TryAgain)).clicked() {
            position_data::ask(question.clone(), state, commands);
        }
    });
}

/// Nothing is here yet: what is being done, a row a protocol or a few of its markets.
fn waiting(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let names = position_data::protocol_names(snapshot, state);
    widgets::card(ui, state, |ui, state| {
        if names.is_empty() {
            widgets::quiet(ui, state, state.t(Word::PosNone));
            return;
        }
        if snapshot.head.is_none() || snapshot.offline {
            widgets::quiet(ui, state, state.t(Word::WaitingForHead));
            return;
        }
        let words = state.tf(Word::PosReading, &[&names.len().to_string(), "0"]);
        ui.label(RichText::new(words).family(medium()));
        let families = families(names.iter().map(|(id, name)| (*id, name.as_str())));
        for name in families.iter().flat_map(|one| rows(one, state)) {
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 24.0), egui::Sense::hover());
                let (colour, ground) = (state.palette.text_3, state.palette.card);
                badge::paint(ui.painter(), Known::Checking, rect.center(), colour, ground);
                ui.label(RichText::new(name).color(state.palette.text_2));
                widgets::skeleton(ui, state, 120.0);
            });
        }
    });
}

/// Where it was read, and what leads on.
#[expect(
    clippy::too_many_arguments,
    reason = "what is drawn, its question, and the four things each screen is given"
)]
fn top(
    ui: &mut Ui,
    found: &PositionsAnswer,
    held: &Held,
    (question, snapshot): (&Question, &Snapshot),
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    ui.horizontal_wrapped(|ui| {
        let word = if held.loading { Word::PosOldAnswer } else { Word::PosReadAt };
        let block = format::number(found.at.number);
        widgets::quiet(ui, state, &state.tf(word, &[&block]));
    });
    ui.horizontal_wrapped(|ui| {
        if !found.positions().is_empty() && ui.button(state.t(Word::PosExitAll)).clicked() {
            state.positions.exit.only = None;
            state.screen = Screen::ExitPlan;
        }
        let again = ui.add_enabled(
            !held.loading && !snapshot.offline,
            egui::Button::new(state.t(Word::PosVerifyAgain)),
        );
        if again.clicked() {
            position_data::ask(question.clone(), state, commands);
        }
        if ui.button(state.t(Word::PosSafeLink)).clicked() {
            state.screen = Screen::Safe;
        }
    });
    ui.add_space(6.0);
}

/// A protocol that could not be read. The others do not depend on it.
fn unread(
    ui: &mut Ui,
    report: &Report,
    question: &Question,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let Found::Failed(error) = &report.found else { return };
    let reason = crate::app::Reason::from(&**error);
    widgets::card(ui, state, |ui, state| {
        let words = state.tf(Word::PosFailed, &[&report.name]);
        position_card::line(ui, Severity::Caution, &words, state);
        widgets::reason(ui, state, &reason);
        widgets::quiet(ui, state, state.t(Word::PosStillOthers));
        ui.horizontal_wrapped(|ui| {
            let named = |ui: &mut Ui, words: &str| {
                let label = format!("{words}: {}", report.name);
                let button = ui.button(words);
                button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, label.clone()));
                button.clicked()
            };
            if named(ui, state.t(Word::TryAgain)) {
                position_data::ask(question.clone(), state, commands);
            }
            if let Some(contract) = error.contract()
                && named(ui, state.t(Word::PosOpenContract))
            {
                contracts::choose(contract, state);
                state.screen = Screen::Contracts;
            }
        });
    });
}

fn empty(ui: &mut Ui, found: &PositionsAnswer, state: &mut UiState) {
    let (read, _, failed) = found.counts();
    widgets::card(ui, state, |ui, state| {
        if found.reports.is_empty() {
            ui.label(state.t(Word::PosNone));
        } else if read > 0 || failed == 0 {
            ui.label(state.tf(Word::PosEmpty, &[&read.to_string()]));
        }
        widgets::quiet(ui, state, state.t(Word::PosEmptyMeans));
        if ui.button(state.t(Word::PosOpenContracts)).clicked() {
            state.screen = Screen::Contracts;
        }
    });
}

/// A large family in a few words, as `Curve: 55 pools`.
fn counted(family: &Family<'_>, state: &UiState) -> String {
    let word = if family.has_pools() { Word::PosPools } else { Word::PosMarkets };
    state.tf(word, &[&family.name, &family.names.len().to_string()])
}

/// Protocols with nothing in them, and those that are not on this chain: proven, and of less interest.
fn rest(ui: &mut Ui, found: &PositionsAnswer, state: &UiState) {
    let of = |wanted: fn(&Found) -> bool| -> Vec<Family<'_>> {
        let wanted = found.reports.iter().filter(|one| wanted(&one.found));
        families(wanted.map(|one| (one.protocol.as_str(), one.name.as_str())))
    };
    let nothing = of(|found| matches!(found, Found::Positions(all) if all.is_empty()));
    let absent = of(|found| matches!(found, Found::NotThere));
    let count = nothing.iter().chain(&absent).map(|one| one.names.len()).sum::<usize>();
    if count == 0 {
        return;
    }
    CollapsingHeader::new(state.tf(Word::PosLooked, &[&count.to_string()])).id_salt("looked at").show(
        ui,
        |ui| {
            let (large, small): (Vec<_>, Vec<_>) = nothing.iter().partition(|one| one.is_large());
            for family in large {
                let words = counted(family, state);
                widgets::quiet(ui, state, &state.tf(Word::PosNothingInThem, &[&words]));
            }
            let names: Vec<&str> = small.iter().flat_map(|one| one.names.iter().copied()).collect();
            if !names.is_empty() {
                widgets::quiet(ui, state, &state.tf(Word::PosNothingIn, &[&names.join(", ")]));
            }
            let absent: Vec<String> = absent.iter().flat_map(|one| rows(one, state)).collect();
            if !absent.is_empty() {
                widgets::quiet(ui, state, &state.tf(Word::PosNotThere, &[&absent.join(", ")]));
            }
        },
    );
    ui.add_space(8.0);
}

/// A family as rows: its names, or its count where they are too many.
fn rows(family: &Family<'_>, state: &UiState) -> Vec<String> {
    if family.is_large() {
        return vec![counted(family, state)];
    }
    family.names.iter().map(|name| (*name).to_owned()).collect()
}
