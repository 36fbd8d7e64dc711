//! First run: a verified balance in under a minute, with nothing to choose but the address.

use egui::{RichText, Ui};

use super::still_verifying;
use crate::app::{Command, NetworkName, Snapshot, SyncView};
use crate::gui::badge::Subject;
use crate::gui::format;
use crate::gui::gateways;
use crate::gui::known::Known;
use crate::gui::names::{self, Found};
use crate::gui::paste::{self, Pasted};
use crate::gui::screen::Screen;
use crate::gui::trust_bar;
use crate::gui::ui_state::{UiState, Wish};
use crate::gui::words::Word;
use crate::gui::{badge, icons, widgets};

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::title(ui, state.t(Word::FirstTitle));
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) =
            (state.t(Word::AddressLabel), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.first, colour);
        if response.changed() && paste::read(&state.first.text, &paste::known(state)) == Pasted::Secret {
            paste::wipe(&mut state.first.text);
            state.first.error = Some(state.t(Word::AddressSecret).to_owned());
        }
        let entered = widgets::entered(ui, &response);
        if state.first.text.is_empty() && ui.memory(|memory| memory.focused().is_none()) {
            response.request_focus();
        }
        ui.add_space(4.0);
        let words = state.t(Word::Remember);
        ui.checkbox(&mut state.remember, words);
        ui.horizontal_wrapped(|ui| {
            let pressed = widgets::primary(ui, state, state.t(Word::Look)).clicked();
            if pressed || entered {
                look(snapshot, state, commands);
            }
            if let Some(example) =
                state.practice.as_ref().and_then(|practice| practice.accounts.first().copied())
                && ui.button(state.t(Word::UsePracticeAccount)).clicked()
            {
                state.first.text = example.to_checksum(None);
                state.first.error = None;
                look(snapshot, state, commands);
            }
            if state.practice.is_none() && ui.button(state.t(Word::TryPractice)).clicked() {
                state.wish = Some(Wish::Open(NetworkName::Practice));
            }
        });
    });
    name(ui, snapshot, state, commands);
    widgets::card(ui, state, |ui, state| {
        // Above the stages: in a low window what stands below them is out of sight.
        still_verifying::show(ui, snapshot, state, commands);
        stages(ui, snapshot, state);
    });
    widgets::quiet(ui, state, state.t(Word::NeverAsks));
}

/// Where the name that was pasted leads.
fn name(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(question) = state.first_name.clone() else { return };
    widgets::card(ui, state, |ui, state| match names::found(&question, snapshot, state) {
        Found::Waiting => widgets::quiet(ui, state, state.t(Word::AskingEndpoints)),
        Found::Nowhere(why) => drop(ui.label(RichText::new(why).color(state.palette.unverified))),
        Found::Elsewhere { words, hosts } => {
            if let Some(question) = gateways::elsewhere_ui(ui, &question, (&words, &hosts), state) {
                state.first_name = Some(question.clone());
                commands.push(Command::Ask(question));
            }
        }
        Found::Told { name, address, hosts } => {
            names::told_ui(ui, (&name, address, &hosts), snapshot, state);
        }
        Found::Address { name, address, at } => {
            let known = names::known(at, snapshot, state);
            ui.horizontal_wrapped(|ui| {
                widgets::section(ui, &name);
                let text = address.to_checksum(None);
                let subject =
                    Subject { title: &name, value: &text, raw: "", how: Word::HowCall, at: Some(at) };
                badge::badge(ui, known, &subject, snapshot, state);
            });
            widgets::address(ui, state, address, 13.0);
            widgets::quiet(ui, state, state.t(Word::NameLeads));
            if ui.button(state.t(Word::LookAtAddress)).clicked() {
                let keep = state.remember;
                state.watch(address, &name, keep);
                state.first_name = None;
                state.screen = Screen::Home;
            }
        }
    });
}

fn look(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let text = state.first.text.clone();
    match (paste::read(&text, &[]), paste::address(&text)) {
        (Pasted::Secret | Pasted::HashOrKey(_), _) => {
            paste::wipe(&mut state.first.text);
            state.first.error = Some(state.t(Word::AddressSecret).to_owned());
        }
        (Pasted::Name, _) if snapshot.head.is_some() => {
            let question = names::question(&text);
            state.first_name = Some(question.clone());
            commands.push(Command::Ask(question));
        }
        (_, Ok(address)) => {
            let keep = state.remember;
            state.watch(address, "", keep);
            state.first = crate::gui::ui_state::Field::default();
            state.screen = Screen::Home;
        }
        (_, Err(error)) => state.first.error = Some(error.words(state)),
    }
}

/// A stage is done, running, or still to come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Done,
    Running,
    Ahead,
}

fn stages(ui: &mut Ui, snapshot: &Snapshot, state: &UiState) {
    let elapsed = state.now_ms.saturating_sub(state.started_ms) / 1_000;
    let verified = snapshot.head.is_some();
    ui.horizontal_wrapped(|ui| {
        widgets::section(ui, state.t(if verified { Word::Ready } else { Word::GettingReady }));
        if !verified {
            widgets::quiet(ui, state, &state.tf(Word::Elapsed, &[&format::age(elapsed)]));
        }
    });
    let (well, all) = trust_bar::healthy(snapshot);
    let found = state.tf(Word::StageFound, &[&well.to_string(), &all.to_string()]);
    line(ui, state, if well > 0 { Stage::Done } else { Stage::Running }, &found);
    let checkpoint = match trust_bar::checkpoint_age_secs(snapshot, state.now_ms) {
        Some(age) => state.tf(Word::StageCheckpoint, &[&format::age(age)]),
        None => state.t(Word::StageNoCheckpoint).to_owned(),
    };
    line(ui, state, if snapshot.checkpoint.is_some() { Stage::Done } else { Stage::Running }, &checkpoint);
    let (stage, words) = match &snapshot.sync {
        SyncView::CatchingUp(at) => {
            (Stage::Running, state.tf(Word::StageCatching, &[&at.done.to_string(), &at.target.to_string()]))
        }
        _ => (if verified { Stage::Done } else { Stage::Ahead }, state.t(Word::StageCaughtUp).to_owned()),
    };
    line(ui, state, stage, &words);
    let head = match &snapshot.head {
        Some(head) => {
            let (signed, of) =
                (head.proven.participants().to_string(), head.proven.committee_size().to_string());
            state.tf(Word::StageHeadDone, &[&signed, &of])
        }
        None => state.t(Word::StageHead).to_owned(),
    };
    line(ui, state, if verified { Stage::Done } else { Stage::Ahead }, &head);
    line(ui, state, if verified { Stage::Running } else { Stage::Ahead }, state.t(Word::StageAccounts));
    ui.add_space(4.0);
    widgets::quiet(ui, state, state.t(Word::NothingNeedsHonesty));
}

fn line(ui: &mut Ui, state: &UiState, stage: Stage, words: &str) {
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 20.0), egui::Sense::hover());
        let palette = &state.palette;
        match stage {
            Stage::Done => {
                icons::severity(
                    ui.painter(),
                    icons::Severity::Ok,
                    rect.center(),
                    palette.final_,
                    palette.card,
                );
            }
            Stage::Running => {
                badge::paint(ui.painter(), Known::Checking, rect.center(), palette.text_2, palette.card);
            }
            Stage::Ahead => {
                ui.painter().circle_stroke(rect.center(), 5.0, egui::Stroke::new(1.3, palette.text_3));
            }
        }
        let colour = if stage == Stage::Ahead { palette.text_3 } else { palette.text };
        ui.add(egui::Label::new(RichText::new(words).color(colour)).wrap());
    });
}
