//! Explorer: what happened, with proof and without a hosted explorer.

use egui::{RichText, Ui};

use super::{explorer_block, explorer_more, explorer_transaction};
use crate::app::{Answer, BlockQuery, Command, Loadable, Question, Snapshot, Tag};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::names;
use crate::gui::paste::{self, Pasted};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Look-ups remembered.
const RECENT: usize = 6;

/// Asks, and shows the answer here when it comes.
pub(in crate::gui) fn ask(question: Question, state: &mut UiState, commands: &mut Vec<Command>) {
    state.explorer.recent.retain(|one| *one != question);
    state.explorer.recent.insert(0, question.clone());
    state.explorer.recent.truncate(RECENT);
    state.explorer.question = Some(question.clone());
    commands.push(Command::Ask(question));
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::Explorer));
    search(ui, state, commands);
    let Some(question) = state.explorer.question.clone() else {
        widgets::quiet(ui, state, state.t(Word::ExplorerEmpty));
        return;
    };
    let Some(answer) = snapshot.answers.get(&question) else {
        // Another screen named it: it is asked now, once.
        if !commands.iter().any(|command| *command == Command::Ask(question.clone())) {
            ask(question, state, commands);
        }
        return;
    };
    let answer = answer.clone();
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, &title(&question, state));
        match &answer {
            Loadable::Ready(answer) => found(ui, (&question, answer), snapshot, state, commands),
            Loadable::Loading { previous } => {
                waiting(ui, snapshot, state);
                if let Some(answer) = previous {
                    found(ui, (&question, answer), snapshot, state, commands);
                }
            }
            Loadable::Failed { reason, previous } => {
                widgets::reason(ui, state, reason);
                if !reason.misuse && ui.button(state.t(Word::TryAgain)).clicked() {
                    commands.push(Command::Ask(question.clone()));
                }
                if let Some(answer) = previous {
                    ui.separator();
                    widgets::quiet(ui, state, state.t(Word::EarlierAnswer));
                    found(ui, (&question, answer), snapshot, state, commands);
                }
            }
        }
    });
}

fn search(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) =
            (state.t(Word::ExplorerLabel), state.t(Word::ExplorerHint), state.palette.unverified);
        let response = widgets::field(ui, label, hint, &mut state.explorer.field, colour);
        let changed = response.changed();
        if changed {
            state.explorer.confirm = None;
            if paste::read(&state.explorer.field.text, &paste::known(state)) == Pasted::Secret {
                paste::wipe(&mut state.explorer.field.text);
                state.explorer.field.error = Some(state.t(Word::SecretGone).to_owned());
            }
        }
        if let Some(hash) = state.explorer.confirm {
            ui.label(RichText::new(state.t(Word::IsItAHash)).color(state.palette.unverified));
            ui.horizontal_wrapped(|ui| {
                if ui.button(state.t(Word::ClearIt)).clicked() {
                    state.explorer.confirm = None;
                    paste::wipe(&mut state.explorer.field.text);
                }
                if ui.button(state.t(Word::ItIsAHash)).clicked() {
                    state.explorer.confirm = None;
                    ask(Question::Transaction(hash), state, commands);
                }
            });
            return;
        }
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, state, state.t(Word::LookUp)).clicked() || widgets::entered(ui, &response)
            {
                look_up(state, commands);
            }
            for (word, query) in
                [(Word::NewestBlock, BlockQuery::Latest), (Word::FinalBlock, BlockQuery::Finalized)]
            {
                if ui.button(state.t(word)).clicked() {
                    ask(Question::Block(query), state, commands);
                }
            }
        });
        recent(ui, state, commands);
    });
}

fn recent(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    if state.explorer.recent.is_empty() {
        return;
    }
    let all = state.explorer.recent.clone();
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(state.t(Word::Recent)).small().color(state.palette.text_3));
        for question in all {
            if ui.link(RichText::new(title(&question, state)).small()).clicked() {
                ask(question, state, commands);
            }
        }
    });
}

fn look_up(state: &mut UiState, commands: &mut Vec<Command>) {
    let text = state.explorer.field.text.trim().to_owned();
    match paste::read(&text, &paste::known(state)) {
        Pasted::Empty => {}
        Pasted::Secret => {
            paste::wipe(&mut state.explorer.field.text);
            state.explorer.field.error = Some(state.t(Word::SecretGone).to_owned());
        }
        Pasted::HashOrKey(hash) => state.explorer.confirm = Some(hash),
        Pasted::Address(address) => ask(Question::AccountWithCode(address, Tag::Latest), state, commands),
        Pasted::Hash(hash) => ask(Question::Transaction(hash), state, commands),
        Pasted::Number(number) => ask(Question::Block(BlockQuery::Number(number)), state, commands),
        Pasted::Name => ask(names::question(&text), state, commands),
        Pasted::Other => {
            let wrong = paste::address(&text).err().map(|error| error.words(state));
            state.explorer.field.error = wrong.or_else(|| Some(state.t(Word::NothingMatches).to_owned()));
        }
    }
}

/// What a question is about, in a few words.
fn title(question: &Question, state: &UiState) -> String {
    match question {
        Question::Block(BlockQuery::Latest) => state.t(Word::NewestBlock).to_owned(),
        Question::Block(BlockQuery::Finalized) => state.t(Word::FinalBlock).to_owned(),
        Question::Block(BlockQuery::Number(number)) => {
            state.tf(Word::BlockTitle, &[&format::number(*number)])
        }
        Question::Block(BlockQuery::Hash(hash)) => state.tf(Word::BlockTitle, &[&format::short_hash(*hash)]),
        Question::Transaction(hash) => state.tf(Word::TransactionTitle, &[&format::short_hash(*hash)]),
        Question::AccountWithCode(who, _) | Question::Storage(who, ..) => {
            state.tf(Word::AddressTitle, &[&format::short_address(*who)])
        }
        Question::Accounts(..) | Question::Protocol(_) => state.t(Word::Accounts).to_owned(),
        Question::Contract(question) => explorer_more::title(question, state),
    }
}

fn waiting(ui: &mut Ui, snapshot: &Snapshot, state: &UiState) {
    let word = if snapshot.head.is_some() { Word::AskingEndpoints } else { Word::WaitingForHead };
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 20.0), egui::Sense::hover());
        badge::paint(ui.painter(), Known::Checking, rect.center(), state.palette.text_2, state.palette.card);
        widgets::quiet(ui, state, state.t(word));
    });
}

fn found(
    ui: &mut Ui,
    (question, answer): (&Question, &Answer),
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    match answer {
        Answer::Transaction(status) => explorer_transaction::show(ui, status, snapshot, state),
        Answer::Block(block) => explorer_block::show(ui, block, snapshot, state),
        Answer::AccountWithCode(account, code) => {
            let facts = *account.value();
            let title = state.tf(Word::BalanceOf, &[&format::short_address(facts.address)]);
            let known = Known::proven(account.at(), snapshot, state.now_ms);
            widgets::address(ui, state, facts.address, 13.5);
            let value = format!("{} ETH", format::ether_exact(facts.balance));
            let shown = state.amount(format!("{} ETH", format::ether(facts.balance, Round::Down)));
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(shown).size(22.0));
                let raw = format!("{} wei", facts.balance);
                let at = Some(account.at());
                let subject = Subject { title: &title, value: &value, raw: &raw, how: Word::HowAccount, at };
                badge::badge(ui, known, &subject, snapshot, state);
            });
            let size = code.value().len() as u64;
            let kind = match (facts.exists, size) {
                (false, _) => state.t(Word::UnusedAccount).to_owned(),
                (true, 0) => state.t(Word::PlainAccount).to_owned(),
                (true, _) => state.tf(Word::CodeBytes, &[&format::number(size)]),
            };
            widgets::pair(ui, state, state.t(Word::Kind), |ui| {
                ui.label(kind);
            });
            widgets::pair(ui, state, state.t(Word::Nonce), |ui| {
                ui.label(format::number(facts.nonce));
            });
            widgets::pair(ui, state, state.t(Word::CodeHash), |ui| widgets::hash(ui, facts.code_hash));
            widgets::pair(ui, state, state.t(Word::StorageRoot), |ui| widgets::hash(ui, facts.storage_root));
            explorer_more::actions(ui, (facts.address, size > 0), snapshot, state, commands);
        }
        Answer::Contract(answer) => {
            explorer_more::show(ui, (question, answer), snapshot, state, commands);
        }
        Answer::Storage(_) | Answer::Accounts(_) | Answer::Protocol(_) => {}
    }
}
