//! One function of a contract: its arguments, and what came back.

use std::sync::Arc;

use alloy::json_abi::{JsonAbi, StateMutability};
use egui::{RichText, TextEdit, Ui};

use super::contracts::source;
use super::{contract_result, contract_write};
use crate::app::{
    Answer, CallQuestion, Command, ContractAnswer, ContractQuestion, FunctionFacts, InterfaceAnswer,
    Loadable, Provenance, Question, Snapshot, sanitise,
};
use crate::gui::contracts_state::{OpenFunction, PastedAbi};
use crate::gui::paste::{self, Pasted};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Longest signature shown, in characters.
const TEXT_CAP: usize = 400;

/// Opens a function, with a field for each argument.
pub(super) fn open(facts: FunctionFacts, state: &mut UiState) {
    let types = types(&facts.signature);
    let own = state.account().map(|account| account.address.to_checksum(None));
    // The account shown is what a person most often means by an address.
    let first =
        |kind: &String| if kind == "address" { own.clone().unwrap_or_default() } else { String::new() };
    let args = types.iter().map(first).collect();
    state.contracts.open =
        Some(OpenFunction { facts, types, args, ether: String::new(), error: None, asked: None });
}

/// The types of a signature's arguments: what stands between its brackets, cut at the commas of the first level.
fn types(signature: &str) -> Vec<String> {
    let inside = signature.split_once('(').map_or("", |(_, rest)| rest.strip_suffix(')').unwrap_or(rest));
    let (mut found, mut depth, mut one) = (Vec::new(), 0_usize, String::new());
    for c in inside.chars() {
        match c {
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(std::mem::take(&mut one));
                continue;
            }
            _ => {}
        }
        one.push(c);
    }
    if !one.is_empty() {
        found.push(one);
    }
    found
}

/// The functions of the user's own interface.
pub(super) fn pasted(abi: &JsonAbi, json: Arc<str>) -> PastedAbi {
    let mut pasted = PastedAbi { json, reads: Vec::new(), writes: Vec::new() };
    for function in abi.functions() {
        let returns: Vec<String> =
            function.outputs.iter().map(|one| one.selector_type().into_owned()).collect();
        let facts = FunctionFacts {
            signature: sanitise(&function.signature(), TEXT_CAP),
            returns: sanitise(&format!("({})", returns.join(",")), TEXT_CAP),
            selector: function.selector(),
            provenance: Provenance::User,
            in_code: false,
            payable: function.state_mutability == StateMutability::Payable,
        };
        match function.state_mutability {
            StateMutability::View | StateMutability::Pure => pasted.reads.push(facts),
            _ => pasted.writes.push(facts),
        }
    }
    pasted
}

/// Draws the open function, if one is.
pub(super) fn show(
    ui: &mut Ui,
    found: &InterfaceAnswer,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let Some(mut function) = state.contracts.open.take() else { return };
    widgets::card(ui, state, |ui, state| {
        ui.label(RichText::new(&function.facts.signature).monospace());
        widgets::quiet(ui, state, &source(&function.facts.provenance, state));
        if state.contracts.writes {
            widgets::quiet(ui, state, state.t(Word::WriteMeans));
        }
        arguments(ui, &mut function, state);
        let entered = ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, egui::Key::Enter));
        let clicked = match state.contracts.writes {
            true => ui.button(state.t(Word::TryItOut)).clicked(),
            false => widgets::primary(ui, state, state.t(Word::ReadIt)).clicked(),
        };
        if clicked || entered {
            let question = question(found, &function, state);
            function.asked = Some(question.clone());
            commands.push(Command::Ask(question));
        }
        if state.contracts.writes {
            let to = found.account.value().address;
            contract_write::show(ui, (to, &mut function), snapshot, state, commands);
        }
        if let Some(answer) = function.asked.as_ref().and_then(|question| snapshot.answers.get(question)) {
            ui.separator();
            let answer = answer.clone();
            if let Some(question) = show_answer(ui, &answer, (&function, snapshot), state) {
                function.asked = Some(question.clone());
                commands.push(Command::Ask(question));
            }
        }
    });
    if state.contracts.open.is_none() {
        state.contracts.open = Some(function);
    }
}

fn arguments(ui: &mut Ui, function: &mut OpenFunction, state: &UiState) {
    let mut secret = false;
    for (at, (kind, text)) in function.types.iter().zip(&mut function.args).enumerate() {
        let label = ui.label(state.tf(Word::Argument, &[&at.saturating_add(1).to_string(), kind]));
        let edit =
            TextEdit::singleline(text).hint_text(hint(kind)).desired_width(ui.available_width().min(560.0));
        let response = ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        if response.changed() {
            function.error = None;
        }
        if response.changed() && paste::read(text, &paste::known(state)) == Pasted::Secret {
            paste::wipe(text);
            secret = true;
        }
    }
    if secret {
        function.error = Some(state.t(Word::AddressSecret).to_owned());
    }
    if let Some(error) = &function.error {
        ui.label(RichText::new(error).color(state.palette.refuted));
    }
}

fn hint(kind: &str) -> &'static str {
    match kind {
        _ if kind.ends_with(']') => "[1, 2]",
        _ if kind.starts_with('(') => "(1, 2)",
        "address" => "0x…",
        "bool" => "true",
        "string" => "text",
        _ if kind.starts_with("bytes") => "0x",
        _ => "0",
    }
}

fn question(found: &InterfaceAnswer, function: &OpenFunction, state: &UiState) -> Question {
    let facts = &function.facts;
    // A guess is in nobody's interface: its types go along. The others are looked up, so that results have names.
    let words = match facts.provenance {
        Provenance::Guess => format!("{}{}", facts.signature, facts.returns),
        _ => facts.signature.clone(),
    };
    let call = CallQuestion {
        from: state.account().map(|account| account.address).filter(|_| state.contracts.writes),
        abi: state.contracts.pasted.as_ref().map(|pasted| Arc::clone(&pasted.json)),
        ..CallQuestion::read(found.account.value().address, &words, &function.args)
    };
    Question::Contract(ContractQuestion::Call(call))
}

/// The question to ask next, where web servers are to be asked.
fn show_answer(
    ui: &mut Ui,
    held: &Loadable<Answer>,
    (function, snapshot): (&OpenFunction, &Snapshot),
    state: &mut UiState,
) -> Option<Question> {
    let (answer, reason) = match held {
        Loadable::Ready(answer) => (Some(answer), None),
        Loadable::Loading { previous } => {
            widgets::quiet(ui, state, state.t(Word::RunningCall));
            (previous.as_ref(), None)
        }
        Loadable::Failed { reason, .. } => (None, Some(reason)),
    };
    if let Some(reason) = reason {
        widgets::reason(ui, state, reason);
    }
    if let Some(Answer::Contract(answer)) = answer
        && let ContractAnswer::Call(call) = &**answer
    {
        contract_result::show(ui, call, snapshot, state);
        let asked = function.asked.as_ref()?;
        return contract_result::gateways(ui, (asked, call), snapshot, state);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_cut_at_the_commas_of_the_first_level() {
        assert_eq!(types("transfer(address,uint256)"), ["address", "uint256"]);
        assert_eq!(types("totalSupply()"), Vec::<String>::new());
        assert_eq!(
            types("f((uint8,bool)[],(address,(int8,int8)))"),
            ["(uint8,bool)[]", "(address,(int8,int8))"]
        );
        assert_eq!(types("broken"), Vec::<String>::new());
    }
}
