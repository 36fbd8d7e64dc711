//! Contracts: read any function of any contract when its front end is gone.

use std::sync::Arc;

use alloy::primitives::Address;
use egui::{RichText, ScrollArea, TextEdit, Ui};

use super::contract_call;
use crate::app::{
    AbiBook, AbiSource, Answer, Command, ContractAnswer, ContractQuestion, FunctionFacts, InterfaceAnswer,
    Loadable, Provenance, ProxyKind, Question, Snapshot, Tag, TokenList, parse_abi_json, sanitise,
};
use crate::gui::badge::{self, Subject};
use crate::gui::contracts_state::ContractsState;
use crate::gui::format;
use crate::gui::known::Known;
use crate::gui::paste::{self, Pasted};
use crate::gui::table::{self, Column, ROW};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Rows of a list of functions or contracts before it scrolls.
const ROWS: f32 = 8.0;

/// Chooses a contract, and leaves what belonged to another.
pub(in crate::gui) fn choose(address: Address, state: &mut UiState) {
    let old = std::mem::take(&mut state.contracts);
    state.contracts =
        ContractsState { chosen: Some(address), bundled: old.bundled, ..ContractsState::default() };
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Contracts));
    search(ui, state);
    let Some(address) = state.contracts.chosen else {
        bundled(ui, snapshot, state);
        return;
    };
    let question = Question::Contract(ContractQuestion::Interface(address, Tag::Latest, None));
    let Some(held) = snapshot.answers.get(&question).cloned() else {
        if !state.contracts.asked {
            state.contracts.asked = true;
            commands.push(Command::Ask(question));
        }
        widgets::quiet(ui, state, state.t(Word::AskingEndpoints));
        return;
    };
    let (found, failed) = match &held {
        Loadable::Ready(answer) => (interface(answer), None),
        Loadable::Loading { previous } => (previous.as_ref().and_then(interface), None),
        Loadable::Failed { reason, previous } => (previous.as_ref().and_then(interface), Some(reason)),
    };
    if let Some(reason) = failed {
        widgets::card(ui, state, |ui, state| {
            widgets::reason(ui, state, reason);
            if !reason.misuse && ui.button(state.t(Word::TryAgain)).clicked() {
                commands.push(Command::Ask(question.clone()));
            }
        });
    }
    let Some(found) = found else {
        if failed.is_none() {
            let word = if snapshot.head.is_some() { Word::AskingEndpoints } else { Word::WaitingForHead };
            widgets::quiet(ui, state, state.t(word));
        }
        return;
    };
    facts(ui, found, snapshot, state);
    if found.code_size > 0 {
        functions(ui, found, state);
        contract_call::show(ui, found, snapshot, state, commands);
        pasted(ui, state);
    }
}

fn interface(answer: &Answer) -> Option<&InterfaceAnswer> {
    match answer {
        Answer::Contract(answer) => match &**answer {
            ContractAnswer::Interface(found) => Some(found),
            _ => None,
        },
        _ => None,
    }
}

fn search(ui: &mut Ui, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) =
            (state.t(Word::ContractLabel), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.contracts.address, colour);
        if response.changed() {
            let pasted = paste::read(&state.contracts.address.text, &paste::known(state));
            if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
                paste::wipe(&mut state.contracts.address.text);
                state.contracts.address.error = Some(state.t(Word::AddressSecret).to_owned());
            }
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, state, state.t(Word::OpenIt)).clicked() || widgets::entered(ui, &response)
            {
                match paste::address(&state.contracts.address.text) {
                    Ok(address) => choose(address, state),
                    Err(error) => state.contracts.address.error = Some(error.words(state)),
                }
            }
            if state.contracts.chosen.is_some() && ui.button(state.t(Word::OtherContract)).clicked() {
                let bundled = state.contracts.bundled.take();
                state.contracts = ContractsState { bundled, ..ContractsState::default() };
            }
        });
    });
}

/// The bundled contracts of this chain, to choose from.
fn bundled(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let chain = snapshot.network.chain_id;
    let all = match &state.contracts.bundled {
        Some((known, all)) if *known == chain => Arc::clone(all),
        _ => {
            let rows = AbiBook::new().known_on(chain);
            let rows = rows.into_iter().map(|row| (row.address, row.label.clone(), row.protocol.clone()));
            let mut all: Vec<_> = rows.collect();
            let tokens = TokenList::of_chain(chain).map(TokenList::tokens).unwrap_or_default();
            let known: std::collections::HashSet<Address> =
                all.iter().map(|(address, ..)| *address).collect();
            let tokens = tokens.iter().filter(|token| !known.contains(&token.address));
            all.extend(tokens.map(|token| {
                let name = format!("{} ({})", token.symbol, token.name);
                (token.address, name, state.t(Word::TokenWord).to_owned())
            }));
            let all: Arc<[_]> = all.into();
            state.contracts.bundled = Some((chain, Arc::clone(&all)));
            all
        }
    };
    widgets::card(ui, state, |ui, state| {
        widgets::quiet(ui, state, &state.tf(Word::NoContract, &[&all.len().to_string()]));
        if all.is_empty() {
            return;
        }
        filter(ui, state);
        let wanted = state.contracts.filter.trim().to_lowercase();
        let fits = |one: &&(Address, String, String)| {
            wanted.is_empty() || one.1.to_lowercase().contains(&wanted) || one.2.contains(&wanted)
        };
        let rows: Vec<_> = all.iter().filter(fits).collect();
        let columns = [
            Column::rest(state.t(Word::NameWord)),
            Column::wide(state.t(Word::Protocol), 130.0),
            Column::wide(state.t(Word::AddressLabel), 170.0),
        ];
        table::header(ui, state, &columns);
        let mut chosen = None;
        let area =
            ScrollArea::vertical().id_salt("bundled").max_height(ROW * ROWS).auto_shrink([false, true]);
        area.show_rows(ui, ROW, rows.len(), |ui, shown| {
            for (address, label, protocol) in rows.get(shown).unwrap_or_default() {
                let words = format!("{label}, {protocol}, {}", format::short_address(*address));
                let clicked = table::row(ui, state, &columns, &words, |ui, at| {
                    let text = match at {
                        0 => RichText::new(label),
                        1 => RichText::new(protocol),
                        _ => RichText::new(format::short_address(*address)).monospace(),
                    };
                    ui.label(text);
                });
                if clicked {
                    chosen = Some(*address);
                }
            }
        });
        if let Some(address) = chosen {
            choose(address, state);
        }
    });
}

fn filter(ui: &mut Ui, state: &mut UiState) {
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(state.t(Word::Filter));
        let edit = TextEdit::singleline(&mut state.contracts.filter).desired_width(260.0);
        let response = ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        if std::mem::take(&mut state.filter_wanted) {
            response.request_focus();
        }
    });
}

/// Whose word an interface is.
pub(super) fn source(provenance: &Provenance, state: &UiState) -> String {
    match provenance {
        Provenance::User => state.t(Word::AbiPasted).to_owned(),
        Provenance::Bundled { protocol } => state.tf(Word::AbiBundled, &[protocol]),
        Provenance::Guess => state.t(Word::AbiGuessed).to_owned(),
    }
}

fn facts(ui: &mut Ui, found: &InterfaceAnswer, snapshot: &Snapshot, state: &mut UiState) {
    let account = found.account.value();
    let at = found.account.at();
    widgets::card(ui, state, |ui, state| {
        let title = found.label.clone().unwrap_or_else(|| state.t(Word::UnlabelledContract).to_owned());
        let known = Known::state(at, snapshot, state.now_ms);
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, &title);
            let hash = account.code_hash.to_string();
            let subject =
                Subject { title: &title, value: &hash, raw: "", how: Word::HowAccount, at: Some(at) };
            badge::badge(ui, known, &subject, snapshot, state);
        });
        widgets::address(ui, state, account.address, 13.0);
        if found.code_size == 0 {
            ui.label(state.t(Word::NoCodeHere));
            return;
        }
        let size = state.tf(Word::CodeBytes, &[&format::number(found.code_size as u64)]);
        widgets::pair(ui, state, state.t(Word::Kind), |ui| drop(ui.label(size)));
        widgets::pair(ui, state, state.t(Word::CodeHash), |ui| widgets::hash(ui, account.code_hash));
        if let Some(who) = found.implementation {
            let word = match found.proxy {
                ProxyKind::Eip7702 { .. } => Word::RunsDelegate,
                _ => Word::RunsCodeOf,
            };
            let label = found.implementation_label.clone().unwrap_or_default();
            widgets::pair(ui, state, state.t(word), |ui| {
                widgets::address(ui, state, who, 12.5);
                ui.label(label);
            });
        }
        let abi = match &found.abi {
            Some(AbiSource::Interface(provenance)) => source(provenance, state),
            Some(AbiSource::Implementation(_, provenance)) => source(provenance, state),
            Some(AbiSource::Signature) => state.t(Word::AbiPasted).to_owned(),
            None => state.t(Word::AbiGuessed).to_owned(),
        };
        widgets::pair(ui, state, state.t(Word::AbiWord), |ui| drop(ui.label(abi)));
    });
}

/// The functions in the list: those of the pasted interface where there is one.
fn listed<'a>(found: &'a InterfaceAnswer, state: &'a UiState) -> (&'a [FunctionFacts], &'a [FunctionFacts]) {
    match &state.contracts.pasted {
        Some(pasted) => (&pasted.reads, &pasted.writes),
        None => (&found.reads, &found.writes),
    }
}

fn functions(ui: &mut Ui, found: &InterfaceAnswer, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let (reads, writes) = listed(found, state);
        let (read_count, write_count) = (reads.len().to_string(), writes.len().to_string());
        ui.horizontal_wrapped(|ui| {
            for (writes, word, count) in
                [(false, Word::ReadTab, &read_count), (true, Word::WriteTab, &write_count)]
            {
                let text = state.tf(word, &[count]);
                if widgets::choice(ui, state.contracts.writes == writes, &text).clicked() {
                    state.contracts.writes = writes;
                    state.contracts.open = None;
                }
            }
        });
        filter(ui, state);
        let wanted = state.contracts.filter.trim().to_lowercase();
        let (reads, writes) = listed(found, state);
        let all = if state.contracts.writes { writes } else { reads };
        let rows: Vec<FunctionFacts> =
            all.iter().filter(|one| one.signature.to_lowercase().contains(&wanted)).cloned().collect();
        if rows.is_empty() {
            widgets::quiet(ui, state, state.t(Word::NoFunctions));
            return;
        }
        let columns =
            [Column::rest(state.t(Word::FunctionWord)), Column::wide(state.t(Word::AbiWord), 170.0)];
        table::header(ui, state, &columns);
        let mut chosen = None;
        let height = (ROW * rows.len() as f32).min(ROW * ROWS);
        let area = ScrollArea::vertical().id_salt("functions").max_height(height).auto_shrink([false, true]);
        area.show_rows(ui, ROW, rows.len(), |ui, shown| {
            for one in rows.get(shown).unwrap_or_default() {
                let guess = one.provenance == Provenance::Guess;
                let name =
                    if guess { state.tf(Word::Maybe, &[&one.signature]) } else { one.signature.clone() };
                let said = source(&one.provenance, state);
                let clicked = table::row(ui, state, &columns, &format!("{name}, {said}"), |ui, at| {
                    let text = match at {
                        0 => RichText::new(&name).monospace(),
                        _ => RichText::new(&said).small().color(state.palette.text_2),
                    };
                    ui.label(text);
                });
                if clicked {
                    chosen = Some(one.clone());
                }
            }
        });
        if let Some(one) = chosen {
            contract_call::open(one, state);
        }
    });
}

/// The user's own interface, as JSON.
fn pasted(ui: &mut Ui, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        if state.contracts.pasted.is_some() {
            ui.label(RichText::new(state.t(Word::PastedWarns)).color(state.palette.unverified));
            if ui.button(state.t(Word::ForgetAbi)).clicked() {
                state.contracts.pasted = None;
                state.contracts.open = None;
            }
            return;
        }
        egui::CollapsingHeader::new(state.t(Word::PasteAbi)).show(ui, |ui| {
            let label = ui.label(state.t(Word::PasteAbiLabel));
            let edit = TextEdit::multiline(&mut state.contracts.abi.text)
                .desired_width(ui.available_width())
                .desired_rows(4)
                .code_editor();
            ui.add(edit).labelled_by(label.id);
            if let Some(error) = &state.contracts.abi.error {
                ui.label(RichText::new(error).color(state.palette.refuted));
            }
            if ui.button(state.t(Word::UseAbi)).clicked() {
                take_abi(state);
            }
        });
    });
}

fn take_abi(state: &mut UiState) {
    match parse_abi_json(&state.contracts.abi.text) {
        Ok(abi) => {
            let json: Arc<str> = state.contracts.abi.text.as_str().into();
            state.contracts.pasted = Some(contract_call::pasted(&abi, json));
            state.contracts.abi = crate::gui::ui_state::Field::default();
            state.contracts.open = None;
        }
        Err(why) => state.contracts.abi.error = Some(sanitise(&why.to_string(), 200)),
    }
}
