//! What else is looked up: where a name leads, what can be done with an address, and the logs of a contract.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::{contracts, explorer, explorer_name_of};
use crate::app::{
    BlockQuery, Command, ContractAnswer, ContractQuestion, FoundLog, LogsAnswer, LogsQuestion, Question,
    Snapshot, Tag, sanitise,
};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::gateways;
use crate::gui::known::Known;
use crate::gui::names::{self, Found};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Logs drawn; the others are counted.
const LOGS: usize = 100;
/// Longest text of a log, in characters.
const TEXT_CAP: usize = 600;

/// What a question to contracts is about, in a few words.
pub(super) fn title(question: &ContractQuestion, state: &UiState) -> String {
    match question {
        ContractQuestion::Name(name, _) | ContractQuestion::NameByGateways(name, ..) => name.clone(),
        ContractQuestion::NameOf(who, ..) => state.tf(Word::NameOfTitle, &[&format::short_address(*who)]),
        ContractQuestion::Logs(logs) => {
            let of = logs.addresses.first().map(|who| format::short_address(*who)).unwrap_or_default();
            state.tf(Word::LogsOf, &[&of])
        }
        _ => state.t(Word::Contracts).to_owned(),
    }
}

/// The logs that an address wrote in the newest blocks.
fn logs_question(address: Address) -> Question {
    Question::Contract(ContractQuestion::Logs(LogsQuestion {
        addresses: vec![address],
        topics: Default::default(),
        from: None,
        to: BlockQuery::Latest,
    }))
}

/// What can be done with an address.
pub(super) fn actions(
    ui: &mut Ui,
    (address, has_code): (Address, bool),
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    ui.horizontal_wrapped(|ui| {
        let watched = state.book.watched.iter().any(|one| one.address == address);
        if !watched && ui.button(state.t(Word::SaveWatch)).clicked() {
            state.watch(address, "", true);
            state.screen = Screen::Home;
        }
        if ui.button(state.t(Word::CopyAddress)).clicked() {
            let what = state.t(Word::AddressLabel);
            state.copy(ui, what, address.to_checksum(None));
        }
        // Without a registry there are no names to ask for.
        let names = snapshot.network.ens_registry.is_some();
        if names && ui.button(state.t(Word::NameOfAsk)).clicked() {
            let question = ContractQuestion::NameOf(address, None, Tag::Latest);
            explorer::ask(Question::Contract(question), state, commands);
        }
        if has_code {
            if ui.button(state.t(Word::OpenContract)).clicked() {
                contracts::choose(address, state);
                state.screen = Screen::Contracts;
            }
            let blocks = LogsQuestion::USUAL_BLOCKS.to_string();
            if ui.button(state.tf(Word::LogsButton, &[&blocks])).clicked() {
                explorer::ask(logs_question(address), state, commands);
            }
        }
    });
}

/// Draws an answer of contracts.
pub(super) fn show(
    ui: &mut Ui,
    (question, answer): (&Question, &ContractAnswer),
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    match answer {
        ContractAnswer::NameOf(found) => {
            explorer_name_of::show(ui, (question, found), snapshot, state, commands);
        }
        ContractAnswer::Logs(found) => logs(ui, found, snapshot, state),
        ContractAnswer::Name(_) => match names::found(question, snapshot, state) {
            Found::Address { name, address, at } => {
                ui.horizontal_wrapped(|ui| {
                    let known = names::known(at, snapshot, state);
                    let text = address.to_checksum(None);
                    let subject =
                        Subject { title: &name, value: &text, raw: "", how: Word::HowCall, at: Some(at) };
                    badge::badge(ui, known, &subject, snapshot, state);
                });
                widgets::address(ui, state, address, 13.0);
                widgets::quiet(ui, state, state.t(Word::NameLeads));
                actions(ui, (address, true), snapshot, state, commands);
            }
            Found::Nowhere(why) => drop(ui.label(RichText::new(why).color(state.palette.unverified))),
            Found::Elsewhere { words, hosts } => {
                if let Some(question) = gateways::elsewhere_ui(ui, question, (&words, &hosts), state) {
                    explorer::ask(question, state, commands);
                }
            }
            Found::Told { name, address, hosts } => {
                names::told_ui(ui, (&name, address, &hosts), snapshot, state);
            }
            Found::Waiting => {}
        },
        _ => {}
    }
}

fn logs(ui: &mut Ui, found: &LogsAnswer, snapshot: &Snapshot, state: &mut UiState) {
    let known = Known::proven(found.last, snapshot, state.now_ms);
    let count = format::number(found.logs.len() as u64);
    let (first, last) = (format::number(found.first), format::number(found.last.number));
    let title = state.tf(Word::LogsFound, &[&count, &first, &last]);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&title).family(medium()));
        let subject =
            Subject { title: &title, value: &count, raw: "", how: Word::HowReceipt, at: Some(found.last) };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    widgets::quiet(ui, state, state.t(Word::LogsMean));
    for one in found.logs.iter().rev().take(LOGS) {
        log(ui, one, state);
    }
    if found.logs.len() > LOGS {
        let more = found.logs.len().saturating_sub(LOGS).to_string();
        widgets::quiet(ui, state, &state.tf(Word::More, &[&more]));
    }
}

fn log(ui: &mut Ui, one: &FoundLog, state: &mut UiState) {
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.label(RichText::new(sanitise(&one.decoded.title(), TEXT_CAP)).monospace());
    });
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        let block = state.tf(Word::BlockTitle, &[&format::number(one.block.number)]);
        let text = format!("{block} · {}", format::short_hash(one.transaction));
        let link = ui.link(RichText::new(&text).small());
        let label = format!("{} {}", state.t(Word::TransactionWord), one.transaction);
        link.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, label.clone()));
        if link.clicked() {
            state.explorer.question = Some(Question::Transaction(one.transaction));
        }
    });
}
